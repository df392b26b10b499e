"""Names in two languages and the closed word lists of the wire."""

from typing import Final, Literal, get_args

import msgspec

State = Literal["waiting", "called", "serving", "served", "no_show", "on_hold", "cancelled"]
Priority = Literal["none", "elderly", "disabled", "pregnant", "infant", "merit", "appointment"]
Source = Literal["kiosk", "greeter", "desk", "integration", "offline", "redirect"]
CounterState = Literal["open", "paused", "closed"]
Language = Literal["vi", "en"]
Role = Literal[
    "kiosk", "display", "hall", "pad", "clerk", "greeter", "manager", "admin", "integration"
]
Kind = Literal[
    "issued", "called", "recalled", "started", "served", "no_show", "held", "resumed",
    "returned", "transferred", "cancelled", "priority_changed",
    "counter_opened", "counter_paused", "counter_closed", "config_changed",
]  # fmt: skip

AdviceKind = Literal["open", "lend", "take_back"]

STATES: Final[tuple[str, ...]] = get_args(State)
PRIORITIES: Final[tuple[str, ...]] = get_args(Priority)
ROLES: Final[tuple[str, ...]] = get_args(Role)
KINDS: Final[tuple[str, ...]] = get_args(Kind)


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name as people read it, in Vietnamese and in English (NFC)."""

    vi: str
    en: str
