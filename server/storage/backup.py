"""Backup and restore. A backup is always one SQLite file, whatever database it was made from."""

import os
import sqlite3
import tempfile
from pathlib import Path
from typing import Final

import sqlalchemy as sa

from server.service.ports import StoreError
from server.storage import is_sqlite, sqlite_path
from server.storage.migrate import engine_of, migrate, migration_state
from server.storage.schema import metadata

_ROWS: Final = 1000


def backup(url: str, file: Path) -> None:
    """Write a consistent copy of the whole database, also while the server runs.

    The file appears whole or not at all, readable by its owner only.

    Raises:
        StoreError: The file is there already, cannot be written, or the database failed.
    """
    if file.exists():
        raise StoreError(f"{file} is there already; name a new file")
    part = _part_file(file)
    try:
        if is_sqlite(url):
            _vacuum(sqlite_path(url), part)
        else:
            _copy(url, f"sqlite:///{part}")
        part.chmod(0o600)
        _sync(part)
        part.rename(file)
    except (OSError, sqlite3.Error, sa.exc.SQLAlchemyError) as error:
        raise StoreError(f"the backup failed: {str(error).splitlines()[0]}") from error
    finally:
        part.unlink(missing_ok=True)


def restore(url: str, file: Path) -> None:
    """Fill an empty database from a backup and bring its tables up to date.

    Raises:
        StoreError: The file is no backup, or the database holds something already.
    """
    source = f"sqlite:///{file}"
    if not file.is_file() or migration_state(source) == "empty":
        raise StoreError(f"{file} is no backup of this program")
    if migration_state(url) != "empty":
        raise StoreError("the database is not empty; restore into a new one")
    with tempfile.TemporaryDirectory(prefix="layso-restore-") as folder:
        copy = Path(folder) / "copy.db"
        _vacuum(file, copy)
        migrate(f"sqlite:///{copy}")
        _copy(f"sqlite:///{copy}", url)


def _part_file(file: Path) -> Path:
    try:
        handle, name = tempfile.mkstemp(prefix=f".{file.name}.", dir=file.parent)
    except OSError as error:
        raise StoreError(f"cannot write to {file.parent}: {error.strerror}") from error
    os.close(handle)
    part = Path(name)
    part.unlink()
    return part


def _vacuum(source: Path, target: Path) -> None:
    connection = sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)
    try:
        connection.execute("VACUUM INTO ?", (str(target),))
    finally:
        connection.close()


def _copy(source: str, target: str) -> None:
    migrate(target)
    with engine_of(source).connect() as old, engine_of(target).begin() as new:
        if not is_sqlite(source):
            old.execution_options(isolation_level="REPEATABLE READ")
        for table in metadata.sorted_tables:
            for rows in old.execute(sa.select(table)).mappings().partitions(_ROWS):
                new.execute(sa.insert(table), [dict(row) for row in rows])


def _sync(file: Path) -> None:
    handle = os.open(file, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
