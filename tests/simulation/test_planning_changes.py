"""What-if: counters opened, not staffed, lent; and the same people whatever is asked."""

from dataclasses import replace

import pytest

from simulation.planning.changes import Changes, ClockSpan, Loan, Opening
from simulation.planning.hall import Hall, ServicePlan, Sessions
from simulation.planning.people import Person, draw_day
from simulation.planning.queueing import LongestWait, RoundRobin
from simulation.planning.run import DayRun, mean_minutes
from simulation.planning.study import Scenario, run_days, study

OFFICE = Sessions(((450, 690), (810, 1020)))
END = float("inf")


def hall(**changes: object) -> Hall:
    made = Hall(
        id="thu",
        services={"ho-tich": ServicePlan(8.0, 0.6), "dat-dai": ServicePlan(12.0, 0.4)},
        counters={"q1": frozenset({"ho-tich"}), "q2": frozenset({"dat-dai"})},
        people=60,
        arrivals=[1 / 15] * 15,
        slot_min=30.0,
        sessions=OFFICE,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def one(at_min: float, service: str, name: str = "00000") -> Person:
    return Person(name, at_min, service, "none", 5.0, 0.0)


def calls(day: Hall, changes: Changes, people: list[Person]) -> list[tuple[str, float, str]]:
    day = changes.applied(day)
    run = DayRun(day, LongestWait(mean_minutes(day)), changes.watchers())
    return [(found.person.id, found.called_min, found.counter) for found in run.run(people)]


def test_a_counter_that_is_not_staffed_may_still_open_for_a_part_of_the_day() -> None:
    changes = Changes([Opening("q1", ClockSpan(480, 600))], ["q1"])
    assert changes.applied(hall()).staffed("q1") == ((30.0, 150.0),)


def test_an_opening_over_lunch_is_working_time_and_one_to_the_end_goes_on() -> None:
    changes = Changes([Opening("q1", ClockSpan(660, 870)), Opening("q2", ClockSpan(900, 1020))],
                      ["q1", "q2"])  # fmt: skip
    found = changes.applied(hall())
    assert found.staffed("q1") == ((210.0, 300.0),)
    assert found.staffed("q2") == ((330.0, END),)


def test_an_opening_adds_to_the_time_that_a_counter_is_open_anyway() -> None:
    day = hall(open={"q1": ((0.0, 60.0),)})
    changes = Changes([Opening("q1", ClockSpan(480, 600))])
    assert changes.applied(day).staffed("q1") == ((0.0, 150.0),)
    assert changes.faults(day, [day]) == []


def test_a_new_counter_serves_what_is_lent_to_it() -> None:
    changes = Changes([Opening("q9", ClockSpan(480, 600))], loans=[Loan("q9", "dat-dai", None)])
    assert changes.faults(hall(), [hall()]) == []
    found = changes.applied(hall())
    assert found.counters["q9"] == {"dat-dai"}
    assert found.staffed("q9") == ((30.0, 150.0),)


def test_a_loan_for_a_time_begins_and_ends() -> None:
    changes = Changes(loans=[Loan("q1", "dat-dai", ClockSpan(510, 570))])
    people = [
        one(10.0, "dat-dai", "early"), one(11.0, "dat-dai", "waits"),
        one(61.0, "dat-dai", "lent"), one(62.0, "dat-dai", "lent too"),
        one(130.0, "dat-dai", "late"), one(131.0, "dat-dai", "later"),
    ]  # fmt: skip
    found = {name: (at, counter) for name, at, counter in calls(hall(), changes, people)}
    assert found["waits"] == (15.0, "q2")
    assert {found["lent"], found["lent too"]} == {(61.0, "q1"), (62.0, "q2")} or {
        found["lent"], found["lent too"],
    } == {(61.0, "q2"), (62.0, "q1")}  # fmt: skip
    assert found["later"] == (135.0, "q2")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (Changes([Opening("q1", ClockSpan(480, 600))]), "add --closed q1"),
        (Changes([Opening("q7", None)]), "thu has no counter 'q7'"),
        (Changes([Opening("q7", None)]), "a new counter also needs --lend q7:SERVICE"),
        (Changes(closed=["q3"]), "--closed q3: thu has no counter 'q3'"),
        (Changes(closed=["q2"]), "nobody would serve dat-dai"),
        (Changes(loans=[Loan("q1", "ho-tich", None)]), "q1 serves ho-tich already"),
        (Changes(loans=[Loan("q1", "dat-da", None)]), "did you mean 'dat-dai'?"),
        (Changes(loans=[Loan("q8", "dat-dai", None)]), "also needs --open q8@TIME-TIME"),
        (Changes([Opening("q1", ClockSpan(700, 760))], ["q1"]), "07:30-11:30, 13:30-17:00"),
    ],
)
def test_what_does_not_fit_is_named_with_what_would(changes: Changes, said: str) -> None:
    faults = changes.faults(hall(), [hall()])
    assert any(said in fault for fault in faults), faults


def test_who_stood_at_a_counter_that_closes_is_called_elsewhere() -> None:
    day = hall(
        services={"ho-tich": ServicePlan(8.0, 1.0)},
        counters={"q1": frozenset({"ho-tich"}), "q2": frozenset({"ho-tich"})},
        open={"q1": ((0.0, 3.0),)},
    )
    short = one(1.0, "ho-tich", "b")._replace(service_min=0.5)
    people = [one(0.0, "ho-tich", "a"), short, one(2.0, "ho-tich", "c")]
    run = DayRun(day, RoundRobin(mean_minutes(day)))
    found = {outcome.person.id: outcome for outcome in run.run(people)}
    assert (found["b"].counter, found["c"].counter) == ("q2", "q2")
    assert found["c"].called_min == 5.0
    assert run.staffed_min == 5.0 + OFFICE.length_min


def test_who_leaves_is_not_called_and_not_counted() -> None:
    people = [one(0.0, "ho-tich", "a"), one(1.0, "ho-tich", "b")._replace(leaves_min=4.0),
              one(2.0, "ho-tich", "c")]  # fmt: skip
    queues = LongestWait({"ho-tich": 8.0, "dat-dai": 12.0})
    run = DayRun(hall(), queues)
    assert [(found.person.id, found.called_min) for found in run.run(people)] == [
        ("a", 0.0), ("c", 5.0),
    ]  # fmt: skip
    assert [person.id for person in run.left] == ["b"]
    assert queues.floor.waiting("ho-tich") == 0


def test_estimates_learn_from_day_to_day_and_anew_in_each_replication() -> None:
    busy = Scenario("as-is", hall(people=90), estimates=True)
    seeds = [*range(12), *range(12)]
    anew = study([busy], seeds, in_a_row=12).days["as-is"]
    learnt, _ = run_days(busy, seeds)
    assert [day.told for day in anew[12:]] == [day.told for day in anew[:12]]
    assert [day.told for day in anew[:12]] == [day.told for day in learnt[:12]]
    assert [day.told for day in learnt[12:]] != [day.told for day in learnt[:12]]
    spread_out = study([busy], seeds, processes=2).days["as-is"]
    assert [day.told for day in spread_out] == [day.told for day in learnt]


def test_a_surge_only_adds_people_and_absence_changes_nothing_else() -> None:
    def who(surge: float, **changes: object) -> set[tuple[object, ...]]:
        drawn = draw_day(hall(**changes), 7, surge)
        assert [person.id for person in drawn] == sorted(person.id for person in drawn)
        return {person[1:6] for person in drawn}

    few, usual, more, most = who(0.5), who(1.0), who(1.8), who(2.5)
    assert few < usual < more < most
    assert len(more) > 1.4 * len(usual)
    assert who(1.0, absent_share=0.5) == usual
    assert sum(person.absent for person in draw_day(hall(absent_share=0.5), 7)) > len(usual) / 4
