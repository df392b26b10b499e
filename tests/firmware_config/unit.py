"""A unit file started the way systemd starts it: its command, its environment, a notify socket.

Folders of a box are put elsewhere; the sandbox is systemd's own and is judged by its own tools.
"""

import os
import queue
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any, Final

CHECKOUT: Final = Path(__file__).resolve().parents[2]
UNITS: Final = CHECKOUT / "firmware_config/systemd/units"
BIN: Final = Path(sys.executable).parent


def values(unit: str, key: str) -> list[str]:
    """Every value that a unit and its drop-ins give this key, in order."""
    drop_ins = [*UNITS.glob(f"{unit}.d/*.conf"), *UNITS.glob("layso-.service.d/*.conf")]
    files = [UNITS / unit, *sorted(drop_ins, key=lambda path: path.name)]
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return [line.partition("=")[2] for line in lines if line.startswith(f"{key}=")]


class Box:
    """The folders of a box, under one of ours."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.etc, self.state, self.runtime = (folder / name for name in ("etc", "state", "run"))
        for place in (self.etc, self.state, self.runtime):
            place.mkdir()

    def path(self, text: str) -> str:
        """A unit's word with the box's folders in their places here."""
        places = {
            "/opt/layso/current/bin": str(BIN),
            "/etc/layso": str(self.etc),
            "/var/lib/layso": str(self.state),
            "/run/layso-screen": str(self.runtime),
        }
        for there, here in places.items():
            text = text.replace(there, here)
        return text

    def environment(self, unit: str, **more: str) -> dict[str, str]:
        """What a unit's process finds in its environment."""
        clean = {name: text for name, text in os.environ.items() if "LAYSO_" not in name}
        for line in values(unit, "Environment"):
            clean |= dict(word.split("=", 1) for word in shlex.split(self.path(line)))
        for line in values(unit, "EnvironmentFile"):
            file = Path(self.path(line.removeprefix("-")))
            if file.exists():
                clean |= dict(one.split("=", 1) for one in file.read_text().split("\n") if one)
        return clean | more


class Service:
    """One unit, started."""

    def __init__(self, box: Box, unit: str, watchdog_s: float = 0.6, **environ: str) -> None:
        self._manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        address = f"@layso-test-{os.getpid()}-{id(self)}"
        self._manager.bind(address.replace("@", "\0"))
        self._told: queue.Queue[str] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()
        self.watchdog_s = watchdog_s
        told = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": str(int(watchdog_s * 1e6))}
        self.environ = box.environment(unit, **told, **environ)
        (start,) = values(unit, "ExecStart")
        words = [
            part
            for word in shlex.split(box.path(start))
            for part in (self.environ[word[1:]].split() if word.startswith("$") else [word])
        ]
        (where,) = values(unit, "WorkingDirectory") or [str(box.folder)]
        self.log = box.folder / f"{unit}.log"
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                words, env=self.environ, cwd=box.path(where), stdout=log, stderr=log
            )

    def told(self, within_s: float) -> str | None:
        """The next thing that the manager is told, or None when nothing comes."""
        try:
            return self._told.get(timeout=within_s)
        except queue.Empty:
            return None

    def _listen(self) -> None:
        """Read at once, as the manager does."""
        while word := self._manager.recv(500).decode():
            self._told.put(word)

    def ready(self, within_s: float = 30) -> "Service":
        """Wait until it says that it serves, which is the first thing that it says."""
        assert self.told(within_s) == "READY=1", self.log.read_text(encoding="utf-8")
        return self

    def silent(self, within_s: float) -> bool:
        """Whether it falls silent for a whole watchdog time within so long."""
        end = time.monotonic() + within_s
        while time.monotonic() < end:
            if self.told(self.watchdog_s) is None:
                return True
        return False

    def ends(self, within_s: float = 5) -> int:
        """Ask it to end; its exit status. It tells that it is stopping."""
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=within_s)
        said: list[Any] = []
        while (word := self.told(0.1)) is not None:
            said.append(word)
        assert said[-1:] == ["STOPPING=1"]
        return status

    def close(self) -> None:
        """End it however it is."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self._manager.shutdown(socket.SHUT_RDWR)
        self._manager.close()
