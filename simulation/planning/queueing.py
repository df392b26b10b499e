"""Who is called when a counter asks: the rule itself, and what others do, side by side.

Late binding keeps one queue for each (service, group) until a counter asks. Binding at issue
sends each person to one counter's own queue the moment they come, as most halls do.
"""

from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Final, Protocol

from server.domain.dispatch import Head, Policy, best
from server.domain.drain import Backlog, Floor
from server.domain.idle import IdleCounter, counters_to_light
from simulation.planning.people import Person

PRIORITY: Final = frozenset({"elderly", "disabled", "pregnant", "infant", "merit"})


class Queueing(Protocol):
    """Who waits, and who is called next. One object for one day."""

    def staff(self, counters: Mapping[str, frozenset[str]], now: float) -> None:
        """These counters are open from now on, and what they serve."""
        ...

    def join(self, person: Person, now: float) -> None:
        """A person starts to wait."""
        ...

    def call(self, counter: str, now: float) -> Person | None:
        """The person an open counter calls now; None where nobody waits for it."""
        ...

    def leave(self, person: Person) -> bool:
        """A person goes away uncalled; False where they do not wait any more."""
        ...

    def ask_first(self, person: Person, idle: Iterable[str]) -> str | None:
        """Which of the idle open counters hears of a person who has just joined."""
        ...

    def waiting(self) -> list[Person]:
        """Everybody who waits."""
        ...


class LateBinding(ABC):
    """One queue for each (service, group); how the asking counter chooses is a subclass's."""

    def __init__(self, mean_min: Mapping[str, float]) -> None:
        self.counters: Mapping[str, frozenset[str]] = {}
        self._mean_min = mean_min
        self._queues: dict[str, dict[str, deque[Person]]] = {}
        self._t_ref: dict[str, float] = {}
        self.floor = Floor((), {})

    def staff(self, counters: Mapping[str, frozenset[str]], now: float) -> None:
        """The floor is made anew; the queues stay."""
        self.counters = dict(counters)
        count = dict.fromkeys(self._mean_min, 0)
        for person in self.waiting():
            count[person.service] += 1
        backlog = {s: Backlog(n, self._mean_min[s]) for s, n in count.items()}
        self.floor = Floor(self.counters.values(), backlog)

    def join(self, person: Person, now: float) -> None:
        """Behind those of the same service and group who came before."""
        queues = self._queues.setdefault(person.service, {})
        queues.setdefault(person.group, deque()).append(person)
        self._t_ref[person.id] = now
        self.floor.change(person.service, 1)

    def call(self, counter: str, now: float) -> Person | None:
        """The best head of the queues this counter serves."""
        heads = [
            Head(queue[0].id, service, group, self._t_ref[queue[0].id])
            for service in self.counters[counter]
            for group, queue in self._queues.get(service, {}).items()
        ]
        if not heads:
            return None
        head = self.choose(counter, heads, now)
        queues = self._queues[head.service]
        person = queues[head.group].popleft()
        if not queues[head.group]:
            del queues[head.group]
        self.floor.change(head.service, -1)
        return person

    def leave(self, person: Person) -> bool:
        """Out of their queue, wherever in it they are."""
        queues = self._queues.get(person.service, {})
        queue = queues.get(person.group, deque())
        if person not in queue:
            return False
        queue.remove(person)
        if not queue:
            del queues[person.group]
        self.floor.change(person.service, -1)
        return True

    @abstractmethod
    def choose(self, counter: str, heads: list[Head], now: float) -> Head:
        """Which of these heads, at least one, is called."""

    def ask_first(self, person: Person, idle: Iterable[str]) -> str | None:
        """The desk that the server would light up; `idle` is in the order of time."""
        counters = [
            IdleCounter(name, self.counters[name], since) for since, name in enumerate(idle)
        ]
        return next(iter(counters_to_light(person.service, "", 1, counters)), None)

    def waiting(self) -> list[Person]:
        """Everybody who waits, queue by queue."""
        return [
            person
            for queues in self._queues.values()
            for queue in queues.values()
            for person in queue
        ]

    def since(self, person: Person) -> float:
        """Since when somebody waits."""
        return self._t_ref[person.id]


class ByRule(LateBinding):
    """The server's own rule, `dispatch.best`, with a centre's policy."""

    def __init__(self, mean_min: Mapping[str, float], policy: Policy) -> None:
        super().__init__(mean_min)
        self.policy = policy

    def choose(self, counter: str, heads: list[Head], now: float) -> Head:
        """As the server chooses."""
        return best(counter, heads, self.floor, self.policy, now)


class LongestWait(LateBinding):
    """Whoever has waited longest, whatever the service or group."""

    def choose(self, counter: str, heads: list[Head], now: float) -> Head:
        """The earliest."""
        return min(heads, key=lambda head: (head.t_ref, head.ticket_id))


class StrictPriority(LateBinding):
    """Priority groups before everybody else, then whoever has waited longest."""

    def choose(self, counter: str, heads: list[Head], now: float) -> Head:
        """The earliest of a priority group, else the earliest."""
        return min(heads, key=lambda h: (h.group not in PRIORITY, h.t_ref, h.ticket_id))


class FlexiblePool(LongestWait):
    """Every counter serves everything, first come first served: the bound for blind sharing."""

    def staff(self, counters: Mapping[str, frozenset[str]], now: float) -> None:
        """All skills at every counter."""
        every = frozenset(self._mean_min)
        super().staff(dict.fromkeys(counters, every), now)


class AtIssue(ABC):
    """Each person is sent to one counter as they come; how it is chosen is a subclass's."""

    def __init__(self, mean_min: Mapping[str, float]) -> None:
        self.counters: Mapping[str, frozenset[str]] = {}
        self._lines: dict[str, deque[Person]] = {}
        self._busy: set[str] = set()
        self._homeless: deque[Person] = deque()

    def staff(self, counters: Mapping[str, frozenset[str]], now: float) -> None:
        """Who stood at a counter that has closed is sent to another."""
        self.counters = dict(counters)
        stranded = list(self._homeless)
        self._homeless.clear()
        for counter in [name for name in self._lines if name not in counters]:
            stranded += self._lines.pop(counter)
            self._busy.discard(counter)
        for person in sorted(stranded):
            self.join(person, now)

    def join(self, person: Person, now: float) -> None:
        """Behind those who stand at the counter chosen for them."""
        able = [name for name, skills in self.counters.items() if person.service in skills]
        if not able:
            self._homeless.append(person)
            return
        self._lines.setdefault(self.send_to(person, able), deque()).append(person)

    @abstractmethod
    def send_to(self, person: Person, able: list[str]) -> str:
        """Which of these counters, at least one, the person is sent to."""

    def length(self, counter: str) -> int:
        """How many stand at a counter, the one being served included."""
        return len(self._lines.get(counter, ())) + (counter in self._busy)

    def call(self, counter: str, now: float) -> Person | None:
        """The first of the counter's own line."""
        line = self._lines.get(counter)
        self._busy.discard(counter)
        if not line:
            return None
        self._busy.add(counter)
        return line.popleft()

    def leave(self, person: Person) -> bool:
        """Out of the line they stand in."""
        for line in [*self._lines.values(), self._homeless]:
            if person in line:
                line.remove(person)
                return True
        return False

    def ask_first(self, person: Person, idle: Iterable[str]) -> str | None:
        """The counter the person was sent to, if it is idle."""
        return next((name for name in idle if person in self._lines.get(name, ())), None)

    def waiting(self) -> list[Person]:
        """Everybody who waits, line by line."""
        lines = [*self._lines.values(), self._homeless]
        return [person for line in lines for person in line]


class RoundRobin(AtIssue):
    """The counters able to serve it, in turn."""

    def __init__(self, mean_min: Mapping[str, float]) -> None:
        super().__init__(mean_min)
        self._turn: dict[str, int] = {}

    def send_to(self, person: Person, able: list[str]) -> str:
        """The next in turn."""
        turn = self._turn.get(person.service, 0)
        self._turn[person.service] = turn + 1
        return able[turn % len(able)]


class ShortestQueue(AtIssue):
    """The counter at which fewest stand; of several the one with fewest skills."""

    def send_to(self, person: Person, able: list[str]) -> str:
        """Where fewest stand."""
        return min(able, key=lambda name: (self.length(name), len(self.counters[name]), name))
