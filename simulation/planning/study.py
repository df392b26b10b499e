"""Many days, many policies, on all cores: the same days for each policy."""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field, replace
from typing import Final

from server.domain.dispatch import BALANCED, STRICT_BY_LAW, Policy
from simulation.planning.changes import Changes
from simulation.planning.days import Seed, hall_on, people_on
from simulation.planning.following import Following
from simulation.planning.hall import Hall
from simulation.planning.measures import Day, measure
from simulation.planning.queueing import (
    ByRule,
    FlexiblePool,
    LongestWait,
    Queueing,
    RoundRobin,
    ShortestQueue,
    StrictPriority,
)
from simulation.planning.run import DayRun, Watcher, mean_minutes
from simulation.planning.telling import Telling

BASELINES: Final[Mapping[str, Callable[[Mapping[str, float]], Queueing]]] = {
    "round-robin": RoundRobin,
    "shortest-queue": ShortestQueue,
    "strict-priority": StrictPriority,
    "longest-wait": LongestWait,
    "flexible-pool": FlexiblePool,
}
PRESETS: Final[Mapping[str, Policy]] = {"balanced": BALANCED, "strict-by-law": STRICT_BY_LAW}
NO_CHANGES: Final = Changes()
OWN: Final = "own"
"""The hall's own policy."""

POLICIES: Final = (OWN, *PRESETS, *BASELINES)


@dataclass(frozen=True)
class Scenario:
    """One way to run a hall's days.

    `policy` is one of `POLICIES`; `changes` are made to the hall on every day; `advice` follows
    the manager's advice; `estimates` also works out what people would be told.
    """

    name: str
    hall: Hall
    policy: str = OWN
    surge: float = 1.0
    estimates: bool = False
    advice: bool = False
    changes: Changes = NO_CHANGES


@dataclass
class Study:
    """The days of each scenario, in the order of the seeds."""

    days: dict[str, list[Day]] = field(default_factory=dict)


def queueing_of(scenario: Scenario) -> Queueing:
    """The queues of a scenario's day, empty."""
    means = mean_minutes(scenario.hall)
    if scenario.policy in BASELINES:
        return BASELINES[scenario.policy](means)
    return ByRule(means, PRESETS.get(scenario.policy, scenario.hall.policy))


def run_days(
    scenario: Scenario, seeds: Sequence[Seed], telling: Telling | None = None
) -> tuple[list[Day], Telling | None]:
    """The scenario's days; what was learnt on one day about waits serves the next.

    Args:
        scenario: What is run.
        seeds: One for each day.
        telling: What was learnt on the days before; returned with what these days taught.
    """
    if scenario.estimates and telling is None:
        telling = Telling()
    found = []
    for seed in seeds:
        hall = scenario.changes.applied(hall_on(scenario.hall, seed))
        watchers: list[Watcher] = [telling] if telling is not None else []
        if scenario.advice:
            watchers.append(Following())
        run = DayRun(hall, queueing_of(scenario), [*watchers, *scenario.changes.watchers()])
        people = people_on(hall, seed, scenario.surge)
        day = measure(hall, run.run(people))
        day.staffed_min, day.left = run.staffed_min, len(run.left)
        day.unserved = len(people) - day.people - day.left
        found.append(day)
    return found, telling


def study(
    scenarios: Sequence[Scenario],
    seeds: Sequence[Seed],
    *,
    processes: int = 1,
    in_a_row: int | None = None,
    progress: Callable[[int], None] = lambda done: None,
) -> Study:
    """Run every scenario on the same days.

    Args:
        scenarios: Each with a name of its own.
        seeds: One for each day.
        processes: How many to spread the days over; the result does not depend on it.
        in_a_row: After how many days estimates start to learn anew; never by default.
        progress: Told how many scenario-days have just been done.
    """
    chains = [
        _Chain(scenario, seeds[first : first + length])
        for scenario in scenarios
        for length in (_length(scenario, in_a_row or len(seeds)),)
        for first in range(0, len(seeds), length)
    ]
    for done in _run_chains(chains, processes):
        progress(done)
    result = Study({scenario.name: [] for scenario in scenarios})
    for chain in chains:
        result.days[chain.scenario.name] += chain.days
    return result


CHUNK: Final = 10
"""Days that are run in one go."""


@dataclass
class _Chain:
    """Days of one scenario that learn from each other, run a chunk at a time."""

    scenario: Scenario
    seeds: Sequence[Seed]
    days: list[Day] = field(default_factory=list)
    telling: Telling | None = None

    def chunk(self) -> tuple[Scenario, Sequence[Seed], Telling | None]:
        """What `run_days` is to do next."""
        begun = len(self.days)
        return self.scenario, self.seeds[begun : begun + CHUNK], self.telling

    def add(self, found: tuple[list[Day], Telling | None]) -> int:
        """Keep what `run_days` has found; how many days that were."""
        self.days += found[0]
        self.telling = found[1]
        return len(found[0])

    @property
    def done(self) -> bool:
        """Whether every day has been run."""
        return len(self.days) == len(self.seeds)


def _length(scenario: Scenario, in_a_row: int) -> int:
    """How many days learn from each other; without estimates they have nothing to learn."""
    return in_a_row if scenario.estimates else CHUNK


def _run_chains(chains: Sequence[_Chain], processes: int) -> Iterator[int]:
    """Run every chain to its end; says how many days have been done, each time some are."""
    if processes == 1:
        for chain in chains:
            while not chain.done:
                yield chain.add(run_days(*chain.chunk()))
        return
    pool = ProcessPoolExecutor(processes, initializer=_end_on_ctrl_c)
    try:
        running = {pool.submit(run_days, *chain.chunk()): chain for chain in chains}
        while running:
            for ready in wait(running, return_when=FIRST_COMPLETED).done:
                chain = running.pop(ready)
                yield chain.add(ready.result())
                if not chain.done:
                    running[pool.submit(run_days, *chain.chunk())] = chain
    finally:
        pool.shutdown(cancel_futures=True)


def _end_on_ctrl_c() -> None:
    """Let a worker end without a word; the program it works for says what happened."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def with_policy(hall: Hall, policy: Policy) -> Hall:
    """The same hall under another policy."""
    return replace(hall, policy=policy)
