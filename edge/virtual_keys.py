"""Keys without hardware: pressed by lines in a file, their lamps written beside it.

`press NAME` presses a key; `hold NAME` and `release NAME` are its two halves.
"""

import logging
import re
import threading
import time
from pathlib import Path
from typing import Final

from edge.contacts import OnEdge
from edge.pulse import PULSE
from wire.units import Seconds

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.05
MAX_READ: Final = 64 * 1024
LINE_MOST: Final = 200
_LINE: Final = re.compile(r"(press|hold|release)[ \t]+(.{1,150})")
_EDGES: Final = {"press": (True, False), "hold": (True,), "release": (False,)}


def tell(file: Path, text: str) -> None:
    """Write a file at once as a whole, so that nobody reads a half of it."""
    unfinished = file.with_name(file.name + ".part")
    unfinished.write_text(text + "\n", encoding="utf-8")
    unfinished.replace(file)


class VirtualKeys:
    """Reads what is written to the file `keys` of `folder`, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys"
        self._told: dict[str, OnEdge] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._at = 0
        self._rest = b""

    def add(self, name: str, on_edge: OnEdge) -> None:
        """Tell `on_edge` of this key from now on; what stands in the file already is past."""
        with self._lock:
            if self._thread is None:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.touch()
                self._at, self._rest = self.file.stat().st_size, b""
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name="virtual-keys", daemon=True)
                self._thread.start()
            self._told[name] = on_edge

    def remove(self, name: str) -> None:
        """Forget a key; the last one stops the reading. Safe to repeat."""
        with self._lock:
            self._told.pop(name, None)
            thread = self._thread
            if self._told or thread is None:
                return
            self._thread = None
            self._stopping.set()
        thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
            PULSE.beat()
            try:
                lines = self._new_lines()
            except OSError as error:
                log.warning("%s cannot be read: %s", self.file, error)
                continue
            for line in lines:
                self._obey(line)

    def _new_lines(self) -> list[str]:
        size = self.file.stat().st_size if self.file.exists() else 0
        if size < self._at:
            self._at, self._rest = 0, b""  # written anew
        if size == self._at:
            return []
        with self.file.open("rb") as file:
            file.seek(self._at)
            data = file.read(MAX_READ)
        self._at += len(data)
        *lines, rest = (self._rest + data).split(b"\n")
        self._rest = rest[-LINE_MOST:]
        return [line.decode("utf-8", "replace").strip() for line in lines]

    def _obey(self, line: str) -> None:
        found = _LINE.fullmatch(line)
        on_edge = self._told.get(" ".join(found[2].split())) if found else None
        if found is None or on_edge is None:
            if line:
                log.warning("no virtual key obeys %r", line[:LINE_MOST])
            return
        for down in _EDGES[found[1]]:
            try:
                on_edge(down, Seconds(time.monotonic()))
            except Exception:
                log.exception("an edge was lost")
