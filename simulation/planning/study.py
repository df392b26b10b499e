"""Many days, many policies, on all cores: the same days for each policy."""

import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from typing import Final

from server.domain.dispatch import BALANCED, STRICT_BY_LAW, Policy
from simulation.planning.changes import Changes
from simulation.planning.days import Seed, hall_on, people_on
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


def run_days(scenario: Scenario, seeds: Sequence[Seed]) -> list[Day]:
    """The scenario's days; what was learnt on one day about waits serves the next."""
    telling = Telling() if scenario.estimates else None
    found = []
    for seed in seeds:
        hall = scenario.changes.applied(hall_on(scenario.hall, seed))
        watchers: list[Watcher] = [telling] if telling is not None else []
        run = DayRun(hall, queueing_of(scenario), [*watchers, *scenario.changes.watchers()])
        people = people_on(hall, seed, scenario.surge)
        day = measure(hall, run.run(people))
        day.staffed_min, day.left = run.staffed_min, len(run.left)
        day.unserved = len(people) - day.people - day.left
        found.append(day)
    return found


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
    parts = [
        (scenario, part)
        for scenario in scenarios
        for part in _parts(scenario, seeds, in_a_row or len(seeds))
    ]
    found: dict[int, list[Day]] = {}
    for index, days in _run_parts(parts, processes):
        found[index] = days
        progress(len(days))
    result = Study({scenario.name: [] for scenario in scenarios})
    for index, (scenario, _) in enumerate(parts):
        result.days[scenario.name] += found[index]
    return result


Part = tuple[Scenario, Sequence[Seed]]


def _run_parts(parts: Sequence[Part], processes: int) -> Iterator[tuple[int, list[Day]]]:
    """The days of each part under its index, as they are done."""
    if processes == 1:
        for index, (scenario, seeds) in enumerate(parts):
            yield index, run_days(scenario, seeds)
        return
    pool = ProcessPoolExecutor(processes, initializer=_end_on_ctrl_c)
    try:
        waiting = {
            pool.submit(run_days, scenario, seeds): index
            for index, (scenario, seeds) in enumerate(parts)
        }
        for done in as_completed(waiting):
            yield waiting[done], done.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _end_on_ctrl_c() -> None:
    """Let a worker end without a word; the program it works for says what happened."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


CHUNK: Final = 10


def _parts(scenario: Scenario, seeds: Sequence[Seed], in_a_row: int) -> Iterator[Sequence[Seed]]:
    """Days that are run in one go: estimates learn from day to day, so theirs stay together."""
    size = in_a_row if scenario.estimates else CHUNK
    for first in range(0, len(seeds), size):
        yield seeds[first : first + size]


def with_policy(hall: Hall, policy: Policy) -> Hall:
    """The same hall under another policy."""
    return replace(hall, policy=policy)
