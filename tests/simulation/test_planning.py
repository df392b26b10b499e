"""A hall's day under the rule and under others: what holds on every day."""

from collections.abc import Iterable
from dataclasses import replace

import pytest

from server.domain.dispatch import STRICT_BY_LAW
from simulation.planning.hall import Hall, ServicePlan, Sessions
from simulation.planning.measures import (
    Day,
    against,
    mean_priority,
    mean_wait,
    percentile,
    told_error,
)
from simulation.planning.neighbours import Neighbourhood, run_together
from simulation.planning.people import draw_day
from simulation.planning.queueing import PRIORITY
from simulation.planning.run import DayRun
from simulation.planning.study import (
    BASELINES,
    OWN,
    Scenario,
    queueing_of,
    run_days,
    study,
    with_policy,
)

SESSIONS = Sessions(((450, 690), (810, 1020)))
SERVICES = {
    "h": ServicePlan(8.0, 0.5, anywhere=True),
    "a": ServicePlan(14.0, 0.3, anywhere=True),
    "c": ServicePlan(4.0, 0.2),
}
COUNTERS = {
    "q1": frozenset({"h", "a"}),
    "q2": frozenset({"h", "c"}),
    "q3": frozenset({"a", "c", "h"}),
    "q4": frozenset({"a"}),
}
HALL = Hall(
    id="small",
    services=SERVICES,
    counters=COUNTERS,
    people=150,
    arrivals=[n / 100 for n in (12, 14, 12, 10, 8, 6, 4, 2, 10, 8, 6, 4, 2, 1, 1)],
    slot_min=30.0,
    sessions=SESSIONS,
)
SEEDS = range(12)


def days_of(scenario: Scenario, seeds: Iterable[int]) -> list[Day]:
    return run_days(scenario, list(seeds))[0]


def test_working_time_leaves_lunch_out() -> None:
    assert SESSIONS.working(450) == 0
    assert SESSIONS.working(750) == SESSIONS.working(690) == 240
    assert SESSIONS.clock(240) == 810
    assert SESSIONS.clock(500) == 1070
    assert SESSIONS.length_min == 450


@pytest.mark.parametrize("policy", [OWN, "strict-by-law", *BASELINES])
def test_everybody_is_served_once_and_never_before_they_come(policy: str) -> None:
    people = draw_day(HALL, 3)
    outcomes = DayRun(HALL, queueing_of(Scenario("x", HALL, policy))).run(people)
    assert sorted(one.person for one in outcomes) == sorted(people)
    assert all(one.wait_min >= 0.0 for one in outcomes)
    if policy != "flexible-pool":
        assert all(one.person.service in COUNTERS[one.counter] for one in outcomes)


@pytest.mark.parametrize("policy", [OWN, "longest-wait", "strict-priority"])
def test_no_overtaking_and_no_idle_counter_while_somebody_waits_for_it(policy: str) -> None:
    outcomes = DayRun(HALL, queueing_of(Scenario("x", HALL, policy))).run(draw_day(HALL, 5))
    lines: dict[tuple[str, str], list[float]] = {}
    busy: dict[str, list[tuple[float, float]]] = {counter: [] for counter in COUNTERS}
    for one in outcomes:
        lines.setdefault((one.person.service, one.person.group), []).append(one.person.at_min)
        person = one.person
        takes = 1.0 if person.absent else person.walk_min + person.service_min
        busy[one.counter].append((one.called_min, one.called_min + takes))
    assert all(came == sorted(came) for came in lines.values())
    for one in outcomes:
        for counter, spans in busy.items():
            if one.person.service in COUNTERS[counter]:
                assert not idle_within(spans, one.person.at_min, one.called_min)


def idle_within(spans: list[tuple[float, float]], start: float, end: float) -> bool:
    """Whether a counter with these busy spans was idle for a moment between two times."""
    at = start
    for first, last in spans:
        if last <= at or first >= end:
            continue
        if first > at + 1e-9:
            return True
        at = last
    return end > at + 1e-9


def test_a_closed_counter_serves_nobody_and_one_that_opens_helps() -> None:
    shut = replace(HALL, open={"q4": ()})
    part = replace(HALL, open={"q4": ((60.0, 300.0),)})
    waits = []
    for hall in (shut, part, HALL):
        outcomes = DayRun(hall, queueing_of(Scenario("x", hall))).run(draw_day(hall, 1))
        at_q4 = [one.called_min for one in outcomes if one.counter == "q4"]
        waits.append(sum(one.wait_min for one in outcomes))
        if hall is shut:
            assert at_q4 == []
        if hall is part:
            assert at_q4
            assert 60.0 <= min(at_q4) <= max(at_q4) < 300.0
    assert waits == sorted(waits, reverse=True)


def test_the_same_seed_is_the_same_day_and_processes_change_nothing() -> None:
    scenarios = [Scenario("own", HALL), Scenario("jsq", HALL, "shortest-queue")]
    one = study(scenarios, range(21))
    two = study(scenarios, range(21), processes=2)
    assert one.days == two.days
    assert [day.people for day in one.days["own"]] == [day.people for day in one.days["jsq"]]
    assert draw_day(HALL, 1) != draw_day(HALL, 2)


def test_the_rule_waits_less_than_binding_at_issue_and_helps_priority_groups() -> None:
    own = days_of(Scenario("own", HALL), SEEDS)
    robin = days_of(Scenario("robin", HALL, "round-robin"), SEEDS)
    longest = days_of(Scenario("longest", HALL, "longest-wait"), SEEDS)
    assert against(own, robin).high < 0.6
    assert mean_priority(own) < 0.5 * mean_priority(longest)
    strict = days_of(Scenario("strict", with_policy(HALL, STRICT_BY_LAW)), SEEDS)
    assert mean_priority(strict) <= mean_priority(own)


def test_what_people_are_told_beats_the_simple_estimate_and_covers_nine_of_ten() -> None:
    days = days_of(Scenario("told", HALL, estimates=True), range(30))
    error = told_error(days)
    assert error["people"] == sum(day.people for day in days) > 500
    assert error["mean_error_min"] <= 0.9 * error["mean_error_simple_min"]
    assert 0.86 <= error["covered"] <= 0.98


def test_estimates_change_nobodys_day() -> None:
    plain = days_of(Scenario("a", HALL), range(3))
    told = days_of(Scenario("b", HALL, estimates=True), range(3))
    assert [day.waits for day in plain] == [day.waits for day in told]


def test_following_the_advice_helps_a_day_with_too_few_counters() -> None:
    few = replace(HALL, open={"q3": ()}, people=165)
    alone = days_of(Scenario("alone", few), SEEDS)
    helped = days_of(Scenario("helped", few, advice=True), SEEDS)
    assert mean_wait(alone).value >= 15.0
    assert against(helped, alone).high < 0.75


def test_sending_people_to_the_quicker_centre_helps_all_of_them() -> None:
    halls = [replace(HALL, id=name, people=n) for name, n in (("x", 230), ("y", 80), ("z", 90))]
    ways = {frozenset(pair): 9.0 for pair in (("x", "y"), ("x", "z"), ("y", "z"))}
    place = Neighbourhood(halls, ways)
    alone = [day for seed in range(6) for day in run_together(place, seed, offering=False)]
    offered = [day for seed in range(6) for day in run_together(place, seed, offering=True)]
    assert sum(day.people for day in alone) == sum(day.people for day in offered)
    assert against(offered, alone).high < 0.7


def test_percentiles_are_of_the_values() -> None:
    assert percentile([], 0.9) == 0.0
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile(list(map(float, range(1, 101))), 0.99) == 99.0


def test_priority_groups_are_known() -> None:
    assert {person.group for person in draw_day(HALL, 1)} <= {"none", *PRIORITY}
