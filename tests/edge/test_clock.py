"""The server's time on machines that may wake up any day of any year."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from edge.clock import Machine, TrustedClock

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)


@dataclass
class Box:
    """A machine whose every clock the test turns."""

    boot: str = "first"
    ticks_s: float = 100.0
    wall: datetime = datetime(1970, 1, 1, tzinfo=UTC)

    def clock(self, file: Path | None = None) -> TrustedClock:
        return TrustedClock(Machine(self.boot, lambda: self.ticks_s, lambda: self.wall), file)

    def confirm(self, clock: TrustedClock, at: datetime, took_s: float = 0.0) -> None:
        asked_s = self.ticks_s
        self.ticks_s += took_s
        clock.confirm(at, asked_s=asked_s, answered_s=self.ticks_s)


@pytest.fixture
def box() -> Box:
    return Box()


def test_unknown_until_the_server_says(box: Box) -> None:
    clock = box.clock()
    assert not clock.trusted
    assert clock.day(ZONE) is None
    box.confirm(clock, NOON)
    assert clock.trusted
    assert clock.day(ZONE) == "2026-11-23"
    assert clock.now() == NOON


def test_ticks_carry_it_whatever_the_wall_clock_does(box: Box) -> None:
    clock = box.clock()
    box.confirm(clock, NOON)
    box.ticks_s += 90
    box.wall = datetime(2040, 1, 1, tzinfo=UTC)
    assert clock.now() == NOON + timedelta(seconds=90)


def test_half_the_way_is_added(box: Box) -> None:
    clock = box.clock()
    box.confirm(clock, NOON, took_s=1.0)
    assert clock.now() == NOON + timedelta(seconds=0.5)


def test_it_never_goes_back(box: Box) -> None:
    clock = box.clock()
    box.confirm(clock, NOON)
    assert clock.now() == NOON
    box.confirm(clock, NOON - timedelta(minutes=3))
    assert clock.now() == NOON
    box.ticks_s += 200
    assert clock.now() == NOON + timedelta(seconds=20)


def test_a_wrong_guess_from_before_binds_nobody(box: Box) -> None:
    box.wall = datetime(2040, 1, 1, tzinfo=UTC)
    clock = box.clock()
    assert clock.now().year == 2040
    box.confirm(clock, NOON)
    assert clock.now() == NOON


def test_midnight_is_the_centres(box: Box) -> None:
    clock = box.clock()
    box.confirm(clock, datetime(2026, 11, 23, 16, 59, 59, tzinfo=UTC))
    assert clock.day(ZONE) == "2026-11-23"
    box.ticks_s += 1
    assert clock.day(ZONE) == "2026-11-24"


def test_a_restarted_agent_still_knows(box: Box, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    box.confirm(box.clock(file), NOON)
    box.ticks_s += 60
    again = box.clock(file)
    assert again.trusted
    assert again.now() == NOON + timedelta(seconds=60)


def test_a_restarted_machine_does_not(box: Box, tmp_path: Path) -> None:
    file = tmp_path / "clock.json"
    box.confirm(box.clock(file), NOON)
    after = Box(boot="second", ticks_s=3.0).clock(file)
    assert not after.trusted
    assert after.now() >= NOON


@pytest.mark.parametrize("text", ["", "{", "[]", '{"boot_id": "first"}', '{"zero": 5}'])
def test_a_damaged_file_is_no_reason_to_fail(box: Box, tmp_path: Path, text: str) -> None:
    file = tmp_path / "clock.json"
    file.write_text(text)
    assert not box.clock(file).trusted


def test_a_stamp_is_corrected_once_the_truth_is_known(box: Box) -> None:
    clock = box.clock()
    stamp = clock.stamp()
    box.ticks_s += 40
    box.confirm(clock, NOON)
    assert clock.corrected(stamp) == NOON - timedelta(seconds=40)


def test_a_stamp_of_an_earlier_start_is_never_in_the_future(box: Box) -> None:
    early = Box(boot="earlier", wall=datetime(2040, 1, 1, tzinfo=UTC)).clock().stamp()
    clock = box.clock()
    box.confirm(clock, NOON)
    assert clock.corrected(early) == NOON - timedelta(seconds=100)  # when this start began


def test_a_guess_of_an_earlier_start_and_day_counts_as_this_start(box: Box) -> None:
    yesterday = NOON - timedelta(days=1)
    early = Box(boot="earlier", wall=yesterday).clock().stamp()
    clock = box.clock()
    box.confirm(clock, NOON)
    assert clock.corrected(early, ZONE) == NOON - timedelta(seconds=100)


def test_a_likely_guess_of_an_earlier_start_is_believed(box: Box) -> None:
    an_hour_ago = NOON - timedelta(hours=1)
    early = Box(boot="earlier", wall=an_hour_ago).clock().stamp()
    clock = box.clock()
    box.confirm(clock, NOON)
    assert clock.corrected(early, ZONE) == an_hour_ago


def test_the_kept_time_is_synced_before_it_takes_the_place_of_the_old(
    box: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "clock.json"
    seen: list[bool] = []
    sync = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append(file.exists()), sync(handle)))
    box.confirm(box.clock(file), NOON)
    assert seen == [False, True]
