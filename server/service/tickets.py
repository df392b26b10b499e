"""What a clerk does with one ticket: each action one row of the life-cycle table."""

from typing import Any

from server.domain.lifecycle import ACTIVE, transition
from server.domain.ticket import Ticket, milliseconds
from server.domain.turns import place_after_no_show
from server.service.ports import Caller
from server.service.reasons import hold_reason, jump_reason
from server.service.work import CentreWork, known_counter
from wire.errors import FieldFault, Refusal
from wire.ids import uuid7
from wire.live import ChangedCall
from wire.requests import (
    FinishRequest,
    HoldReasonRequest,
    HoldRequest,
    LateRequest,
    Moment,
    PriorityRequest,
    ResumeRequest,
    TransferRequest,
)

_NOTHING_TOLD: dict[str, Any] = {"expected_s": None, "likely_s": None, "high_s": None}
"""For who waits for another call than the one whose wait was told at issue."""

BACK_TO_WAITING: dict[str, Any] = {
    "state": "waiting",
    "counter": None,
    "called_ms": None,
    "started_ms": None,
    "ended_ms": None,
    "call_id": None,
    "times": 0,
    "note": None,
    "behind": 0,
    "ready_ms": 0,
    **_NOTHING_TOLD,
}
"""What the columns of a ticket become that waits again."""


def find(work: CentreWork, ticket: str) -> Ticket:
    """The ticket of this id in this centre.

    Raises:
        Refusal: `unknown_ticket`.
    """
    found = work.tx.ticket(work.centre.id, ticket)
    if found is None:
        raise Refusal("unknown_ticket", f"{work.centre.id} has no ticket '{ticket}'.")
    work.subject = found.id
    return found


def moment(work: CentreWork, ticket: Ticket, at: Moment | None, action: str) -> int:
    """When a press that is handed in late happened: after the call, and not in the future.

    Raises:
        Refusal: `invalid_transition` for one that was meant for an earlier call: the number has
            gone back to waiting since, and may be at another counter now.
    """
    if at is None:
        return work.now_ms
    at_ms, called_ms = milliseconds(at), ticket.called_ms or ticket.issued_ms
    if at_ms < called_ms and work.tx.called_by(work.centre.id, ticket.id, at_ms):
        detail = f"{ticket.number} has been called again since; this was for the call before."
        raise Refusal("invalid_transition", detail, from_state=ticket.state, action=action)
    return max(ticket.started_ms or called_ms, min(at_ms, work.now_ms))


def call(
    work: CentreWork, ticket: Ticket, counter: str, random: bytes, reason: dict[str, Any]
) -> Ticket:
    """Call a ticket to a free, open counter."""
    row = transition("call", ticket.state)
    call_id = uuid7(work.now_ms, random, work.ledger.seq)
    changes = {
        "state": row.target,
        "counter": counter,
        "pinned_to": "",
        "called_ms": work.now_ms,
        "started_ms": None,
        "call_id": call_id,
        "times": 1,
        "note": None,
        "behind": 0,
        "ready_ms": 0,
    }
    if ticket.call_id is not None:  # On hold since an earlier call.
        changes |= _NOTHING_TOLD
    told = {name: reason[name] for name in ("why", "reason", "by") if name in reason}
    calls = work.count_call(ticket)
    announced = ChangedCall.of(call_id, 1, ticket.language)
    ticket = work.move(ticket, row.kind, changes, call=announced, calls=calls, **told)
    work.insert_call(ticket, reason)
    return ticket


def free_counter(work: CentreWork, counter: str) -> None:
    """Refuse a counter that is not open, or that has a ticket.

    Raises:
        Refusal: `unknown_counter`, `counter_not_open`, `counter_busy`.
    """
    open_counter(work, counter)
    held = work.tx.held_at(work.centre.id, counter)
    if held is not None:
        raise Refusal("counter_busy", f"Counter {counter} still has {held.number}; end it first.")


def open_counter(work: CentreWork, counter: str) -> None:
    """Refuse a counter that is not open.

    Raises:
        Refusal: `unknown_counter`, `counter_not_open`.
    """
    known_counter(work.centre, counter)
    row = work.counter_row(counter)
    if row.state != "open":
        raise Refusal("counter_not_open", f"Counter {counter} is {row.state}; open it first.")


def recall(work: CentreWork, ticket: Ticket) -> Ticket:
    """Say the call once more."""
    row = transition("recall", ticket.state)
    assert ticket.call_id is not None
    times = ticket.times + 1
    work.tx.bump_call(work.centre.id, ticket.call_id, times)
    said = ChangedCall.of(ticket.call_id, times, ticket.language)
    return work.move(ticket, row.kind, {"times": times}, call=said)


def start(work: CentreWork, ticket: Ticket) -> Ticket:
    """The person is at the counter."""
    row = transition("start", ticket.state)
    return work.move(ticket, row.kind, {"state": row.target, "started_ms": work.now_ms})


def finish(work: CentreWork, ticket: Ticket, body: FinishRequest) -> Ticket:
    """The person is served."""
    row = transition("finish", ticket.state)
    at_ms = moment(work, ticket, body.at, "finish")
    changes = {
        "state": row.target,
        "started_ms": ticket.started_ms if ticket.started_ms is not None else ticket.called_ms,
        "ended_ms": at_ms,
        "outcome": body.outcome,
        "dossiers": None if body.dossiers is None else int(body.dossiers),
    }
    assert ticket.counter is not None
    work.count_served(ticket.counter, 1)
    return work.move(ticket, row.kind, changes)


def no_show(work: CentreWork, ticket: Ticket, body: LateRequest) -> Ticket:
    """Nobody came.

    Raises:
        Refusal: `too_early` before the centre's `no_show_after_s` since the call.
    """
    row = transition("no-show", ticket.state)
    at_ms = moment(work, ticket, body.at, "no-show")
    patience_s = work.centre.rules.no_show_after_s
    left_ms = (ticket.called_ms or 0) + patience_s * 1000 - at_ms
    if left_ms > 0:
        raise Refusal(
            "too_early",
            f"{ticket.number} was called less than {patience_s} s ago; "
            f"wait {-(-left_ms // 1000)} s more.",
            retry_after_s=-(-left_ms // 1000),
        )
    return work.move(ticket, row.kind, {"state": row.target, "ended_ms": at_ms})


def hold(work: CentreWork, ticket: Ticket, body: HoldRequest) -> Ticket:
    """The person fetches something and comes back to this counter."""
    row = transition("hold", ticket.state)
    moment(work, ticket, body.at, "hold")
    kept = hold_reason(body)
    note = body.why or body.reason
    return work.move(ticket, row.kind, {"state": row.target, "note": note}, **kept)


def set_hold_reason(work: CentreWork, ticket: Ticket, body: HoldReasonRequest) -> Ticket:
    """What a ticket on hold waits for, said after it was put aside; the same is no change.

    Raises:
        Refusal: `invalid_transition`, `looks_personal`.
    """
    if ticket.state != "on_hold":
        raise Refusal(
            "invalid_transition",
            f"A ticket that is {ticket.state} is not on hold.",
            from_state=ticket.state,
            action="hold-reason",
        )
    kept = hold_reason(body)
    note = body.why or body.reason
    if note == ticket.note:
        return ticket
    return work.move(ticket, "held", {"note": note}, **kept)


def resume(work: CentreWork, caller: Caller, ticket: Ticket, body: ResumeRequest) -> Ticket:
    """The person is back: serve on, at the asking counter, else where it was held."""
    row = transition("resume", ticket.state)
    counter = body.counter or caller.counter or ticket.counter
    assert counter is not None
    free_counter(work, counter)
    changes = {
        "state": row.target,
        "counter": counter,
        "started_ms": ticket.started_ms if ticket.started_ms is not None else work.now_ms,
        "note": None,
    }
    return work.move(ticket, row.kind, changes)


def take_call_back(work: CentreWork, ticket: Ticket) -> None:
    """Take the call of somebody who was never served off the board."""
    if ticket.call_id is not None and ticket.started_ms is None:
        work.tx.hide_call(work.centre.id, ticket.call_id, True)


def return_(work: CentreWork, ticket: Ticket) -> Ticket:
    """Back to waiting, with the place it had; a number is good for its own day.

    After a no-show the next calls of the service go first; later that day all who wait do.

    Raises:
        Refusal: `invalid_transition`.
    """
    row = transition("return", ticket.state)
    if ticket.day != work.day:
        raise Refusal(
            "invalid_transition",
            f"{ticket.number} was for {ticket.day}; that day has ended.",
            from_state=ticket.state,
            action="return",
        )
    take_call_back(work, ticket)
    changes = {**BACK_TO_WAITING, "pinned_to": ""}
    if ticket.state == "no_show":
        calls = work.tx.calls(work.centre.id).get(ticket.service, 0)
        given_up_ms = ticket.ended_ms or work.now_ms
        place = place_after_no_show(
            work.centre.rules, ticket.t_ref_ms, given_up_ms, work.now_ms, calls
        )
        changes |= place._asdict()
    return work.move(ticket, row.kind, changes, counter=ticket.counter)


def cancel(work: CentreWork, ticket: Ticket) -> Ticket:
    """The person does not want to wait any more."""
    row = transition("cancel", ticket.state)
    take_call_back(work, ticket)
    changes = {
        "state": row.target,
        "ended_ms": work.now_ms,
        "cause": "cancelled",
        "pinned_to": "",
    }
    return work.move(ticket, row.kind, changes)


def transfer(work: CentreWork, ticket: Ticket, body: TransferRequest) -> Ticket:
    """To another service's queue, or to one counter, waiting afresh on the same number.

    Raises:
        Refusal: `invalid_body`, `unknown_service`, `unknown_counter`, `invalid_transition`.
    """
    if (body.service is None) == (body.counter is None):
        fault = FieldFault("service", "give either service or counter, and not both")
        raise Refusal("invalid_body", "The ticket was not transferred.", errors=(fault,))
    row = transition("transfer", ticket.state)
    changes = {**BACK_TO_WAITING, "t_ref_ms": work.now_ms, "pinned_to": body.counter or ""}
    if body.service is not None:
        known = work.centre.services.get(body.service)
        if known is None or known.retired:
            raise Refusal("unknown_service", f"{work.centre.id} has no service '{body.service}'.")
        changes["service"] = body.service
    if body.counter is not None:
        known_counter(work.centre, body.counter)
    take_call_back(work, ticket)
    return work.move(ticket, row.kind, changes, counter=ticket.counter)


def set_priority(work: CentreWork, ticket: Ticket, body: PriorityRequest) -> Ticket:
    """Move a ticket that has not ended to another priority group; the same group is no change.

    Raises:
        Refusal: `invalid_transition`, `looks_personal`, `reason_incomplete`.
    """
    if ticket.state not in ACTIVE and ticket.state not in ("waiting", "on_hold"):
        raise Refusal(
            "invalid_transition",
            f"A ticket that is {ticket.state} has no priority to change.",
            from_state=ticket.state,
            action="priority",
        )
    why = jump_reason(body)
    if ticket.priority == body.priority:
        return ticket
    return work.move(ticket, "priority_changed", {"priority": body.priority}, **why)
