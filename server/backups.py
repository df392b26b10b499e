"""Copies of the database made by a timer: one more each time, and the old ones thinned out.

What the last two hours hold is there every quarter of an hour, then hourly for a day, then daily
for two weeks. The partition that they lie on is never filled: old ones make room first.
"""

import shutil
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from server.service.ports import StoreError

_NAME: Final = "layso-%Y%m%dT%H%M%SZ.db"
_EVERY: Final = timedelta(hours=2)
_HOURLY: Final = timedelta(days=1)
_DAILY: Final = timedelta(days=14)
_DEAD_S: Final = 3600
_ROOM: Final = 1.25
"""Room for a new copy, as a multiple of the last one."""


def kept(made: Sequence[datetime], now: datetime) -> set[datetime]:
    """Which copies stay: the newest always, and the newest of each span of time."""
    stays: dict[object, datetime] = {}
    for moment in sorted(made):
        age = now - moment
        if age <= _EVERY:
            stays[moment] = moment
        elif age <= _HOURLY:
            stays[moment.strftime("%Y%m%d%H")] = moment
        elif age <= _DAILY:
            stays[moment.date()] = moment
    return {*stays.values(), *made[-1:]} if made else set()


def copy_into(folder: Path, backup: Callable[[Path], None], now: datetime) -> Path:
    """Make one more copy in `folder` and remove those that are not kept.

    Args:
        folder: Is there already, on a disk that may be small. What else lies in it stays.
        backup: Writes a whole copy to a new file, or nothing.
        now: The moment, in UTC.

    Raises:
        StoreError: there is no room even without the old copies, or the copy failed; the newest
            copy is still there.
    """
    if not folder.is_dir():
        raise StoreError(f"{folder} is no folder; make it first")
    for part in folder.glob(".layso-*.db.*"):
        if now.timestamp() - part.stat().st_mtime > _DEAD_S:
            part.unlink()  # Begun before the power was cut.
    copies = _copies(folder)
    if copies:
        _make_room(folder, copies)
    file = folder / now.strftime(_NAME)
    backup(file)
    copies = _copies(folder)
    stays = kept(list(copies), now)
    for moment, old in copies.items():
        if moment not in stays:
            old.unlink()
    return file


def newest_copy(folder: Path) -> datetime | None:
    """When the newest copy was made that lies in `folder`; None where there is none."""
    return max(_copies(folder), default=None)


def _copies(folder: Path) -> dict[datetime, Path]:
    """The copies that lie there, oldest first."""
    found: dict[datetime, Path] = {}
    for path in sorted(folder.glob("layso-*.db")):
        try:
            found[datetime.strptime(path.name, _NAME).replace(tzinfo=UTC)] = path
        except ValueError:
            continue  # Somebody's own file; it stays.
    return found


def _make_room(folder: Path, copies: dict[datetime, Path]) -> None:
    oldest_first = list(copies.values())
    needed = int(oldest_first[-1].stat().st_size * _ROOM)
    for old in oldest_first[:-1]:
        if shutil.disk_usage(folder).free >= needed:
            return
        old.unlink()
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StoreError(
            f"{folder} has {free // 1_000_000} MB left and a copy needs {needed // 1_000_000} MB; "
            "make room or use a larger partition"
        )
