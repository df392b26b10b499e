"""What days are judged by: waits, the worst corner, priority groups, what people were told.

Ratios between two policies are of the same days (common random numbers), with the 95 % interval
of a ratio of means over days.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import NormalDist, fmean
from typing import Final, TypeVar

from simulation.planning.hall import Hall
from simulation.planning.queueing import PRIORITY
from simulation.planning.run import Outcome

Key = TypeVar("Key")

CELL_MIN: Final = 30.0
FEWEST_IN_CELL: Final = 5


@dataclass
class Day:
    """One day's figures, small enough to be handed between processes. Minutes.

    `cells` are by service and half hour of the clock, `within` counts those of a service
    whose wait kept its target, `worked` is done in the `staffed_min` of all counters.
    `left` went away uncalled; `unserved` were never called because no counter was open for them.
    """

    people: int
    waits: list[float]
    priority: list[float]
    cells: dict[tuple[str, int], tuple[float, int]]
    by_service: dict[str, tuple[float, int]]
    worked: float
    within: dict[str, int] = field(default_factory=dict)
    staffed_min: float = 0.0
    left: int = 0
    unserved: int = 0
    told: list[tuple[float, float, float, float]] = field(default_factory=list)


@dataclass(frozen=True)
class Interval:
    """A mean or ratio over days, and where it lies with 95 % confidence."""

    value: float
    low: float
    high: float


def measure(hall: Hall, outcomes: Iterable[Outcome]) -> Day:
    """The figures of one day; those who never came to the counter are left out."""
    day = Day(0, [], [], {}, {}, 0.0)
    for outcome in outcomes:
        person, wait = outcome.person, outcome.wait_min
        day.people += 1
        if not person.absent:
            day.worked += person.service_min
        day.waits.append(wait)
        if person.group in PRIORITY:
            day.priority.append(wait)
        slot = int(hall.sessions.clock(person.at_min) // CELL_MIN)
        _add(day.cells, (person.service, slot), wait)
        _add(day.by_service, person.service, wait)
        if wait <= hall.services[person.service].target_min:
            day.within[person.service] = day.within.get(person.service, 0) + 1
        if outcome.told is not None:
            told = outcome.told
            day.told.append((wait, told.likely_min, told.high_min, told.simple_min))
    return day


def _add(table: dict[Key, tuple[float, int]], key: Key, wait: float) -> None:
    total, count = table.get(key, (0.0, 0))
    table[key] = (total + wait, count + 1)


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed; 0 where there are none."""
    if not values:
        return 0.0
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, math.ceil(share * len(ordered)) - 1)]


def pooled(days: Iterable[Mapping[Key, tuple[float, int]]]) -> dict[Key, tuple[float, int]]:
    """Sums and counts over all days."""
    sums: dict[Key, tuple[float, int]] = {}
    for day in days:
        for key, (total, count) in day.items():
            before = sums.get(key, (0.0, 0))
            sums[key] = (before[0] + total, before[1] + count)
    return sums


def worst_cell(days: Sequence[Day]) -> tuple[str, int, float]:
    """The service and half hour that waited longest on average over all days, and how long.

    The half hour is counted from midnight. Cells with fewer than `FEWEST_IN_CELL` are left out.
    """
    sums = pooled(day.cells for day in days)
    means = {key: total / count for key, (total, count) in sums.items() if count >= FEWEST_IN_CELL}
    if not means:
        return ("", 0, 0.0)
    service, slot = max(means, key=lambda key: means[key])
    return (service, slot, means[service, slot])


def mean_wait(days: Sequence[Day]) -> Interval:
    """Mean wait per person over these days."""
    return ratio([sum(day.waits) for day in days], [float(day.people) for day in days])


def mean_priority(days: Sequence[Day]) -> float:
    """Mean wait of the priority groups."""
    waits = [wait for day in days for wait in day.priority]
    return fmean(waits) if waits else 0.0


def against(days: Sequence[Day], others: Sequence[Day]) -> Interval:
    """Mean wait as a ratio to that of another policy on the same days."""
    return ratio([sum(day.waits) for day in days], [sum(day.waits) for day in others])


def ratio(tops: Sequence[float], bottoms: Sequence[float]) -> Interval:
    """The ratio of two sums taken day by day, with its 95 % interval (delta method)."""
    count, bottom = len(tops), sum(bottoms)
    if bottom <= 0.0:
        return Interval(0.0, 0.0, 0.0)
    value = sum(tops) / bottom
    if count < 2:
        return Interval(value, -math.inf, math.inf)
    off = [top - value * low for top, low in zip(tops, bottoms, strict=True)]
    error = math.sqrt(sum(one * one for one in off) * count / (count - 1)) / bottom
    margin = student95(count - 1) * error
    return Interval(value, value - margin, value + margin)


def student95(freedom: int) -> float:
    """The 97.5th per cent of Student's t, by the Cornish-Fisher expansion (within 1 % from 3 on).

    Source: Abramowitz & Stegun 26.7.5.
    """
    z = NormalDist().inv_cdf(0.975)
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / freedom + second / freedom**2 + third / freedom**3


def told_error(days: Sequence[Day]) -> Mapping[str, float]:
    """How good what people were told was: errors in minutes, and the share under `high`."""
    told = [one for day in days for one in day.told]
    if not told:
        return {}
    return {
        "people": float(len(told)),
        "mean_error_min": fmean(abs(wait - likely) for wait, likely, _, _ in told),
        "mean_error_simple_min": fmean(abs(wait - simple) for wait, _, _, simple in told),
        "covered": fmean(wait <= high + 1e-6 for wait, _, high, _ in told),
    }
