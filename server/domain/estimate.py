"""How long one waits: the rule itself, played forward over the queues of this moment.

A replay lets every counter call by `dispatch.best` with mean times until nobody waits, and notes
when each waiting ticket is called, and when one that came now would be. A newcomer takes part
without taking a counter's time: it is noted at the moment it would have won.

What the replay expects is then corrected by how far it was off of late (`calibration`).
Source: Ibrahim & Whitt 2009 (delay estimators), Thiongane, Chan & L'Ecuyer 2016.
"""

import heapq
import math
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from server.domain.dispatch import Head, Policy, best
from server.domain.drain import Backlog, Floor
from server.domain.learning import TYPICAL_CV


class Waiting(NamedTuple):
    """One waiting ticket; times in minutes, now being 0.

    `ready` is when it may be called at the earliest, for somebody who is still on the way.
    """

    ticket_id: str
    service: str
    group: str
    t_ref: float
    pinned_to: str | None = None
    ready: float = 0.0


class Desk(NamedTuple):
    """An open counter, what it serves, and in how many minutes it is expected to be free."""

    id: str
    skills: frozenset[str]
    free_in_min: float = 0.0


class Called(NamedTuple):
    """One call of a replay, `at_min` from now; a newcomer's has no ticket id."""

    ticket_id: str
    service: str
    group: str
    pinned_to: str | None
    at_min: float


def left_min(mean_min: float, elapsed_min: float, spread: float = TYPICAL_CV) -> float:
    """Minutes that a service under way is expected to go on, log-normal with this mean.

    Args:
        mean_min: Of a whole service.
        elapsed_min: Since it began.
        spread: Standard deviation over mean.
    """
    if mean_min <= 0.0 or elapsed_min <= 0.0:
        return max(0.0, mean_min)
    sigma = math.sqrt(math.log(1.0 + spread * spread))
    middle = math.log(mean_min) - sigma * sigma / 2
    distance = (middle - math.log(elapsed_min)) / sigma
    still = _normal(distance)
    if still < 1e-9:  # Far beyond what is ever seen: somebody forgot to press.
        return mean_min
    return max(0.0, mean_min * _normal(distance + sigma) / still - elapsed_min)


def _normal(x: float) -> float:
    return 0.5 * math.erfc(-x / math.sqrt(2.0))


def at_the_front(service: str, desks: Iterable[Desk], queued: Mapping[str, int]) -> float | None:
    """Minutes until somebody is called who comes now and has nobody of the service before them.

    A replay says the same; this is for the moment of issue, where a table made a second ago may
    not know that a counter has just become free, or has just been taken.

    Args:
        service: What they come for.
        desks: Every open counter.
        queued: How many wait for each service.

    Returns:
        0 while more able counters are idle than people wait whom those could call; else when
        the first busy one is expected to be free. None where no open counter is able.
    """
    able = [desk for desk in desks if service in desk.skills]
    idle = [desk for desk in able if desk.free_in_min <= 0.0]
    callable_now = {skill for desk in idle for skill in desk.skills}
    if len(idle) > sum(queued.get(skill, 0) for skill in callable_now):
        return 0.0
    return min((desk.free_in_min for desk in able if desk.free_in_min > 0.0), default=None)


def replay(
    waiting: Sequence[Waiting],
    desks: Sequence[Desk],
    backlog: Mapping[str, Backlog],
    policy: Policy,
    newcomers: Iterable[tuple[str, str]] = (),
    walk_min: float = 0.0,
    *,
    until_newcomers: bool = False,
) -> list[Called]:
    """Play the rule forward until everybody who waits has been called.

    Args:
        waiting: Those to be called, those on the way included; the front of each queue is enough.
        desks: Every open counter.
        backlog: How many wait for each service in all, and its mean minutes.
        policy: The centre's weights.
        newcomers: (service, group) of those who come now and are only noted.
        walk_min: Minutes from call to start, added to each service.
        until_newcomers: Stop once every newcomer has been noted.

    Returns:
        The calls in their order; who can be served by no open counter is not among them. Costs
        one choice for each waiting ticket and each newcomer.
    """
    lines = _Lines(waiting, newcomers)
    floor = Floor((desk.skills for desk in desks), backlog)
    calls: list[Called] = []
    free = [(desk.free_in_min, number) for number, desk in enumerate(desks)]
    heapq.heapify(free)
    while free and not (until_newcomers and lines.noted):
        now, number = free[0]
        lines.arrive(now)
        head = _call(lines, desks[number], floor, policy, now, calls)
        if head is not None:
            busy_min = floor.service_mean_min(head.service) + walk_min
            heapq.heapreplace(free, (now + busy_min, number))
        elif (later := lines.next_arrival(desks[number])) is not None:
            heapq.heapreplace(free, (later, number))
        else:
            heapq.heappop(free)
    return calls


def _call(
    lines: "_Lines", desk: Desk, floor: Floor, policy: Policy, now: float, calls: list[Called]
) -> Head | None:
    """The waiting ticket this desk calls, noting every newcomer that would have gone before."""
    real = list(lines.heads(desk))
    new = list(lines.newcomers(desk))
    while real:
        head = best(desk.id, real + new, floor, policy, now)
        calls.append(Called(head.ticket_id, head.service, head.group, head.pinned_to, now))
        if head.ticket_id:
            lines.take(head)
            floor.change(head.service, -1)
            return head
        new.remove(head)
        lines.take_newcomer(head)
    for head in sorted(new, key=lambda one: one[1:3]):
        lines.take_newcomer(head)
        calls.append(Called("", head.service, head.group, None, now))
    return None


class _Lines:
    """The queues of a replay, those on the way to them, and a newcomer behind each."""

    def __init__(self, waiting: Iterable[Waiting], newcomers: Iterable[tuple[str, str]]) -> None:
        self._queues: dict[str, dict[tuple[str, str], deque[Head]]] = {}
        self._newcomers: dict[str, set[str]] = {}
        self._expected = 0
        for service, group in newcomers:
            self._newcomers.setdefault(service, set()).add(group)
            self._expected += 1
        here = sorted((one for one in waiting if one.ready <= 0.0), key=_oldest_first)
        self._on_the_way = sorted(
            (one for one in waiting if one.ready > 0.0), key=lambda one: -one.ready
        )
        for ticket in here:
            self._join(ticket)

    def _join(self, ticket: Waiting) -> None:
        place = _pinned(ticket.pinned_to) if ticket.pinned_to else ticket.service
        queues = self._queues.setdefault(place, {})
        queues.setdefault((ticket.service, ticket.group), deque()).append(Head(*ticket[:5]))

    @property
    def noted(self) -> bool:
        """Whether every newcomer has been noted."""
        return self._expected == 0

    def arrive(self, now: float) -> None:
        """Let those join who are there by now."""
        while self._on_the_way and self._on_the_way[-1].ready <= now:
            self._join(self._on_the_way.pop())

    def next_arrival(self, desk: Desk) -> float | None:
        """When the next one on the way comes whom this desk may call."""
        return min(
            (
                one.ready
                for one in self._on_the_way
                if one.pinned_to == desk.id or (not one.pinned_to and one.service in desk.skills)
            ),
            default=None,
        )

    def heads(self, desk: Desk) -> Iterator[Head]:
        """The oldest of each queue that a desk may call from."""
        for queue in self._queues.get(_pinned(desk.id), {}).values():
            yield queue[0]
        for service in desk.skills:
            for queue in self._queues.get(service, {}).values():
                yield queue[0]

    def newcomers(self, desk: Desk) -> Iterator[Head]:
        """The newcomers that a desk may call: all who came before them have been called."""
        for service in desk.skills:
            queues = self._queues.get(service, {})
            for group in sorted(self._newcomers.get(service, ())):
                queue = queues.get((service, group))
                if queue is None or queue[0].t_ref > 0.0:  # type: ignore[operator]  # minutes
                    yield Head("", service, group, 0.0)

    def take(self, head: Head) -> None:
        """A waiting head is called."""
        queues = self._queues[_pinned(head.pinned_to) if head.pinned_to else head.service]
        key = (head.service, head.group)
        queues[key].popleft()
        if not queues[key]:
            del queues[key]

    def take_newcomer(self, head: Head) -> None:
        """A newcomer would have been called."""
        self._newcomers[head.service].remove(head.group)
        self._expected -= 1


def _oldest_first(ticket: Waiting) -> tuple[float, str]:
    return (ticket.t_ref, ticket.ticket_id)


def _pinned(counter: str | None) -> str:
    """Where tickets pinned to a counter queue; no service's id begins so."""
    return f"@{counter}"
