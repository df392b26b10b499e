"""A hall as a day is planned in it: services, counters and when they are open, who comes when.

Times are minutes of working time since the day's first session opened; lunch is left out, as it
is of every wait. `Sessions` turns them into times of day and back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from server.domain.centre import Centre
from server.domain.dispatch import BALANCED, Policy
from simulation import day
from wire.words import Priority

WALK_MIN: Final = day.WALK_MEAN_S / 60.0
NO_SHOW_MIN: Final = 1.0


@dataclass(frozen=True)
class Sessions:
    """A day's opening hours, minutes since midnight, in order and apart from each other."""

    spans: tuple[tuple[float, float], ...]

    def working(self, clock_min: float) -> float:
        """Working minutes that have passed at a time of day."""
        return sum(max(0.0, min(clock_min, end) - start) for start, end in self.spans)

    def clock(self, working_min: float) -> float:
        """The time of day at which so much working time has passed; past the end it goes on."""
        left = working_min
        for start, end in self.spans:
            if left < end - start:
                return start + left
            left -= end - start
        return self.spans[-1][1] + left

    @property
    def length_min(self) -> float:
        """Working minutes of the day."""
        return float(sum(end - start for start, end in self.spans))


@dataclass(frozen=True)
class ServicePlan:
    """One service: mean minutes a person, and its share of the people."""

    mean_min: float
    share: float
    target_min: float = 15.0
    anywhere: bool = False


@dataclass(frozen=True)
class Hall:
    """One hall and a typical day in it.

    `arrivals` are shares of the day's people by slots of `slot_min`; `open` says from when to
    when a counter is open, and is the whole day for counters it does not name.
    """

    id: str
    services: Mapping[str, ServicePlan]
    counters: Mapping[str, frozenset[str]]
    people: int
    arrivals: Sequence[float]
    slot_min: float
    sessions: Sessions
    policy: Policy = BALANCED
    open: Mapping[str, Sequence[tuple[float, float]]] = field(default_factory=dict)
    priority_shares: Mapping[Priority, float] = field(
        default_factory=lambda: dict(day.PRIORITY_SHARES)
    )
    absent_share: float = day.ABSENT_SHARE
    spread: float = day.SERVICE_TIME_CV

    @property
    def mean_min(self) -> float:
        """Mean minutes of work a person brings."""
        return sum(plan.mean_min * plan.share for plan in self.services.values())

    @property
    def utilisation(self) -> float:
        """The day's work over the counters' time."""
        return self.people * self.mean_min / (len(self.counters) * self.sessions.length_min)

    def staffed(self, counter: str) -> Sequence[tuple[float, float]]:
        """From when to when a counter is open; past the day's end it goes on until all are gone."""
        return self.open.get(counter, ((0.0, float("inf")),))


def hall_of(
    centre: Centre,
    people: int,
    shares: Mapping[str, float],
    arrivals: Sequence[float],
    slot_min: float,
    sessions: Sessions,
) -> Hall:
    """A hall with a centre's services, counters and policy.

    Args:
        centre: As configured; what is retired is left out, and services nobody serves.
        people: How many come on a day.
        shares: Each service's part of them, in any unit; services it lacks get none.
        arrivals: Shares of the day's people by slot.
        slot_min: Minutes of a slot.
        sessions: The day's opening hours.
    """
    served = {skill for counter in centre.staffed() for skill in counter.services}
    wanted = {s.id: shares.get(s.id, 0.0) for s in centre.offered() if s.id in served}
    total = sum(wanted.values())
    services = {
        service.id: ServicePlan(
            service.typical_service_min,
            wanted[service.id] / total,
            service.target_wait_min,
            service.anywhere,
        )
        for service in centre.offered()
        if wanted.get(service.id)
    }
    counters = {c.id: frozenset(c.services) & frozenset(services) for c in centre.staffed()}
    return Hall(
        id=centre.id,
        services=services,
        counters={counter: skills for counter, skills in counters.items() if skills},
        people=people,
        arrivals=arrivals,
        slot_min=slot_min,
        sessions=sessions,
        policy=centre.policy,
    )
