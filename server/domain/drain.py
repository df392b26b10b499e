"""How long each service takes to drain with the counters open now.

Every counter gives each of its services the share of its time that the service has of the work
waiting for that counter. With S_c the minutes of work that counter c could take on, a service
gets 1/S_c of its own work done a minute at each counter able to serve it, so that it drains in
1 / sum(1/S_c) minutes: counters lie side by side like conductors.

A `Floor` keeps those sums while the queues change one ticket at a time, so that a replay of the
rule costs a few additions a call; `dispatch.choose` builds one for a single answer.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, NamedTuple

LEAST_CAPACITY: Final = 0.25
"""Counters that a service is taken to have at the least, so that one nobody serves ranks high
without growing past all bounds."""


class Backlog(NamedTuple):
    """How many wait for a service, and how long one takes on average, in minutes."""

    waiting: int
    mean_min: float


class _Team(NamedTuple):
    """Counters with the same skills, and how many they are."""

    skills: tuple[str, ...]
    size: int


@lru_cache(maxsize=128)
def _teams(skill_sets: tuple[frozenset[str], ...]) -> tuple[_Team, ...]:
    """The open counters by what they can serve; the same lobby asks again and again."""
    return tuple(_Team(tuple(sorted(skills)), size) for skills, size in Counter(skill_sets).items())


class Floor:
    """The counters open now and the work that waits for them. Not thread-safe.

    Args:
        counters: The services of every open counter.
        backlog: Waiting tickets and mean minutes of each service. Fewer than none are none; a
            mean that is no time above 0 counts as not known.
    """

    def __init__(self, counters: Iterable[frozenset[str]], backlog: Mapping[str, Backlog]) -> None:
        self._mean = {
            service: load.mean_min if 0.0 < load.mean_min < math.inf else 0.0
            for service, load in backlog.items()
        }
        self._waiting = {service: max(0, load.waiting) for service, load in backlog.items()}
        self._work = {
            service: waiting * self._mean[service] for service, waiting in self._waiting.items()
        }
        self._teams = _teams(tuple(map(frozenset, counters)))
        work = self._work
        self._sums = [sum(work.get(s, 0.0) for s in team.skills) for team in self._teams]
        self._teams_of: dict[str, list[int]] = {}
        for number, team in enumerate(self._teams):
            for service in team.skills:
                self._teams_of.setdefault(service, []).append(number)
        self._people = sum(self._waiting.values())
        self._minutes = sum(work.values())

    @property
    def mean_min(self) -> float:
        """Mean minutes of the people waiting; 0 while nobody waits."""
        return self._minutes / self._people if self._people > 0 else 0.0

    def service_mean_min(self, service: str) -> float:
        """Mean minutes of one service; the mean of all, else 1, where it is not known."""
        return self._mean.get(service) or self.mean_min or 1.0

    def waiting(self, service: str) -> int:
        """How many wait for a service."""
        return self._waiting.get(service, 0)

    def change(self, service: str, people: int) -> None:
        """So many more, or fewer, wait for a service; never fewer than none."""
        people = max(people, -self._waiting.get(service, 0))
        minutes = people * self._mean.get(service, 0.0)
        self._waiting[service] = self._waiting.get(service, 0) + people
        self._work[service] = self._work.get(service, 0.0) + minutes
        self._people += people
        self._minutes += minutes
        for number in self._teams_of.get(service, ()):
            self._sums[number] += minutes

    def drain_min(self, service: str) -> float:
        """Minutes until nobody waits for a service any more, were nobody else to come."""
        work = self._work.get(service, 0.0)
        if work <= 1e-9:
            return 0.0
        rate = 0.0
        for number in self._teams_of.get(service, ()):
            rate += self._teams[number].size / self._sums[number]
        return work / max(LEAST_CAPACITY, work * rate)
