"""What the holder of a link does: steps back fairly, says they come, gives up; never twice."""

from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from server.domain.turns import Place, place_after_step_back
from server.service.by_link import ByLink
from server.service.ports import Operation, Store
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre, decoded
from wire.errors import Refusal
from wire.requests import CallRequest, FinishRequest, HoldRequest, LateRequest, TransferRequest
from wire.visits import PublicTicket


class Visitor:
    """A centre with two counters, and people who hold the links of their numbers."""

    def __init__(self, store: Store) -> None:
        self.centre = SmallCentre(store)
        self.centre.open("q1", "q2")
        self.links = ByLink(self.centre.lobby, self.centre.readings.tables)

    def people(self, count: int, **more: Any) -> list[dict[str, Any]]:
        """So many numbers, a second apart."""
        found = []
        for _ in range(count):
            self.centre.clock.forward(seconds=1)
            found.append(self.centre.issue(**more))
        return found

    def act(self, action: str, ticket: dict[str, Any], key: str | None = None) -> dict[str, Any]:
        """A command by the link of a ticket."""
        operation = Operation(f"link {action}", key, "{}") if key else None
        return decoded(getattr(self.links, action)(CENTRE, ticket["id"], operation))

    def refused(self, action: str, ticket: dict[str, Any]) -> str:
        """The code of a refusal that changed nothing."""
        before = self.seen(ticket), self.centre.kinds()
        with pytest.raises(Refusal) as refusal:
            self.act(action, ticket)
        assert (self.seen(ticket), self.centre.kinds()) == before
        return refusal.value.code

    def seen(self, ticket: dict[str, Any]) -> PublicTicket:
        """What the phone shows."""
        return self.centre.readings.track(ticket["track_url"].rsplit("/", 1)[1])

    def order(self, counter: str = "q1") -> list[str]:
        """The numbers a counter calls until nobody waits."""
        found = []
        while ticket := self.centre.next(counter)["ticket"]:
            found.append(ticket["number"])
        return found


@pytest.fixture
def visitor(store: Store) -> Iterator[Visitor]:
    made = Visitor(store)
    yield made
    assert verify(store) == []


def test_three_of_the_queue_go_first_and_the_number_stays(visitor: Visitor) -> None:
    people = visitor.people(7)
    after = visitor.act("step_back", people[1])
    assert (after["number"], after["state"], after["ahead"]) == ("H002", "waiting", 4)
    assert (after["steps_left"], visitor.seen(people[1]).ahead) == (2, 4)
    assert visitor.seen(people[5]).ahead == 5
    assert visitor.order() == ["H001", "H003", "H004", "H005", "H002", "H006", "H007"]


def test_who_has_nobody_behind_lets_those_pass_who_come_later(visitor: Visitor) -> None:
    first, own = visitor.people(2)
    assert visitor.act("step_back", own)["ahead"] == 1
    visitor.people(4)
    assert visitor.seen(own).ahead == 4
    listed = [item.number for item in visitor.centre.readings.desk(CENTRE, "q1").next]
    assert listed == ["H001", "H003", "H004", "H005", "H002"]
    assert visitor.order() == [*listed, "H006"]
    assert first["number"] == "H001"


def test_no_counter_idles_because_somebody_stepped_back(visitor: Visitor) -> None:
    [own] = visitor.people(1)
    visitor.act("step_back", own)
    assert visitor.order() == ["H001"]


def test_a_call_is_taken_back_and_the_counter_is_free(visitor: Visitor) -> None:
    visitor.people(5)
    called = visitor.centre.next("q1")["ticket"]
    after = visitor.act("step_back", visitor.centre.ticket(called))
    assert (after["state"], after["counter"], after["ahead"]) == ("waiting", None, 3)
    assert visitor.centre.board()["calls"] == []
    desk = visitor.centre.readings.desk(CENTRE, "q1")
    assert (desk.current, desk.counter.state) == (None, "open")
    assert visitor.centre.kinds()[-1] == "returned"
    assert visitor.order() == ["H002", "H003", "H004", "H001", "H005"]


def test_only_the_own_queue_lets_pass(visitor: Visitor) -> None:
    own, *_ = visitor.people(3)
    visitor.people(2, priority="elderly")
    visitor.people(2, service="dat-dai")
    after = visitor.act("step_back", own)
    assert after["ahead"] >= 2
    regular = [number for number in visitor.order() if number in ("H001", "H002", "H003")]
    assert regular == ["H002", "H003", "H001"]


def test_three_times_a_visit_and_no_more(visitor: Visitor) -> None:
    own, *_ = visitor.people(12)
    lefts = [visitor.act("step_back", own)["steps_left"] for _ in range(3)]
    assert lefts == [2, 1, 0]
    assert visitor.refused("step_back", own) == "no_steps_left"
    assert "step_back" not in visitor.seen(own).can
    assert visitor.seen(own).ahead == 9
    numbers = visitor.order()
    assert numbers.index("H001") == 9


def test_the_same_press_twice_steps_back_once(visitor: Visitor) -> None:
    own, *_ = visitor.people(9)
    first = visitor.act("step_back", own, key="press-0001")
    assert visitor.act("step_back", own, key="press-0001") == first
    assert visitor.seen(own).steps_left == 2


def test_a_step_back_after_a_no_show_adds_to_the_calls_let_pass(visitor: Visitor) -> None:
    own, *_ = visitor.people(7)
    missed = visitor.centre.next("q1")["ticket"]
    visitor.centre.clock.forward(seconds=60)
    visitor.centre.act("no_show", missed, LateRequest())
    assert visitor.refused("step_back", own) == "invalid_transition"
    visitor.centre.act("return_", missed)
    visitor.act("step_back", own)
    assert visitor.order() == ["H002", "H003", "H004", "H005", "H006", "H001", "H007"]


def test_a_pinned_number_stays_pinned(visitor: Visitor) -> None:
    own, *_ = visitor.people(3)
    visitor.centre.act("transfer", own, TransferRequest(counter="q2"))
    visitor.act("step_back", own)
    assert visitor.order("q1") == ["H002", "H003"]
    assert visitor.order("q2") == ["H001"]


def test_an_ending_kept_offline_ends_no_later_call(visitor: Visitor) -> None:
    own, *_ = visitor.people(1)
    centre, clock = visitor.centre, visitor.centre.clock
    centre.next("q1")
    clock.forward(seconds=90)
    pressed = clock.now()
    clock.forward(seconds=1)
    visitor.act("step_back", own)
    clock.forward(seconds=300)
    centre.next("q2")
    clock.forward(seconds=90)
    before = centre.ticket(own), centre.kinds()
    for press in (
        lambda: centre.lobby.finish(MANAGER, CENTRE, own["id"], FinishRequest(at=pressed), None),
        lambda: centre.lobby.no_show(MANAGER, CENTRE, own["id"], LateRequest(at=pressed), None),
        lambda: centre.lobby.hold(MANAGER, CENTRE, own["id"], HoldRequest(at=pressed), None),
    ):
        with pytest.raises(Refusal, match="called again since") as refusal:
            press()
        assert refusal.value.code == "invalid_transition"
    assert (centre.ticket(own), centre.kinds()) == before
    centre.lobby.finish(MANAGER, CENTRE, own["id"], FinishRequest(at=clock.now()), None)
    assert centre.ticket(own)["state"] == "served"


def test_undo_at_the_counter_does_not_tear_a_citizen_back(visitor: Visitor) -> None:
    visitor.people(5)
    called = visitor.centre.next("q1")["ticket"]
    visitor.act("step_back", visitor.centre.ticket(called))
    with pytest.raises(Refusal) as refusal:
        visitor.centre.undo("q1")
    assert refusal.value.code == "nothing_to_undo"


def test_coming_belongs_to_one_call_and_is_no_event(visitor: Visitor) -> None:
    own, *_ = visitor.people(2)
    assert visitor.refused("coming", own) == "invalid_transition"
    called = visitor.centre.next("q1")["ticket"]
    assert visitor.seen(own).can == ("step_back", "coming", "cancel")
    heard: list[str] = []
    visitor.links.on_coming.append(heard.append)
    before = visitor.centre.kinds()
    assert visitor.act("coming", own)["coming"] is True
    assert visitor.act("coming", own)["coming"] is True
    assert (visitor.centre.kinds(), heard) == (before, [CENTRE, CENTRE])
    current = visitor.centre.readings.desk(CENTRE, "q1").current
    assert current is not None
    assert current.coming
    assert visitor.centre.ticket(own)["coming"] is True
    assert visitor.seen(own).can == ("step_back", "cancel")
    visitor.centre.act("return_", called)
    visitor.centre.act("call", called, CallRequest(counter="q1", why="x"))
    assert visitor.seen(own).coming is False


def test_a_number_is_given_up_once(visitor: Visitor) -> None:
    own, *_ = visitor.people(2)
    after = visitor.act("cancel", own, key="cancel-0001")
    assert (after["state"], after["can"], after["ahead"]) == ("cancelled", [], None)
    assert visitor.refused("cancel", own) == "invalid_transition"
    assert visitor.act("cancel", own, key="cancel-0001") == after
    assert visitor.order() == ["H002"]


def test_a_link_says_where_one_may_be_called(visitor: Visitor) -> None:
    [own] = visitor.people(1)
    seen = visitor.seen(own)
    assert (seen.counters, seen.zone) == ((1, 2), None)
    land = visitor.seen(visitor.people(1, service="dat-dai")[0])
    assert land.counters == (2,)
    visitor.centre.act("transfer", own, TransferRequest(counter="q1"))
    seen = visitor.seen(own)
    assert (seen.counters, seen.zone and seen.zone.en, seen.side) == ((1,), "Zone A", "ahead")


def test_a_link_lives_for_a_day_after_its_day(visitor: Visitor) -> None:
    [own] = visitor.people(1)
    track = own["track_url"].rsplit("/", 1)[1]
    visitor.centre.clock.forward(hours=38, minutes=59, seconds=58)
    assert visitor.centre.readings.track_ticket(track) == (CENTRE, own["id"])
    visitor.centre.clock.forward(seconds=1)
    assert visitor.centre.readings.track_ticket(track) is None


def test_the_place_after_a_step_back() -> None:
    assert place_after_step_back(5, [6, 7, 9], 2, 0, 40) == Place(10, 0)
    assert place_after_step_back(5, [6], 2, 0, 40) == Place(7, 45)
    assert place_after_step_back(5, [], 0, 0, 40) == Place(5, 43)
    assert place_after_step_back(5, [6, 7, 9], 0, 2, 40) == Place(10, 45)
    assert place_after_step_back(50, [6, 7, 9], 0, 0, 40) == Place(50, 0)


def test_an_answer_is_what_the_link_shows(visitor: Visitor) -> None:
    own, *_ = visitor.people(5)
    after = visitor.act("step_back", own)
    assert after == msgspec.json.decode(msgspec.json.encode(visitor.seen(own)))
