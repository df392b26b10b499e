"""Copies by the timer: thinned out, never too many for their disk, and never none."""

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from server.backups import copy_into, kept
from server.service.ports import StoreError

START = datetime(2026, 11, 1, tzinfo=UTC)


def write(file: Path) -> None:
    """What stands for a backup: a whole new file."""
    file.write_bytes(b"x" * 1000)


def test_three_weeks_of_quarters_are_thinned_out(tmp_path: Path) -> None:
    now = START
    for _ in range(21 * 96):
        copy_into(tmp_path, write, now)
        now += timedelta(minutes=15)
    last = now - timedelta(minutes=15)
    names = sorted(path.name for path in tmp_path.iterdir())
    made = [
        datetime.strptime(name, "layso-%Y%m%dT%H%M%SZ.db").replace(tzinfo=UTC) for name in names
    ]
    ages = [last - moment for moment in reversed(made)]
    assert ages[:9] == [timedelta(minutes=15 * n) for n in range(9)]
    assert sum(age <= timedelta(days=1) for age in ages) in range(9 + 21, 9 + 24)
    assert timedelta(days=13) <= ages[-1] <= timedelta(days=14)
    assert len(ages) < 50


def test_after_a_month_switched_off_the_newest_is_still_there() -> None:
    old = [START, START + timedelta(hours=1)]
    assert kept(old, START + timedelta(days=40)) == {old[1]}
    assert kept([], START) == set()


def test_the_old_make_room_and_the_newest_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in range(4):
        copy_into(tmp_path, write, START + timedelta(hours=hour))
    size = 4 * 1000 + 500

    def usage(folder: Path) -> Any:
        used = sum(path.stat().st_size for path in Path(folder).iterdir())
        return shutil._ntuple_diskusage(size, used, size - used)

    monkeypatch.setattr(shutil, "disk_usage", usage)
    copy_into(tmp_path, write, START + timedelta(hours=4))
    left = sorted(path.name for path in tmp_path.iterdir())
    assert left[0] == "layso-20261101T010000Z.db"
    assert len(left) == 4
    size = 1100
    with pytest.raises(StoreError, match="make room or use a larger partition"):
        copy_into(tmp_path, write, START + timedelta(hours=5))
    assert [path.name for path in tmp_path.iterdir()] == ["layso-20261101T040000Z.db"]


def test_what_a_power_cut_left_half_made_goes(tmp_path: Path) -> None:
    half = tmp_path / ".layso-20261101T000000Z.db.abc123"
    write(half)
    copy_into(tmp_path, write, datetime.now(UTC))
    assert half.exists()  # It may be under way.
    copy_into(tmp_path, write, datetime.now(UTC) + timedelta(hours=2))
    assert not half.exists()


def test_what_is_not_a_copy_stays(tmp_path: Path) -> None:
    mine = tmp_path / "layso-before-tet.db"
    write(mine)
    copy_into(tmp_path, write, START)
    assert mine.exists()
    with pytest.raises(StoreError, match="is no folder"):
        copy_into(tmp_path / "nowhere", write, START)
