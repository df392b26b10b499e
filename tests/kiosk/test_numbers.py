"""Numbers of the kiosk's own: never twice, whatever the band, the day or the clock does."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge.clock import Stamp
from edge.database import Database
from kiosk.journal import SCHEMA, Entry, Journal
from kiosk.numbers import Numbers, NumbersSpent
from kiosk.rate import TokenBucket, Turns
from wire.answers import Band

BAND = Band(700, 702)


class Desk:
    """Draws a number and keeps its ticket, as a press does."""

    def __init__(self, path: Path) -> None:
        self.database = Database(path, SCHEMA)
        self.numbers = Numbers(self.database)
        self.journal = Journal(self.database)
        self.count = 0

    def draw(self, day: str | None = "2026-11-23", prefix: str = "H", band: Band = BAND) -> str:
        with self.database.transaction():
            number = self.numbers.draw(day=day, prefix=prefix, band=band, kiosk=3)
            self.count += 1
            self.journal.add(entry(f"id-{self.count}", day, number))
        return number

    def hand_in_all(self, day: str) -> None:
        with self.database.transaction():
            self.database.run("UPDATE ticket SET handed = 'done'")
            self.numbers.emergency_settled(day)


def entry(ticket_id: str, day: str | None, number: str) -> Entry:
    stamp = Stamp("boot", 1.0, datetime(2026, 11, 23, tzinfo=UTC), day is not None)
    rest: dict[str, Any] = {"service": "ho-tich", "priority": "none", "language": "vi"}
    return Entry(
        id=ticket_id, day=day, number=number, **rest, track_url="", mode="offline", stamp=stamp,
        ahead=None, wait=None, paper="queued", reason="", papers=0, handed="pending",
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "kiosk.db")
    yield made
    made.database.close()


def test_the_band_counts_for_each_service_and_day(desk: Desk) -> None:
    assert [desk.draw(), desk.draw(), desk.draw(prefix="A")] == ["H700", "H701", "A700"]
    assert desk.draw(day="2026-11-24") == "H700"
    assert desk.draw() == "H702"
    assert desk.draw() == "Z03001"
    assert desk.numbers.left(day="2026-11-23", prefix="H", band=BAND) == 0
    assert desk.numbers.left(day="2026-11-23", prefix="A", band=BAND) == 2


def test_a_draw_that_is_not_kept_is_not_drawn(desk: Desk) -> None:
    def break_off() -> None:
        with desk.database.transaction():
            desk.numbers.draw(day="2026-11-23", prefix="H", band=BAND, kiosk=3)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert desk.draw() == "H700"


def test_another_band_within_the_day(desk: Desk) -> None:
    assert [desk.draw(), desk.draw()] == ["H700", "H701"]
    assert desk.draw(band=Band(750, 799)) == "H750"
    assert desk.draw() == "H702"


def test_the_emergency_series_does_not_restart_on_the_local_clock(desk: Desk) -> None:
    assert [desk.draw(day=None), desk.draw(day=None)] == ["Z03001", "Z03002"]
    for _ in range(3):
        desk.draw(day="2026-11-24")
    assert desk.draw(day="2026-11-24") == "Z03003"  # two are still to be handed in
    desk.hand_in_all("2026-11-24")
    for _ in range(3):
        desk.draw(day="2026-11-25", prefix="A")
    assert desk.draw(day="2026-11-25", prefix="A") == "Z03001"
    assert desk.draw(day=None) == "Z03002"


def test_the_series_ends_in_words(desk: Desk) -> None:
    desk.draw(day=None)
    desk.database.run("UPDATE emergency SET last = 999")
    with pytest.raises(NumbersSpent):
        desk.draw(day=None)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([None, "2026-11-23", "2026-11-24", "2026-11-22"]),
            st.sampled_from(["H", "A"]),
            st.sampled_from([BAND, Band(701, 704)]),
        ),
        max_size=40,
    )
)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_number_twice_in_a_day(
    tmp_path_factory: pytest.TempPathFactory, draws: list[tuple[str | None, str, Band]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk") / "kiosk.db")
    given_out = [(day, desk.draw(day, prefix, band)) for day, prefix, band in draws]
    desk.database.close()
    banded = [pair for pair in given_out if not pair[1].startswith("Z")]
    emergency = [number for _, number in given_out if number.startswith("Z")]
    assert len(set(banded)) == len(banded)
    assert len(set(emergency)) == len(emergency)
    assert all(number.startswith("Z") for day, number in given_out if day is None)


def test_the_bucket_refills() -> None:
    bucket = TokenBucket(burst=2, per_minute=60, now_s=0)
    assert [bucket.take(0), bucket.take(0)] == [0, 0]
    assert bucket.take(0.25) == pytest.approx(0.75)
    assert bucket.take(1.0) == 0
    assert bucket.take(1000) == 0
    assert bucket.take(1000) == 0
    assert bucket.take(1000) > 0


def test_fingers_have_fewer_turns_than_programs() -> None:
    turns = Turns(TokenBucket(5, 60, 0), TokenBucket(2, 6, 0))
    assert [turns.take("touch", 0), turns.take("key", 0)] == [0, 0]
    assert turns.take("touch", 0) == pytest.approx(10)
    assert [turns.take("program", 0) for _ in range(3)] == [0, 0, 0]
    assert turns.take("program", 0) == pytest.approx(1)


def test_a_refused_turn_costs_nobody_one() -> None:
    turns = Turns(TokenBucket(2, 60, 0), TokenBucket(1, 6, 0))
    assert turns.take("touch", 0) == 0
    assert all(turns.take("touch", 0) > 0 for _ in range(20))
    assert turns.take("program", 0) == 0
