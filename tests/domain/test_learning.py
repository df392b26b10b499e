"""What a centre learns of its own times: true on the whole, and deaf to forgotten keys."""

import math
from random import Random
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.centre import Bilingual, Service
from server.domain.learning import (
    NOTHING_LEARNT,
    PRIOR_SAMPLES,
    TYPICAL_CV,
    WALK_MIN,
    Served,
    ServiceTime,
    Times,
    learn,
    shrunk,
)

MINUTE = 60_000
MINUTES = st.floats(0.2, 60.0)
TYPICAL = st.floats(0.5, 60.0)


def drawn(random: Random, mean_min: float, count: int, cv: float = 0.7) -> list[float]:
    spread = math.sqrt(math.log(1 + cv**2))
    middle = math.log(mean_min) - spread**2 / 2
    return [random.lognormvariate(middle, spread) for _ in range(count)]


def served(service_min: float, walk_min: float = 0.5, wait_min: float = 10.0) -> Served:
    """One served ticket; start was never pressed where the walk is 0."""
    moments = [0.0, wait_min, wait_min + walk_min, wait_min + walk_min + service_min]
    return Served(*(round(moment * MINUTE) for moment in moments))


@pytest.mark.parametrize("true_min", [3.0, 8.0, 20.0])
def test_a_log_normal_is_learnt_without_bias_but_that_of_the_typical(true_min: float) -> None:
    found = [shrunk(drawn(Random(seed), true_min, 300), 8.0) for seed in range(60)]
    prior = PRIOR_SAMPLES / (PRIOR_SAMPLES + 300)
    expected = prior * 8.0 + (1 - prior) * true_min
    assert fmean(time.mean_min for time in found) == pytest.approx(expected, rel=0.02)
    assert fmean(t.spread_min / t.mean_min for t in found) == pytest.approx(TYPICAL_CV, rel=0.05)


@pytest.mark.parametrize("true_min", [6.0, 8.0, 12.0, 20.0])
def test_three_hundred_tickets_come_within_five_percent(true_min: float) -> None:
    found = [shrunk(drawn(Random(seed), true_min, 300), 8.0).mean_min for seed in range(60)]
    assert fmean(found) == pytest.approx(true_min, rel=0.05)


def test_an_even_service_and_an_uneven_one_are_told_apart() -> None:
    even, uneven = (shrunk(drawn(Random(1), 8.0, 300, cv), 8.0) for cv in (0.2, 1.1))
    assert even.spread_min < 0.4 * even.mean_min
    assert uneven.spread_min > 0.85 * uneven.mean_min


def test_many_short_visits_do_not_hide_the_long_ones() -> None:
    minutes = [2.5] * 80 + [30.0] * 20
    assert shrunk(minutes, 8.0).samples == 100
    assert shrunk(minutes, 8.0).mean_min == pytest.approx((20 * 8 + 80 * 2.5 + 20 * 30) / 120)


@given(st.integers(0, 300), st.floats(240.0, 700.0), st.floats(1.0, 30.0))
def test_a_forgotten_finish_teaches_nothing(count: int, hours: float, true_min: float) -> None:
    minutes = drawn(Random(count), true_min, count)
    assert shrunk([*minutes, hours], true_min) == shrunk(minutes, true_min)


def test_a_tenth_of_forgotten_finishes_teaches_little() -> None:
    minutes = drawn(Random(3), 8.0, 270)
    careless = [*minutes, *(75.0 + number for number in range(30))]
    assert shrunk(careless, 8.0).mean_min == pytest.approx(shrunk(minutes, 8.0).mean_min, rel=0.02)


@given(st.lists(MINUTES, max_size=40), st.floats(0.0, 0.08))
def test_a_key_pressed_twice_teaches_nothing(minutes: list[float], moment: float) -> None:
    assert shrunk([*minutes, moment], 8.0) == shrunk(minutes, 8.0)


@given(st.lists(MINUTES, max_size=60), TYPICAL)
def test_what_is_learnt_lies_between_the_typical_and_the_seen(
    minutes: list[float], typical: float
) -> None:
    time = shrunk(minutes, typical)
    everything = [typical, *minutes]
    assert min(everything) * 0.999 <= time.mean_min <= max(everything) * 1.001
    assert time.spread_min > 0
    assert 0 <= time.samples <= len(minutes)


@given(st.lists(MINUTES, max_size=40), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(minutes: list[float], random: Random) -> None:
    shuffled = random.sample(minutes, len(minutes))
    one, other = shrunk(minutes, 8.0), shrunk(shuffled, 8.0)
    assert other.samples == one.samples
    assert other.mean_min == pytest.approx(one.mean_min)
    assert other.spread_min == pytest.approx(one.spread_min)


@given(st.lists(MINUTES, max_size=30), TYPICAL, st.sampled_from([10.0, 100.0]))
def test_a_rehearsal_ten_times_faster_learns_the_same(
    minutes: list[float], typical: float, speed: float
) -> None:
    """The demo's centres run faster than life: what is short there is no slip of the finger."""
    short = [minute for minute in minutes if minute < typical * 5 and minute > typical / 5]
    slow, fast = shrunk(short, typical), shrunk([m / speed for m in short], typical / speed)
    assert fast.mean_min * speed == pytest.approx(slow.mean_min)


def test_the_walk_is_learnt_apart() -> None:
    times = learn({"h": 8.0}, {"h": [served(10.0, walk_min=1.5) for _ in range(300)]})
    assert times.walk_min == pytest.approx(1.5, rel=0.05)
    assert times.services["h"].mean_min == pytest.approx(10.0, rel=0.02)


def test_start_never_pressed_teaches_no_walk_and_is_taken_off_the_service() -> None:
    pressed = [served(10.0, walk_min=1.0) for _ in range(150)]
    unpressed = [served(11.0, walk_min=0.0) for _ in range(150)]
    times = learn({"h": 10.0}, {"h": pressed + unpressed})
    assert times.walk_min == learn({"h": 10.0}, {"h": pressed}).walk_min
    assert times.services["h"].mean_min == pytest.approx(10.0, rel=0.01)
    alone = learn({"h": 10.0}, {"h": unpressed})
    assert alone.walk_min == WALK_MIN
    assert alone.services["h"].mean_min == pytest.approx(11.0 - WALK_MIN, rel=0.01)


def test_somebody_who_stood_at_the_desk_did_not_walk() -> None:
    received = [served(10.0, walk_min=0.0, wait_min=0.0) for _ in range(300)]
    times = learn({"h": 10.0}, {"h": received})
    assert times == Times({"h": times.services["h"]}, WALK_MIN)
    assert times.services["h"].mean_min == pytest.approx(10.0)


def test_a_walk_over_a_hold_teaches_nothing() -> None:
    usual = [served(8.0, walk_min=0.6) for _ in range(50)]
    held = served(8.0, walk_min=40.0)
    both = learn({"h": 8.0}, {"h": [*usual, held]})
    assert both.walk_min == learn({"h": 8.0}, {"h": usual}).walk_min


def test_what_was_never_learnt_is_typical() -> None:
    service = Service("x", "X", Bilingual("", ""), 15.0, 12.0, False)
    assert NOTHING_LEARNT.of(service) == ServiceTime(12.0, pytest.approx(12.0 * TYPICAL_CV), 0)
    assert learn({"x": 12.0}, {}).of(service).mean_min == 12.0
