"""One day in one hall: people come, counters ask, everybody is served in the end.

An idle counter asks at once when somebody comes; a counter that closes first serves the person
it has. Times are working minutes.
"""

import heapq
import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from simulation.planning.hall import NO_SHOW_MIN, Hall
from simulation.planning.people import Person
from simulation.planning.queueing import Queueing


class Outcome(NamedTuple):
    """What became of one person. `told` is what they were told at issue, if anything was."""

    person: Person
    called_min: float
    counter: str
    told: "Told | None" = None

    @property
    def wait_min(self) -> float:
        """From coming to being called."""
        return self.called_min - self.person.at_min


class Told(NamedTuple):
    """What one person was told at issue, in minutes, and what a simple estimate would say."""

    likely_min: float
    high_min: float
    simple_min: float


class Agenda:
    """What happens when, in one hall or in several at once."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, int, Callable[[float], None]]] = []
        self._order = itertools.count()

    def at(self, when_min: float, action: Callable[[float], None], rank: int = 1) -> None:
        """Do something at a time; of what is due at once, lower ranks come first."""
        heapq.heappush(self._due, (when_min, rank, next(self._order), action))

    def run(self) -> float:
        """Do all there is to do, and what comes of it; when the last of it happened."""
        now = 0.0
        while self._due:
            now, _, _, action = heapq.heappop(self._due)
            action(now)
        return now


@dataclass
class Floorplan:
    """The counters of one day: which are open, idle or busy, and with whom since when."""

    open: dict[str, frozenset[str]] = field(default_factory=dict)
    idle: dict[str, None] = field(default_factory=dict)
    busy: dict[str, tuple[Person, float]] = field(default_factory=dict)
    closing: set[str] = field(default_factory=set)
    since: dict[str, float] = field(default_factory=dict)


class Watcher:
    """Sees the day go by; may act on it. By itself it does neither."""

    def issued(self, run: "DayRun", person: Person, now: float) -> Told | None:
        """A person has come and not joined yet; what they are told."""
        return None

    def sends_away(self, run: "DayRun", person: Person, now: float) -> bool:
        """Whether a person who has come takes a number elsewhere instead."""
        return False

    def called(self, run: "DayRun", outcome: Outcome) -> None:
        """A person was called."""

    def started(self, run: "DayRun") -> None:
        """The day is about to begin; `run.at` may be asked for more."""


class DayRun:
    """One day of a hall. Made for one day.

    Afterwards `outcomes` has everybody who was called, `left` who went before that, and
    `staffed_min` how long counters were open, all together, up to the end of the hours.

    Args:
        hall: Where.
        queueing: How people wait and are called, empty.
        watchers: Who looks on.
        agenda: Shared by halls whose days go on together.
    """

    def __init__(
        self,
        hall: Hall,
        queueing: Queueing,
        watchers: Sequence[Watcher] = (),
        agenda: Agenda | None = None,
    ) -> None:
        self.hall = hall
        self.queueing = queueing
        self.floor = Floorplan()
        self.skills: dict[str, frozenset[str]] = dict(hall.counters)
        self.coming: dict[str, tuple[Person, float]] = {}
        self.outcomes: list[Outcome] = []
        self.left: list[Person] = []
        self.staffed_min = 0.0
        self._watchers = watchers
        self._told: dict[str, Told] = {}
        self.agenda = agenda or Agenda()
        self.at = self.agenda.at

    def run(self, people: Sequence[Person]) -> list[Outcome]:
        """Lead these people through the day; whom no counter ever serves is left out."""
        self.prepare(people)
        self.finish(self.agenda.run())
        return self.outcomes

    def finish(self, now: float) -> None:
        """Everybody has been served: the counters still open have been so until now."""
        for counter in self.floor.open:
            self._leave_counter(counter, max(now, self.hall.sessions.length_min))

    def prepare(self, people: Sequence[Person]) -> None:
        """Put the day on the agenda: counters open and close, people come."""
        for counter in self.skills:
            for opens, closes in self.hall.staffed(counter):
                self.at(opens, self._opening(counter), rank=0)
                if closes != float("inf"):
                    self.at(closes, self._closing(counter), rank=0)
        for person in people:
            self.at(person.at_min, self._coming(person), rank=2)
        for watcher in self._watchers:
            watcher.started(self)

    # ---- counters
    def _opening(self, counter: str) -> Callable[[float], None]:
        return lambda now: self.open(counter, now)

    def _closing(self, counter: str) -> Callable[[float], None]:
        return lambda now: self.close(counter, now)

    def open(self, counter: str, now: float) -> None:
        """A counter opens, and asks; one that is open already stays so."""
        self.floor.closing.discard(counter)
        if counter in self.floor.open:
            return
        self.floor.open[counter] = self.skills[counter]
        self.floor.since[counter] = now
        self.queueing.staff(self.floor.open, now)
        self._ask(counter, now)

    def close(self, counter: str, now: float) -> None:
        """A counter closes, once it has served the person it has."""
        if counter in self.floor.busy:
            self.floor.closing.add(counter)
        elif self.floor.open.pop(counter, None) is not None:
            self.floor.idle.pop(counter, None)
            self._leave_counter(counter, now)
            self.queueing.staff(self.floor.open, now)
            for other in list(self.floor.idle):  # Who stood here may have been sent to them.
                self._ask(other, now)

    def _leave_counter(self, counter: str, now: float) -> None:
        end = self.hall.sessions.length_min
        self.staffed_min += max(0.0, min(now, end) - min(self.floor.since[counter], end))

    def lend(self, counter: str, skills: frozenset[str], now: float) -> None:
        """A counter serves these services from now on."""
        self.skills[counter] = skills
        if counter in self.floor.open:
            self.floor.open[counter] = skills
            self.queueing.staff(self.floor.open, now)
            if counter in self.floor.idle:
                self._ask(counter, now)

    def _ask(self, counter: str, now: float) -> None:
        person = self.queueing.call(counter, now)
        if person is None:
            self.floor.idle.pop(counter, None)
            self.floor.idle[counter] = None
            return
        self.floor.idle.pop(counter, None)
        self.floor.busy[counter] = (person, now)
        outcome = Outcome(person, now, counter, self._told.get(person.id))
        self.outcomes.append(outcome)
        for watcher in self._watchers:
            watcher.called(self, outcome)
        takes = NO_SHOW_MIN if person.absent else person.walk_min + person.service_min
        self.at(now + takes, lambda then: self._free(counter, then))

    def _free(self, counter: str, now: float) -> None:
        del self.floor.busy[counter]
        if counter in self.floor.closing:
            self.floor.closing.discard(counter)
            self.close(counter, now)
        else:
            self._ask(counter, now)

    # ---- people
    def _coming(self, person: Person) -> Callable[[float], None]:
        return lambda now: self.arrive(person, now)

    def expect(self, person: Person, at_min: float) -> None:
        """A person sent here by another centre is on the way."""
        self.coming[person.id] = (person, at_min)

        def come(now: float) -> None:
            del self.coming[person.id]
            self.arrive(person, now)

        self.at(at_min, come, rank=2)

    def arrive(self, person: Person, now: float) -> None:
        """A person takes a number and waits; an idle counter that serves them asks at once."""
        if any(watcher.sends_away(self, person, now) for watcher in self._watchers):
            return
        for watcher in self._watchers:
            told = watcher.issued(self, person, now)
            if told is not None:
                self._told[person.id] = told
        self.queueing.join(person, now)
        if person.leaves_min is not None:
            self.at(max(now, person.leaves_min), self._leaving(person), rank=3)
        counter = self.queueing.ask_first(person, self.floor.idle)
        if counter is not None:
            self._ask(counter, now)

    def _leaving(self, person: Person) -> Callable[[float], None]:
        def leave(now: float) -> None:
            if self.queueing.leave(person):
                self.left.append(person)

        return leave


def mean_minutes(hall: Hall) -> Mapping[str, float]:
    """Mean minutes of each service, as the rule is told them."""
    return {service: plan.mean_min for service, plan in hall.services.items()}
