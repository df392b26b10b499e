"""What desks keep beside the queue: outcomes, reasons, notes, seats, and a counter's own day."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from server.service.access_ports import PersonRow
from server.service.desk_readings import DeskReadings
from server.service.ports import Caller, Operation, Store
from server.service.seats import SeatPlan
from server.service.verify import verify
from server.storage import access_rows
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre, decoded
from wire.desk import Desk
from wire.errors import Refusal
from wire.requests import (
    CallRequest,
    FinishRequest,
    HoldReasonRequest,
    HoldRequest,
    NextRequest,
    NoteRequest,
    PauseRequest,
    PriorityRequest,
    ReceiveRequest,
    SeatRequest,
    TransferRequest,
)

HANH = Caller("u:1", "clerk", CENTRE, name="hanh")
LAN = Caller("u:2", "clerk", CENTRE, name="lan")


@pytest.fixture
def centre(store: Store) -> Iterator[SmallCentre]:
    made = SmallCentre(store)
    made.open("q1", "q2")
    yield made
    assert verify(store) == []


def desk(centre: SmallCentre, counter: str = "q1") -> Desk:
    return centre.readings.desk(CENTRE, counter)


def readings(centre: SmallCentre) -> DeskReadings:
    return DeskReadings(centre.store, centre.clock, centre.lobby.book, centre.lobby.waits)


def told(centre: SmallCentre, kind: str) -> dict[str, Any]:
    """What the newest event of a kind keeps."""
    sql = "SELECT data FROM event WHERE kind = ? ORDER BY seq DESC LIMIT 1"
    (row,) = centre.store.read(lambda tx: tx.all(sql, (kind,)))
    found: dict[str, Any] = msgspec.json.decode(row[0])
    return found


def test_the_big_button_keeps_the_outcome_of_the_one_it_ends(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    centre.next("q1")
    body = NextRequest(outcome="taken_in", dossiers=2)
    answer = decoded(centre.lobby.call_next(MANAGER, CENTRE, "q1", body, None))
    assert (answer["finished"]["id"], answer["ticket"]["id"]) == (first["id"], second["id"])
    centre.act("finish", second, FinishRequest(outcome="papers_missing", dossiers=1))
    figures = readings(centre).figures(CENTRE, "q1")
    assert (figures.served, figures.dossiers) == (2, 3)
    assert figures.outcomes == {"taken_in": 1, "papers_missing": 1}
    undone = centre.undo("q1")
    assert undone["tickets"][0]["state"] == "called"
    assert readings(centre).figures(CENTRE, "q1").dossiers == 2


def test_what_is_on_hold_says_what_it_waits_for(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    centre.next("q1")
    centre.act("hold", first, HoldRequest(reason="papers_to_fetch"))
    centre.next("q1")
    centre.act("hold", second, HoldRequest("chờ người nhà", "other"))
    assert [(item.reason, item.why) for item in desk(centre).held] == [
        ("papers_to_fetch", None), (None, "chờ người nhà"),
    ]  # fmt: skip
    assert told(centre, "held")["reason"] == "other"


def test_the_reason_of_a_hold_may_come_later_and_undo_still_means_the_hold(
    centre: SmallCentre,
) -> None:
    ticket = centre.issue()
    centre.next("q1")
    with pytest.raises(Refusal) as refused:
        centre.act("set_hold_reason", ticket, HoldReasonRequest(reason="papers_to_fetch"))
    assert (refused.value.code, refused.value.from_state) == ("invalid_transition", "called")
    centre.act("hold", ticket)
    centre.act("set_hold_reason", ticket, HoldReasonRequest(reason="papers_to_fetch"))
    assert desk(centre).held[0].reason == "papers_to_fetch"
    assert told(centre, "held") == {
        "set": {"note": "papers_to_fetch"}, "reason": "papers_to_fetch",
    }  # fmt: skip
    kinds = centre.kinds()
    centre.act("set_hold_reason", ticket, HoldReasonRequest(reason="papers_to_fetch"))
    personal = HoldReasonRequest("gọi 0912 345 678", "other")
    with pytest.raises(Refusal) as refused:
        centre.act("set_hold_reason", ticket, personal)
    assert refused.value.code == "looks_personal"
    assert centre.kinds() == kinds
    centre.act("set_hold_reason", ticket, HoldReasonRequest("chờ người nhà", "other"))
    assert desk(centre).held[0].why == "chờ người nhà"
    undone = centre.undo("q1")
    assert (undone["undone"], undone["tickets"][0]["state"]) == ("hold", "called")
    assert desk(centre).held == []


def test_a_break_may_be_given_its_code_later_and_undo_still_means_the_break(
    centre: SmallCentre,
) -> None:
    centre.lobby.pause_counter(MANAGER, CENTRE, "q1", PauseRequest(), None)
    begun = told(centre, "counter_paused")["set"]["since_ms"]
    centre.clock.forward(seconds=5)
    centre.lobby.pause_counter(MANAGER, CENTRE, "q1", PauseRequest("meal"), None)
    assert desk(centre).pause_code == "meal"
    assert told(centre, "counter_paused")["set"]["since_ms"] == begun
    assert centre.undo("q1")["counter"]["state"] == "open"


def test_no_desk_takes_back_what_another_did(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    offer = desk(centre).undo
    assert offer is not None
    centre.act("start", ticket)  # by the other desk, on the same number
    kinds = centre.kinds()
    with pytest.raises(Refusal) as refused:
        centre.undo("q1", seen=offer.id)
    assert refused.value.code == "counter_moved_on"
    assert centre.kinds() == kinds
    now = desk(centre).undo
    assert now is not None
    assert centre.undo("q1", seen=now.id)["undone"] == "start"


def test_two_desks_that_press_at_once_call_one_number(centre: SmallCentre) -> None:
    first, _ = centre.issue(), centre.issue()
    seen = NextRequest(seen=None)
    decoded(centre.lobby.call_next(MANAGER, CENTRE, "q1", seen, None))
    kinds = centre.kinds()
    with pytest.raises(Refusal) as refused:
        centre.lobby.call_next(MANAGER, CENTRE, "q1", seen, None)
    assert refused.value.code == "counter_moved_on"
    assert centre.kinds() == kinds
    body = NextRequest(seen=first["id"])
    answer = decoded(centre.lobby.call_next(MANAGER, CENTRE, "q1", body, None))
    assert answer["finished"]["id"] == first["id"]


def test_a_days_figures_are_of_the_counter_and_the_day(centre: SmallCentre) -> None:
    for _ in range(3):
        centre.issue()
    centre.clock.forward(minutes=10)
    ticket = centre.next("q1")["ticket"]
    centre.clock.forward(seconds=40)
    centre.act("start", ticket)
    centre.clock.forward(minutes=6)
    centre.act("finish", ticket)
    missed = centre.next("q1")["ticket"]
    centre.clock.forward(seconds=61)
    centre.act("no_show", missed)
    centre.next("q2")
    figures = readings(centre).figures(CENTRE, "q1")
    assert (figures.served, figures.no_show, figures.held) == (1, 1, 0)
    assert (figures.wait_median_s, figures.walk_median_s, figures.service_median_s) == (
        800, 40, 360,
    )  # fmt: skip
    assert figures.outcomes == {"none": 1}
    centre.clock.forward(hours=24)
    assert readings(centre).figures(CENTRE, "q1").served == 0


def test_the_desk_says_why_this_number_and_what_came_before(centre: SmallCentre) -> None:
    ticket = centre.issue("ho-tich")
    centre.next("q1")
    assert desk(centre).reason is not None
    assert desk(centre).steps == ()
    centre.act("start", ticket)
    centre.act("transfer", ticket, TransferRequest(service="dat-dai"))
    centre.next("q2")
    shown = desk(centre, "q2")
    assert [(step.counter.id, step.service) for step in shown.steps] == [("q1", "ho-tich")]
    assert shown.reason is not None
    assert shown.reason["rule"] != "chosen"


def test_a_number_out_of_turn_keeps_its_closed_reason_and_the_leader(centre: SmallCentre) -> None:
    first, second = centre.issue(), centre.issue()
    body = CallRequest("q1", "Theo lệnh", reason="leader_order", by="Phó Chủ tịch phường")
    centre.act("call", second, body)
    kept = {"why": "Theo lệnh", "reason": "leader_order", "by": "Phó Chủ tịch phường"}
    assert told(centre, "called") | kept == told(centre, "called")
    assert desk(centre).reason == {"rule": "chosen", **kept}
    with pytest.raises(Refusal) as refused:
        centre.act("set_priority", first, PriorityRequest("merit", "Theo lệnh", "leader_order"))
    assert refused.value.code == "reason_incomplete"
    centre.act("set_priority", first, PriorityRequest("elderly", "Trên 80", "elderly_or_frail"))
    assert told(centre, "priority_changed")["reason"] == "elderly_or_frail"
    received = ReceiveRequest("ho-tich", "Cụ yếu", reason="elderly_or_frail", language="en")
    answer = decoded(centre.lobby.receive(MANAGER, CENTRE, "q1", received, None))
    assert (answer["state"], answer["language"]) == ("serving", "en")
    assert [(item.number, item.reason) for item in desk(centre).held] == [
        (second["number"], "gave_way")
    ]
    assert told(centre, "started") is not None


@pytest.mark.parametrize(
    "text", ["Số CCCD 079 123 456 789", "gọi (0912) – 345.678", "thư a@b.vn", "(+84) 912 345 678"]
)
def test_what_identifies_people_is_refused_everywhere(centre: SmallCentre, text: str) -> None:
    ticket = centre.issue()
    kinds = centre.kinds()
    for action, body in (
        ("call", CallRequest("q1", text)),
        ("set_priority", PriorityRequest("merit", text)),
        ("note", NoteRequest(text)),
    ):
        with pytest.raises(Refusal) as refused:
            centre.act(action, ticket, body)
        assert refused.value.code == "looks_personal"
    assert centre.kinds() == kinds
    centre.act("call", ticket, CallRequest("q1", "Hẹn lúc 10 giờ 30, phòng 12, hồ sơ 2026-11"))
    with pytest.raises(Refusal) as refused:
        centre.act("hold", ticket, HoldRequest(text))
    assert refused.value.errors[0].field == "why"


def test_a_note_goes_with_the_number_and_is_gone_with_the_day(centre: SmallCentre) -> None:
    ticket = centre.issue()
    centre.next("q1")
    centre.act("note", ticket, NoteRequest("Đã xem bản chính"))
    assert desk(centre).note == "Đã xem bản chính"
    centre.act("transfer", ticket, TransferRequest(counter="q2"))
    centre.next("q2")
    assert desk(centre, "q2").note == "Đã xem bản chính"
    logged = centre.store.read(lambda tx: tx.all("SELECT data FROM event"))
    assert not any("bản chính" in row[0] for row in logged)
    centre.act("note", ticket, NoteRequest(None))
    assert desk(centre, "q2").note is None
    scope = f"t:manager POST /api/v1/centres/{CENTRE}/tickets/{ticket['id']}/note"
    pressed = Operation(scope, "key-of-the-note", "digest")
    centre.lobby.note(MANAGER, CENTRE, ticket["id"], NoteRequest("Thiếu ảnh"), pressed)
    centre.clock.forward(hours=24)
    centre.issue()
    assert centre.store.read(lambda tx: tx.note(ticket["id"])) is None
    remembered = centre.store.read(lambda tx: tx.all("SELECT scope, body FROM operation"))
    assert not any("Thiếu ảnh" in body for _, body in remembered)
    assert any("POST tickets" in scope for scope, _ in remembered)


def test_the_cost_of_a_jump_is_said_before_it(centre: SmallCentre) -> None:
    tickets = [centre.issue() for _ in range(5)]
    cost = readings(centre).ticket_jump(CENTRE, tickets[4]["id"], None)
    assert (cost.people, cost.each_s) == (4, 240)  # 8 minutes, shared by two counters.
    assert readings(centre).ticket_jump(CENTRE, tickets[0]["id"], None).people == 0
    assert readings(centre).ticket_jump(CENTRE, tickets[3]["id"], "elderly").people == 3
    assert readings(centre).ticket_jump(CENTRE, tickets[3]["id"], "none").people == 0
    assert readings(centre).reception_jump(CENTRE, "ho-tich").people == 5
    alone = readings(centre).reception_jump(CENTRE, "dat-dai")
    assert (alone.people, alone.each_s) == (0, 0)


def test_the_last_counter_of_a_service_is_told_so(centre: SmallCentre) -> None:
    centre.issue("dat-dai")
    assert desk(centre, "q1").last_for == ()
    assert [(one.service, one.waiting) for one in desk(centre, "q2").last_for] == [("dat-dai", 1)]
    decoded(centre.lobby.close_counter(MANAGER, CENTRE, "q1", None, None))
    assert {one.service for one in desk(centre, "q2").last_for} == {"ho-tich", "dat-dai"}
    assert desk(centre, "q1").last_for == ()


def seated(centre: SmallCentre) -> SeatPlan:
    def hire(tx: Any) -> None:
        for id_, name in (("1", "hanh"), ("2", "lan")):
            access_rows.add_person(tx, PersonRow(id_, name, "clerk", CENTRE, "", 0, None))
        access_rows.add_person(tx, PersonRow("3", "dieu", "greeter", CENTRE, "", 0, None))

    centre.store.run("", hire)
    return SeatPlan(centre.store, centre.clock, centre.lobby.book)


def sit(plan: SeatPlan, who: Caller, counter: str, **body: Any) -> dict[str, str]:
    """Sit down, or give; who sits where afterwards."""
    answer = decoded(plan.sit(who, CENTRE, counter, SeatRequest(**body), None))
    return {seat["counter"]["id"]: seat["name"] for seat in answer["seats"]}


def test_a_seat_is_taken_handed_over_and_left(centre: SmallCentre) -> None:
    plan = seated(centre)
    assert plan.plan(CENTRE).colleagues == ["hanh", "lan"]
    assert sit(plan, HANH, "q1") == {"q1": "hanh"}
    assert sit(plan, HANH, "q1") == {"q1": "hanh"}
    with pytest.raises(Refusal) as refused:
        sit(plan, LAN, "q1")
    assert refused.value.code == "seat_taken"
    assert "hanh" in refused.value.detail
    assert sit(plan, HANH, "q2") == {"q2": "hanh"}
    assert sit(plan, LAN, "q2", take_over=True) == {"q2": "lan"}
    with pytest.raises(Refusal) as refused:
        sit(plan, HANH, "q2", name="hanh")
    assert refused.value.code == "seat_taken"
    assert sit(plan, LAN, "q2", name="HANH ") == {"q2": "hanh"}
    assert sit(plan, MANAGER, "q2", name="lan") == {"q2": "lan"}
    with pytest.raises(Refusal) as refused:
        sit(plan, HANH, "q2", name="dieu")
    assert refused.value.code == "unknown_user"
    plan.leave(HANH, CENTRE, "q2", None)
    assert [seat.name for seat in plan.plan(CENTRE).seats] == ["lan"]
    plan.leave(LAN, CENTRE, "q2", None)
    assert plan.plan(CENTRE).seats == []


def test_a_clerk_gives_away_no_counter_of_others(centre: SmallCentre) -> None:
    plan = seated(centre)
    sit(plan, LAN, "q2")
    third = Caller("u:9", "clerk", CENTRE, name="moi")
    with pytest.raises(Refusal) as refused:
        sit(plan, third, "q2", name="hanh")
    assert refused.value.code == "forbidden"
    assert [seat.name for seat in plan.plan(CENTRE).seats] == ["lan"]


def test_a_seat_ends_with_the_counter_and_with_the_day(centre: SmallCentre) -> None:
    plan = seated(centre)
    sit(plan, HANH, "q1")
    sit(plan, LAN, "q2")
    decoded(centre.lobby.close_counter(HANH, CENTRE, "q1", None, None))
    assert [seat.name for seat in plan.plan(CENTRE).seats] == ["lan"]
    centre.clock.forward(hours=24)
    assert plan.plan(CENTRE).seats == []
