"""`python -m simulation.demo`: make, start, watch, stop in reverse."""

import contextlib
import fcntl
import http.client
import itertools
import json
import logging
import os
import signal
import subprocess
import sys
import time
import urllib.request
import webbrowser
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn
from urllib.error import URLError

from simulation.demo import agents, centre_copy, keys, people, report
from simulation.demo.options import CENTRES, Options, read
from simulation.demo.processes import DemoFailed, Processes, refuse_taken_ports

BIN = Path(sys.executable).parent
READY_S = 60.0


class Stop(BaseException):
    """Somebody asked the demo to end."""


def main(words: Sequence[str] | None = None) -> int:
    """Run until asked to stop: 0; could not start, or something died: 1; wrong usage: 2."""
    options = read(sys.argv[1:] if words is None else words, os.environ)
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _ask_to_stop)
    try:
        with _alone(options.data_dir):
            _run(options)
    except DemoFailed as failure:
        print(f"demo: {failure}", file=sys.stderr)
        return 1
    except Stop:
        return 0


def _ask_to_stop(number: int, frame: FrameType | None) -> None:
    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, signal.SIG_IGN)
    raise Stop


@contextlib.contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data folder, so that a second demo does not use it too."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        lock = (data_dir / "demo.lock").open("w")
    except OSError as error:
        raise DemoFailed(
            f"{data_dir} cannot be written ({error.strerror}); set LAYSO_DATA_DIR"
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise DemoFailed(f"a demo already runs in {data_dir}; end it first") from error
        yield


def _run(options: Options) -> NoReturn:
    ready_file = options.data_dir / "demo.json"
    ready_file.unlink(missing_ok=True)
    refuse_taken_ports(options.ports)
    logging.basicConfig(
        filename=options.data_dir / "visitors.log",
        filemode="w",
        level=logging.INFO,
        format="%(asctime)s %(name)s %(message)s",
    )
    processes = Processes(options.data_dir / "logs")
    fleet = None
    try:
        held = _start(options, processes)
        if options.visitors:
            fleet = people.start(options, held)
        phone = people.your_phone(options, held) if options.visitors else None
        where = report.pages(options, held, phone)
        report.write(ready_file, options, held, where, processes.pids)
        yours = people.LEFT_TO_YOU if options.visitors else None
        print(report.text(options, held, where, yours), flush=True)
        _open_browser(options)
        _watch(options, processes)
    finally:
        ready_file.unlink(missing_ok=True)
        if fleet is not None:
            fleet.stop()
        processes.stop()


def _watch(options: Options, processes: Processes) -> NoReturn:
    """Look after the children until asked to stop, or until one of them ends."""
    for beat in itertools.count():
        time.sleep(0.5)
        processes.check()
        if beat % 120 == 0:
            agents.drop_old_slips(options)
    raise AssertionError("counting does not end")


def _start(options: Options, processes: Processes) -> keys.Keys:
    """Server first, then keys, then the agents; return once all of them answer."""
    environment = _environment(options)
    _say("server")
    _command(environment, "init")
    processes.start("server", [_program("layso-server"), "run"], environment)
    processes.wait_until("server", lambda: _answers(f"{options.server}/readyz"), READY_S)
    _say("centres, tokens and users")
    for centre in CENTRES:
        _import(options, environment, centre)
    held = keys.provide(
        options.data_dir / "demo-keys.json",
        options.server,
        partial(_command, environment),
    )
    _say("kiosks and displays")
    agents.write(options, held.tokens)
    ports = {"kiosk": options.kiosk_ports, "display": options.display_ports}
    plain = {key: value for key, value in environment.items() if not key.startswith("LAYSO_")}
    for kind, port_of in ports.items():
        for centre in port_of:
            config = agents.config_of(options, centre, kind)
            command = [_program(f"layso-{kind}"), "run", "--config", str(config)]
            processes.start(f"{kind}-{centre}", command, plain)
    for kind, port_of in ports.items():
        for centre, port in port_of.items():
            ready = f"http://127.0.0.1:{port}/" + ("api/state" if kind == "kiosk" else "api/panels")
            name = f"{kind}-{centre}"
            processes.wait_until(name, partial(_linked, ready), READY_S)
    return held


def _import(options: Options, environment: dict[str, str], centre: str) -> None:
    """Give the server its copy of a centre."""
    file = options.data_dir / "centres" / f"{centre}.toml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(centre_copy.faster_centre(centre, options.speed), encoding="utf-8")
    _command(environment, "centre", "import", str(file))
    table = file.with_suffix(".csv")
    table.write_text(centre_copy.procedures_of(centre), encoding="utf-8")
    _command(environment, "procedures", "import", str(table), "--centre", centre)


def _environment(options: Options) -> dict[str, str]:
    """The server's settings, and none of the caller's."""
    others = {key: value for key, value in os.environ.items() if not key.startswith("LAYSO_")}
    return others | {
        "LAYSO_DATA_DIR": str(options.data_dir),
        "LAYSO_HOST": "127.0.0.1",
        "LAYSO_PORT": str(options.port),
        "LAYSO_PUBLIC_URL": options.server,
    }


def _program(name: str) -> str:
    return str(BIN / name)


def _command(environment: dict[str, str], *words: str, given: str = "") -> str:
    """Run one command of the server's; its output."""
    done = subprocess.run(
        [_program("layso-server"), *words],
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        said = (done.stderr.strip() or done.stdout.strip() or "it said nothing").splitlines()[-1]
        raise DemoFailed(f"layso-server {' '.join(words[:2])} failed: {said}")
    return done.stdout


def _answers(url: str) -> bool:
    return _fetch(url) is not None


def _linked(url: str) -> bool:
    """Whether an agent answers and has reached its server."""
    state = _fetch(url)
    if isinstance(state, dict):
        return state.get("link") == "up"
    return bool(state) and all(panel["state"] == "ok" for panel in state)


def _fetch(url: str) -> Any:
    """The JSON at a loopback address; None while there is none."""
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - our own address
            return json.loads(answer.read() or b"true")
    except (URLError, OSError, ValueError, http.client.HTTPException):
        return None


def _open_browser(options: Options) -> None:
    """Show the sign-in page where there is a screen to show it on."""
    if options.open_browser and (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        webbrowser.open(f"{options.server}/")


def _say(what: str) -> None:
    print(f"demo: {what} …", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
