"""One moment of a centre as the replay needs it, read at a cost by queues and counters alone."""

from collections.abc import Mapping
from typing import NamedTuple

from server.domain.centre import Centre
from server.domain.drain import Backlog
from server.domain.estimate import Desk, Waiting, left_min
from server.domain.learning import Times
from server.domain.ticket import Ticket
from server.service.ports import Tx
from server.service.work import backlog, open_counters


class Moment(NamedTuple):
    """Who waits, the front of each queue; who serves; how many wait in all. Times in minutes."""

    waiting: list[Waiting]
    desks: list[Desk]
    backlog: Mapping[str, Backlog]
    walk_min: float


def moment_of(tx: Tx, centre: Centre, times: Times, now_ms: int, front: int) -> Moment:
    """Read a centre's queues and counters.

    Args:
        tx: An open snapshot, of a business day that has begun.
        centre: The centre as it applies today.
        times: What it has learnt of its services.
        now_ms: The present moment.
        front: How many tickets of each queue to read.
    """
    return Moment(
        [_waiting(ticket, now_ms) for ticket in tx.fronts(centre.id, front)],
        desks_of(tx, centre, times, now_ms),
        backlog(tx, centre, times),
        times.walk_min,
    )


def _waiting(ticket: Ticket, now_ms: int) -> Waiting:
    t_ref = (ticket.t_ref_ms - now_ms) / 60_000
    ready = max(0.0, (ticket.ready_ms - now_ms) / 60_000)
    pinned = ticket.pinned_to or None
    return Waiting(ticket.number, ticket.service, ticket.priority, t_ref, pinned, ready)


def desks_of(tx: Tx, centre: Centre, times: Times, now_ms: int) -> list[Desk]:
    """Every open counter, and when it is expected to be free."""
    busy = {ticket.counter: ticket for ticket in tx.active_tickets(centre.id)}
    return [
        Desk(counter, skills, _left_min(busy.get(counter), centre, times, now_ms))
        for counter, skills in open_counters(tx, centre).items()
    ]


def _left_min(held: Ticket | None, centre: Centre, times: Times, now_ms: int) -> float:
    """How long a counter is still expected to be busy; somebody called has yet to walk there."""
    if held is None:
        return 0.0
    service = times.of(centre.services[held.service])
    since = held.started_ms or held.called_ms or now_ms
    mean = service.mean_min + (times.walk_min if held.started_ms is None else 0.0)
    spread = service.spread_min / service.mean_min
    return left_min(mean, (now_ms - since) / 60_000, spread)
