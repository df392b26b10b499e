"""An agent's own SQLite file: one connection, one writer, and a commit that survives a power cut.

WAL with synchronous=FULL; the file is locked for this process alone, because two agents on one
folder would give the same number twice.
"""

import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from edge.ballast import Ballast
from edge.durable import make_folder
from edge.errors import EdgeError

log = logging.getLogger(__name__)

_SETTINGS: Final = (
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
)


def connect(path: Path) -> sqlite3.Connection:
    """Open the file as every agent does."""
    return sqlite3.connect(path, timeout=0.5, isolation_level=None, check_same_thread=False)


class DatabaseUnusable(EdgeError):
    """The agent's file cannot be used: no right to write, disk full, damaged, or in use."""


class Database:
    """One SQLite file, shared by the threads of this process through one lock.

    Args:
        path: The file; its folder is made where it is missing.
        schema: Statements that make the tables where they are missing.
        opener: Opens the file; handed in, so that a test can put it on a disk that fails.
        ballast: Let go when the disk is full, so that the next transaction has room.

    Raises:
        DatabaseUnusable: in one line, with what to do.
    """

    def __init__(
        self,
        path: Path,
        schema: str = "",
        *,
        opener: Callable[[Path], sqlite3.Connection] = connect,
        ballast: Ballast | None = None,
    ) -> None:
        self.path = path
        self._lock = threading.RLock()
        self._ballast = ballast
        self._depth = 0
        try:
            make_folder(path.parent)
            self._connection = opener(path)
            self._connection.row_factory = sqlite3.Row
            for setting in _SETTINGS:
                self._connection.execute(setting)
            self._connection.execute("BEGIN EXCLUSIVE")
            self._connection.execute("COMMIT")
            self._connection.executescript(schema)
        except (OSError, sqlite3.Error) as error:
            raise DatabaseUnusable(_remedy(path, error)) from error
        if ballast is not None:
            ballast.keep()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All statements inside are committed together, or none; nested ones join.

        Durable once this returns; where it raises, also from the commit, nothing has changed.
        Waits for another thread's transaction.
        """
        with self._lock:
            if self._depth:
                yield
                return
            self._connection.execute("BEGIN IMMEDIATE")
            self._depth += 1
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException as error:
                self._take_back(error)
                raise
            finally:
                self._depth -= 1

    def _take_back(self, error: BaseException) -> None:
        """Leave no transaction open; a full disk may have ended it already, or not."""
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:
            log.exception("a transaction in %s cannot be taken back", self.path)
        self._make_room(error)

    def _make_room(self, error: BaseException) -> None:
        code = getattr(error, "sqlite_errorcode", None)
        if code == sqlite3.SQLITE_FULL and self._ballast is not None:
            self._ballast.let_go()

    def run(self, statement: str, values: tuple[Any, ...] = ()) -> int:
        """Run one statement; how many rows it changed. Durable unless inside a transaction."""
        with self._lock:
            try:
                return self._connection.execute(statement, values).rowcount
            except sqlite3.OperationalError as error:
                self._make_room(error)
                raise

    def rows(self, query: str, values: tuple[Any, ...] = ()) -> list[sqlite3.Row]:
        """Every row of a query."""
        with self._lock:
            return self._connection.execute(query, values).fetchall()

    def row(self, query: str, values: tuple[Any, ...] = ()) -> sqlite3.Row | None:
        """The first row of a query, or None."""
        with self._lock:
            found: sqlite3.Row | None = self._connection.execute(query, values).fetchone()
            return found

    def close(self) -> None:
        """Let go of the file. Safe to repeat."""
        with self._lock:
            self._connection.close()


def _remedy(path: Path, error: Exception) -> str:
    text = str(error)
    if "locked" in text:
        return f"'{path}' is in use: another agent runs on this data folder; stop it first"
    if isinstance(error, PermissionError) or "readonly" in text or "unable to open" in text:
        return f"'{path}' cannot be written: give this user the right to write in that folder"
    if "malformed" in text or "not a database" in text:
        return f"'{path}' is damaged: move it away, and tell the manager which numbers were open"
    return f"'{path}' cannot be used: {text}"
