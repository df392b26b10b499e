"""Many days, many policies, on all cores: the same days for each policy."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from typing import Final

from server.domain.dispatch import BALANCED, STRICT_BY_LAW, Policy
from simulation.planning.following import Following
from simulation.planning.hall import Hall
from simulation.planning.measures import Day, measure
from simulation.planning.people import draw_day
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
OWN: Final = "own"
"""The hall's own policy."""

POLICIES: Final = (OWN, *PRESETS, *BASELINES)


@dataclass(frozen=True)
class Scenario:
    """One way to run a hall's days.

    `policy` is one of `POLICIES`; `advice` follows the manager's advice; `estimates` also works
    out what people would be told.
    """

    name: str
    hall: Hall
    policy: str = OWN
    surge: float = 1.0
    estimates: bool = False
    advice: bool = False


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


def run_days(scenario: Scenario, seeds: Sequence[int]) -> list[Day]:
    """The scenario's days; what was learnt on one day about waits serves the next."""
    telling = Telling() if scenario.estimates else None
    found = []
    for seed in seeds:
        watchers: list[Watcher] = [telling] if telling is not None else []
        if scenario.advice:
            watchers.append(Following())
        run = DayRun(scenario.hall, queueing_of(scenario), watchers)
        found.append(measure(scenario.hall, run.run(draw_day(scenario.hall, seed, scenario.surge))))
    return found


def study(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    *,
    processes: int = 1,
    progress: Callable[[int], None] = lambda done: None,
) -> Study:
    """Run every scenario on the same days.

    Args:
        scenarios: Each with a name of its own.
        seeds: One for each day.
        processes: How many to spread the days over; the result does not depend on it.
        progress: Told how many scenario-days have just been done.
    """
    result = Study({scenario.name: [] for scenario in scenarios})
    parts = [(scenario, part) for scenario in scenarios for part in _parts(scenario, seeds)]
    if processes == 1:
        for scenario, part in parts:
            result.days[scenario.name] += run_days(scenario, part)
            progress(len(part))
        return result
    with ProcessPoolExecutor(processes) as pool:
        waiting = {pool.submit(run_days, scenario, part): index
                   for index, (scenario, part) in enumerate(parts)}  # fmt: skip
        found: dict[int, list[Day]] = {}
        for done in as_completed(waiting):
            found[waiting[done]] = done.result()
            progress(len(parts[waiting[done]][1]))
    for index, (scenario, _) in enumerate(parts):
        result.days[scenario.name] += found[index]
    return result


CHUNK: Final = 10


def _parts(scenario: Scenario, seeds: Sequence[int]) -> Iterator[Sequence[int]]:
    """Days that are run in one go: estimates learn from day to day, so theirs stay together."""
    size = len(seeds) if scenario.estimates else CHUNK
    for first in range(0, len(seeds), size):
        yield seeds[first : first + size]


def with_policy(hall: Hall, policy: Policy) -> Hall:
    """The same hall under another policy."""
    return replace(hall, policy=policy)
