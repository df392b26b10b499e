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
    """One counter as its panel needs it. `call` is its last call: (call_id, times)."""

    number: int | None = None
    state: CounterState = "closed"
    ticket: str | None = None
    ticket_state: str | None = None
    call: tuple[str, int] | None = None

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


def from_board(board: Mapping[str, Any]) -> Views:
    """Every counter of a board."""
    calls = {call["counter"]["id"]: call for call in reversed(board["calls"])}
    return {
        counter["id"]: _view(counter, calls.get(counter["id"])) for counter in board["counters"]
    }


def _view(counter: Mapping[str, Any], call: Mapping[str, Any] | None) -> CounterView:
    ticket = counter.get("ticket") or {}
    shown = ticket.get("state") in SHOWN_STATES
    return CounterView(
        number=counter.get("number"),
        state=counter["state"],
        ticket=ticket["number"] if shown else None,
        ticket_state=ticket["state"] if shown else None,
        call=(call["call_id"], call["times"]) if call is not None else None,
    )


def is_new_call(view: CounterView, before: CounterView) -> bool:
    """Whether the panel should draw the eye: a call or recall that it has not announced yet.

    One that was missed while the link was away still counts; an undo that brings an earlier
    call back does not.
    """
    return view.status == "called" and view.call is not None and view.call != before.call


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
        _place(new, ticket, counter, change.get("call"))
    return new


def _place(
    views: Views,
    ticket: Mapping[str, Any],
    counter: Mapping[str, Any] | None,
    call: Mapping[str, Any] | None,
) -> None:
    """Put the ticket on the panel of the counter that has it, and take it off any other."""
    shown = ticket["state"] in SHOWN_STATES
    home = counter["id"] if counter is not None and shown else None
    for place, view in views.items():
        if view.ticket == ticket["number"] and place != home and not (shown and counter is None):
            views[place] = replace(view, ticket=None, ticket_state=None)
    if home is not None:
        views[home] = replace(
            views[home],
            ticket=ticket["number"],
            ticket_state=ticket["state"],
            call=(call["call_id"], call["times"]) if call is not None else views[home].call,
        )
