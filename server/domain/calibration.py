"""From what a replay expects to what is told: corrected by how far it was off of late.

For each band of expected waits the last 150 ratios of the wait that came to the wait that was
expected are kept. Their median makes the likely wait, their ninetieth per cent the wait that 9
of 10 stay under. A new centre starts from ratios as they are usual.

Source: split conformal prediction (Vovk, Gammerman & Shafer 2005) on a sliding window.
"""

import bisect
import math
from collections import deque
from statistics import NormalDist
from typing import Final, NamedTuple

WINDOW: Final = 150
BANDS_MIN: Final = (3.0, 8.0, 15.0, 30.0)
"""Where one band of expected waits ends and the next begins, in minutes."""

COVERED: Final = 0.9
SMOOTHING_MIN: Final = 2.0
"""Added to both waits before they are compared, so that a wait of nothing is no infinity."""

USUAL: Final = tuple(
    math.exp(0.42 * NormalDist().inv_cdf((place + 0.5) / 20.0)) for place in range(20)
)
"""Ratios that a band starts with: log-normal around 1, as the study of the rule found them."""


class Told(NamedTuple):
    """A wait as people are told it, in whole seconds: likely, and for 9 of 10 at the most."""

    likely_s: int
    high_s: int


class _Band:
    """The newest ratios of one band, in order of time and of size."""

    def __init__(self, at_first: tuple[float, ...]) -> None:
        self._newest: deque[float] = deque(at_first)
        self._sorted = sorted(at_first)

    def add(self, ratio: float) -> None:
        if len(self._newest) >= WINDOW:
            oldest = self._newest.popleft()
            del self._sorted[bisect.bisect_left(self._sorted, oldest)]
        self._newest.append(ratio)
        bisect.insort(self._sorted, ratio)

    def quantile(self, share: float) -> float:
        """The smallest ratio that this share of the window, one unseen counted, stays under."""
        place = math.ceil((len(self._sorted) + 1) * share) - 1
        return self._sorted[min(len(self._sorted) - 1, place)]


class Calibration:
    """One centre's ratios, learnt as tickets are called. Not thread-safe.

    Where nothing is expected, because a counter is idle, nothing is told as likely, and as high
    what it takes nine of ten clerks to notice: minutes, not a ratio.
    """

    def __init__(self) -> None:
        self._bands = [_Band(USUAL) for _ in range(len(BANDS_MIN) + 1)]
        self._noticed_min = _Band((0.0,) * len(USUAL))

    def told(self, expected_min: float) -> Told:
        """What to tell somebody for whom the replay expects so many minutes."""
        if expected_min <= 0.0:
            return Told(0, round(self._noticed_min.quantile(COVERED) * 60.0))
        band = self._band(expected_min)
        likely = self._wait_s(expected_min, band.quantile(0.5))
        return Told(likely, max(likely, self._wait_s(expected_min, band.quantile(COVERED))))

    def learn(self, expected_min: float, waited_min: float) -> None:
        """Note how long somebody waited for whom the replay had expected so many minutes."""
        waited_min = max(0.0, waited_min)
        if expected_min > 0.0:
            ratio = (waited_min + SMOOTHING_MIN) / (expected_min + SMOOTHING_MIN)
            self._band(expected_min).add(ratio)
        else:
            self._noticed_min.add(waited_min)

    def _band(self, expected_min: float) -> _Band:
        return self._bands[bisect.bisect_right(BANDS_MIN, expected_min)]

    @staticmethod
    def _wait_s(expected_min: float, ratio: float) -> int:
        return max(0, round(((expected_min + SMOOTHING_MIN) * ratio - SMOOTHING_MIN) * 60.0))
