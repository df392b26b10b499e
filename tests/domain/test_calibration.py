"""From what is expected to what is told: median, nine of ten, and nothing for nothing."""

from random import Random

import pytest

from server.domain.calibration import BANDS_MIN, WINDOW, Calibration


def test_an_idle_counter_is_told_as_nothing_and_the_time_it_takes_to_notice() -> None:
    calibration = Calibration()
    assert calibration.told(0.0) == (0, 0)
    before = calibration.told(4.0)
    for _ in range(WINDOW):
        calibration.learn(0.0, 0.5)
    assert calibration.told(0.0) == (0, 30)
    assert calibration.told(4.0) == before


def test_a_new_centre_is_told_about_what_is_expected_and_some_margin() -> None:
    told = Calibration().told(10.0)
    assert told.likely_s == pytest.approx(600, rel=0.1)
    assert 1.4 * told.likely_s < told.high_s < 2.5 * told.likely_s


def test_waits_twice_as_long_as_expected_are_told_so() -> None:
    calibration = Calibration()
    for _ in range(WINDOW):
        calibration.learn(10.0, 20.0)
    assert calibration.told(10.0) == (1200, 1200)


def test_bands_learn_apart() -> None:
    calibration = Calibration()
    before = calibration.told(2.0)
    for _ in range(WINDOW):
        calibration.learn(BANDS_MIN[-1] + 1, 90.0)
    assert calibration.told(2.0) == before
    assert calibration.told(BANDS_MIN[-1] + 1).likely_s > 80 * 60


def test_the_window_forgets() -> None:
    calibration = Calibration()
    for _ in range(WINDOW):
        calibration.learn(10.0, 40.0)
    for _ in range(WINDOW):
        calibration.learn(10.0, 10.0)
    assert calibration.told(10.0) == (600, 600)


@pytest.mark.parametrize("expected", [1.0, 5.0, 12.0, 40.0])
def test_nine_of_ten_stay_under_high(expected: float) -> None:
    calibration, random = Calibration(), Random(3)
    under = []
    for _ in range(3000):
        waited = expected * random.lognormvariate(0.2, 0.6)
        under.append(waited * 60 <= calibration.told(expected).high_s)
        calibration.learn(expected, waited)
    assert sum(under[300:]) / len(under[300:]) == pytest.approx(0.9, abs=0.02)


def test_high_is_never_under_likely() -> None:
    calibration, random = Calibration(), Random(5)
    for _ in range(500):
        expected = random.uniform(0, 60)
        told = calibration.told(expected)
        assert 0 <= told.likely_s <= told.high_s
        calibration.learn(expected, random.uniform(0, 200))
