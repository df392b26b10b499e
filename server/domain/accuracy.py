"""How good what people were told was: the error of a day, and whether nine of ten were covered."""

from collections.abc import Iterable
from statistics import fmean, median
from typing import NamedTuple


class ToldWait(NamedTuple):
    """One wait that came, beside what was told of it at issue. Whole seconds."""

    waited_s: int
    likely_s: int
    high_s: int


class Accuracy(NamedTuple):
    """A day's measure: errors between the likely wait and the one that came, in seconds.

    `covered` is the share who were called within the time told for nine of ten.
    """

    tickets: int
    mean_error_s: int
    median_error_s: int
    covered: float


def accuracy(waits: Iterable[ToldWait]) -> Accuracy | None:
    """Measure what was told; None where nobody was told anything."""
    told = list(waits)
    if not told:
        return None
    errors = [abs(one.waited_s - one.likely_s) for one in told]
    return Accuracy(
        tickets=len(told),
        mean_error_s=round(fmean(errors)),
        median_error_s=round(median(errors)),
        covered=round(fmean(one.waited_s <= one.high_s for one in told), 4),
    )
