"""Keys without hardware: pressed by lines in a file, their lamps written beside it.

`echo press 1 >> DATA_DIR/buttons/keys` presses key 1; `hold 1` and `release 1` are its two
halves. The file `1.light` there says how the lamp is: `on`, `off`, `blink` or `fast`.
"""

import logging
import re
import threading
import time
from pathlib import Path
from typing import Any, Final

from kiosk.ports import Light, OnEdge
from wire.checks import Table
from wire.units import Seconds

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 0.05
_LINE: Final = re.compile(r"(press|hold|release)[ \t]+([0-9]{1,3})[ \t]*")
_EDGES: Final = {"press": (True, False), "hold": (True,), "release": (False,)}
MAX_READ: Final = 64 * 1024


def open_button(options: Table, *, data_dir: Path, shared: dict[str, Any]) -> "VirtualButton":
    """Read the options; all virtual keys of a kiosk share one file. Faults go to the table."""
    number = options.integer("number", low=1, high=999, what="the key's number, such as 1")
    options.finish()
    folder = data_dir / "buttons"
    keys: VirtualKeys = shared.setdefault("virtual", VirtualKeys(folder))
    return VirtualButton(number, folder, keys)


class VirtualKeys:
    """Reads what is written to the file `keys` of `folder`, in a thread of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "keys"
        self._told: dict[int, OnEdge] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._at = 0
        self._rest = b""

    def add(self, number: int, on_edge: OnEdge) -> None:
        """Tell `on_edge` of this key from now on; what stands in the file already is past."""
        with self._lock:
            if self._thread is None:
                self.file.parent.mkdir(parents=True, exist_ok=True)
                self.file.touch()
                self._at, self._rest = self.file.stat().st_size, b""
                self._stopping.clear()
                self._thread = threading.Thread(target=self._run, name="virtual-keys", daemon=True)
                self._thread.start()
            self._told[number] = on_edge

    def remove(self, number: int) -> None:
        """Forget a key; the last one stops the reading. Safe to repeat."""
        with self._lock:
            self._told.pop(number, None)
            thread = self._thread
            if self._told or thread is None:
                return
            self._thread = None
            self._stopping.set()
        thread.join(timeout=2)

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_S):
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
        self._rest = rest[-100:]
        return [line.decode("utf-8", "replace").strip() for line in lines]

    def _obey(self, line: str) -> None:
        found = _LINE.fullmatch(line)
        on_edge = self._told.get(int(found[2])) if found else None
        if found is None or on_edge is None:
            if line:
                log.warning("no virtual key obeys %r", line)
            return
        for down in _EDGES[found[1]]:
            try:
                on_edge(down, Seconds(time.monotonic()))
            except Exception:
                log.exception("an edge was lost")


class VirtualButton:
    """A `Button` of `VirtualKeys`; its lamp is the word in the file `NUMBER.light`."""

    def __init__(self, number: int, folder: Path, keys: VirtualKeys) -> None:
        self.number = number
        self._light = folder / f"{number}.light"
        self._keys = keys

    @property
    def lines(self) -> tuple[str, ...]:
        """The key by its number."""
        return (f"virtual key {self.number}",)

    def open(self, on_edge: OnEdge) -> None:
        """See `Button.open`."""
        self._keys.add(self.number, on_edge)
        self.show("off")

    def show(self, light: Light) -> None:
        """See `Button.show`."""
        unfinished = self._light.with_suffix(".part")
        unfinished.write_text(light + "\n", encoding="ascii")
        unfinished.replace(self._light)

    def close(self) -> None:
        """See `Button.close`."""
        self._keys.remove(self.number)
        if self._light.parent.is_dir():
            self.show("off")
