"""`script/demo` for real: a press becomes a call on the board, and Ctrl-C leaves nothing."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

CENTRE = "commune-dau-tieng"
READY_S = 200


@pytest.fixture(scope="module")
def base_port() -> int:
    """A port with the agents' ports above it free as well."""
    for base in range(21000, 32000, 307):
        if all(is_free(base + offset) for offset in (0, *range(100, 104), *range(200, 204))):
            return base
    pytest.fail("no free ports for the demo")


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo")


@pytest.fixture(scope="module")
def start(root: Path, base_port: int, data_dir: Path) -> Callable[..., Any]:
    """A context in which the demo runs, with these words; its `demo.json` and its process."""

    @contextlib.contextmanager
    def started(
        *words: str, program: tuple[str | Path, ...] = (root / "script/demo",)
    ) -> Iterator[tuple[dict[str, Any], subprocess.Popen[str]]]:
        environment = {key: value for key, value in os.environ.items() if key[:6] != "LAYSO_"}
        environment |= {"LAYSO_PORT": str(base_port), "LAYSO_DATA_DIR": str(data_dir)}
        process = subprocess.Popen(
            [*program, "--no-open", *words],
            env=environment,
            cwd=data_dir,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            yield wait_ready(process, data_dir / "demo.json"), process
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
                process.communicate(timeout=30)

    return started


@pytest.mark.timeout(360)
def test_a_press_is_called_and_ctrl_c_leaves_nothing(
    start: Callable[..., Any], base_port: int, data_dir: Path
) -> None:
    with start() as (demo, process):
        board = ask(demo, CENTRE, f"centres/{CENTRE}/board")
        assert board["services"][0]["name"]["vi"]
        pressed = press(demo, CENTRE, "ho-tich")
        number = pressed["ticket"]["number"]
        assert number.startswith("H")
        assert pressed["mode"] == "online"
        called = wait_for(lambda: call_of(demo, CENTRE, number), 60)
        assert called["counter"]["number"] in range(1, 9)
        wait_for(lambda: on_a_panel(demo, CENTRE), 20)
        pages = demo["pages"]
        assert {"sign_in", "desk", "greet", "admin", "rate"} <= set(pages)
        track = pages["phone"].rpartition("/")[2]
        assert fetch(f"{demo['server']}/api/v1/track/{track}")["state"] == "waiting"
        pids = demo["processes"]
        assert set(pids) >= {"demo", "server", f"kiosk-{CENTRE}", f"display-{CENTRE}"}
        os.killpg(process.pid, signal.SIGINT)
        said, _ = process.communicate(timeout=30)
    assert process.returncode == 0
    assert "Traceback" not in said
    assert "admin" in said
    assert [name for name, pid in pids.items() if is_running(pid)] == []
    assert all(is_free(base_port + offset) for offset in (0, 100, 200))
    assert not (data_dir / "demo.json").exists()


@pytest.mark.full
@pytest.mark.timeout(600)
def test_the_installed_package_runs_it_without_the_checkout(
    start: Callable[..., Any], root: Path, tmp_path: Path
) -> None:
    wheelhouse = [sys.executable, root / "script/wheelhouse.py", tmp_path, "--extra", "gpio"]
    subprocess.run(wheelhouse, capture_output=True, check=False)  # lgpio may have no wheel here.
    (wheel,) = (tmp_path / "wheels").glob("layso-*.whl")
    python = tmp_path / "venv/bin/python"
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "venv"], check=True)
    install = [python, "-m", "pip", "install", "--quiet", f"{wheel}[simulation]"]
    subprocess.run(install, check=True)
    with start(program=(python, "-m", "simulation.demo")) as (demo, _process):
        assert press(demo, CENTRE, "ho-tich")["ticket"]["number"].startswith("H")
    (tmp_path / "token").write_text("ls_x")
    (tmp_path / "kiosk.toml").write_text(
        'server = "http://127.0.0.1:9"\ntoken_file = "token"\ncentre = "x"\n'
        '[printer]\ndriver = "virtual"\n'
    )
    test = [python.with_name("layso-kiosk"), "self-test", "--config", tmp_path / "kiosk.toml"]
    told = subprocess.run(test, capture_output=True, text=True, check=False)
    assert "font: ok" in told.stdout
    assert "speech: ok" in told.stdout
    assert told.stderr.count("FAILED") == 1  # the server, which is not there


@pytest.mark.timeout(360)
def test_it_starts_again_on_the_same_data_with_nobody_in_the_lobby(
    start: Callable[..., Any], root: Path, base_port: int, data_dir: Path
) -> None:
    with start("--no-visitors", "--speed", "10") as (demo, _):
        assert demo["pages"]["phone"] is None
        first = ask(demo, CENTRE, f"centres/{CENTRE}")
        assert first["simulation"] == 10
        assert first["open"]
        seq = ask(demo, CENTRE, f"centres/{CENTRE}/board")["seq"]
        second = subprocess.run(
            [root / "script/demo", "--no-open"],
            env=dict(os.environ, LAYSO_PORT=str(base_port), LAYSO_DATA_DIR=str(data_dir)),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert second.returncode == 1
        assert "a demo already runs in" in second.stderr.splitlines()[-1]
        time.sleep(1)
        assert ask(demo, CENTRE, f"centres/{CENTRE}/board")["seq"] == seq


def test_a_taken_port_is_said_in_one_line(root: Path, tmp_path: Path, base_port: int) -> None:
    with socket.create_server(("127.0.0.1", base_port + 100)):
        done = subprocess.run(
            [root / "script/demo", "--no-open"],
            env=dict(os.environ, LAYSO_PORT=str(base_port), LAYSO_DATA_DIR=str(tmp_path)),
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert f"port {base_port + 100} cannot be used" in line
    assert "LAYSO_PORT" in line


def wait_ready(process: subprocess.Popen[str], file: Path) -> dict[str, Any]:
    until = time.monotonic() + READY_S
    while time.monotonic() < until:
        if process.poll() is not None:
            pytest.fail(f"the demo ended: {process.communicate()[0]}")
        if file.exists():
            content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
            return content
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    pytest.fail(f"not ready in {READY_S} s: {process.communicate(timeout=30)[0]}")


def wait_for(look: Callable[[], Any], timeout_s: float) -> Any:
    until = time.monotonic() + timeout_s
    while not (seen := look()):
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.2)
    return seen


def fetch(url: str, token: str = "", body: dict[str, Any] | None = None) -> Any:
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data, headers)
    with urllib.request.urlopen(request, timeout=5) as answer:
        return json.loads(answer.read())


def ask(demo: dict[str, Any], centre: str, path: str) -> Any:
    return fetch(f"{demo['server']}/api/v1/{path}", demo["tokens"][centre]["integration"])


def press(demo: dict[str, Any], centre: str, service: str) -> Any:
    return fetch(demo["pages"]["kiosk"][centre] + "api/press", body={"service": service})


def call_of(demo: dict[str, Any], centre: str, number: str) -> Any:
    calls = ask(demo, centre, f"centres/{centre}/board")["calls"]
    return next((call for call in calls if call["number"] == number), None)


def on_a_panel(demo: dict[str, Any], centre: str) -> bool:
    panels = fetch(demo["pages"]["display"][centre] + "api/panels")
    return any(panel["text"].strip(" -") for panel in panels)


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return True
    return False


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
