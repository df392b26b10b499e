"""An RS-485 bus out of two PTYs and a relay between them that can misbehave."""

import contextlib
import json
import os
import select
import subprocess
import sys
import threading
import tty
from collections.abc import Callable
from pathlib import Path

PROGRAM = Path(__file__).with_name("bus_server.py")
Mangle = Callable[[bytes], bytes]


class PtyBus:
    """`agent_port` is where the agent's adapter is plugged in (a link that can be pulled out).

    Whatever the far end sends passes through `to_agent`; what the agent sends is kept in
    `heard` and passes through `to_far`.
    """

    def __init__(self, folder: Path) -> None:
        self.agent_port = folder / "ttyUSB0"
        self.far_port = folder / "far"
        self.heard: list[bytes] = []
        self.to_agent: Mangle = lambda data: data
        self.to_far: Mangle = lambda data: data
        self._far_master, self._far_slave = _pty()
        self.far_port.symlink_to(os.ttyname(self._far_slave))
        self._near: tuple[int, int] | None = None
        self._lock = threading.Lock()
        self._stop, self._stopped = os.pipe()
        self.plug_in()
        self._thread = threading.Thread(target=self._relay, daemon=True)
        self._thread.start()

    def plug_in(self) -> None:
        """Give the adapter its device file."""
        with self._lock:
            self._near = _pty()
            self.agent_port.symlink_to(os.ttyname(self._near[1]))

    def unplug(self) -> None:
        """Pull the adapter out: its device file is gone and reads on it fail."""
        with self._lock:
            assert self._near is not None
            self.agent_port.unlink()
            for end in self._near:
                os.close(end)
            self._near = None

    def close(self) -> None:
        os.write(self._stopped, b"x")
        self._thread.join(timeout=5)
        if self._near is not None:
            self.unplug()
        for end in (self._far_master, self._far_slave, self._stop, self._stopped):
            os.close(end)

    def _relay(self) -> None:
        while True:
            with self._lock:
                near = None if self._near is None else self._near[0]
                ends = [self._stop, self._far_master] + ([] if near is None else [near])
                ready, _, _ = select.select(ends, [], [], 0.002)
                if self._stop in ready:
                    return
                with contextlib.suppress(OSError):
                    if near is not None and near in ready:
                        data = os.read(near, 4096)
                        self.heard.append(data)
                        os.write(self._far_master, self.to_far(data))
                    if self._far_master in ready:
                        data = os.read(self._far_master, 4096)
                        if near is not None:
                            os.write(near, self.to_agent(data))


def _pty() -> tuple[int, int]:
    master, slave = os.openpty()
    tty.setraw(slave)
    return master, slave


class BusServer:
    """pymodbus's server in a process of its own, at the far end of the bus."""

    def __init__(self, port: Path, units: list[int], baud: int = 9600) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(PROGRAM), str(port), str(baud), ",".join(map(str, units))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n"

    def registers(self, unit: int, start: int, count: int) -> list[int]:
        """What the panel holds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{unit} {start} {count}\n")
        self._process.stdin.flush()
        return [int(value) for value in json.loads(self._process.stdout.readline())]

    def text(self, unit: int, length: int = 6) -> str:
        """What the panel shows."""
        return "".join(map(chr, self.registers(unit, 0, length)))

    def stop(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=10)
