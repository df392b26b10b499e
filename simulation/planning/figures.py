"""A study's figures, as the table, the JSON and the report tell them. Minutes, unless named.

The JSON is these fields under these names: `format` and `version` say which. A mean over days
has the interval in which it lies with 95 % confidence; it is null where there is only one day.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from simulation.planning.changes import clock_text
from simulation.planning.hall import Hall
from simulation.planning.measures import (
    CELL_MIN,
    Day,
    Interval,
    against,
    mean_priority,
    mean_wait,
    percentile,
    pooled,
    told_error,
    worst_cell,
)

FORMAT: Final = "layso-study"
VERSION: Final = 1
AS_IS: Final = "as-is"
WHAT_IF: Final = "what-if"
RECORDED: Final = "recorded"
TOLD_BAND_MIN: Final = 5.0
TOLD_BANDS: Final = 12
FEWEST_IN_BAND: Final = 10


@dataclass(frozen=True)
class Mean:
    """A value over days, and its 95 % interval."""

    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Waits:
    """How long people waited to be called: the mean, and what 50, 90 and 99 % did not exceed."""

    mean: Mean
    p50: float
    p90: float
    p99: float


@dataclass(frozen=True)
class Cell:
    """One service in one half hour of coming, from `at`."""

    service: str
    at: str
    people: int
    mean_min: float


@dataclass(frozen=True)
class HalfHour:
    """Everybody who came in one half hour."""

    at: str
    people: int
    mean_min: float


@dataclass(frozen=True)
class OfService:
    """Everybody of one service; `within_target` is the share whose wait kept the target."""

    service: str
    people: int
    mean_min: float
    target_min: float
    within_target: float


@dataclass(frozen=True)
class ToldBand:
    """Those who were told from `from_min` to `to_min`, and how long they really waited."""

    from_min: float
    to_min: float
    people: int
    told_mean_min: float
    mean_min: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Told:
    """How good it was what people were told at issue.

    `simple` is queue length times mean over counters; `covered` the share who waited no longer
    than the time told as the most for 9 of 10.
    """

    people: int
    mean_error_min: float
    mean_error_simple_min: float
    covered: float
    bands: Sequence[ToldBand]


@dataclass(frozen=True)
class OfScenario:
    """One scenario. `people` are all who were called on all days.

    `left` went before they were called, as the log says; `unserved` were never called, because
    no counter that serves them was open any more.
    """

    id: str
    policy: str
    advice: bool
    changes: Sequence[str]
    days: int
    people: int
    people_per_day: float
    left: int
    unserved: int
    wait_min: Waits
    priority_mean_min: float
    utilisation: float
    worst: Cell | None
    against_as_is: Mean | None
    by_half_hour: Sequence[HalfHour]
    by_service: Sequence[OfService]
    cells: Sequence[Cell]
    told: Told | None


@dataclass(frozen=True)
class Place:
    """The centre, with the names of its services."""

    id: str
    name: Mapping[str, str]
    services: Mapping[str, Mapping[str, str]]
    hours: str


@dataclass(frozen=True, kw_only=True)
class Figures:
    """A whole study."""

    format: str = FORMAT
    version: int = VERSION
    centre: Place
    source: str
    """`profile`, or `log` with the business days of it in `log_days`."""
    log_days: Sequence[str]
    days: int
    replications: int
    seed: int
    surge: float
    absent: float | None
    scenarios: Sequence[OfScenario]

    def scenario(self, name: str) -> OfScenario | None:
        """One scenario by its id."""
        return next((one for one in self.scenarios if one.id == name), None)

    @property
    def focus(self) -> OfScenario:
        """The scenario a reader asks about: the what-if, else the first beside "as is"."""
        others = [one for one in self.scenarios if one.id not in (AS_IS, RECORDED)]
        return self.scenario(WHAT_IF) or next(iter(others), self.scenarios[-1])


@dataclass(frozen=True)
class Naming:
    """What a scenario is called in the figures."""

    id: str
    policy: str
    advice: bool = False
    changes: Sequence[str] = ()


def of_scenario(
    naming: Naming, hall: Hall, days: Sequence[Day], as_is: Sequence[Day] | None
) -> OfScenario:
    """The figures of one scenario's days.

    Args:
        naming: What it is.
        hall: Whose targets its services have.
        days: Its days.
        as_is: The same days as it is, in the same order; None for those themselves.
    """
    waits = [wait for day in days for wait in day.waits]
    service, slot, _ = worst_cell(days)
    cells = _cells(days)
    people = sum(day.people for day in days)
    staffed = sum(day.staffed_min for day in days)
    return OfScenario(
        id=naming.id,
        policy=naming.policy,
        advice=naming.advice,
        changes=list(naming.changes),
        days=len(days),
        people=people,
        people_per_day=people / len(days),
        left=sum(day.left for day in days),
        unserved=sum(day.unserved for day in days),
        wait_min=Waits(
            _mean(mean_wait(days)),
            percentile(waits, 0.5),
            percentile(waits, 0.9),
            percentile(waits, 0.99),
        ),
        priority_mean_min=mean_priority(days),
        utilisation=sum(day.worked for day in days) / staffed if staffed > 0.0 else 0.0,
        worst=next((one for one in cells if (one.service, one.at) == (service, _at(slot))), None),
        against_as_is=_mean(against(days, as_is)) if as_is is not None else None,
        by_half_hour=_half_hours(cells),
        by_service=_services(hall, days),
        cells=cells,
        told=_told(days),
    )


def _mean(interval: Interval) -> Mean:
    known = math.isfinite(interval.low) and math.isfinite(interval.high)
    return Mean(interval.value, interval.low if known else None, interval.high if known else None)


def _at(slot: int) -> str:
    return clock_text(slot * CELL_MIN)


def _cells(days: Sequence[Day]) -> list[Cell]:
    sums = pooled(day.cells for day in days)
    return [
        Cell(service, _at(slot), count, total / count)
        for (service, slot), (total, count) in sorted(sums.items(), key=lambda one: one[0])
    ]


def _half_hours(cells: Sequence[Cell]) -> list[HalfHour]:
    found = []
    for at in sorted({cell.at for cell in cells}):
        here = [cell for cell in cells if cell.at == at]
        people = sum(cell.people for cell in here)
        found.append(HalfHour(at, people, sum(c.mean_min * c.people for c in here) / people))
    return found


def _services(hall: Hall, days: Sequence[Day]) -> list[OfService]:
    sums = pooled(day.by_service for day in days)
    within = {name: sum(day.within.get(name, 0) for day in days) for name in sums}
    return [
        OfService(name, count, total / count, plan.target_min, within[name] / count)
        for name, plan in hall.services.items()
        if name in sums
        for total, count in (sums[name],)
    ]


def _told(days: Sequence[Day]) -> Told | None:
    errors = told_error(days)
    if not errors:
        return None
    bands: dict[int, list[tuple[float, float]]] = {}
    for day in days:
        for wait, likely, _, _ in day.told:
            band = min(TOLD_BANDS - 1, int(likely // TOLD_BAND_MIN))
            bands.setdefault(band, []).append((likely, wait))
    return Told(
        people=int(errors["people"]),
        mean_error_min=errors["mean_error_min"],
        mean_error_simple_min=errors["mean_error_simple_min"],
        covered=errors["covered"],
        bands=[
            _band(band, found)
            for band, found in sorted(bands.items())
            if len(found) >= FEWEST_IN_BAND
        ],
    )


def _band(band: int, found: Sequence[tuple[float, float]]) -> ToldBand:
    waits = [wait for _, wait in found]
    return ToldBand(
        from_min=band * TOLD_BAND_MIN,
        to_min=(band + 1) * TOLD_BAND_MIN,
        people=len(found),
        told_mean_min=fmean(likely for likely, _ in found),
        mean_min=fmean(waits),
        p10=percentile(waits, 0.1),
        p90=percentile(waits, 0.9),
    )
