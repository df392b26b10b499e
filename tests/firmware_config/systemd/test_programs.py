"""The real programs as their units start them: ready, alive, and silent once a thread is not."""

import json
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.firmware_config.unit import BIN, Box, Service

CENTRE = """
[centre]
id = "lai-thieu"
name = { vi = "Phường Lái Thiêu", en = "Lai Thieu ward" }
kind = "point"
[[service]]
id = "ho-tich"
prefix = "H"
name = { vi = "Hộ tịch", en = "Civil status" }
[[counter]]
id = "q1"
number = 1
name = { vi = "Quầy 1", en = "Counter 1" }
services = ["ho-tich"]
"""

BROKEN = '''
"""A vendor's driver that takes its thread along, as a fault in a C library would."""
import threading
from kiosk.ports import PrinterStatus

class Broken:
    paper_dots = 576
    def print_slip(self, slip, *, timeout_s=9.0):
        threading.Event().wait() if {hang} else None
        raise SystemExit
    def status(self, *args, **kwargs):
        return PrinterStatus("ok", "ok")
    def close(self):
        pass

def open_printer(options, *, data_dir):
    options.rest()
    return Broken()
'''


@pytest.fixture
def box(tmp_path: Path) -> Box:
    made = Box(tmp_path)
    for name in ("server", "kiosk", "display"):
        (made.state / name).mkdir(mode=0o700)
    return made


@pytest.fixture
def started(box: Box) -> Iterator[Callable[..., Service]]:
    """Start a unit; whatever still runs at the end is ended."""
    services: list[Service] = []

    def start(unit: str, **how: Any) -> Service:
        services.append(Service(box, unit, **how))
        return services[-1].ready()

    yield start
    for one in services:
        one.close()


def furnish(box: Box, ports: Callable[[], int], printer: str = "virtual") -> tuple[int, int]:
    """A server with one centre, and a kiosk and a display that belong to it; two ports."""
    port, page = ports(), ports()
    (box.etc / "server.env").write_text(f"LAYSO_PORT={port}\n")
    (box.etc / "centre.toml").write_text(CENTRE, encoding="utf-8")

    def layso(*words: str) -> str:
        environ = box.environment("layso-server.service")
        environ.pop("RUN_OPTIONS")
        command = [str(BIN / "layso-server"), *words]
        return subprocess.check_output(command, env=environ, text=True, timeout=60).strip()

    layso("init")
    layso("centre", "import", str(box.etc / "centre.toml"))
    for role, listen in (("kiosk", page), ("display", ports())):
        token = box.state / role / "token"
        token.write_text(layso("token", "create", "--role", role, "--centre", "lai-thieu"))
        part = f'[printer]\ndriver = "{printer}"\n' if role == "kiosk" else PANEL
        (box.etc / f"{role}.toml").write_text(
            f'server = "http://127.0.0.1:{port}"\ntoken_file = "{token}"\ncentre = "lai-thieu"\n'
            f'data_dir = "{box.state / role}"\nlisten = "127.0.0.1:{listen}"\n{part}',
            encoding="utf-8",
        )
    return port, page


PANEL = '[[panel]]\ncounter = "q1"\ndriver = "virtual"\n'


def press(page: int) -> str:
    """Touch the kiosk's page; the number that it gives."""
    body = json.dumps({"service": "ho-tich"}).encode()
    kind = {"Content-Type": "application/json"}
    request = urllib.request.Request(f"http://127.0.0.1:{page}/api/press", body, kind)
    with urllib.request.urlopen(request, timeout=10) as answer:
        return str(json.load(answer)["ticket"]["number"])


def knows_its_centre(page: int) -> None:
    """Wait until the kiosk offers what its centre has."""

    def offers() -> bool:
        with urllib.request.urlopen(f"http://127.0.0.1:{page}/api/view", timeout=10) as answer:
            view = json.load(answer)
            return bool(view["ready"] and view["link"] == "up")

    eventually(offers)


def outbox(box: Box) -> tuple[int, str]:
    """What `layso-kiosk outbox` says, and with which status."""
    command = [str(BIN / "layso-kiosk"), "outbox", "--config", str(box.etc / "kiosk.toml")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    return done.returncode, done.stdout.strip()


def eventually(holds: Callable[[], bool], tries: int = 100) -> None:
    """Ask again until it holds, at most about ten seconds."""
    for _ in range(tries):
        if holds():
            return
        subprocess.run(["sleep", "0.1"], check=True)
    assert holds()


def test_they_are_ready_alive_and_gone_and_nothing_is_lost(
    box: Box, started: Callable[..., Service], free_port: Callable[[], int]
) -> None:
    _port, page = furnish(box, free_port)
    server = started("layso-server.service")
    kiosk = started("layso-kiosk.service")
    display = started("layso-display.service")
    for one in (server, kiosk, display):
        for _ in range(3):
            assert str(one.told(one.watchdog_s / 2)).startswith("WATCHDOG=1"), one.log.read_text()
    knows_its_centre(page)
    assert press(page) == "H001"
    assert server.ends() == 0
    assert press(page) == "H700"  # of the kiosk's own band
    assert outbox(box) == (3, "1")
    assert kiosk.ends() == 0
    assert outbox(box) == (3, "1")
    again = started("layso-server.service")
    kiosk = started("layso-kiosk.service")
    eventually(lambda: outbox(box) == (0, "0"))
    for one in (kiosk, display, again):
        assert one.ends() == 0
    assert outbox(box) == (0, "0")


@pytest.mark.parametrize("hang", [False, pytest.param(True, marks=pytest.mark.full)])
def test_no_sign_of_life_once_a_thread_is_gone(
    box: Box, started: Callable[..., Service], free_port: Callable[[], int], hang: bool
) -> None:
    vendor = box.folder / "vendor"
    (vendor / "vendor-1.dist-info").mkdir(parents=True)
    (vendor / "vendor_printer.py").write_text(BROKEN.format(hang=hang))
    (vendor / "vendor-1.dist-info/METADATA").write_text("Name: vendor\nVersion: 1\n")
    (vendor / "vendor-1.dist-info/entry_points.txt").write_text(
        "[layso.kiosk.printer]\nbroken = vendor_printer:open_printer\n"
    )
    _port, page = furnish(box, free_port, printer="broken")
    server = started("layso-server.service")
    kiosk = started("layso-kiosk.service", PYTHONPATH=str(vendor))
    assert not kiosk.silent(within_s=3)
    knows_its_centre(page)
    assert press(page) == "H001"
    assert kiosk.silent(within_s=70 if hang else 10)
    assert "threads that do not move: printer" in kiosk.log.read_text(encoding="utf-8")
    assert kiosk.process.poll() is None  # The manager ends it, and starts it again.
    assert server.ends() == 0


def test_a_serving_loop_that_hangs_falls_silent(
    box: Box, started: Callable[..., Service], free_port: Callable[[], int]
) -> None:
    furnish(box, free_port)
    hanging = box.folder / "hanging"
    hanging.mkdir()
    # Whatever blocks the loop, such as a library that waits by itself: here, two seconds after
    # the start, for ever.
    (hanging / "sitecustomize.py").write_text(
        "import sys\n"
        "if sys.argv[1:2] == ['run']:\n"
        "    import gevent.hub, time\n"
        "    sleep = time.sleep\n"
        "    at = time.monotonic() + 2\n"
        "    from server import timers\n"
        "    run = timers.Timer._run\n"
        "    def blocked(self):\n"
        "        gevent.sleep(max(0, at - time.monotonic()))\n"
        "        sleep(3600)\n"
        "    timers.Timer._run = blocked\n"
    )
    server = started("layso-server.service", PYTHONPATH=str(hanging))
    assert server.told(1) == "WATCHDOG=1"
    assert server.silent(within_s=10)
    assert server.process.poll() is None
