"""Open, pause and close a counter, call the next ticket to it, take a person directly."""

from typing import Any, Final

from msgspec import UNSET

from server.domain.dispatch import Head, choose
from server.domain.lifecycle import ENDS_CURRENT, transition
from server.domain.reason import named
from server.domain.ticket import Ticket, instant
from server.service import tickets
from server.service.issue import create
from server.service.ports import Caller
from server.service.reasons import jump_reason
from server.service.work import (
    CentreWork,
    backlog,
    callable_heads,
    known_counter,
    offered_service,
    open_counters,
)
from wire.errors import Refusal
from wire.requests import (
    CallRequest,
    FinishRequest,
    HoldRequest,
    IssueRequest,
    LateRequest,
    NextRequest,
    ReceiveRequest,
)
from wire.words import CounterState, HeldFor, Kind

_GAVE_WAY: Final[HeldFor] = "gave_way"
"""Stored with the ticket that was put aside for somebody received."""

_KIND: dict[CounterState, Kind] = {
    "open": "counter_opened",
    "paused": "counter_paused",
    "closed": "counter_closed",
}


def set_state(
    work: CentreWork,
    counter: str,
    state: CounterState,
    pause_code: str | None = None,
    **data: Any,
) -> None:
    """Bring a counter to a state; one it already has is no change and no event.

    Args:
        work: The command's work.
        counter: Which counter.
        state: What it shall be.
        pause_code: The code of the break, on pause.
        data: What else the event keeps.

    Raises:
        Refusal: `unknown_counter`; `counter_busy` on pause and close with a current ticket.
    """
    known_counter(work.centre, counter)
    row = work.counter_row(counter)
    if state != "open":
        held = work.tx.held_at(work.centre.id, counter)
        if held is not None:
            detail = f"Counter {counter} still has {held.number}; end it first."
            raise Refusal("counter_busy", detail)
    if row.state != state or row.pause_code != pause_code:
        work.set_counter(row, state, _KIND[state], pause_code, **data)
    if state == "closed":
        work.tx.leave_seats(work.centre.id, counter)


def call_next(
    work: CentreWork, counter: str, body: NextRequest, random: bytes
) -> tuple[Ticket | None, Ticket | None, dict[str, Any] | None]:
    """End what the counter has, then call the best waiting ticket.

    Returns:
        The ticket called, the ticket ended, and the reason; each None where there is none.

    Raises:
        Refusal: `unknown_counter`, `counter_not_open`, `counter_moved_on`, `too_early`,
            `invalid_transition`.
    """
    tickets.open_counter(work, counter)
    held = work.tx.held_at(work.centre.id, counter)
    if body.seen is not UNSET and body.seen != (held.id if held is not None else None):
        now = held.number if held is not None else "no ticket"
        raise Refusal("counter_moved_on", f"Counter {counter} has {now} now; look again.")
    finished = _end(work, held, body) if held is not None else None
    waiting = callable_heads(work.tx, work.centre, counter, work.now_ms)
    if not waiting:
        return None, finished, None
    heads = [
        Head(t.id, t.service, t.priority, instant(t.t_ref_ms), t.pinned_to or None) for t in waiting
    ]
    choice = choose(
        counter,
        heads,
        open_counters(work.tx, work.centre),
        backlog(work.tx, work.centre, work.times),
        work.centre.policy,
        instant(work.now_ms),
    )
    if choice is None:
        return None, finished, None
    winner = next(ticket for ticket in waiting if ticket.id == choice.ticket_id)
    services = {s.id: (s.name.vi, s.name.en) for s in work.centre.services.values()}
    reason = named(choice.reason, services, {ticket.id: ticket.number for ticket in waiting})
    return tickets.call(work, winner, counter, random, reason), finished, reason


def _end(work: CentreWork, held: Ticket, body: NextRequest) -> Ticket:
    action = ENDS_CURRENT[body.current]
    if action == "finish":
        return tickets.finish(work, held, FinishRequest(body.outcome, body.dossiers))
    if action == "no-show":
        return tickets.no_show(work, held, LateRequest())
    return tickets.hold(work, held, HoldRequest(body.why, body.reason))


def call_chosen(work: CentreWork, ticket: Ticket, body: CallRequest, random: bytes) -> Ticket:
    """Call one ticket out of order, with its reason.

    Raises:
        Refusal: `unknown_counter`, `counter_not_open`, `counter_busy`, `invalid_transition`,
            `looks_personal`, `reason_incomplete`.
    """
    why = jump_reason(body)
    transition("call", ticket.state)
    tickets.free_counter(work, body.counter)
    return tickets.call(work, ticket, body.counter, random, {"rule": "chosen", **why})


def receive(
    work: CentreWork, caller: Caller, counter: str, body: ReceiveRequest, random: bytes
) -> Ticket:
    """Take a person who stands at the desk: issue, call and start; a current ticket is held.

    Raises:
        Refusal: `unknown_counter`, `counter_not_open`, `unknown_service`, `day_full`,
            `looks_personal`, `reason_incomplete`.
    """
    why = jump_reason(body)
    tickets.open_counter(work, counter)
    service = offered_service(work, body.service)
    held = work.tx.held_at(work.centre.id, counter)
    if held is not None:
        tickets.hold(work, held, HoldRequest(why=_GAVE_WAY))
    asked = IssueRequest(service=service.id, language=body.language)
    ticket = create(
        work, service, body.priority, "desk", asked, random[:32], tell=False, why=body.why
    )
    ticket = tickets.call(work, ticket, counter, random[32:48], {"rule": "received", **why})
    return tickets.start(work, ticket)
