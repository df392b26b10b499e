"""The server's database around a change: its copy, its revision, and the way back to a copy."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from firmware_config.installer import files
from firmware_config.installer.configs import settings
from firmware_config.installer.errors import Stopped
from firmware_config.installer.places import BACKUPS, STATE
from firmware_config.installer.run import Say, as_account
from firmware_config.installer.steps import command

_MEGABYTE: Final = 1_000_000


def place() -> Path | None:
    """The file of the database; None where it is no file of this box."""
    url = settings().get("LAYSO_DATABASE_URL", "")
    if url.startswith("sqlite:///"):
        return Path(url.removeprefix("sqlite:///"))
    if url:
        return None
    return Path(settings().get("LAYSO_DATA_DIR", str(STATE / "server"))) / "layso.sqlite3"


def copy_before(version: str) -> Path:
    """Where the copy lies that was made before this release was brought in."""
    return BACKUPS / f"before-{version}.db"


def revision(path: Path | None) -> str:
    """The revision of the tables in a file; empty where there is no such file."""
    if path is None or not path.exists():
        return ""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        try:
            return str(database.execute("SELECT version_num FROM alembic_version").fetchall())
        except sqlite3.DatabaseError:  # Half filled when the power was cut: like no other.
            return "unknown"


def refuse_unreadable(copy: Path) -> None:
    """Raise Stopped where a copy is not there as a whole."""
    if _whole(copy):
        return
    raise Stopped(
        f"bản sao {copy} không còn hoặc đã hỏng: không quay lại được",
        f"the copy {copy} is gone or damaged: there is no way back",
    )


def _whole(copy: Path) -> bool:
    if revision(copy) in ("", "unknown"):
        return False
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as database:
        try:
            return bool(database.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
        except sqlite3.DatabaseError:
            return False


def refuse_without_room() -> None:
    """Raise Stopped where the disk has no room for a copy, and for a database made from it."""
    database = place()
    if database is None or not database.exists():
        return
    needed = 3 * database.stat().st_size + 64 * _MEGABYTE
    for folder in (database.parent, BACKUPS):
        if folder.is_dir() and shutil.disk_usage(folder).free < needed:
            raise Stopped(
                f"{folder} cần trống {needed // _MEGABYTE} MB: dọn bớt rồi chạy lại",
                f"{folder} needs {needed // _MEGABYTE} MB free: make room and run this again",
            )


def server(folder: Path, *words: str, **more: str) -> None:
    """Run a command of a release's server, as its account and with the box's settings.

    They go by the environment, as everybody may read a command line.
    """
    program = str(folder / "bin/layso-server")
    environ = {"LAYSO_DATA_DIR": str(STATE / "server")} | settings() | more
    command(as_account("server", program, *words), **environ)


def bring_back(folder: Path, copy: Path, say: Say) -> None:
    """Put the database aside and a new one, filled from its copy, in its place.

    What is there is moved only once the new one is whole, and is never deleted.

    Args:
        folder: The release that reads the copy.
        copy: The copy.
        say: Gets a line that names where the database went.
    """
    database = place()
    if database is None:
        return
    draft = database.with_name(f"{database.name}.draft")
    for part in _parts(draft):
        part.unlink(missing_ok=True)
    server(folder, "restore", str(copy), LAYSO_DATABASE_URL=f"sqlite:///{draft}")
    if database.exists():
        _settle(database)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = database.with_name(f"{database.name}.{copy.stem}.{stamp}")
    for old, new in ((database, aside), (draft, database)):
        for here, there in zip(_parts(old), _parts(new), strict=True):
            with suppress(FileNotFoundError):
                here.replace(there)
    files.sync(database.parent)
    say(f"database put aside: {aside}")


def _settle(database: Path) -> None:
    """Everything of it into the one file, so that it moves in one step."""
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(database)) as opened:
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _parts(database: Path) -> Iterator[Path]:
    return (Path(f"{database}{part}") for part in ("", "-wal", "-shm"))
