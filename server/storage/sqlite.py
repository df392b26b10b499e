"""SQLite: one writer connection, WAL, synchronous=FULL, several commands to one fsync.

All writing goes through one connection, which alone checkpoints; a read-only connection
serves snapshots. Under gevent one greenlet runs the commands that are waiting, each in its own
savepoint, and commits them together in a thread, so that the loop goes on while the disk works.
Nobody is answered before the commit. Source: sqlite.org/wal.html, lang_savepoint.html.
"""

import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Protocol, TypeVar

from server.service.ports import Pushed, StoreError, Tx
from server.storage.sqlite_tx import SqliteTx

T = TypeVar("T")

_PRAGMAS: Final = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA cache_size = -32768",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA wal_autocheckpoint = 2000",
)


def connect_writer(path: Path) -> sqlite3.Connection:
    """Open the one connection that may write."""
    connection = sqlite3.connect(
        path, isolation_level=None, check_same_thread=False, cached_statements=256
    )
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


def connect_reader(path: Path) -> sqlite3.Connection:
    """Open a connection that can neither write nor checkpoint."""
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=ro",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=256,
    )
    connection.execute("PRAGMA busy_timeout = 5000")
    connection.execute("PRAGMA cache_size = -16384")
    return connection


class Batcher(Protocol):
    """Decides when and where waiting commands are run and committed."""

    def submit(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in a transaction and return its result after the commit."""
        ...

    def close(self) -> None:
        """Finish what is waiting."""
        ...


class SqliteStore:
    """A database file. `run` and `read` may be called from any thread or greenlet."""

    def __init__(self, path: Path, *, gevent: bool = False) -> None:
        try:
            self._writer = connect_writer(path)
            self._reader = connect_reader(path)
        except sqlite3.Error as error:
            raise StoreError(f"cannot open the database {path}: {error}") from error
        self.path = path
        self.on_commit: list[Callable[[list[Pushed]], None]] = []
        self._reading = threading.Lock()
        self._writing = threading.Lock()
        self._group: Batcher | None = None
        if gevent:
            from server.storage.group_commit import GroupCommit

            self._group = GroupCommit(self._writer, self._tell)

    def run(self, centre: str, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction; the one writer is every centre's lock."""
        if self._group is not None:
            return self._group.submit(work)
        with self._writing:
            return self._alone(work)

    def _alone(self, work: Callable[[Tx], T]) -> T:
        tx = SqliteTx(self._writer)
        try:
            self._writer.execute("BEGIN IMMEDIATE")
            result = work(tx)
            self._writer.execute("COMMIT")
        except BaseException as error:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")
            if isinstance(error, sqlite3.OperationalError):
                raise StoreError(f"the database failed: {error}") from error
            raise
        self._tell(tx.pushed)
        return result

    def _tell(self, pushed: list[Pushed]) -> None:
        if pushed:
            for listener in self.on_commit:
                listener(pushed)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one snapshot, without waiting for the writer."""
        with self._reading:
            self._reader.execute("BEGIN")
            try:
                return work(SqliteTx(self._reader))
            except sqlite3.OperationalError as error:
                raise StoreError(f"the database failed: {error}") from error
            finally:
                self._reader.execute("COMMIT")

    def close(self) -> None:
        """Finish what is waiting, checkpoint, and close."""
        if self._group is not None:
            self._group.close()
        self._reader.close()
        self._writer.close()
