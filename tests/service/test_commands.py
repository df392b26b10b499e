"""A clerk's and a greeter's commands on one centre, on both databases."""

from collections.abc import Iterator

import pytest

from server.service.ports import Caller, Store
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.errors import Refusal
from wire.requests import (
    CallRequest,
    FinishRequest,
    HoldRequest,
    LateRequest,
    PauseRequest,
    PriorityRequest,
    ReceiveRequest,
    ResumeRequest,
    TransferRequest,
)


@pytest.fixture
def centre(store: Store) -> Iterator[SmallCentre]:
    made = SmallCentre(store)
    made.open("q1", "q2")
    yield made
    assert verify(store) == []


def refusal(code: str) -> pytest.RaisesExc[Refusal]:
    return pytest.raises(Refusal, match=code)


def test_a_ticket_from_issue_to_served(centre: SmallCentre) -> None:
    issued = centre.issue()
    assert (issued["number"], issued["state"], issued["ahead"]) == ("H001", "waiting", 0)
    assert issued["track_url"].startswith("http://localhost/t/")
    called = centre.next("q1")["ticket"]
    assert (called["number"], called["state"]) == ("H001", "called")
    assert called["counter"] == {"id": "q1", "number": 1}
    centre.clock.forward(seconds=20)
    assert centre.act("start", called)["state"] == "serving"
    centre.clock.forward(seconds=300)
    served = centre.act("finish", called, FinishRequest(outcome="taken_in"))
    assert served["state"] == "served"
    assert served["ended_at"] > served["started_at"] > served["called_at"]
    kinds = centre.kinds()
    assert kinds[-4:] == ["issued", "called", "started", "served"]


def test_ahead_counts_those_expected_before(centre: SmallCentre) -> None:
    assert [centre.issue()["ahead"] for _ in range(3)] == [0, 1, 2]
    assert centre.issue(priority="elderly")["ahead"] == 0
    last = centre.issue()
    assert last["ahead"] == 4
    assert centre.ticket(last)["ahead"] == 4
    assert last["wait"]["high_s"] > last["wait"]["likely_s"] > 0


def test_next_ends_the_present_and_calls_the_next(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    centre.next("q1")
    answer = centre.next("q1")
    assert answer["finished"]["id"] == first["id"]
    assert answer["finished"]["state"] == "served"
    assert answer["ticket"]["id"] == second["id"]
    assert answer["reason"]["candidates"][0]["ticket"] == second["id"]
    assert answer["reason"]["words"]["vi"].startswith(f"Mời {second['number']} Hộ tịch (")
    empty = centre.next("q1", current="on_hold")
    assert (empty["ticket"], empty["reason"]) == (None, None)
    assert empty["finished"]["state"] == "on_hold"


def test_next_needs_an_open_counter(centre: SmallCentre) -> None:
    centre.lobby.pause_counter(MANAGER, CENTRE, "q1", PauseRequest(code="an-trua"), None)
    with refusal("counter_not_open"):
        centre.next("q1")
    with refusal("unknown_counter"):
        centre.next("q9")


def test_no_show_only_after_a_minute(centre: SmallCentre) -> None:
    centre.issue()
    called = centre.next("q1")["ticket"]
    centre.clock.forward(seconds=59)
    with refusal("too_early"):
        centre.act("no_show", called, LateRequest())
    with refusal("too_early"):
        centre.next("q1", current="no_show")
    centre.clock.forward(seconds=1)
    assert centre.act("no_show", called, LateRequest())["state"] == "no_show"
    back = centre.act("return_", called)
    assert (back["state"], back["counter"], back["ended_at"]) == ("waiting", None, None)


def test_recall_counts_times(centre: SmallCentre) -> None:
    centre.issue()
    called = centre.next("q1")["ticket"]
    centre.act("recall", called)
    assert centre.board()["calls"][0]["times"] == 2


def test_hold_and_resume_at_another_counter(centre: SmallCentre) -> None:
    centre.issue()
    called = centre.next("q1")["ticket"]
    held = centre.act("hold", called, HoldRequest(why="bổ sung giấy tờ"))
    assert held["state"] == "on_hold"
    desk = centre.readings.desk(CENTRE, "q1")
    assert [(item.number, item.why) for item in desk.held] == [("H001", "bổ sung giấy tờ")]
    centre.issue()
    centre.next("q2")
    with refusal("counter_busy"):
        centre.act("resume", held, ResumeRequest(counter="q2"))
    resumed = centre.act("resume", held)
    assert (resumed["state"], resumed["counter"]["id"]) == ("serving", "q1")


def test_transfer_waits_afresh_on_the_same_number(centre: SmallCentre) -> None:
    centre.issue()
    called = centre.next("q1")["ticket"]
    centre.clock.forward(minutes=5)
    moved = centre.act("transfer", called, TransferRequest(service="dat-dai"))
    assert (moved["number"], moved["service"], moved["state"]) == ("H001", "dat-dai", "waiting")
    assert centre.next("q1")["ticket"] is None
    assert centre.next("q2")["ticket"]["number"] == "H001"
    for wrong in (TransferRequest(), TransferRequest(service="a", counter="q1")):
        with refusal("invalid_body"):
            centre.act("transfer", called, wrong)


def test_a_ticket_pinned_to_a_counter_is_called_there_only(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.act("transfer", ticket, TransferRequest(counter="q2"))
    assert centre.next("q1")["ticket"] is None
    assert centre.next("q2")["ticket"]["id"] == ticket["id"]


def test_cancel_and_priority(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    centre.act("set_priority", second, PriorityRequest(priority="disabled", why="xe lăn"))
    assert centre.next("q1")["ticket"]["id"] == second["id"]
    assert centre.act("cancel", first)["state"] == "cancelled"
    assert centre.next("q2")["ticket"] is None
    with refusal("invalid_transition"):
        centre.act("set_priority", first, PriorityRequest(priority="none", why="x"))


def test_call_out_of_order_keeps_its_reason(centre: SmallCentre, store: Store) -> None:
    centre.issue()
    late = centre.issue()
    body = CallRequest(counter="q2", why="lệnh lãnh đạo")
    assert centre.act("call", late, body)["state"] == "called"
    reason = store.read(lambda tx: tx.recent_calls(CENTRE, late["day"], 1))[0].reason
    assert "lệnh lãnh đạo" in reason
    with refusal("counter_busy"):
        centre.act("call", centre.issue(), body)


def test_direct_reception_holds_the_present(centre: SmallCentre) -> None:
    centre.issue()
    present = centre.next("q1")["ticket"]
    body = ReceiveRequest(service="dat-dai", why="người già", priority="elderly")
    centre.lobby.receive(MANAGER, CENTRE, "q1", body, None)
    desk = centre.readings.desk(CENTRE, "q1")
    assert desk.current is not None
    assert (desk.current.number, desk.current.state) == ("A001", "serving")
    assert centre.ticket(present)["state"] == "on_hold"
    undone = centre.undo("q1")
    assert undone["undone"] == "receive"
    assert centre.ticket(present)["state"] == "called"
    assert centre.ticket({"id": desk.current.id})["state"] == "cancelled"


def test_a_counter_with_a_ticket_is_neither_paused_nor_closed(centre: SmallCentre) -> None:
    centre.issue()
    centre.next("q1")
    for command in (centre.lobby.pause_counter, centre.lobby.close_counter):
        with refusal("counter_busy"):
            command(MANAGER, CENTRE, "q1", PauseRequest(), None)


def test_a_pad_acts_on_its_own_counter_only(centre: SmallCentre) -> None:
    centre.issue()
    called = centre.next("q1")["ticket"]
    other = Caller("t:pad", "pad", CENTRE, counter="q2")
    with refusal("forbidden"):
        centre.act("recall", called, caller=other)
    own = Caller("t:pad", "pad", CENTRE, counter="q1")
    assert "track_url" not in centre.act("recall", called, caller=own)


def test_the_same_key_gives_the_same_answer_once(centre: SmallCentre) -> None:
    first = centre.issue(key="once-only")
    again = centre.issue(key="once-only")
    assert first == again
    assert centre.kinds().count("issued") == 1
    with refusal("idempotency_mismatch"):
        centre.issue("dat-dai", key="once-only")
    assert centre.issue()["number"] == "H002"


def test_undo_of_next_puts_both_tickets_back(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    centre.next("q1")
    centre.act("start", first)
    before = centre.ticket(first)
    centre.next("q1")
    assert centre.readings.desk(CENTRE, "q1").served_today == 1
    undone = centre.undo("q1")
    assert undone["undone"] == "next"
    assert centre.ticket(first) == before
    assert centre.ticket(second)["state"] == "waiting"
    assert centre.readings.desk(CENTRE, "q1").served_today == 0
    assert [call["number"] for call in centre.board()["calls"]] == ["H001"]
    with refusal("nothing_to_undo"):
        centre.undo("q1")


def test_undo_is_for_ten_seconds(centre: SmallCentre) -> None:
    centre.issue()
    centre.next("q1")
    centre.clock.forward(seconds=10.1)
    with refusal("nothing_to_undo"):
        centre.undo("q1")


def test_undo_is_refused_when_others_built_on_it(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    centre.act("transfer", ticket, TransferRequest(service="dat-dai"))
    centre.next("q2")
    with refusal("nothing_to_undo"):
        centre.undo("q1")
    assert centre.ticket(ticket)["counter"]["id"] == "q2"


def test_undo_of_a_pause_opens_again(centre: SmallCentre) -> None:
    centre.lobby.pause_counter(MANAGER, CENTRE, "q1", PauseRequest(code="hop"), None)
    assert centre.undo("q1")["counter"]["state"] == "open"
    assert centre.kinds()[-2:] == ["counter_paused", "counter_opened"]


def test_recall_leaves_undo_to_the_call_before_it(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    centre.act("recall", ticket)
    assert centre.undo("q1")["undone"] == "next"
    assert centre.ticket(ticket)["state"] == "waiting"


def test_a_recall_brings_no_change_of_somebody_else_within_undo(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    greeter = Caller("t:greeter", "greeter", CENTRE)
    centre.act("set_priority", ticket, PriorityRequest("elderly", "cụ lớn tuổi"), caller=greeter)
    centre.act("recall", ticket)
    with pytest.raises(Refusal, match="later command"):
        centre.undo("q1")
    assert centre.ticket(ticket)["priority"] == "elderly"


def test_what_a_greeter_does_is_not_the_counters_command(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    greeter = Caller("t:greeter", "greeter", CENTRE)
    centre.act("return_", ticket, caller=greeter)
    with refusal("nothing_to_undo"):
        centre.undo("q1")
    assert centre.ticket(ticket)["state"] == "waiting"


def test_a_late_press_keeps_its_own_time(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    pressed = centre.clock.now()
    centre.clock.forward(minutes=3)
    served = centre.act("finish", ticket, FinishRequest(at=pressed))
    assert served["ended_at"] == served["called_at"]


def test_opening_an_open_counter_is_no_event(centre: SmallCentre) -> None:
    before = centre.kinds()
    centre.open("q1")
    assert centre.kinds() == before


def test_unknown_things_are_named(centre: SmallCentre) -> None:
    with refusal("unknown_service"):
        centre.issue("khong-co")
    with refusal("unknown_ticket"):
        centre.act("start", {"id": "01a2098a-0000-7000-8000-000000000000"})


def test_the_board_tells_the_public_picture(centre: SmallCentre) -> None:
    centre.issue()
    centre.issue("dat-dai")
    centre.next("q1")
    board = centre.board()
    assert board["calls"][0]["number"] == "H001"
    assert board["calls"][0]["zone"] == "a"
    assert {s["id"]: s["waiting"] for s in board["services"]} == {"ho-tich": 0, "dat-dai": 1}
    q1 = board["counters"][0]
    assert q1["ticket"] == {"number": "H001", "state": "called"}
    assert board["seq"] == len(centre.kinds())


def test_a_call_that_led_nowhere_leaves_the_board(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    centre.next("q1")
    centre.next("q2")
    centre.act("return_", first)
    centre.act("transfer", second, TransferRequest(service="dat-dai"))
    assert centre.board()["calls"] == []
    centre.undo("q2")
    assert [call["number"] for call in centre.board()["calls"]] == ["H002"]
    centre.undo("q1")
    assert [call["number"] for call in centre.board()["calls"]] == ["H002", "H001"]
    centre.act("start", first)
    centre.act("transfer", first, TransferRequest(service="dat-dai"))
    assert [call["number"] for call in centre.board()["calls"]] == ["H002", "H001"]


def test_the_desk_lists_the_next_five_as_the_rule_calls_them(centre: SmallCentre) -> None:
    for _ in range(6):
        centre.issue()
    centre.issue(priority="pregnant")
    listed = [item.number for item in centre.readings.desk(CENTRE, "q1").next]
    called = [centre.next("q1")["ticket"]["number"] for _ in range(5)]
    assert listed == called == ["H007", "H001", "H002", "H003", "H004"]
