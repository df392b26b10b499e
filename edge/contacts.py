"""The words that physical keys and their lamps share, whatever they are wired to."""

from collections.abc import Callable
from typing import Final, Literal

from wire.units import Seconds

Light = Literal["off", "on", "blink", "fast"]
"""What a lamp does until it is told otherwise; `fast` is for what went wrong."""

OnEdge = Callable[[bool, Seconds], None]
"""Told of each edge: whether the contact closed, and when (monotonic seconds)."""

BLINK_S: Final = 0.4
FAST_S: Final = 0.1
"""How long a lamp that blinks, or blinks fast, is lit and is dark."""
