"""The simulated day: how many come, what for, and who must sit at which counter."""

import statistics
from random import Random

import pytest

from simulation import dataset, day
from simulation.demo.people import staffed

PROFILE = dataset.day_profile()


def test_a_whole_day_brings_as_many_people_as_said() -> None:
    arrivals = day.Arrivals(PROFILE, people=650, speed=20)
    random = Random(1)
    day_s = len(PROFILE.slots) * PROFILE.slot_min * 60 / 20
    came, now_s = 0, 0.0
    while (now_s := now_s + arrivals.gap_s(now_s, random)) < day_s:
        came += 1
    assert came == pytest.approx(650, rel=0.1)


def test_the_morning_peak_is_busier_than_the_end_of_the_day_and_comes_again() -> None:
    arrivals = day.Arrivals(PROFILE, people=650, speed=20)
    slot_s = PROFILE.slot_min * 60 / 20
    peak, end = arrivals.rate_per_s(1.5 * slot_s), arrivals.rate_per_s(14.5 * slot_s)
    assert peak > 5 * end
    assert arrivals.rate_per_s(16.5 * slot_s) == peak


def test_speed_never_floods_the_system() -> None:
    assert day.Arrivals(PROFILE, 1000, speed=10_000).rate_per_s(0) == day.MOST_ARRIVALS_PER_S


def test_services_are_chosen_by_their_share() -> None:
    random = Random(2)
    shares = dataset.shares("point")
    chosen = [day.choose_service(shares, random) for _ in range(4000)]
    for service, share in shares.items():
        assert chosen.count(service) / 40 == pytest.approx(share, abs=2.5)


def test_one_person_in_seven_belongs_to_a_priority_group() -> None:
    random = Random(3)
    groups = [day.choose_priority(random) for _ in range(4000)]
    assert groups.count("none") / 40 == pytest.approx(85, abs=2)
    assert set(groups) == {"none", *day.PRIORITY_SHARES}


def test_service_times_have_the_typical_mean_and_are_never_nothing() -> None:
    random = Random(4)
    times = [day.service_s(0.4, random) for _ in range(4000)]
    assert statistics.fmean(times) == pytest.approx(24, rel=0.06)
    assert min(day.service_s(0.001, random) for _ in range(100)) == day.SHORTEST_SERVICE_S


@pytest.mark.parametrize("centre", dataset.centre_ids())
def test_every_service_has_somebody_who_serves_it(centre: str) -> None:
    data = dataset.centre(centre)
    people = dataset.people_per_day(data["centre"]["kind"], len(data["counter"]))
    opened = staffed(centre, people)
    served = {
        skill for item in data["counter"] if item["id"] in opened for skill in item["services"]
    }
    assert set(dataset.shares(data["centre"]["kind"])) <= served


def test_more_load_opens_more_counters_and_too_much_opens_all() -> None:
    counters = {f"q{number}": ["a", "b"] for number in range(1, 9)}
    few = day.staff(counters, {"a": 0.5, "b": 0.5})
    many = day.staff(counters, {"a": 2.0, "b": 2.0})
    assert len(few) < len(many) < 8
    assert len(day.staff(counters, {"a": 50.0, "b": 50.0})) == 8
