"""What a counter did on this business day, and what it costs to let somebody go before others."""

from collections import Counter
from collections.abc import Iterable
from statistics import median

from server.domain.jump import Cost, jump_cost
from server.domain.learning import Times
from server.domain.ticket import Ticket
from server.service.answers import counter_ref, newcomer_standing, standing_of
from server.service.desk import never_opened
from server.service.pacing import Pacing
from server.service.snapshot import Snapshot
from server.service.work import known_counter, open_counters, waiting_by_service
from wire.desk import Figures, JumpCost
from wire.errors import Refusal
from wire.words import Priority


def figures(snap: Snapshot, counter: str) -> Figures:
    """A counter's own day: what it served, how it ended, how long it took.

    A ticket counts for the counter that had it last. What the end of the day closed is no part.

    Raises:
        Refusal: `unknown_counter`.
    """
    known_counter(snap.centre, counter)
    place = counter_ref(snap.centre, counter)
    assert place is not None
    row = snap.tx.counter(snap.centre.id, counter) if snap.begun else None
    visits = snap.tx.visits(snap.centre.id, snap.day, counter)
    served = [visit for visit in visits if visit.state == "served"]
    states = Counter(visit.state for visit in visits)
    return Figures(
        counter=place,
        day=snap.day,
        state=(row or never_opened(snap.centre, counter)).state,
        served=len(served),
        no_show=states["no_show"],
        held=states["on_hold"],
        dossiers=sum(visit.dossiers or 0 for visit in served),
        outcomes=dict(Counter(visit.outcome or "none" for visit in served)),
        service_median_s=_median_s((v.started_ms, v.ended_ms) for v in served),
        walk_median_s=_median_s((v.called_ms, v.started_ms) for v in visits),
        wait_median_s=_median_s((v.t_ref_ms, v.called_ms) for v in visits),
    )


def _median_s(spans: Iterable[tuple[int | None, int | None]]) -> int | None:
    known = [(b - a) / 1000 for a, b in spans if a is not None and b is not None and b >= a]
    return round(median(known)) if known else None


def ticket_jump(
    snap: Snapshot, pacing: Pacing, times: Times, ticket: str, priority: Priority | None,
    now_ms: int,
) -> JumpCost:  # fmt: skip
    """What it costs to call a ticket now, or to move it to another priority group.

    Raises:
        Refusal: `unknown_ticket`.
    """
    found = snap.tx.ticket(snap.centre.id, ticket)
    if found is None:
        raise Refusal("unknown_ticket", f"{snap.centre.id} has no ticket '{ticket}'.")
    ahead = _ahead(snap, pacing, found, now_ms)
    then = 0 if priority is None else _ahead_as(snap, pacing, found, priority, ahead)
    return _cost(snap, times, found.service, ahead, then)


def reception_jump(
    snap: Snapshot, pacing: Pacing, times: Times, service: str, now_ms: int
) -> JumpCost:
    """What it costs to receive somebody at once who has no number of this service yet.

    Raises:
        Refusal: `unknown_service`.
    """
    known = snap.centre.services.get(service)
    if known is None or known.retired:
        raise Refusal("unknown_service", f"{snap.centre.id} has no service '{service}'.")
    standing = newcomer_standing(pacing, snap.tx, snap.centre.id, now_ms)
    ahead = standing(service, "none").ahead if snap.begun else 0
    return _cost(snap, times, service, ahead, 0)


def _ahead_as(
    snap: Snapshot, pacing: Pacing, ticket: Ticket, priority: Priority, ahead: int
) -> int:
    """How many would be before a ticket if it were of another group."""
    if ticket.state != "waiting" or ticket.priority == priority:
        return ahead
    moved = ticket._replace(priority=priority)
    place = snap.tx.waiting_before(moved)
    queues = [queue for queue in snap.queues() if queue.service == ticket.service]
    return pacing.standing(
        (ticket.service, priority, ticket.pinned_to or None), place, queues
    ).ahead


def _ahead(snap: Snapshot, pacing: Pacing, ticket: Ticket, now_ms: int) -> int:
    """How many are before a ticket as it stands; all who wait where it does not wait itself."""
    standing = standing_of(pacing, snap.tx, ticket, now_ms)
    if standing is not None:
        return standing.ahead
    return waiting_by_service(snap.queues()).get(ticket.service, 0)


def _cost(snap: Snapshot, times: Times, service: str, now: int, then: int) -> JumpCost:
    able = sum(service in skills for skills in open_counters(snap.tx, snap.centre).values())
    mean_min = times.of(snap.centre.services[service]).mean_min
    cost: Cost = jump_cost(now, then, mean_min, able if snap.begun else 0)
    return JumpCost(cost.people, round(cost.each_min * 60))
