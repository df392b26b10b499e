"""How loud it is to be at an hour, and samples made so loud. Pure."""

import array
import sys
from collections.abc import Sequence
from typing import Any

FULL = 100


def percent_at(steps: Sequence[Any], clock: str) -> int:
    """The percent that holds at `clock` (HH:MM, the centre's own time).

    Args:
        steps: `{"at": HH:MM, "percent": n}`: the last one at or before `clock` holds; before
            the first of a day, the last one does. Empty is full.
        clock: The time of day.
    """
    if not steps:
        return FULL
    ordered = sorted(steps, key=lambda step: str(step["at"]))
    begun = [step for step in ordered if step["at"] <= clock]
    return int((begun or ordered)[-1]["percent"])


def at_volume(samples: bytes, percent: int) -> bytes:
    """The same 16-bit samples, so loud."""
    if percent == FULL:
        return samples
    sound = array.array("h", samples)
    if sys.byteorder == "big":
        sound.byteswap()
    quieter = array.array("h", (value * percent // FULL for value in sound))
    if sys.byteorder == "big":
        quieter.byteswap()
    return quieter.tobytes()
