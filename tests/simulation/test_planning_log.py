"""Replaying a log: everybody as they came and as long as they took; malformed lines refused."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from simulation import dataset
from simulation.planning.days import LoggedDay
from simulation.planning.log_days import recorded, surged
from simulation.planning.log_file import read_log
from simulation.planning.people import Person, draw_day
from simulation.planning.run import DayRun
from simulation.planning.source import HALLS_DIR, built_in, find_centre, hall_from
from simulation.planning.study import Scenario, queueing_of, run_days
from tests.fakes.planning_log import MONDAY, SMALL, LogWriter, centre_line
from wire.checks import FaultyFile

END = float("inf")


@pytest.fixture
def log() -> LogWriter:
    made = LogWriter(SMALL)
    made.tell("07:25", "counter_opened", None, "q1")
    made.tell("07:30", "counter_opened", None, "q2")
    return made


def replayed(log: LogWriter, tmp_path: Path) -> LoggedDay:
    found = read_log(log.write(tmp_path / "log.jsonl"))
    return recorded(found, found.centre).days[0]


def the(day: LoggedDay) -> list[tuple[float, str, float, float, bool, float | None]]:
    return [
        (round(p.at_min, 3), p.service, round(p.service_min, 3), round(p.walk_min, 3), p.absent,
         p.leaves_min)
        for p in day.people
    ]  # fmt: skip


def test_each_person_takes_as_long_as_they_took(log: LogWriter, tmp_path: Path) -> None:
    log.issue("08:00", "a")
    log.serve("a", "q1", "08:10", "08:11", "08:20")
    log.issue("14:00", "b", "dat-dai")
    log.serve("b", "q2", "14:00", "14:02", "14:12")
    assert the(replayed(log, tmp_path)) == [
        (30.0, "ho-tich", 9.0, 1.0, False, None),
        (270.0, "dat-dai", 10.0, 2.0, False, None),
    ]


def test_lunch_is_no_part_of_a_service_but_overtime_is(log: LogWriter, tmp_path: Path) -> None:
    log.issue("11:00", "a")
    log.serve("a", "q1", "11:20", "11:20", "11:45")
    log.issue("11:05", "b")
    log.serve("b", "q2", "11:25", "11:25", "13:35")
    day = replayed(log, tmp_path)
    assert day.sessions.spans == ((450, 705), (810, 1020))
    assert [round(person.service_min, 3) for person in day.people] == [25.0, 25.0]


def test_missed_left_and_transferred_people(log: LogWriter, tmp_path: Path) -> None:
    log.issue("08:00", "missed")
    log.tell("08:05", "called", "missed", "q1", called_ms="08:05")
    log.tell("08:07", "no_show", "missed", "q1", ended_ms="08:07")
    log.tell("08:30", "returned", "missed", "q1", state="waiting")
    log.serve("missed", "q1", "08:40", "08:40", "08:46")
    log.issue("08:00", "gone")
    log.tell("08:20", "cancelled", "gone", state="cancelled", ended_ms="08:20")
    log.issue("09:00", "sent on")
    log.serve("sent on", "q1", "09:00", "09:01", "09:04")
    log.lines.pop()
    log.tell("09:04", "transferred", "sent on", "q1", state="waiting", service="dat-dai")
    log.serve("sent on", "q2", "09:10", "09:10", "09:20")
    assert the(replayed(log, tmp_path)) == [
        (
            30.0,
            "ho-tich",
            pytest.approx(4.5, abs=1.6),
            pytest.approx(25 / 60, abs=0.001),
            True,
            None,
        ),
        (
            30.0,
            "ho-tich",
            pytest.approx(4.5, abs=1.6),
            pytest.approx(25 / 60, abs=0.001),
            False,
            50.0,
        ),
        (60.0, "ho-tich", 6.0, 0.0, False, None),
        (90.0, "ho-tich", 3.0, 1.0, False, None),
        (94.0, "dat-dai", 10.0, 0.0, False, None),
    ]


def test_what_was_taken_back_did_not_happen(log: LogWriter, tmp_path: Path) -> None:
    log.issue("08:00", "a")
    log.issue("08:01", "b")
    log.tell("08:00", "called", "a", "q1", called_ms="08:00")
    log.tell("08:10", "served", "a", "q1", ended_ms="08:10")
    log.tell("08:10", "called", "b", "q1", called_ms="08:10")
    log.tell("08:10", "returned", "b", "q1", undone="next", state="waiting")
    log.tell("08:10", "called", "a", "q1", undone="next", state="called")
    log.tell("08:15", "served", "a", "q1", ended_ms="08:15")
    log.serve("b", "q1", "08:15", "08:15", "08:19")
    log.issue("08:30", "mistake")
    log.tell("08:30", "cancelled", "mistake", undone="issue", cause="undone", ended_ms="08:30")
    assert the(replayed(log, tmp_path)) == [
        (30.0, "ho-tich", 15.0, 0.0, False, None),
        (31.0, "ho-tich", 4.0, 0.0, False, None),
    ]


def test_a_forgotten_finish_and_a_hold_teach_no_time(log: LogWriter, tmp_path: Path) -> None:
    log.issue("08:00", "held")
    log.tell("08:00", "called", "held", "q1", called_ms="08:00")
    log.tell("08:06", "held", "held", "q1")
    log.tell("09:00", "resumed", "held", "q1")
    log.tell("09:03", "served", "held", "q1", ended_ms="09:03")
    log.issue("16:00", "forgotten")
    log.tell("16:00", "called", "forgotten", "q1", called_ms="16:00")
    log.tell("24:00", "served", "forgotten", "q1", ended_ms="24:00", cause="day_end")
    assert [round(p.service_min, 3) for p in replayed(log, tmp_path).people] == [9.0, 9.0]


def test_counters_open_pause_and_close_when_they_did(log: LogWriter, tmp_path: Path) -> None:
    log.issue("08:00", "a")
    log.serve("a", "q2", "08:00", "08:00", "08:05")
    log.tell("09:00", "counter_paused", None, "q2")
    log.tell("09:20", "counter_opened", None, "q2")
    log.tell("11:00", "counter_closed", None, "q2")
    log.tell("16:50", "counter_closed", None, "q1")
    day = replayed(log, tmp_path)
    assert day.open["q1"] == ((0.0, END),)
    assert day.open["q2"] == ((0.0, 90.0), (110.0, 210.0))


def test_a_day_as_simulated_replays_to_the_very_same_waits(tmp_path: Path) -> None:
    centre = find_centre("hall-10")
    hall = hall_from(centre, built_in(), None)
    scenario = Scenario("as-is", hall)
    data = dataset.tomllib.loads((HALLS_DIR / "hall-10.toml").read_text(encoding="utf-8"))
    log = LogWriter(centre_line(data))
    for day, seed in (("2026-11-23", 1), ("2026-11-24", 2)):
        log.day = day
        log.add_day(hall, DayRun(hall, queueing_of(scenario)).run(draw_day(hall, seed)))
    read = read_log(log.write(tmp_path / "log.jsonl"))
    found = recorded(read, read.centre)
    again, _ = run_days(Scenario("as-is", found.hall), found.days)
    for real, simulated in zip(found.measured, again, strict=True):
        assert simulated.people == real.people > 300
        assert simulated.unserved == 0
        assert sum(simulated.waits) == pytest.approx(sum(real.waits), rel=0.05)
        assert simulated.worked == pytest.approx(real.worked, rel=0.02)


def test_a_surge_of_a_log_is_nested_and_absence_is_drawn_anew(
    log: LogWriter, tmp_path: Path
) -> None:
    for number in range(60):
        log.issue(f"08:{number:02d}", f"t{number}")
        log.serve(f"t{number}", "q1", f"08:{number:02d}", f"08:{number:02d}", f"09:{number:02d}")
    day = replayed(log, tmp_path)

    def who(surge: float, absent: float | None = None) -> list[Person]:
        return list(surged(day, surge, absent, 1).people)

    def same(people: list[Person]) -> set[tuple[object, ...]]:
        return {person[1:6] for person in people}

    assert same(who(0.5)) < same(who(1.0)) < same(who(1.5)) < same(who(2.2))
    assert same(who(1.0)) == {person[1:6] for person in day.people}
    assert not any(person.absent for person in who(1.0))
    assert 10 < sum(person.absent for person in who(1.0, 0.4)) < 40


def broken(change: Callable[[dict[str, object]], object]) -> str:
    line: dict[str, object] = {
        "seq": 9, "at": "2026-11-23T08:00:00+07:00", "day": MONDAY, "kind": "issued",
        "ticket": "t", "counter": None,
        "data": {"set": {"service": "ho-tich", "priority": "none", "state": "waiting",
                         "issued_ms": 1}},
    }  # fmt: skip
    change(line)
    return json.dumps(line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "is no event"),
        ("[]", "is no event"),
        (broken(lambda line: line.update(seq="9")), "$.seq"),
        (broken(lambda line: line.update(at="2026-11-23T08:00:00")), "$.at"),
        (broken(lambda line: line.update(day="23/11/2026")), "$.day"),
        (broken(lambda line: line.pop("data")), "data"),
        (broken(lambda line: line.update(ticket=None)), "ticket is missing on 'issued'"),
        (broken(lambda line: line.update(data={"set": {}})), "data.set.service is missing"),
        (broken(lambda line: line.update(kind="counter_opened")), "counter is missing"),
    ],
)
def test_a_malformed_line_is_refused_with_its_number(
    log: LogWriter, tmp_path: Path, line: str, said: str
) -> None:
    path = log.write(tmp_path / "log.jsonl", [line])
    with pytest.raises(FaultyFile) as refused:
        read_log(path)
    (fault,) = refused.value.faults
    assert fault.where == f"{path}, line 4"
    assert said in fault.message
    assert "layso-server log export" in fault.message


def test_a_first_line_that_is_no_centre_names_what_is_wrong(tmp_path: Path) -> None:
    path = LogWriter({**SMALL, "services": [], "kind": "point"}).write(tmp_path / "log.jsonl")
    with pytest.raises(FaultyFile) as refused:
        read_log(path)
    assert all(fault.where == f"{path}, line 1" for fault in refused.value.faults)
    path.write_text('{"format": "other"}\n', encoding="utf-8")
    with pytest.raises(FaultyFile, match="line 1: is not the first line of a log of version 1"):
        read_log(path)
