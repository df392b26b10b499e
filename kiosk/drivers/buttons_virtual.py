"""Keys without hardware: pressed by lines in a file, their lamps written beside it.

`echo press 1 >> DATA_DIR/buttons/keys` presses key 1; `hold 1` and `release 1` are its two
halves. The file `1.light` there says how the lamp is: `on`, `off`, `blink` or `fast`.
"""

from pathlib import Path
from typing import Any

from edge.contacts import Light, OnEdge
from edge.virtual_keys import VirtualKeys, tell
from wire.checks import Table


def open_button(options: Table, *, data_dir: Path, shared: dict[str, Any]) -> "VirtualButton":
    """Read the options; all virtual keys of a kiosk share one file. Faults go to the table."""
    number = options.integer("number", low=1, high=999, what="the key's number, such as 1")
    options.finish()
    folder = data_dir / "buttons"
    keys: VirtualKeys = shared.setdefault("virtual", VirtualKeys(folder))
    return VirtualButton(number, folder, keys)


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
        self._keys.add(str(self.number), on_edge)
        self.show("off")

    def show(self, light: Light) -> None:
        """See `Button.show`."""
        tell(self._light, light)

    def close(self) -> None:
        """See `Button.close`."""
        self._keys.remove(str(self.number))
        if self._light.parent.is_dir():
            self.show("off")
