"""Take back a counter's last command, by compensating events.

The rows go back to what they were; the log keeps both the command and its taking back. Undo is
refused once anything that the command touched has changed again.
"""

from typing import Any, Final

import msgspec

from server.domain.lifecycle import ACTIVE
from server.domain.ticket import CounterRow, Ticket
from server.service.book import as_text
from server.service.ports import UndoRow
from server.service.work import Before, CentreWork
from wire.errors import Refusal
from wire.live import ChangedCall
from wire.words import CounterState, Kind, State

_KIND_OF_STATE: Final[dict[State, Kind]] = {
    "waiting": "returned",
    "called": "called",
    "serving": "resumed",
    "served": "served",
    "no_show": "no_show",
    "on_hold": "held",
    "cancelled": "cancelled",
}
_KIND_OF_COUNTER: Final[dict[CounterState, Kind]] = {
    "open": "counter_opened",
    "paused": "counter_paused",
    "closed": "counter_closed",
}


def remember(work: CentreWork, counter: str, action: str) -> None:
    """Keep what this command would have to put back; one that changed nothing keeps nothing."""
    before = work.before()
    if not (before.tickets or before.counter or before.issued):
        return
    row = UndoRow(work.centre.id, counter, action, work.now_ms, as_text(before), work.number)
    work.tx.save_undo(row)


def mark_of(row: UndoRow) -> str:
    """What tells one command of a counter from another: where the log stood after it."""
    return str(msgspec.json.decode(row.before, type=Before).seq)


def follow(work: CentreWork, ticket: Ticket) -> None:
    """What is nothing to take back, as a recall: the command before it stays what undo means.

    Where somebody else changed the ticket after that command, it stays beyond undo.
    """
    was = work.touched.get(ticket.id)
    if ticket.counter is None or was is None:
        return
    row = work.tx.undo_row(work.centre.id, ticket.counter)
    if row is None:
        return
    before = msgspec.json.decode(row.before, type=Before)
    if before.left.get(ticket.id) == was.seq:
        before.left[ticket.id] = ticket.seq
        work.tx.save_undo(row._replace(before=as_text(before)))


def undo(work: CentreWork, counter: str, seen: str | None = None) -> tuple[str, list[Ticket]]:
    """Put back what the counter's last command changed.

    Args:
        work: The command's work.
        counter: Whose last command.
        seen: The mark of the command that the asker means; None for whichever is the last.

    Returns:
        The action that was taken back, and the tickets as they are again.

    Raises:
        Refusal: `nothing_to_undo` when there is none, it is too old, or others built on it;
            `counter_moved_on` when another command has come after the one that was seen.
    """
    row = work.tx.undo_row(work.centre.id, counter)
    if row is None:
        raise _nothing("This counter has no command to take back.")
    if seen is not None and seen != mark_of(row):
        detail = f"The last command of counter {counter} is '{row.action}' now; look again."
        raise Refusal("counter_moved_on", detail)
    if work.now_ms - row.at_ms > work.centre.rules.undo_s * 1000:
        raise _nothing(f"Undo is for the first {work.centre.rules.undo_s} s.")
    before = msgspec.json.decode(row.before, type=Before)
    _check_untouched(work, counter, before)
    work.tx.clear_undo(work.centre.id, counter)
    tickets = [_drop(work, before, ticket, row.action) for ticket in before.issued]
    earlier = [Ticket._make(values) for values in before.tickets]
    for ticket in sorted(earlier, key=lambda t: t.state in ACTIVE):
        if ticket.id not in before.issued:
            tickets.append(_put_back(work, before, ticket, row.action))
    for call_id in before.calls:
        work.tx.hide_call(work.centre.id, call_id, True)
    if before.counter is not None:
        _put_back_counter(work, CounterRow._make(before.counter))
    return row.action, tickets


def _nothing(detail: str) -> Refusal:
    return Refusal("nothing_to_undo", detail)


def _check_untouched(work: CentreWork, counter: str, before: Before) -> None:
    for ticket_id, seq in before.left.items():
        now = work.tx.ticket(work.centre.id, ticket_id)
        if now is None or now.seq != seq:
            raise _nothing("A later command has changed that ticket; undo that one first.")
    for values in before.tickets:
        ticket = Ticket._make(values)
        held = work.tx.held_at(work.centre.id, ticket.counter or counter)
        wanted = ticket.state in ACTIVE and ticket.counter is not None
        if wanted and held is not None and held.id not in before.left:
            raise _nothing("The counter has taken another ticket since.")


def _uncounted(work: CentreWork, before: Before, ticket: Ticket) -> dict[str, Any]:
    """Count the call of a ticket back, where it was counted."""
    if ticket.id not in before.counted:
        return {}
    return {"calls": work.tx.count_call(ticket.centre, ticket.service, -1)}


def _drop(work: CentreWork, before: Before, ticket_id: str, action: str) -> Ticket:
    ticket = work.tx.ticket(work.centre.id, ticket_id)
    assert ticket is not None
    changes = {"state": "cancelled", "cause": "undone", "ended_ms": work.now_ms, "pinned_to": ""}
    work.count_issued(ticket, -1)
    counted = _uncounted(work, before, ticket)
    return work.move(ticket, "cancelled", changes, undone=action, **counted)


def _put_back(work: CentreWork, before: Before, earlier: Ticket, action: str) -> Ticket:
    now = work.tx.ticket(work.centre.id, earlier.id)
    assert now is not None
    old, new = earlier._asdict(), now._asdict()
    changes = {name: old[name] for name in old if name != "seq" and old[name] != new[name]}
    if now.state == "served" and earlier.state != "served" and now.counter is not None:
        work.count_served(now.counter, -1)
    call = None
    if earlier.call_id is not None:
        work.tx.hide_call(work.centre.id, earlier.call_id, False)
    if earlier.state == "called" and earlier.call_id is not None:
        call = ChangedCall.of(earlier.call_id, earlier.times, earlier.language)
    kind = _KIND_OF_STATE[earlier.state]
    counted = _uncounted(work, before, now)
    return work.move(now, kind, changes, call=call, counter=now.counter, undone=action, **counted)


def _put_back_counter(work: CentreWork, earlier: CounterRow) -> None:
    row = work.counter_row(earlier.counter)
    work.set_counter(row, earlier.state, _KIND_OF_COUNTER[earlier.state], earlier.pause_code)
