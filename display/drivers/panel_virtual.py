"""A panel without hardware: it records what it was told. For demo, tests and simulation."""

import time
from collections import deque
from typing import Any, NamedTuple

from display.errors import PanelError
from display.frames.panel_text import fitted
from wire.checks import Table


class Shown(NamedTuple):
    """One frame: when (monotonic seconds), the whole text with its spaces, and the blink."""

    at: float
    text: str
    blink: bool


class VirtualPanel:
    """Keeps its newest 1,000 frames. Set `trouble` to have it fail as hardware would."""

    def __init__(self, text_length: int = 6, wire: str = "virtual") -> None:
        self.text_length = text_length
        self.blinks = True
        self.answers = True
        self.wire = wire
        self.place = wire
        self.address = ""
        self.shown: deque[Shown] = deque(maxlen=1000)
        self.trouble: PanelError | None = None

    @property
    def text(self) -> str:
        """What it shows now; all spaces before the first frame."""
        return self.shown[-1].text if self.shown else " " * self.text_length

    def show(self, text: str, *, blink: bool) -> None:
        """See `display.ports.Panel`."""
        if self.trouble is not None:
            raise self.trouble
        self.shown.append(Shown(time.monotonic(), fitted(text, self.text_length), blink))

    def close(self) -> None:
        """See `display.ports.Panel`; there is nothing to free."""


def open_panel(options: Table, shared: dict[str, Any]) -> VirtualPanel:
    """See `display.ports.OpenPanel`."""
    length = options.integer("text_length", 6, low=1, high=32, what="a number of characters")
    return VirtualPanel(length, options.text("port", "virtual"))
