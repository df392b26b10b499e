"""The demo's children: watched, ended in order, and gone even when the demo is killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from simulation.demo.processes import DemoFailed, Processes, refuse_taken_ports

SLEEPS = [sys.executable, "-c", "import time; time.sleep(60)"]
TELLS_WHEN_ENDED = """
import signal, sys, time
def end(*_):
    with open({log!r}, "a") as log:
        log.write({name!r} + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
open({log!r} + "." + {name!r}, "w").close()
time.sleep(60)
"""


def test_children_end_in_reverse_the_server_last(tmp_path: Path) -> None:
    processes, log = Processes(tmp_path), tmp_path / "ended"
    for name in ("server", "kiosk", "display"):
        code = TELLS_WHEN_ENDED.format(log=str(log), name=name)
        processes.start(name, [sys.executable, "-c", code], os.environ)
        ready = tmp_path / f"ended.{name}"
        processes.wait_until(name, ready.exists, 10)
    pids = processes.pids
    processes.stop()
    assert set(log.read_text().split()[:2]) == {"kiosk", "display"}
    assert log.read_text().split()[2] == "server"
    assert not any(is_running(pid) for pid in pids.values())


def test_a_child_that_ends_by_itself_is_named_with_its_last_words(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    code = "import sys; sys.exit('the paper is out')"
    processes.start("kiosk", [sys.executable, "-c", code], os.environ)
    with pytest.raises(DemoFailed, match=r"kiosk ended by itself \(status 1\); the paper is out"):
        processes.wait_until("kiosk", lambda: False, 10)
    processes.stop()


def test_a_child_that_is_never_ready_is_named(tmp_path: Path) -> None:
    processes = Processes(tmp_path)
    processes.start("server", SLEEPS, os.environ)
    with pytest.raises(DemoFailed, match=r"server is not ready after 0\.2 s"):
        processes.wait_until("server", lambda: False, 0.2)
    processes.stop()


def test_a_killed_demo_takes_its_children_with_it(tmp_path: Path) -> None:
    code = (
        "import os, sys, time; from pathlib import Path;"
        "from simulation.demo.processes import Processes;"
        f"p = Processes(Path({str(tmp_path)!r})); p.start('child', {SLEEPS!r}, os.environ);"
        "print(p.pids['child'], flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as demo:
        assert demo.stdout is not None
        child = int(demo.stdout.readline())
        assert is_running(child)
        demo.send_signal(signal.SIGKILL)
    until = time.monotonic() + 5
    while is_running(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_running(child)


def test_a_taken_port_is_refused_with_the_remedy(free_port: Callable[[], int]) -> None:
    port = free_port()
    said = pytest.raises(DemoFailed, match=f"port {port} cannot be used.*LAYSO_PORT")
    with socket.create_server(("127.0.0.1", port)), said:
        refuse_taken_ports([port])
    refuse_taken_ports([port])


def is_running(pid: int) -> bool:
    """Whether a process lives; one that ended but was not yet fetched does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"
