"""The one table that knows which action takes a ticket from which state to which.

Source: the project's own contract on words and states (docs/reference.md, "Life cycle").
"""

from dataclasses import dataclass
from typing import Final

from wire.errors import Refusal
from wire.words import Kind, State

ACTIVE: Final[frozenset[str]] = frozenset({"called", "serving"})
"""States in which a counter holds the ticket; at most one such ticket a counter."""

OPEN: Final[frozenset[str]] = frozenset({"waiting", "called", "serving", "on_hold"})
"""States that the end of the day brings to an end."""


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of the table: from where, to where, and the event that tells of it."""

    sources: frozenset[str]
    target: State
    kind: Kind


def _row(sources: str, target: State, kind: Kind) -> Transition:
    return Transition(frozenset(sources.split()), target, kind)


TABLE: Final[dict[str, Transition]] = {
    "call": _row("waiting on_hold", "called", "called"),
    "recall": _row("called", "called", "recalled"),
    "start": _row("called", "serving", "started"),
    "finish": _row("called serving", "served", "served"),
    "no-show": _row("called", "no_show", "no_show"),
    "hold": _row("called serving", "on_hold", "held"),
    "resume": _row("on_hold", "serving", "resumed"),
    "return": _row("called no_show on_hold", "waiting", "returned"),
    "step-back": _row("waiting called", "waiting", "returned"),
    "transfer": _row("waiting called serving on_hold", "waiting", "transferred"),
    "cancel": _row("waiting called on_hold", "cancelled", "cancelled"),
}

ENDS_CURRENT: Final[dict[str, str]] = {"served": "finish", "no_show": "no-show", "on_hold": "hold"}
"""What `next` does to the ticket a counter still has, by its `current` word."""

DAY_END: Final[dict[str, State]] = {
    "waiting": "cancelled",
    "called": "cancelled",
    "on_hold": "cancelled",
    "serving": "served",
}
"""Where the end of the business day takes each open state."""


def transition(action: str, state: str) -> Transition:
    """Look up an action on a ticket in this state.

    Raises:
        Refusal: `invalid_transition` with the state and the action; nothing changed.
    """
    row = TABLE[action]
    if state not in row.sources:
        raise Refusal(
            "invalid_transition",
            f"A ticket that is {state} cannot be changed by {action}; "
            f"{action} is for {' or '.join(sorted(row.sources))}.",
            from_state=state,
            action=action,
        )
    return row
