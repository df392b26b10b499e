"""Call keys without hardware: pressed by lines in a file, their lamps written beside it.

`echo press q1 next >> DATA_DIR/pads/keys` presses the key `next` of counter q1's pad; `hold` and
`release` are its two halves. The file `q1.lamps` there says what each lamp does, `q1.beeps` has a
line for each time it sounded (the newest 1,000). A word in the file `q1.condition` makes it fail
as hardware would: `absent`, `taken`, `permission`, `silent`; `ok` heals it.
"""

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from display.errors import PadUnavailable
from display.pads.ports import PAD_KEYS, PAD_LAMPS, Lights, OnKey, PadKey, PadLamp
from edge.contacts import Light
from edge.virtual_keys import VirtualKeys, tell
from wire.checks import Table
from wire.ids import SLUG
from wire.units import Seconds

CONDITIONS: Final = ("absent", "taken", "permission", "silent", "driver")


class Shown(NamedTuple):
    """What its lamps did from a moment on (monotonic seconds)."""

    at: float
    lights: dict[PadLamp, Light]


def open_pad(
    options: Table, *, counter: str, data_dir: Path, shared: dict[str, Any]
) -> "VirtualPad":
    """See `display.pads.ports.OpenPad`; all virtual pads of an agent share one file."""
    name = options.text("name", counter, pattern=SLUG, what="a name for its files, such as q1-b")
    options.finish()
    folder = data_dir / "pads"
    keys: VirtualKeys = shared.setdefault("virtual pads", VirtualKeys(folder))
    return VirtualPad(name or counter, folder, keys)


class VirtualPad:
    """A `Pad` of `VirtualKeys` with every key and lamp; keeps its newest 1,000 lights."""

    keys: tuple[PadKey, ...] = PAD_KEYS
    lamps: tuple[PadLamp, ...] = PAD_LAMPS
    sounds = True

    def __init__(self, name: str, folder: Path, keys: VirtualKeys) -> None:
        self.name = name
        self.shown: deque[Shown] = deque(maxlen=1000)
        self.beeps: deque[tuple[float, int]] = deque(maxlen=1000)
        self.place = str(folder / "keys")
        self.lines = (f"virtual pad {name}",)
        self._folder = folder
        self._file = keys
        self._open = False
        self._lights: dict[PadLamp, Light] = {}

    def open(self, on_key: OnKey) -> None:
        """See `Pad.open`."""
        self.check()
        for key in self.keys:
            self._file.add(f"{self.name} {key}", self._edges_of(key, on_key))
        self._open = True
        self._lights = {}
        self.show(dict.fromkeys(self.lamps, "off"))

    def check(self) -> None:
        """See `Pad.check`."""
        condition = self._folder / f"{self.name}.condition"
        word = condition.read_text(encoding="utf-8").strip() if condition.exists() else "ok"
        if word in CONDITIONS:
            raise PadUnavailable(f"{condition} says '{word}'", trouble=word)

    def show(self, lights: Lights) -> None:
        """See `Pad.show`."""
        changed = self._lights | dict(lights)
        if changed == self._lights:
            return
        self._lights = changed
        self.shown.append(Shown(time.monotonic(), changed))
        words = "\n".join(f"{lamp} {light}" for lamp, light in changed.items())
        tell(self._folder / f"{self.name}.lamps", words)

    def beep(self, times: int) -> None:
        """See `Pad.beep`."""
        self.beeps.append((time.monotonic(), times))
        lines = "\n".join(str(count) for _, count in self.beeps)
        tell(self._folder / f"{self.name}.beeps", lines)

    def close(self) -> None:
        """See `Pad.close`."""
        if not self._open:
            return
        self._open = False
        for key in self.keys:
            self._file.remove(f"{self.name} {key}")
        if self._folder.is_dir():
            self.show(dict.fromkeys(self.lamps, "off"))

    def _edges_of(self, key: PadKey, on_key: OnKey) -> Callable[[bool, Seconds], None]:
        return lambda down, at_s: on_key(key, down, at_s)
