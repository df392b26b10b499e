"""Blinking for lamps that only know on and off: which are lit at a moment, and until when. Pure."""

from collections.abc import Mapping
from typing import TypeVar

from edge.contacts import BLINK_S, FAST_S, Light

Lamp = TypeVar("Lamp")


def lit(lights: Mapping[Lamp, Light], now_s: float, *, fast_s: float = FAST_S) -> dict[Lamp, bool]:
    """Which lamps are lit at this moment; all that blink alike blink together.

    Args:
        lights: What each lamp should do.
        now_s: Monotonic seconds.
        fast_s: Seconds, > 0, that a lamp which blinks fast is lit and is dark.
    """
    return {lamp: _lit(light, now_s, fast_s) for lamp, light in lights.items()}


def next_change_s(
    lights: Mapping[Lamp, Light], now_s: float, *, fast_s: float = FAST_S
) -> float | None:
    """How many seconds until one of them changes by itself; None while none does."""
    halves = {_half(light, fast_s) for light in lights.values()} - {None}
    ends = ((int(now_s / half) + 1) * half - now_s for half in halves if half is not None)
    return min((max(0.0, end) for end in ends), default=None)


def _lit(light: Light, now_s: float, fast_s: float) -> bool:
    half = _half(light, fast_s)
    return light == "on" if half is None else int(now_s / half) % 2 == 0


def _half(light: Light, fast_s: float) -> float | None:
    return {"blink": BLINK_S, "fast": fast_s}.get(light)
