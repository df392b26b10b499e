"""The desk that lights up when somebody waits, on both databases."""

import pytest

from server.service.ports import Store
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.requests import PauseRequest, TransferRequest


@pytest.fixture
def centre(store: Store) -> SmallCentre:
    made = SmallCentre(store)
    made.open("q2")
    made.clock.forward(seconds=5)
    made.open("q1")
    return made


def lit(centre: SmallCentre) -> set[str]:
    return {one for one in ("q1", "q2") if centre.readings.desk(CENTRE, one).light}


def test_the_specialist_lights_up_and_then_the_next(centre: SmallCentre) -> None:
    assert lit(centre) == set()
    centre.issue()
    assert lit(centre) == {"q1"}
    centre.issue()
    assert lit(centre) == {"q1", "q2"}
    centre.next("q1")
    assert lit(centre) == {"q2"}


def test_only_an_idle_open_counter_that_is_able_lights_up(centre: SmallCentre) -> None:
    centre.lobby.pause_counter(MANAGER, CENTRE, "q1", PauseRequest(), None)
    centre.issue()
    assert lit(centre) == {"q2"}
    centre.open("q1")
    centre.next("q1")
    centre.issue("dat-dai")
    assert lit(centre) == {"q2"}


def test_longest_idle_counts_from_the_last_ticket(store: Store) -> None:
    text = SmallCentre.file.replace('["ho-tich", "dat-dai"]', '["ho-tich"]')
    centre = SmallCentre(store, file=text)
    centre.open("q1", "q2")
    centre.issue()
    assert lit(centre) == {"q1"}
    called = centre.next("q1")["ticket"]
    centre.clock.forward(seconds=5)
    centre.act("finish", called)
    centre.issue()
    assert lit(centre) == {"q2"}
    held = centre.next("q2")["ticket"]
    centre.clock.forward(seconds=5)
    centre.act("hold", held)
    centre.issue()
    assert lit(centre) == {"q1"}


def test_who_waits_for_one_counter_lights_that_one(centre: SmallCentre) -> None:
    centre.act("transfer", centre.issue(), TransferRequest(counter="q2"))
    assert lit(centre) == {"q2"}


def test_the_desk_is_told_how_to_say_a_call_again(store: Store) -> None:
    text = SmallCentre.file + "[policy]\nrecall_after_s = 20\nrecalls = 3\n"
    desk = SmallCentre(store, file=text).readings.desk(CENTRE, "q1")
    assert (desk.recall_after_s, desk.recalls) == (20, 3)
