"""Names in two languages and the closed word lists of the wire."""

from typing import Final, Literal, get_args

import msgspec

State = Literal["waiting", "called", "serving", "served", "no_show", "on_hold", "cancelled"]
Priority = Literal["none", "elderly", "disabled", "pregnant", "infant", "merit", "appointment"]
Source = Literal["kiosk", "greeter", "desk", "integration", "offline", "redirect"]
CounterState = Literal["open", "paused", "closed"]
Language = Literal["vi", "en"]
Foreign = Literal["en"]
"""A language that has to be named; calls without one are Vietnamese."""
Role = Literal[
    "kiosk", "display", "hall", "pad", "clerk", "greeter", "manager", "admin", "integration"
]
Kind = Literal[
    "issued", "called", "recalled", "started", "served", "no_show", "held", "resumed",
    "returned", "transferred", "cancelled", "priority_changed",
    "counter_opened", "counter_paused", "counter_closed", "config_changed",
]  # fmt: skip

Outcome = Literal["taken_in", "done_on_the_spot", "papers_missing", "refused", "advice_given"]
"""How a visit ended, as the shares that directors report count it."""
HoldWhy = Literal["papers_to_fetch", "waiting_for_signature", "waiting_for_payment", "other"]
HeldFor = Literal[
    "papers_to_fetch", "waiting_for_signature", "waiting_for_payment", "other", "gave_way",
]  # fmt: skip
"""What a number on hold waits for, as told: a reason, or that it gave way to somebody received."""
JumpWhy = Literal[
    "elderly_or_frail", "disabled", "pregnant_or_infant", "merit", "urgent_deadline",
    "returned_after_no_show", "staff_mistake", "leader_order", "other",
]  # fmt: skip
"""Why somebody goes before others: out of turn, into a priority group, or straight to a desk."""
RatingReason = Literal[
    "long_wait", "staff_manner", "unclear_guidance", "asked_to_come_again",
    "quick", "polite", "clear", "other",
]  # fmt: skip
RatingPlace = Literal["phone", "counter", "kiosk"]
LinkAction = Literal["step_back", "coming", "cancel", "rate"]

AdviceKind = Literal["open", "lend", "take_back"]

STATES: Final[tuple[str, ...]] = get_args(State)
PRIORITIES: Final[tuple[str, ...]] = get_args(Priority)
ROLES: Final[tuple[str, ...]] = get_args(Role)
KINDS: Final[tuple[str, ...]] = get_args(Kind)
HELD_FOR: Final[tuple[str, ...]] = get_args(HeldFor)


class Name(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A name as people read it, in Vietnamese and in English (NFC)."""

    vi: str
    en: str
