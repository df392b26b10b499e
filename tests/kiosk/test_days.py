"""What a number's day is, at midnight and when the clock was wrong."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.campaigns.power_cuts import World
from tests.fakes.queue_server import ZONE

ALMOST_MIDNIGHT = datetime(2026, 11, 23, 16, 59, 59, 999_000, tzinfo=UTC)


@pytest.fixture
def world() -> Iterator[World]:
    made = World(1)
    yield made
    made.leave()


def test_the_day_of_a_number_is_that_of_its_time(world: World) -> None:
    """Midnight passes between two looks at the clock."""
    world.now = ALMOST_MIDNIGHT - timedelta(seconds=60)
    kiosk = world.start()
    kiosk.meet()
    world.wire.mood = "refused"
    kiosk.touch("ho-tich")
    world.now = ALMOST_MIDNIGHT
    stamp = kiosk.clock.stamp

    def stamp_just_before_midnight() -> object:
        taken = stamp()
        world.now += timedelta(milliseconds=2)
        return taken

    kiosk.clock.stamp = stamp_just_before_midnight  # type: ignore[assignment, method-assign]
    answer = kiosk.touch("ho-tich")
    entry = kiosk.journal.find(answer.ticket.id)
    assert entry is not None
    assert (entry.number, entry.day) == ("H701", "2026-11-23")


def test_a_refused_emergency_number_is_not_given_again_today(world: World) -> None:
    world.server.band = (700, 700)
    world.start().meet()
    world.wire.mood = "refused"
    kiosk = world.start()  # the day is not known now
    assert kiosk.touch("ho-tich").ticket.number == "Z03001"
    world.wire.mood = "ok"
    issue = world.server.issue
    world.server.issue = lambda key, body: (409, {"code": "number_taken", "title": ""})  # type: ignore[method-assign]
    kiosk.meet()
    assert kiosk.hand_in.hand_in_all()
    assert len(kiosk.spool.refused()) == 1
    world.server.issue = issue  # type: ignore[method-assign]
    world.wire.mood = "refused"
    given = [kiosk.touch("ho-tich").ticket.number for _ in range(2)]
    assert given == ["H700", "Z03002"]


def test_the_latest_known_time_is_the_latest_moment(world: World) -> None:
    """Whatever offset the server writes its times with."""
    kiosk = world.start()
    kiosk.meet()
    world.now = world.now.astimezone(ZONE)
    kiosk.touch("ho-tich")
    world.now = (world.now + timedelta(hours=2)).astimezone(UTC)
    kiosk.touch("ho-tich")
    assert kiosk.journal.last_known_time() == world.now
