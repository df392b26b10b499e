"""What each counter's panel should show, from the board and the changes. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from wire.words import CounterState

FREE: Final = "----"
SHOWN_STATES: Final = frozenset({"called", "serving"})

Status = Literal["called", "serving", "free", "paused", "closed", "absent", "unknown"]


@dataclass(frozen=True)
class CounterView:
    """One counter as its panel needs it. `calls` counts its calls and recalls seen so far."""

    number: int | None = None
    state: CounterState = "closed"
    ticket: str | None = None
    ticket_state: str | None = None
    calls: int = 0

    @property
    def status(self) -> Status:
        """One word for what the counter is doing."""
        if self.ticket is not None and self.ticket_state == "called":
            return "called"
        if self.ticket is not None:
            return "serving"
        return "free" if self.state == "open" else self.state

    @property
    def text(self) -> str:
        """The number while called or serving, dashes when open and free, else nothing."""
        if self.ticket is not None:
            return self.ticket
        return FREE if self.state == "open" else ""


Views = dict[str, CounterView]


def from_board(board: Mapping[str, Any], before: Mapping[str, CounterView] | None = None) -> Views:
    """Every counter of a board.

    A number that is called now and was not on the panel `before` counts as a call, so that
    one missed while the link was away still draws the eye.
    """
    views: Views = {}
    for counter in board["counters"]:
        ticket = counter.get("ticket") or {}
        shown = ticket.get("state") in SHOWN_STATES
        view = CounterView(
            number=counter.get("number"),
            state=counter["state"],
            ticket=ticket["number"] if shown else None,
            ticket_state=ticket["state"] if shown else None,
        )
        if before is not None:
            old = before.get(counter["id"], CounterView())
            missed = view.status == "called" and view.ticket != old.ticket
            view = replace(view, calls=old.calls + missed)
        views[counter["id"]] = view
    return views


def after(views: Mapping[str, CounterView], change: Mapping[str, Any]) -> Views:
    """The counters after one change: what its counter and ticket are now decides, not its kind.

    So an undo, which takes back by other events, needs no rule of its own.
    """
    new = dict(views)
    counter = change.get("counter")
    if counter is not None:
        old = new.get(counter["id"], CounterView())
        new[counter["id"]] = replace(old, number=counter["number"], state=counter["state"])
    ticket = change.get("ticket")
    if ticket is not None:
        _place(new, ticket, counter, is_call=change.get("call") is not None)
    return new


def _place(
    views: Views, ticket: Mapping[str, Any], counter: Mapping[str, Any] | None, *, is_call: bool
) -> None:
    """Put the ticket on the panel of the counter that has it, and take it off any other."""
    shown = ticket["state"] in SHOWN_STATES
    home = counter["id"] if counter is not None and shown else None
    for place, view in views.items():
        if view.ticket == ticket["number"] and place != home and not (shown and counter is None):
            views[place] = replace(view, ticket=None, ticket_state=None)
    if home is not None:
        old = views[home]
        views[home] = replace(
            old,
            ticket=ticket["number"],
            ticket_state=ticket["state"],
            calls=old.calls + (is_call and ticket["state"] == "called"),
        )
