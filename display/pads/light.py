"""What a pad's lamps and buzzer tell: pure, from what is known of it at a moment.

The table for people stands in docs/hardware/pads.md.
"""

from dataclasses import dataclass
from typing import Final

from display.pads.ports import PAD_LAMPS, Lights, PadLamp
from display.wanted import Status
from edge.contacts import Light
from edge.link import LinkState
from wire.help import HelpState

FAULT_S: Final = 3.0
"""How long a press that failed is seen."""
NOBODY_S: Final = 1.5
"""How long it is seen that nobody was waiting."""
FAULT_BEEPS: Final = 3
NOBODY_BEEPS: Final = 1

_CALL: Final[dict[Status, Light]] = {"called": "blink", "serving": "on"}
_HELP: Final[dict[HelpState, Light]] = {"clear": "off", "called": "blink", "coming": "on"}
_LINK: Final[dict[LinkState, Light]] = {"up": "on", "connecting": "blink", "down": "off"}


@dataclass(frozen=True)
class Sight:
    """What is known of a pad and its counter.

    `waiting` counts who waits for the counter's services; None while nobody knows. `refused`:
    the server does not know the pad's token. `asking`: a press is being asked for. `fault` and
    `nobody`: how the last press ended, while that is shown.
    """

    link: LinkState
    refused: bool = False
    status: Status = "unknown"
    waiting: int | None = None
    asking: bool = False
    fault: bool = False
    nobody: bool = False
    help: HelpState = "clear"


def lights(sight: Sight) -> Lights:
    """Every lamp at this moment.

    A fault takes all lamps, because a pad may have one only, and any of them.
    """
    if sight.fault:
        return dict.fromkeys(PAD_LAMPS, "fast")
    link = "blink" if sight.refused else _LINK[sight.link]
    shown: dict[PadLamp, Light] = {"link": link, "help": _HELP[sight.help]}
    if sight.asking or sight.nobody:
        return shown | {"waiting": "blink", "call": "blink"}
    known = sight.link != "down"
    waiting = known and bool(sight.waiting) and sight.status in ("called", "serving", "free")
    shown["waiting"] = "on" if waiting else "off"
    shown["call"] = _CALL.get(sight.status, "off") if known else "off"
    return shown
