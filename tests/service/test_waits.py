"""What people are told of their wait, what is kept of it, and how good it was."""

from typing import Any

import pytest

from server.domain.accuracy import Accuracy
from server.domain.calibration import Calibration
from server.domain.ticket import Ticket
from server.service.calibrated import Calibrations
from server.service.ports import Caller, Store, Tx
from server.service.verify import verify
from server.service.wait_ports import DayAccuracy
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, HOURS, MANAGER, SmallCentre, decoded
from wire.requests import (
    CallRequest,
    Empty,
    PriorityRequest,
    ReceiveRequest,
    RedirectRequest,
    TransferRequest,
)


@pytest.fixture
def centre(store: Store) -> SmallCentre:
    made = SmallCentre(store)
    made.open("q1", "q2")
    return made


def stored(centre: SmallCentre, answer: dict[str, object]) -> Ticket:
    found = centre.store.read(lambda tx: tx.ticket(CENTRE, str(answer["id"])))
    assert found is not None
    return found


def board_of(centre: SmallCentre, service: str) -> dict[str, object]:
    found: dict[str, object] = next(
        one for one in centre.board()["services"] if one["id"] == service
    )
    return found


def test_an_idle_able_counter_means_no_wait(centre: SmallCentre) -> None:
    first = centre.issue()
    assert (first["ahead"], first["wait"]) == (0, {"likely_s": 0, "high_s": 0})
    assert board_of(centre, "ho-tich")["likely_s"] == 0


def test_the_list_of_centres_is_as_fresh_as_the_board(centre: SmallCentre) -> None:
    """Another process, which nobody has asked for a board, answers as well."""
    other = SmallCentre(centre.store, centre.clock)
    assert [one.likely_s for one in other.readings.centres(service="ho-tich")] == [0]
    for _ in range(9):
        centre.issue()
    told = board_of(centre, "ho-tich")["likely_s"]
    assert told
    for each in (centre, other):
        assert [one.likely_s for one in each.readings.centres(service="ho-tich")] == [told]


def test_a_counter_that_changes_while_the_table_is_made_is_in_the_next_one(
    centre: SmallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody else's table is on the way; nobody is left without one meanwhile."""
    centre.issue()
    waits, read = centre.lobby.waits, centre.store.read
    before = waits.last(CENTRE)
    seen = []

    def slow(work: Any) -> Any:
        found = read(work)
        monkeypatch.setattr(centre.store, "read", read)
        for counter in ("q1", "q2"):
            centre.lobby.close_counter(MANAGER, CENTRE, counter, Empty(), None)
        seen.append(waits.last(CENTRE))
        return found

    monkeypatch.setattr(waits, "_elapsed", lambda: 1e6)
    monkeypatch.setattr(waits.learned, "_elapsed", lambda: 1e6)
    waits.learned.of(CENTRE)
    monkeypatch.setattr(centre.store, "read", slow)
    assert waits.of(CENTRE).table.served("ho-tich")
    assert not waits.of(CENTRE).table.served("ho-tich")
    assert before.table.served("ho-tich")
    assert seen[0].table.served("ho-tich")


def test_two_who_look_at_once_learn_each_call_once(
    centre: SmallCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    learnt: list[float] = []
    monkeypatch.setattr(Calibration, "learn", lambda self, *waits: learnt.append(waits[1]))
    hours = centre.lobby.known(CENTRE)[0].hours
    both = Calibrations()

    def call() -> None:
        centre.issue()
        centre.next("q1")

    def looks(*, at_once: bool) -> None:
        def look(tx: Tx) -> None:
            found = tx.called_after

            def while_reading(*asked: Any) -> Any:
                calls = found(*asked)
                monkeypatch.setattr(tx, "called_after", found)
                both.of(tx, CENTRE, hours)
                return calls

            if at_once:
                monkeypatch.setattr(tx, "called_after", while_reading)
            both.of(tx, CENTRE, hours)

        centre.store.read(look)

    call()
    looks(at_once=False)
    call()
    del learnt[:]
    looks(at_once=True)
    assert len(learnt) == 1


def test_what_is_told_is_what_is_stored_and_seen_again(centre: SmallCentre) -> None:
    for _ in range(3):
        centre.issue()
    last = centre.issue()
    row = stored(centre, last)
    assert {"likely_s": row.likely_s, "high_s": row.high_s} == last["wait"]
    assert row.expected_s is not None
    assert row.expected_s > 0
    assert centre.ticket(last)["wait"] == last["wait"]
    assert last["wait"]["high_s"] > last["wait"]["likely_s"] > 0


def test_ahead_is_exact_for_one_service_without_priorities(centre: SmallCentre) -> None:
    issued = [centre.issue() for _ in range(8)]
    assert [one["ahead"] for one in issued] == list(range(8))
    for called in range(8):
        assert [centre.ticket(one)["ahead"] for one in issued[called:]] == list(range(8 - called))
        centre.next("q1")


def test_waits_grow_along_the_queue_and_priority_is_told_less(centre: SmallCentre) -> None:
    for _ in range(3):
        centre.issue()
    waits = [centre.issue()["wait"]["likely_s"] for _ in range(5)]
    assert waits == sorted(waits)
    assert waits[-1] > waits[0]
    assert centre.issue(priority="elderly")["wait"]["likely_s"] < waits[0]


def test_no_open_counter_no_wait(store: Store) -> None:
    centre = SmallCentre(store)
    assert centre.issue("dat-dai")["wait"] is None
    centre.open("q1")
    ticket = centre.issue("dat-dai")
    assert (ticket["ahead"], ticket["wait"]) == (1, None)
    assert stored(centre, ticket).likely_s is None
    assert board_of(centre, "dat-dai")["likely_s"] is None


def test_the_centre_learns_how_far_off_it_was(centre: SmallCentre) -> None:
    """Every service takes twice what is expected: soon people are told so."""
    before = told_behind_two(centre)
    for _ in range(60):
        centre.next("q1")
        centre.next("q2")
        centre.clock.forward(minutes=4)
        centre.issue()
        centre.issue()
    assert told_behind_two(centre) > before


def told_behind_two(centre: SmallCentre) -> int:
    tickets = [centre.issue() for _ in range(4)]
    told = int(tickets[-1]["wait"]["likely_s"])
    for ticket in tickets:
        centre.act("cancel", ticket)
    return told


def test_another_process_knows_the_same(centre: SmallCentre) -> None:
    for minutes in (0, 0, 0, 5, 9, 14, 20, 3):
        centre.issue()
        centre.issue()
        centre.next("q1")
        centre.next("q2")
        centre.clock.forward(minutes=minutes)
    centre.issue()
    centre.ticks += 60.0  # What services take is learnt by the minute.
    again = SmallCentre(centre.store, centre.clock)
    assert again.board()["services"] == centre.board()["services"]


def test_the_days_error_and_coverage_are_kept_and_shown(centre: SmallCentre) -> None:
    assert centre.readings.accuracy(CENTRE).today is None
    third = [centre.issue() for _ in range(3)][-1]
    centre.next("q1")
    centre.next("q2")
    centre.clock.forward(minutes=6)
    third_told = third["wait"]
    centre.next("q1")
    waited_s = 6 * 60
    today = centre.readings.accuracy(CENTRE).today
    assert today is not None
    assert today.tickets == 3
    off = abs(waited_s - third_told["likely_s"])
    assert today.mean_error_s == round(off / 3)
    assert today.median_error_s == 0
    assert today.covered == pytest.approx((2 + (waited_s <= third_told["high_s"])) / 3, abs=1e-3)
    centre.clock.forward(hours=24)
    centre.issue()
    found = centre.readings.accuracy(CENTRE)
    assert found.today is None
    assert [one.tickets for one in found.days] == [3]
    assert found.days[0] == today


def test_who_was_sent_back_or_transferred_says_nothing_of_the_estimate(
    centre: SmallCentre,
) -> None:
    ticket = centre.issue()
    centre.next("q1")
    centre.act("return_", ticket)
    centre.act("transfer", centre.issue(), TransferRequest(service="dat-dai"))
    centre.clock.forward(minutes=30)
    called = [centre.next(counter)["ticket"]["service"] for counter in ("q1", "q2")]
    assert called == ["ho-tich", "dat-dai"]
    assert centre.readings.accuracy(CENTRE).today is None


def test_citizens_are_told_of_the_last_day_alone_and_only_if_it_says_something(
    centre: SmallCentre,
) -> None:
    for day, tickets, told in ((20, 19, None), (21, 20, "2026-11-21"), (22, 19, None)):
        row = DayAccuracy(f"2026-11-{day}", Accuracy(tickets, 60, 50, 0.9))
        centre.store.run(CENTRE, lambda tx, row=row: tx.save_accuracy(CENTRE, row))
        found = centre.readings.last_accuracy(CENTRE)
        assert (found.day if found else None) == told


def test_only_the_first_call_is_measured(centre: SmallCentre) -> None:
    """Who missed a call, was sent back or comes from hold is not called late by the estimate."""
    missed, sent_back, held = (centre.issue() for _ in range(3))
    centre.next("q1")
    centre.clock.forward(seconds=60)
    centre.act("no_show", missed)
    centre.act("return_", missed)
    centre.next("q2")
    centre.act("return_", sent_back)
    centre.act("call", held, CallRequest(counter="q1", why="x"))
    centre.act("hold", held)
    centre.clock.forward(minutes=50)
    for ticket, counter in ((missed, "q1"), (sent_back, "q2")):
        centre.act("call", ticket, CallRequest(counter=counter, why="x"))
        centre.act("finish", ticket)
    centre.act("call", held, CallRequest(counter="q1", why="x"))
    assert centre.readings.accuracy(CENTRE).today is None
    assert verify(centre.store) == []


def test_who_is_served_at_once_was_told_no_wait(centre: SmallCentre) -> None:
    for _ in range(6):
        centre.issue()
    body = ReceiveRequest(service="ho-tich", why="x")
    taken = decoded(centre.lobby.receive(MANAGER, CENTRE, "q1", body, None))
    assert stored(centre, taken).likely_s is None
    assert centre.readings.accuracy(CENTRE).today is None


def test_who_is_back_does_not_stand_before_a_newcomer_who_is_called_first(
    centre: SmallCentre,
) -> None:
    late = centre.issue()
    centre.next("q1")
    centre.clock.forward(seconds=60)
    centre.act("no_show", late)
    centre.act("return_", late)
    told = [centre.issue() for _ in range(4)]
    assert [one["ahead"] for one in told] == [0, 1, 3, 4]
    assert [centre.ticket(one)["ahead"] for one in told] == [0, 1, 3, 4]
    called = [centre.next("q1")["ticket"]["id"] for _ in range(5)]
    assert called == [one["id"] for one in (*told[:2], late, *told[2:])]


def test_who_is_on_the_way_in_another_queue_takes_nobodys_place(centre: SmallCentre) -> None:
    centre.centres.import_file(
        CENTRE_FILE.replace(f'id = "{CENTRE}"', 'id = "home"').replace("106.67 ", "106.70 ")
    )
    home = Caller("t:home", "kiosk", "home")
    body = RedirectRequest(service="ho-tich", to=CENTRE)
    for _ in range(2):
        coming = decoded(centre.lobby.redirect(home, "home", body, None))
        centre.act("set_priority", coming, PriorityRequest(priority="elderly", why="x"))
    assert [centre.issue()["ahead"] for _ in range(3)] == [0, 1, 2]


def test_lunch_is_no_wait(store: Store) -> None:
    centre = SmallCentre(store, file=CENTRE_FILE.replace("# hours", HOURS))
    centre.clock.forward(minutes=140)  # 11:20
    centre.open("q1", "q2")
    centre.issue()
    centre.issue()
    late = centre.issue()
    centre.next("q1")
    centre.next("q2")
    centre.clock.forward(minutes=140)  # 13:40
    centre.next("q1")
    today = centre.readings.accuracy(CENTRE).today
    assert today is not None
    waited_s, told_s = 20 * 60, late["wait"]["likely_s"]
    assert today.mean_error_s == round(abs(waited_s - told_s) / 3)


def test_what_is_printed_knows_the_counters_of_its_own_moment(centre: SmallCentre) -> None:
    """Within the second that a table of waits is good for."""
    centre.lobby.close_counter(MANAGER, CENTRE, "q1", Empty(), None)
    centre.issue()
    centre.hold_time = True
    centre.next("q2")
    taken = centre.issue()["wait"]
    assert taken["likely_s"] > 300
    called = centre.board()["counters"][1]["ticket"]["number"]
    finished = next(one for one in tickets(centre) if one.number == called)
    centre.act("cancel", {"id": next(one.id for one in tickets(centre) if one.state == "waiting")})
    centre.act("finish", {"id": finished.id})
    assert centre.issue()["wait"] == {"likely_s": 0, "high_s": 0}
    assert centre.issue("dat-dai")["wait"]["likely_s"] > 0


def tickets(centre: SmallCentre) -> list[Ticket]:
    return centre.store.read(lambda tx: tx.all_tickets(CENTRE))
