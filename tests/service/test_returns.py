"""Who was not there comes back, lets the next calls pass, and never keeps a counter idle."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.domain.centre import Rules
from server.domain.turns import Place, ahead, place_after_no_show
from server.service.ports import Store
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, CENTRE_FILE, SmallCentre
from wire.requests import CallRequest, HoldRequest, LateRequest, TransferRequest


@pytest.fixture
def centre(store: Store) -> Iterator[SmallCentre]:
    made = SmallCentre(store)
    made.open("q1", "q2")
    yield made
    assert verify(store) == []


def missed(centre: SmallCentre, counter: str = "q1") -> dict[str, Any]:
    """Call a number to which nobody comes."""
    ticket: dict[str, Any] = centre.next(counter)["ticket"]
    centre.clock.forward(seconds=60)
    centre.act("no_show", ticket, LateRequest())
    return ticket


def numbers(centre: SmallCentre, count: int, counter: str = "q1") -> list[str | None]:
    """The numbers that a counter calls one after the other."""
    called = [centre.next(counter)["ticket"] for _ in range(count)]
    return [ticket["number"] if ticket else None for ticket in called]


def test_soon_back_lets_two_calls_pass_and_then_has_the_old_place(centre: SmallCentre) -> None:
    for _ in range(5):
        centre.issue()
    late = missed(centre)
    centre.clock.forward(minutes=9)
    back = centre.act("return_", late)
    assert (back["state"], back["ahead"]) == ("waiting", 2)
    listed = [item.number for item in centre.readings.desk(CENTRE, "q1").next]
    assert listed == ["H002", "H003", "H001", "H004", "H005"]
    assert numbers(centre, 5) == listed


def test_calls_at_every_counter_of_the_service_count_and_others_do_not(
    centre: SmallCentre,
) -> None:
    for _ in range(4):
        centre.issue()
    centre.act("return_", missed(centre))
    centre.act("call", centre.issue("dat-dai"), CallRequest(counter="q2", why="x"))
    assert numbers(centre, 1) == ["H002"]
    assert numbers(centre, 1, "q2") == ["H003"]
    assert numbers(centre, 1) == ["H001"]


def test_no_counter_idles_while_somebody_lets_others_pass(centre: SmallCentre) -> None:
    centre.issue()
    back = centre.act("return_", missed(centre))
    assert back["ahead"] == 0
    assert [item.number for item in centre.readings.desk(CENTRE, "q1").next] == ["H001"]
    assert numbers(centre, 2) == ["H001", None]


def test_later_the_number_waits_behind_all(centre: SmallCentre) -> None:
    for _ in range(3):
        centre.issue()
    late = missed(centre)
    centre.clock.forward(minutes=10, seconds=1)
    assert centre.act("return_", late)["ahead"] == 2
    assert numbers(centre, 3) == ["H002", "H003", "H001"]


def test_back_from_called_or_hold_is_not_set_back(centre: SmallCentre) -> None:
    for _ in range(3):
        centre.issue()
    first = centre.next("q1")["ticket"]
    assert centre.act("return_", first)["ahead"] == 0
    second = centre.next("q1")["ticket"]
    centre.act("hold", second, HoldRequest(why="x"))
    centre.act("return_", second)
    assert numbers(centre, 1) == ["H001"]


def test_a_transfer_leaves_the_calls_behind(centre: SmallCentre) -> None:
    for _ in range(3):
        centre.issue()
    back = centre.act("return_", missed(centre))
    centre.act("transfer", back, TransferRequest(service="dat-dai"))
    assert centre.next("q2")["ticket"]["id"] == back["id"]


def test_an_undone_call_was_none(centre: SmallCentre, store: Store) -> None:
    for _ in range(5):
        centre.issue()
    centre.act("return_", missed(centre))
    assert numbers(centre, 1) == ["H002"]
    centre.undo("q1")
    assert store.read(lambda tx: tx.calls(CENTRE)) == {"ho-tich": 1}
    assert numbers(centre, 3) == ["H002", "H003", "H001"]
    centre.undo("q1")
    assert numbers(centre, 1) == ["H001"]


def test_the_calls_of_a_service_are_in_the_log(centre: SmallCentre, store: Store) -> None:
    centre.issue()
    numbers(centre, 1)
    store.run(CENTRE, lambda tx: tx.count_call(CENTRE, "ho-tich", 1))
    assert verify(store) == [f"{CENTRE}: service ho-tich counts 2 calls, the log says 1"]
    store.run(CENTRE, lambda tx: tx.count_call(CENTRE, "ho-tich", -1))


def test_the_centres_own_patience_counts(store: Store) -> None:
    text = CENTRE_FILE + "[policy]\nreturn_behind_calls = 1\nreturn_within_min = 2\n"
    centre = SmallCentre(store, file=text)
    centre.open("q1")
    for _ in range(4):
        centre.issue()
    centre.act("return_", missed(centre))
    assert numbers(centre, 2) == ["H002", "H001"]


def test_the_place_after_a_no_show() -> None:
    rules = Rules(return_within_min=10, return_behind_calls=2)
    assert place_after_no_show(rules, 5, 100, 600_100, 7) == Place(5, 9)
    assert place_after_no_show(rules, 5, 100, 600_101, 7) == Place(600_101, 0)


def test_ahead_counts_those_who_let_pass_only_if_their_turn_comes_first() -> None:
    assert ahead(3, []) == 3
    assert ahead(3, [2]) == 3
    assert ahead(2, [2]) == 1
    assert ahead(2, [1, 2]) == 0
    assert ahead(0, [], own=2, others=5) == 2
    assert ahead(0, [], own=2, others=1) == 1
    assert ahead(4, [], own=2, others=9) == 4


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("issue"), st.sampled_from(["ho-tich", "dat-dai"])),
        st.tuples(st.just("next"), st.sampled_from(["q1", "q2"])),
        st.tuples(st.just("miss"), st.sampled_from(["q1", "q2"])),
        st.tuples(st.just("back"), st.integers(0, 5)),
    ),
    max_size=40,
)


SKILLS = {"q1": ["ho-tich"], "q2": ["ho-tich", "dat-dai"]}


@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_nobody_is_overtaken_but_by_letting_pass_and_no_counter_idles(
    centre: SmallCentre, steps: list[tuple[str, Any]]
) -> None:
    centre.clock.forward(hours=24)  # each example has a day of its own
    centre.open("q1", "q2")
    paper = Paper(centre)
    for what, which in steps:
        centre.clock.forward(seconds=1)
        getattr(paper, what)(which)


class Paper:
    """What somebody with pencil and paper would write down: who waits, in what order."""

    def __init__(self, centre: SmallCentre) -> None:
        self.centre = centre
        self.place: dict[str, float] = {}
        self.after: dict[str, int] = {}
        self.queues: dict[str, list[str]] = {"ho-tich": [], "dat-dai": []}
        self.calls = {"ho-tich": 0, "dat-dai": 0}
        self.missed: list[tuple[dict[str, Any], float]] = []

    def _now(self) -> float:
        return self.centre.clock.now().timestamp()

    def issue(self, service: str) -> None:
        ticket = self.centre.issue(service)["id"]
        self.place[ticket] = self._now()
        self.queues[service].append(ticket)

    def next(self, counter: str) -> dict[str, Any] | None:
        mine = {service: self.queues[service] for service in SKILLS[counter]}
        in_turn = {
            service: [t for t in queue if self.after.get(t, 0) <= self.calls[service]]
            for service, queue in mine.items()
        }
        called: dict[str, Any] | None = self.centre.next(counter)["ticket"]
        if called is None:
            assert not any(mine.values())
            return None
        service = called["service"]
        rightful = in_turn if any(in_turn.values()) else mine
        assert called["id"] == min(rightful[service], key=self.place.__getitem__)
        self.queues[service].remove(called["id"])
        self.calls[service] += 1
        return called

    def miss(self, counter: str) -> None:
        ticket = self.next(counter)
        if ticket is not None:
            self.centre.clock.forward(seconds=60)
            self.centre.act("no_show", ticket, LateRequest())
            self.missed.append((ticket, self._now()))

    def back(self, which: int) -> None:
        if not self.missed:
            return
        ticket, since = self.missed.pop(which % len(self.missed))
        name, service = ticket["id"], ticket["service"]
        self.centre.act("return_", ticket)
        soon = self._now() - since <= 600
        self.after[name] = self.calls[service] + 2 if soon else 0
        if not soon:
            self.place[name] = self._now()
        self.queues[service].append(name)
