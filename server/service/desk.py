"""What one desk shows: its ticket, the next five as the rule would call them, those on hold."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, cast

import msgspec

from server.domain.centre import Centre
from server.domain.dispatch import Head, choose, heads_of
from server.domain.idle import IdleCounter, counters_to_light
from server.domain.learning import Times
from server.domain.ticket import CounterRow, Ledger, Ticket, instant, milliseconds
from server.service.answers import counter_answer, counter_ref, ticket_answer
from server.service.ports import Tx, UndoRow
from server.service.public import is_coming
from server.service.undo import mark_of
from server.service.work import backlog, open_counters, waiting_by_service
from wire.desk import Desk, LastCounter, QueueItem, Step, UndoOffer
from wire.words import HELD_FOR, HeldFor

NEXT: Final = 5

OpenCounters = Mapping[str, frozenset[str]]


def never_opened(centre: Centre, counter: str) -> CounterRow:
    """The row of a counter that has no row yet."""
    return CounterRow(centre.id, counter, "closed", 0, None, 0, 0)


def desk(
    tx: Tx,
    centre: Centre,
    ledger: Ledger,
    counter: str,
    now: datetime,
    begun: bool,
    times: Times,
) -> Desk:
    """Everything a desk page shows, consistent at the ledger's seq.

    Args:
        tx: An open snapshot.
        centre: The centre as it applies today.
        ledger: Its ledger on that snapshot.
        counter: A counter the centre has.
        now: The present moment.
        begun: Whether the business day has begun; before that everything is empty.
        times: What the centre has learnt of its services.
    """
    row = (tx.counter(centre.id, counter) if begun else None) or never_opened(centre, counter)
    held = tx.held_at(centre.id, counter) if begun else None
    skills = centre.counters[counter].services
    now_ms = milliseconds(now)
    waiting = _waiting(tx, centre, counter, now_ms) if begun else []
    all_queues = tx.queues(centre.id) if begun else []
    queues = [
        queue
        for queue in all_queues
        if queue.pinned_to == counter or (not queue.pinned_to and queue.service in skills)
    ]
    open_now = open_counters(tx, centre) if begun else {}
    oldest = min((ticket.t_ref_ms for ticket in waiting), default=now_ms)
    return Desk(
        seq=ledger.seq,
        as_of=now,
        counter=counter_answer(centre, row, held),
        current=ticket_answer(held, centre, None, coming=is_coming(tx, held)) if held else None,
        times=held.times if held else 0,
        next=[
            _item(t, now_ms) for t in _in_order(tx, centre, counter, waiting, open_now, now, times)
        ],
        held=[_item(t, now_ms) for t in (tx.on_hold_at(centre.id, counter) if begun else [])],
        waiting=sum(queue.waiting for queue in queues),
        longest_s=max(0, (now_ms - oldest) // 1000),
        served_today=row.served,
        undo=_undo(tx.undo_row(centre.id, counter) if begun else None, centre, now),
        light=_lit(tx, centre, counter, waiting, open_now),
        recall_after_s=centre.rules.recall_after_s,
        recalls=centre.rules.recalls,
        no_show_after_s=centre.rules.no_show_after_s,
        pause_code=row.pause_code,
        last_for=_last_for(skills, counter, open_now, waiting_by_service(all_queues)),
        **_about(tx, centre, held),
    )


def _about(tx: Tx, centre: Centre, held: Ticket | None) -> dict[str, Any]:
    """Why the current ticket was called, what is noted of it, and its calls before this one."""
    if held is None:
        return {}
    calls = tx.calls_of(centre.id, held.id)
    reason = next((call.reason for call in calls if call.call_id == held.call_id), None)
    earlier = (call for call in calls if call.call_id != held.call_id)
    steps = [(counter_ref(centre, call.counter), call) for call in earlier]
    return {
        "reason": msgspec.json.decode(reason) if reason else None,
        "note": tx.note(held.id),
        "steps": tuple(
            Step(place, call.service, instant(call.called_ms)) for place, call in steps if place
        ),
    }


def _last_for(
    skills: Sequence[str], counter: str, open_now: OpenCounters, waiting: Mapping[str, int]
) -> tuple[LastCounter, ...]:
    """The services that an open counter serves and no other does now, with who waits for them."""
    if counter not in open_now:
        return ()
    elsewhere = {s for one, others in open_now.items() if one != counter for s in others}
    alone = [service for service in skills if service not in elsewhere]
    return tuple(LastCounter(service, waiting.get(service, 0)) for service in alone)


def _lit(
    tx: Tx, centre: Centre, counter: str, waiting: list[Ticket], open_now: OpenCounters
) -> bool:
    """Whether this counter is idle and the one to light up for somebody who waits."""
    if not waiting:
        return False
    busy = {ticket.counter for ticket in tx.active_tickets(centre.id)}
    since = {row.counter: max(row.since_ms, row.idle_ms) for row in tx.counters(centre.id)}
    idle = [
        IdleCounter(one, skills, since[one]) for one, skills in open_now.items() if one not in busy
    ]
    queues = Counter((ticket.service, ticket.pinned_to) for ticket in waiting)
    return any(counter in counters_to_light(*queue, queues[queue], idle) for queue in queues)


def _waiting(tx: Tx, centre: Centre, counter: str, now_ms: int) -> list[Ticket]:
    """The first of each queue that this counter may call, and those who let calls pass."""
    skills, calls = centre.counters[counter].services, tx.calls(centre.id)
    return tx.first_waiting(centre.id, skills, counter, NEXT, now_ms) + [
        ticket
        for ticket in tx.set_back(centre.id)
        if ticket.pinned_to in ("", counter)
        and (ticket.pinned_to or ticket.service in skills)
        and ticket.behind > calls.get(ticket.service, 0)
        and ticket.ready_ms <= now_ms
    ]


def _in_order(
    tx: Tx, centre: Centre, counter: str, waiting: list[Ticket], open_now: OpenCounters,
    now: datetime, times: Times,
) -> list[Ticket]:  # fmt: skip
    """The next few as the rule would call them one after another at this moment."""
    calls = dict(tx.calls(centre.id))
    counters = {**open_now}
    counters.setdefault(counter, frozenset(centre.counters[counter].services))
    loads = backlog(tx, centre, times)
    ordered = sorted(waiting, key=lambda ticket: (ticket.t_ref_ms, ticket.number))
    left = {ticket.id: ticket for ticket in ordered}
    found: list[Ticket] = []
    while left and len(found) < NEXT:
        in_turn = [t for t in left.values() if t.behind <= calls.get(t.service, 0)]
        heads = heads_of([_head(ticket) for ticket in in_turn or left.values()], now)
        choice = choose(counter, heads, counters, loads, centre.policy, now)
        if choice is None:
            break
        called = left.pop(choice.ticket_id)
        calls[called.service] = calls.get(called.service, 0) + 1
        found.append(called)
    return found


def _head(ticket: Ticket) -> Head:
    pinned = ticket.pinned_to or None
    return Head(ticket.id, ticket.service, ticket.priority, instant(ticket.t_ref_ms), pinned)


def _item(ticket: Ticket, now_ms: int) -> QueueItem:
    reason = next((one for one in HELD_FOR if one == ticket.note), None)
    return QueueItem(
        ticket.id,
        ticket.number,
        ticket.service,
        ticket.priority,
        ticket.state,
        max(0, (now_ms - ticket.t_ref_ms) // 1000),
        ticket.procedure,
        None if reason else ticket.note,
        cast("HeldFor | None", reason),
    )


def _undo(row: UndoRow | None, centre: Centre, now: datetime) -> UndoOffer | None:
    if row is None:
        return None
    until = instant(row.at_ms) + timedelta(seconds=centre.rules.undo_s)
    return UndoOffer(mark_of(row), row.action, row.number, until) if until > now else None
