"""A centre that is slower than its file says calls and estimates by its own times."""

import os

import pytest

from server.domain.learning import WALK_MIN
from server.service.lobby import Lobby
from server.service.ports import Store
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.requests import ReceiveRequest


@pytest.fixture
def centre(store: Store) -> SmallCentre:
    made = SmallCentre(store)
    made.open("q2")
    return made


def serve(centre: SmallCentre, minutes: float, walk_s: float = 30.0) -> None:
    """One visit: a number, a call to counter 2, the walk, the service; no start where walk is 0."""
    centre.issue()
    centre.clock.forward(seconds=5)
    called = centre.next("q2")["ticket"]
    centre.clock.forward(seconds=walk_s)
    if walk_s:
        centre.act("start", called)
    centre.clock.forward(minutes=minutes)
    centre.act("finish", called)


def a_minute_later(centre: SmallCentre) -> None:
    """Let the server look at its history again."""
    centre.ticks += 60.0
    centre.board()


def dispatched_by(centre: SmallCentre) -> float:
    """The mean that the rule of dispatch goes by, as the reason of a call tells it."""
    a_minute_later(centre)
    centre.issue()
    answer = centre.next("q2")
    centre.act("finish", answer["ticket"])
    mean: float = answer["reason"]["candidates"][0]["mean_min"]
    return mean


def test_a_slow_service_is_called_and_estimated_by_what_it_takes(centre: SmallCentre) -> None:
    assert dispatched_by(centre) == 8.0
    for _ in range(6):
        start = centre.clock.now()
        centre.open("q2")
        for _ in range(30):
            serve(centre, 20.0)
        centre.clock.forward(hours=24 - (centre.clock.now() - start).total_seconds() / 3600)
    centre.open("q2")
    assert dispatched_by(centre) == pytest.approx(20.0, rel=0.08)
    for _ in range(6):
        centre.issue()
    centre.next("q2")
    a_minute_later(centre)
    load = next(one for one in centre.board()["services"] if one["id"] == "ho-tich")
    assert load["waiting"] == 5
    assert load["likely_s"] == pytest.approx(6 * 20 * 60, rel=0.08)


def test_one_forgotten_finish_changes_nothing(centre: SmallCentre) -> None:
    for _ in range(10):
        serve(centre, 10.0)
    a_minute_later(centre)
    before = centre.lobby.learned.last(CENTRE)
    assert before.services["ho-tich"].samples == 10
    serve(centre, 240.0)
    a_minute_later(centre)
    assert centre.lobby.learned.last(CENTRE) == before


def test_walking_is_apart(centre: SmallCentre) -> None:
    for _ in range(40):
        serve(centre, 8.0, walk_s=90.0)
    a_minute_later(centre)
    learnt = centre.lobby.learned.last(CENTRE)
    assert learnt.services["ho-tich"].mean_min == pytest.approx(8.0)
    assert learnt.walk_min == pytest.approx((20 * WALK_MIN + 40 * 1.5) / 60)
    for _ in range(40):
        serve(centre, 8.0 + learnt.walk_min, walk_s=0.0)
    a_minute_later(centre)
    assert centre.lobby.learned.last(CENTRE).walk_min == learnt.walk_min
    assert dispatched_by(centre) == 8.0


def test_only_what_a_clerk_finished_teaches(centre: SmallCentre) -> None:
    centre.issue()
    left = centre.next("q2")["ticket"]
    centre.clock.forward(minutes=30)
    centre.next("q2", "no_show")
    cancelled = centre.issue()
    centre.act("cancel", cancelled)
    serve(centre, 30.0)
    centre.undo("q2")
    centre.clock.forward(days=1)
    centre.lobby.end_days()
    assert centre.ticket(left)["state"] == "no_show"
    a_minute_later(centre)
    assert centre.lobby.learned.last(CENTRE).services["ho-tich"].samples == 0


def test_direct_reception_teaches_a_service_and_no_walk(centre: SmallCentre) -> None:
    for _ in range(3):
        body = ReceiveRequest(service="ho-tich", why="x")
        centre.lobby.receive(MANAGER, CENTRE, "q2", body, None)
        centre.clock.forward(minutes=8)
        centre.next("q2")
    a_minute_later(centre)
    learnt = centre.lobby.learned.last(CENTRE)
    assert learnt.services["ho-tich"] == learnt.services["ho-tich"]._replace(
        mean_min=8.0, samples=3
    )
    assert learnt.walk_min == WALK_MIN


def test_history_is_read_once_a_minute_and_never_by_a_command(store: Store) -> None:
    now, reads = 0.0, 0
    centre = SmallCentre(store)
    lobby = Lobby(store, centre.clock, os.urandom, "http://localhost", elapsed=lambda: now)
    plain = store.read

    def counted(work):  # type: ignore[no-untyped-def]  # stands in for a bound method
        nonlocal reads
        reads += 1
        return plain(work)

    store.read = counted  # type: ignore[method-assign]
    for _ in range(5):
        lobby.learned.of(CENTRE)
    assert reads == 1
    now = 59.0
    lobby.learned.of(CENTRE)
    assert reads == 1
    now = 61.0
    lobby.learned.of(CENTRE)
    assert reads == 2
    lobby.learned.last(CENTRE)
    assert (reads, lobby.learned.last("elsewhere").services) == (2, {})
