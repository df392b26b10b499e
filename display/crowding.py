"""How many panels one bus carries in time: what docs/hardware/panels.md promises. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Final

MOST: Final = ((1200, 2), (2400, 12), (4800, 16), (9600, 22), (115200, 32))
"""Panels at most, from this speed on."""


def crowded(wires: Iterable[str], bauds: Mapping[str, int]) -> list[str]:
    """A warning for each bus with more panels than are shown, and missed, in time.

    Args:
        wires: The wire of every panel.
        bauds: The speed of each wire that has one.
    """
    counts = Counter(wire for wire in wires if wire in bauds)
    return [
        f"warning: {count} panels on {wire.removeprefix('serial:')} at {bauds[wire]} baud, where "
        f"{most} at most are right in time; take a higher speed or a second adapter"
        for wire, count in counts.items()
        if count > (most := _most(bauds[wire]))
    ]


def _most(baud: int) -> int:
    return max((most for least, most in MOST if least <= baud), default=MOST[0][1])
