"""Hours, lunch, closed dates, two days and a midnight, and changes that wait for tomorrow."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from server.service.ports import Caller
from server.service.verify import verify
from server.storage.sqlite import SqliteStore
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, HOURS, KIOSK, MANAGER, SmallCentre
from wire.checks import FaultyFile
from wire.errors import Refusal
from wire.requests import HoldRequest, LateRequest, TransferRequest

OPEN_HOURS = CENTRE_FILE.replace("# hours", HOURS)


@pytest.fixture
def store(tmp_path: Path, sqlite_template: Path) -> Iterator[SqliteStore]:
    shutil.copy(sqlite_template, tmp_path / "test.db")
    made = SqliteStore(tmp_path / "test.db")
    yield made
    assert verify(made) == []
    made.close()


def test_a_day_with_lunch_and_a_closed_date(store: SqliteStore) -> None:
    text = OPEN_HOURS.replace('address = "Số 1"', 'closed_dates = ["2026-11-24"]')
    centre = SmallCentre(store, HeldClock(), text)
    assert centre.issue(caller=KIOSK)["number"] == "H001"
    centre.clock.forward(hours=3)
    with pytest.raises(Refusal, match=r"again from 2026-11-23 13:30"):
        centre.issue(caller=KIOSK)
    greeter = Caller("t:g", "greeter", CENTRE)
    assert centre.issue(caller=greeter)["source"] == "greeter"
    with pytest.raises(Refusal, match="centre_closed"):
        centre.issue(caller=Caller("t:c", "clerk", CENTRE))
    centre.clock.forward(hours=24)
    with pytest.raises(Refusal, match="centre_closed"):
        centre.issue(caller=KIOSK)
    centre.clock.forward(hours=24 - 2)
    assert centre.issue(caller=KIOSK)["day"] == "2026-11-25"


def test_midnight_ends_the_day_once(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    waiting, held, serving, called = (centre.issue() for _ in range(4))
    centre.open("q1", "q2")
    centre.next("q1")
    centre.act("hold", waiting, HoldRequest(why="x"))
    assert centre.next("q1")["ticket"]["id"] == held["id"]
    centre.act("start", held)
    centre.next("q2")
    before = centre.board()["seq"]
    centre.clock.forward(hours=24)
    assert centre.board()["calls"] == []
    assert centre.lobby.end_days() == 1
    assert centre.lobby.end_days() == 0
    states = [centre.ticket(ticket)["state"] for ticket in (waiting, held, serving, called)]
    assert states == ["cancelled", "served", "cancelled", "cancelled"]
    ended = centre.ticket(called)["ended_at"]
    assert ended == "2026-11-23T17:00:00Z"
    board = centre.board()
    assert board["seq"] == before + 6
    assert {counter["state"] for counter in board["counters"]} == {"closed"}
    assert sum(service["waiting"] for service in board["services"]) == 0


def test_the_next_day_counts_from_one_again(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    centre.issue()
    centre.clock.forward(hours=24)
    ticket = centre.issue()
    assert (ticket["number"], ticket["day"]) == ("H001", "2026-11-24")
    assert centre.kinds()[-2:] == ["cancelled", "issued"]


def test_a_counters_tally_is_of_today(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    centre.open("q1")
    ticket = centre.issue()
    centre.next("q1")
    centre.act("finish", ticket)
    assert centre.readings.desk(CENTRE, "q1").served_today == 1
    centre.clock.forward(hours=24)
    centre.open("q1")
    assert centre.readings.desk(CENTRE, "q1").served_today == 0


def test_a_clock_that_goes_back_does_not_reopen_a_day(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    centre.issue()
    centre.clock.forward(hours=-24)
    ticket = centre.issue()
    assert (ticket["number"], ticket["day"]) == ("H002", "2026-11-23")


def test_a_changed_prefix_waits_for_the_next_day(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    centre.issue()
    text = CENTRE_FILE.replace('prefix = "H"', 'prefix = "K"').replace(
        "Asia/Ho_Chi_Minh", "Asia/Tokyo"
    )
    centre.centres.import_file(text)
    assert centre.issue()["number"] == "H002"
    assert centre.readings.centre(CENTRE).timezone == "Asia/Ho_Chi_Minh"
    centre.clock.forward(hours=24)
    assert centre.issue()["number"] == "K001"
    assert centre.readings.centre(CENTRE).timezone == "Asia/Tokyo"
    late = centre.clock.now() - timedelta(hours=24)
    paper = centre.issue(caller=KIOSK, number="H700", issued_at=late)
    assert paper["state"] == "cancelled"


def test_what_people_wait_for_cannot_be_retired(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    ticket = centre.issue("dat-dai")
    centre.open("q2")
    start = CENTRE_FILE.index('[[service]]\nid = "dat-dai"')
    without = CENTRE_FILE[:start] + CENTRE_FILE[CENTRE_FILE.index("[[zone]]") :]
    without = without[: without.index('[[counter]]\nid = "q2"')]
    with pytest.raises(FaultyFile) as refused:
        centre.centres.import_file(without)
    said = str(refused.value)
    assert "service 'dat-dai': is missing, but people wait for it" in said
    assert "counter 'q2': is missing, but it is open" in said
    assert centre.centres.export(CENTRE) == CENTRE_FILE
    centre.act("cancel", ticket)
    centre.lobby.close_counter(MANAGER, CENTRE, "q2", None, None)
    centre.centres.import_file(without)
    assert [service.id for service in centre.readings.centre(CENTRE).services] == ["ho-tich"]
    assert centre.ticket(ticket)["service"] == "dat-dai"


@pytest.mark.parametrize("how", ["transferred", "on hold"])
def test_a_counter_that_people_wait_for_cannot_be_retired(store: SqliteStore, how: str) -> None:
    centre = SmallCentre(store)
    ticket = centre.issue("dat-dai")
    centre.open("q2")
    centre.next("q2")
    if how == "on hold":
        centre.act("hold", ticket, HoldRequest(why="x"))
    else:
        centre.act("transfer", ticket, TransferRequest(counter="q2"))
    centre.lobby.close_counter(MANAGER, CENTRE, "q2", None, None)
    without = CENTRE_FILE[: CENTRE_FILE.index('[[counter]]\nid = "q2"')]
    with pytest.raises(FaultyFile, match="counter 'q2': is missing, but people wait for it"):
        centre.centres.import_file(without)
    centre.act("cancel", ticket)
    centre.centres.import_file(without)


def test_a_number_of_yesterday_does_not_come_back(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    ticket = centre.issue()
    centre.open("q1")
    centre.next("q1")
    centre.clock.forward(minutes=2)
    centre.act("no_show", ticket, LateRequest())
    centre.clock.forward(hours=24)
    with pytest.raises(Refusal, match="invalid_transition"):
        centre.act("return_", ticket)
    centre.open("q1")
    assert centre.next("q1")["ticket"] is None
    assert centre.ticket(ticket)["state"] == "no_show"


def test_importing_the_same_file_again_is_no_event(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    before = centre.kinds()
    centre.centres.import_file(CENTRE_FILE)
    assert centre.kinds() == before == ["config_changed"]


def test_a_full_day_is_said_so(store: SqliteStore) -> None:
    centre = SmallCentre(store)
    centre.issue()
    store.run(CENTRE, lambda tx: tx.execute("UPDATE number_counter SET ordinal = 698"))
    assert [centre.issue()["number"] for _ in range(2)] == ["H699", "H1000"]
    store.run(CENTRE, lambda tx: tx.execute("UPDATE number_counter SET ordinal = 9698"))
    assert centre.issue()["number"] == "H9999"
    for _ in range(2):
        with pytest.raises(Refusal, match="day_full"):
            centre.issue()
