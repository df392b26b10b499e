"""A log's days as the simulation runs them, and what really happened on them.

Everybody comes when they came, for what they came for, and takes as long as they took. Where
the log does not say how long somebody takes (they left, were missed, or nobody pressed finish)
they take as long as somebody else of the same service did, chosen by chance of the day.
"""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from statistics import fmean, pstdev
from typing import Final
from zoneinfo import ZoneInfo

from server.domain.centre import Centre
from server.domain.ticket import instant
from simulation import day as usual
from simulation.planning.changes import merged
from simulation.planning.days import LoggedDay
from simulation.planning.hall import Hall, ServicePlan, Sessions
from simulation.planning.log_file import Event, Log
from simulation.planning.log_visits import Visit, visits_of
from simulation.planning.measures import Day, measure
from simulation.planning.people import Person
from simulation.planning.run import Outcome
from wire.checks import Fault, FaultyFile

GOES_HOME_MIN: Final = 30.0
"""A counter that closed so shortly before the end of the hours closed because nobody was left."""

STRETCH_MIN: Final = 120.0
"""How far outside the hours work is believed; later, somebody had forgotten to press."""

SHORTEST_MIN: Final = usual.SHORTEST_SERVICE_S / 60.0
JITTER_MIN: Final = 15.0
"""How far from their model a person that a surge adds comes at the most."""


@dataclass(frozen=True)
class Recorded:
    """A log as the simulation takes it: the hall, its days, and what was measured on them."""

    hall: Hall
    days: Sequence[LoggedDay]
    measured: Sequence[Day]


class Clock:
    """One business day's clock: minutes since its midnight in the centre's zone."""

    def __init__(self, day: str, zone: str) -> None:
        midnight = datetime.combine(datetime.fromisoformat(day).date(), time(), ZoneInfo(zone))
        self._start = midnight
        self.weekday = midnight.weekday()

    def minutes(self, ms: int) -> float:
        """A moment in minutes since midnight, held within the day."""
        passed = (instant(ms) - self._start) / timedelta(minutes=1)
        return min(24 * 60.0, max(0.0, passed))


def recorded(log: Log, centre: Centre) -> Recorded:
    """Make a hall and its days of a log.

    Args:
        log: As read.
        centre: Its services, counters, hours and rule; the log's own, or another to try.

    Raises:
        FaultyFile: the log has nobody whom a counter of the centre serves.
    """
    served = {skill for counter in centre.staffed() for skill in counter.services}
    known = [service.id for service in centre.offered() if service.id in served]
    days = [_LogDay(centre, day, events, known) for day, events in log.events.items()]
    days = [day for day in days if day.visits]
    if not days:
        where = f"{log.centre.id}, {', '.join(log.events)}"
        raise FaultyFile([Fault(where, "nobody in it comes for a service that a counter serves")])
    times: dict[str, list[float]] = {}
    for one in days:
        for visit in one.visits:
            if visit.end == "served" and visit.known and visit.spells:
                times.setdefault(visit.service, []).append(one.service_min(visit))
    hall = _hall(centre, days, times)
    return Recorded(
        hall,
        [one.logged(hall, times) for one in days],
        [one.measured(hall) for one in days],
    )


def _hall(centre: Centre, days: Sequence["_LogDay"], times: Mapping[str, list[float]]) -> Hall:
    visits = [visit for one in days for visit in one.visits]
    count = {s.id: sum(visit.service == s.id for visit in visits) for s in centre.offered()}
    services = {
        service.id: ServicePlan(
            max(SHORTEST_MIN, fmean(times.get(service.id) or [service.typical_service_min])),
            count[service.id] / len(visits),
            service.target_wait_min,
            service.anywhere,
        )
        for service in centre.offered()
        if count[service.id]
    }
    counters = {c.id: frozenset(c.services) & frozenset(services) for c in centre.staffed()}
    return Hall(
        id=centre.id,
        services=services,
        counters=counters,
        people=round(len(visits) / len(days)),
        arrivals=(),
        slot_min=30.0,
        sessions=days[0].sessions,
        policy=centre.policy,
        spread=_spread(times),
    )


def _spread(times: Mapping[str, list[float]]) -> float:
    """Standard deviation over mean of service times, all services together."""
    ratios = [one / fmean(group) for group in times.values() if fmean(group) > 0 for one in group]
    return pstdev(ratios) if len(ratios) > 20 and pstdev(ratios) > 0.05 else usual.SERVICE_TIME_CV


class _LogDay:
    """One day while it is made."""

    def __init__(
        self, centre: Centre, day: str, events: Sequence[Event], known: Iterable[str]
    ) -> None:
        self.day = day
        self._clock = Clock(day, centre.hours.timezone)
        services = set(known)
        self.visits = [visit for visit in visits_of(events) if visit.service in services]
        hours = [
            (session.open_min, session.close_min)
            for session in centre.hours.sessions
            if self._clock.weekday in session.days
        ]
        self.sessions = Sessions(_stretched(sorted(hours), sorted(self._busy_moments())))
        self._spans = self._counters_open(events)

    def _busy_moments(self) -> Iterable[float]:
        """The times of day at which a counter took somebody or let them go."""
        for visit in self.visits:
            for start, end in visit.spells if visit.known else visit.spells[:-1]:
                yield self._clock.minutes(start)
                if end is not None:
                    yield self._clock.minutes(end)

    def _at(self, ms: int) -> float:
        return self.sessions.working(self._clock.minutes(ms))

    def _counters_open(self, events: Iterable[Event]) -> dict[str, list[tuple[float, float]]]:
        spans: dict[str, list[tuple[float, float]]] = {}
        since: dict[str, float] = {}
        for event in events:
            if event.counter is None or not event.kind.startswith("counter_"):
                continue
            at = self._at(event.at_ms)
            if event.kind == "counter_opened":
                since.setdefault(event.counter, at)
            elif event.counter in since:
                spans.setdefault(event.counter, []).append((since.pop(event.counter), at))
        for counter, start in since.items():
            spans.setdefault(counter, []).append((start, float("inf")))
        return {counter: self._to_the_end(found) for counter, found in spans.items()}

    def _to_the_end(self, spans: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
        """A counter that was open at the day's end stays until everybody is gone."""
        late = self.sessions.length_min - GOES_HOME_MIN
        return [
            (start, float("inf") if end >= late and start < end else end)
            for start, end in merged(spans)
        ]

    def service_min(self, visit: Visit) -> float:
        """How long somebody was at a counter, the way there left out, in working minutes."""
        total = sum(self._at(end) - self._at(start) for start, end in visit.spells if end)
        return max(SHORTEST_MIN, total - self._walk_min(visit))

    def _walk_min(self, visit: Visit) -> float:
        if visit.called_ms is None or visit.started_ms is None:
            return 0.0
        first = visit.spells[0][1] or visit.started_ms
        return max(0.0, self._at(min(visit.started_ms, first)) - self._at(visit.called_ms))

    def logged(self, hall: Hall, times: Mapping[str, list[float]]) -> LoggedDay:
        """The day as the simulation runs it."""
        random = Random(self.day)  # noqa: S311 - chance, not secrecy
        people = [
            self._person(visit, f"{number:05d}", hall, times, random)
            for number, visit in enumerate(self.visits)
        ]
        opened = {counter: tuple(self._spans.get(counter, ())) for counter in hall.counters}
        return LoggedDay(self.day, self.sessions, people, opened)

    def _person(
        self,
        visit: Visit,
        name: str,
        hall: Hall,
        times: Mapping[str, list[float]],
        random: Random,
    ) -> Person:
        told = visit.end == "served" and visit.known and bool(visit.spells)
        mean = hall.services[visit.service].mean_min
        other = random.choice(times.get(visit.service) or [mean])
        left = visit.end == "left" and visit.end_ms is not None
        return Person(
            id=name,
            at_min=self._at(visit.come_ms),
            service=visit.service,
            group=visit.group,
            service_min=self.service_min(visit) if told else other,
            walk_min=self._walk_min(visit) if told else usual.WALK_MEAN_S / 60.0,
            absent=visit.end == "absent",
            leaves_min=self._at(visit.end_ms) if left and visit.end_ms is not None else None,
        )

    def measured(self, hall: Hall) -> Day:
        """What happened, measured as a simulated day is."""
        outcomes = []
        for number, visit in enumerate(self.visits):
            if visit.called_ms is None:
                continue
            person = self._person(visit, f"{number:05d}", hall, {}, Random(0))  # noqa: S311
            called = max(person.at_min, self._at(visit.called_ms))
            outcomes.append(Outcome(person, called, visit.counter or ""))
        day = measure(replace(hall, sessions=self.sessions), outcomes)
        day.left = sum(visit.end == "left" for visit in self.visits)
        day.unserved = len(self.visits) - day.people - day.left
        end = self.sessions.length_min
        day.staffed_min = sum(
            max(0.0, min(close, end) - start)
            for spans in self._spans.values()
            for start, close in spans
        )
        return day


def _stretched(
    hours: Sequence[tuple[int, int]], busy: Sequence[float]
) -> tuple[tuple[float, float], ...]:
    """Opening hours, stretched to when somebody worked before and after each session."""
    if not busy:
        return tuple((float(start), float(end)) for start, end in hours) or ((0.0, 1440.0),)
    if not hours:
        return ((busy[0], busy[-1] + 1.0),)
    middles = [(end + start) / 2 for (_, end), (start, _) in itertools.pairwise(hours)]
    bounds = [0.0, *middles, 24 * 60.0]
    found = []
    for (start, end), low, high in zip(hours, bounds, bounds[1:], strict=False):
        first, last = max(low, start - STRETCH_MIN), min(high, end + STRETCH_MIN)
        inside = [moment for moment in busy if first <= moment < last]
        found.append((min([start, *inside]), max([end, *inside])))
    return tuple(found)


def surged(day: LoggedDay, surge: float, absent: float | None, seed: int) -> LoggedDay:
    """The same day with more or fewer people, and with so many who do not answer the call.

    Added people are like one who came, in service, group and time it takes, and come within
    a quarter of an hour of them. The people of a smaller surge are all among those of a greater.

    Args:
        day: As logged.
        surge: How many times as many people come.
        absent: The share who do not answer; None leaves those who did not.
        seed: Chooses who.
    """
    people: list[Person] = []
    layer = 0
    while layer < surge:
        chance = Random(f"{day.day}/{seed}/{layer}")  # noqa: S311 - chance, not secrecy
        for person in day.people:
            kept, moved = chance.random(), chance.uniform(-JITTER_MIN, JITTER_MIN)
            missing = chance.random()
            if kept >= surge - layer:
                continue
            other = _moved(person, moved, day.sessions.length_min) if layer else person
            people.append(other if absent is None else other._replace(absent=missing < absent))
        layer += 1
    people.sort(key=lambda person: person.at_min)
    return replace(
        day, people=[one._replace(id=f"{number:05d}") for number, one in enumerate(people)]
    )


def _moved(person: Person, by_min: float, length_min: float) -> Person:
    at_min = min(length_min, max(0.0, person.at_min + by_min))
    leaves = person.leaves_min
    return person._replace(
        at_min=at_min, leaves_min=None if leaves is None else leaves - person.at_min + at_min
    )
