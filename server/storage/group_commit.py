"""Several commands to one fsync, under gevent.

While one batch is being committed in a thread, the next commands gather; each runs in its own
savepoint, so that a refusal takes back that command alone. A failed commit answers nobody.
"""

import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from typing import Any, Final, TypeVar

import gevent
from gevent.event import Event
from gevent.threadpool import ThreadPool

from server.service.ports import Pushed, StoreError, Tx
from server.storage.sqlite_tx import SqliteTx

log = logging.getLogger(__name__)

T = TypeVar("T")

BATCH: Final = 64
"""The most commands that share one commit."""


class _Job:
    __slots__ = ("done", "error", "value", "work")

    def __init__(self, work: Callable[[Tx], Any]) -> None:
        self.work = work
        self.value: Any = None
        self.error: BaseException | None = None
        self.done = Event()


class GroupCommit:
    """The writer's greenlet and the commands that wait for it."""

    def __init__(
        self, connection: sqlite3.Connection, tell: Callable[[list[Pushed]], None]
    ) -> None:
        self._connection = connection
        self._tell = tell
        self._waiting: deque[_Job] = deque()
        self._wake = Event()
        self._closing = False
        self._disk = ThreadPool(1)
        self._greenlet = gevent.spawn(self._loop)

    def submit(self, work: Callable[[Tx], T]) -> T:
        """Queue `work` and wait for its commit."""
        if self._closing:
            raise StoreError("the database is closing")
        job = _Job(work)
        self._waiting.append(job)
        self._wake.set()
        job.done.wait()
        if job.error is not None:
            raise job.error
        result: T = job.value
        return result

    def close(self) -> None:
        """Commit what is waiting and stop."""
        self._closing = True
        self._wake.set()
        self._greenlet.join(timeout=5)
        self._disk.kill()

    def _loop(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            while self._waiting:
                count = min(BATCH, len(self._waiting))
                self._commit([self._waiting.popleft() for _ in range(count)])
            if self._closing:
                return

    def _commit(self, batch: list[_Job]) -> None:
        tx = SqliteTx(self._connection)
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            before = self._connection.total_changes
            for job in batch:
                self._try(job, tx)
            if self._connection.total_changes == before:
                self._connection.execute("COMMIT")
            else:
                self._disk.apply(self._connection.execute, ("COMMIT",))
        except Exception as error:  # noqa: BLE001  # whatever it is, nobody may wait for ever
            self._fail(batch, error)
        else:
            self._tell_of(tx.pushed)
        for job in batch:
            job.done.set()

    def _tell_of(self, pushed: list[Pushed]) -> None:
        try:
            self._tell(pushed)
        except Exception:  # What is committed stays so; listeners look by themselves as well.
            log.exception("a commit was not told of")

    def _try(self, job: _Job, tx: SqliteTx) -> None:
        mark = len(tx.pushed)
        self._connection.execute("SAVEPOINT job")
        try:
            job.value = job.work(tx)
        except sqlite3.OperationalError:
            raise
        except BaseException as error:  # noqa: BLE001  # handed to the one who asked, whatever it is
            job.error = error
            del tx.pushed[mark:]
            self._connection.execute("ROLLBACK TO job")
        self._connection.execute("RELEASE job")

    def _fail(self, batch: list[_Job], error: Exception) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error:  # The next batch cannot begin before this has succeeded.
            log.exception("a failed batch could not be rolled back")
        for job in batch:
            job.error = StoreError(f"the database failed: {error}")
