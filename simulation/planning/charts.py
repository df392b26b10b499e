"""Where the marks of the report's charts stand: geometry in CSS px, no drawing and no words."""

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from simulation.planning.figures import Cell, HalfHour, Told, ToldBand

WIDTH: Final = 400.0
WIDE: Final = 620.0
HEIGHT: Final = 200.0
LEFT: Final = 36.0
RIGHT: Final = 8.0
TOP: Final = 10.0
BOTTOM: Final = 26.0
HALF_HOUR_MIN: Final = 30
HEAT_STEPS_MIN: Final = (4.0, 8.0, 12.0, 16.0, 24.0, 32.0)
"""Where one step of the heat ramp ends and the next, darker one begins."""


@dataclass(frozen=True)
class Tick:
    """A mark on an axis: where, and what value or time it stands for."""

    at: float
    label: str


@dataclass(frozen=True)
class Lines:
    """One panel of waits by half hour: unbroken runs of points, lunch between them."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    y_ticks: Sequence[Tick]
    x_ticks: Sequence[Tick]
    line: Sequence[str]
    other: Sequence[str]
    dots: Sequence[tuple[float, float]]


def nice_top(value: float) -> float:
    """A round number at or above a value whose quarters are whole: the top of an axis."""
    unit = 1.0
    while True:
        for step in (4, 8, 12, 16, 20, 24, 32):
            if unit * step >= value:
                return unit * step
        unit *= 10.0


def minutes(at: str) -> int:
    """A time of day in minutes."""
    hour, minute = at.split(":")
    return int(hour) * 60 + int(minute)


def lines(
    mine: Sequence[HalfHour],
    other: Sequence[HalfHour],
    top_min: float,
    span: tuple[int, int],
    width: float = WIDTH,
) -> Lines:
    """One scenario's waits by half hour, with another's to compare.

    Args:
        mine: The scenario.
        other: The one it is compared with; empty for none.
        top_min: The top of the axis, the same in every panel.
        span: The first and last half hour that anybody came in, minutes since midnight.
        width: Of the whole panel.
    """
    x, y = _scale(span, top_min, width)
    hours = range(math.ceil(span[0] / 60), span[1] // 60 + 1)
    return Lines(
        width=width,
        height=HEIGHT,
        left=LEFT,
        right=width - RIGHT,
        bottom=HEIGHT - BOTTOM,
        y_ticks=[Tick(y(value), f"{value:g}") for value in _steps(top_min)],
        x_ticks=[Tick(x(60.0 * hour), f"{hour}") for hour in hours if hour % 2],
        line=_runs(mine, x, y),
        other=_runs(other, x, y),
        dots=[(x(float(minutes(one.at))), y(one.mean_min)) for one in mine],
    )


def _steps(top_min: float) -> list[float]:
    return [top_min * step / 4 for step in range(5)]


class _Axis:
    """A value's place on one axis."""

    def __init__(self, low: float, high: float, first: float, last: float) -> None:
        self._low, self._first = low, first
        self._factor = (last - first) / (high - low) if high > low else 0.0

    def __call__(self, value: float) -> float:
        return round(self._first + (value - self._low) * self._factor, 1)


def _scale(span: tuple[int, int], top_min: float, width: float) -> tuple[_Axis, _Axis]:
    return (
        _Axis(span[0], span[1], LEFT + 10.0, width - RIGHT - 10.0),
        _Axis(0.0, top_min, HEIGHT - BOTTOM, TOP),
    )


def _runs(found: Sequence[HalfHour], x: _Axis, y: _Axis) -> list[str]:
    """Points of polylines; a gap of more than a half hour breaks the line."""
    runs: list[list[str]] = []
    for before, one in itertools.pairwise([None, *found]):
        assert one is not None
        if before is None or minutes(one.at) - minutes(before.at) > HALF_HOUR_MIN:
            runs.append([])
        runs[-1].append(f"{x(float(minutes(one.at)))},{y(one.mean_min)}")
    return [" ".join(run) for run in runs]


@dataclass(frozen=True)
class Dot:
    """One band of told waits: where its mean stands, and the range of 8 of 10."""

    x: float
    y: float
    low: float
    high: float
    band: ToldBand


@dataclass(frozen=True)
class ToldChart:
    """Told against real waits: dots, and the diagonal on which both are the same."""

    width: float
    height: float
    left: float
    right: float
    bottom: float
    top: float
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    diagonal: tuple[float, float, float, float]
    dots: Sequence[Dot]


def told_chart(told: Told, width: float = 560.0, height: float = 320.0) -> ToldChart:
    """What was told against what came, by bands of what was told."""
    x_top = nice_top(max(band.told_mean_min for band in told.bands))
    y_top = nice_top(max(band.p90 for band in told.bands))
    bottom, top = height - 44.0, TOP
    x, y = _Axis(0.0, x_top, LEFT, width - RIGHT), _Axis(0.0, y_top, bottom, top)
    both = min(x_top, y_top)
    return ToldChart(
        width=width,
        height=height,
        left=LEFT,
        right=width - RIGHT,
        bottom=bottom,
        top=top,
        x_ticks=[Tick(x(value), f"{value:g}") for value in _steps(x_top)],
        y_ticks=[Tick(y(value), f"{value:g}") for value in _steps(y_top)],
        diagonal=(x(0.0), y(0.0), x(both), y(both)),
        dots=[Dot(x(b.told_mean_min), y(b.mean_min), y(b.p10), y(b.p90), b) for b in told.bands],
    )


def heat(mean_min: float) -> int:
    """Which step of the heat ramp a mean wait is, 0 to 6."""
    return sum(mean_min >= step for step in HEAT_STEPS_MIN)


def heat_rows(cells: Sequence[Cell], slots: Sequence[str]) -> dict[str, list[Cell | None]]:
    """For each service its cells in the order of these half hours, None where nobody came."""
    table: dict[str, list[Cell | None]] = {}
    place = {at: number for number, at in enumerate(slots)}
    for cell in cells:
        row = table.setdefault(cell.service, [None] * len(slots))
        row[place[cell.at]] = cell
    return table
