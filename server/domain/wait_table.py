"""The table of waits: what one replay says to whoever waits, and to whoever comes next.

Made at most once a second outside any transaction and read at issue, by the board and the
phone. Positions are counted afresh by the asker, so that a table a moment old still tells
each ticket its own place.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from server.domain.dispatch import Policy, Weight
from server.domain.drain import LEAST_CAPACITY, Backlog
from server.domain.estimate import Called, Desk, Waiting, replay

Row = tuple[str, str, str | None]
"""Service, priority group, and the counter that a queue is pinned to."""


class Expected(NamedTuple):
    """What the replay expects for one place in a queue, not yet calibrated.

    `others` are the tickets of the same service's other queues that are called before.
    """

    wait_min: float
    others: int


class WaitTable:
    """What a replay said of every place. Immutable; safe from any thread.

    Args:
        calls: A replay's calls, in order.
        idle: For each service, how many open counters have nobody to call and nobody with them.
        pace_min: For each service, minutes from one of its calls to the next.
        stands_for: Which noted group a group's newcomer waits like.
        on_the_way: Tickets that others who come now go before: they take no place.
        desks: The open counters.
    """

    def __init__(
        self,
        calls: Iterable[Called],
        idle: Mapping[str, int],
        pace_min: Mapping[str, float],
        stands_for: Mapping[str, str],
        on_the_way: frozenset[str] = frozenset(),
        desks: frozenset[str] = frozenset(),
    ) -> None:
        self._desks = desks
        self._idle = idle
        self._pace_min = pace_min
        self._stands_for = stands_for
        self._places: dict[Row, list[Expected]] = {}
        self._newcomers: dict[tuple[str, str], Expected] = {}
        called: dict[str, int] = {}
        for call in calls:
            row = (call.service, call.group, call.pinned_to)
            places = self._places.setdefault(row, [])
            expected = Expected(call.at_min, called.get(call.service, 0) - len(places))
            if call.ticket_id:
                called[call.service] = called.get(call.service, 0) + 1
                if call.ticket_id not in on_the_way:
                    places.append(expected)
            else:
                self._newcomers[call.service, call.group] = expected

    def served(self, service: str) -> bool:
        """Whether an open counter can serve it."""
        return service in self._pace_min

    def of(self, service: str, group: str, place: int, pinned_to: str | None = None) -> (
        Expected | None
    ):  # fmt: skip
        """What to expect with so many of one's own queue before one; None while none serves it.

        A place behind the last one that the table knows is counted on from there.
        """
        places = self._places.get((service, group, pinned_to), ())
        if place < len(places):
            return places[place]
        if not self.served(service) or (pinned_to and pinned_to not in self._desks):
            return None
        return self._behind(service, group, place - len(places), places)

    def _behind(
        self, service: str, group: str, further: int, places: Sequence[Expected]
    ) -> Expected | None:
        newcomer = self._newcomers.get((service, self._stands_for.get(group, group)))
        if newcomer is None:
            return None
        queued = further - max(0, self._idle.get(service, 0) - 1)
        wait = max([newcomer.wait_min, *(place.wait_min for place in places[-1:])])
        others = max([newcomer.others, *(place.others for place in places[-1:])])
        return Expected(wait + max(0, queued) * self._pace_min[service], max(0, others))


NOTHING_KNOWN: Final = WaitTable((), {}, {}, {})


def noted_groups(policy: Policy, groups: Sequence[str]) -> dict[str, str]:
    """Which group stands for each: those of one weight wait alike, so that one is enough."""
    first: dict[Weight, str] = {}
    return {group: first.setdefault(policy.weight(group), group) for group in groups}


def wait_table(
    waiting: Sequence[Waiting],
    desks: Sequence[Desk],
    backlog: Mapping[str, Backlog],
    policy: Policy,
    groups: Sequence[str],
    walk_min: float = 0.0,
) -> WaitTable:
    """Replay the rule over this moment and table what it says.

    Args:
        waiting: Those who wait, the front of each queue at the least.
        desks: Every open counter.
        backlog: How many wait for each service in all, and its mean minutes.
        policy: The centre's weights.
        groups: Every priority group.
        walk_min: Minutes from call to start.
    """
    stands_for = noted_groups(policy, groups)
    served = {skill for desk in desks for skill in desk.skills} & set(backlog)
    newcomers = itertools.product(sorted(served), sorted(set(stands_for.values())))
    calls = replay(waiting, desks, backlog, policy, newcomers, walk_min)
    return WaitTable(
        calls,
        _idle(desks, calls),
        _paces(desks, backlog, walk_min),
        stands_for,
        frozenset(one.ticket_id for one in waiting if one.ready > 0.0),
        frozenset(desk.id for desk in desks),
    )


def _idle(desks: Sequence[Desk], calls: Sequence[Called]) -> dict[str, int]:
    """Counters free now beyond those that somebody who waits is about to be called to."""
    at_once = sum(1 for call in calls if call.ticket_id and call.at_min <= 0.0)
    idle: dict[str, int] = {}
    for desk in desks:
        if desk.free_in_min <= 0.0:
            for service in desk.skills:
                idle[service] = idle.get(service, 0) + 1
    return {service: max(0, count - at_once) for service, count in idle.items()}


def _paces(
    desks: Sequence[Desk], backlog: Mapping[str, Backlog], walk_min: float
) -> dict[str, float]:
    """Minutes between calls of a service, its counters shared by the work that waits for each.

    One more of the service is counted in, since it is asked for whoever comes next.
    """
    shares: dict[str, float] = {}
    for desk in desks:
        loads = {
            skill: backlog[skill]
            for skill in sorted(desk.skills)
            if skill in backlog and backlog[skill].mean_min > 0.0
        }
        total = sum(load.waiting * load.mean_min for load in loads.values())
        for skill, load in loads.items():
            work = (load.waiting + 1) * load.mean_min
            shares[skill] = shares.get(skill, 0.0) + work / (total + load.mean_min)
    return {
        service: (backlog[service].mean_min + walk_min) / max(LEAST_CAPACITY, share)
        for service, share in shares.items()
    }
