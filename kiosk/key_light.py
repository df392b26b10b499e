"""What a key's lamp tells: pure, from what is known of the key at a moment."""

from dataclasses import dataclass
from typing import Final

from edge.contacts import Light

REFUSED_S: Final = 2.0
"""How long a refusal is seen."""


@dataclass
class KeyState:
    """What happened at one key, in monotonic seconds."""

    asking: bool = False
    """A number is being asked for, or its slip is being printed."""
    refused_until_s: float = float("-inf")
    deaf_until_s: float = float("-inf")


def light(state: KeyState, now_s: float, *, can_give: bool) -> Light:
    """The lamp at this moment.

    Args:
        state: The key's own.
        now_s: Monotonic seconds.
        can_give: Whether a number of its service can be had here at all.
    """
    if state.asking:
        return "blink"
    if now_s < state.refused_until_s:
        return "fast"
    if now_s < state.deaf_until_s or not can_give:
        return "off"
    return "on"
