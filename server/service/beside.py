"""What is kept beside a centre's log: who calls for help, who sits where, papers asked for.

None of it moves a ticket or has a seq. It is changed in a transaction of its own, safe to repeat
under its key, and whoever watches is told that it changed.
"""

from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

from server.domain.centre import Centre
from server.domain.ticket import milliseconds
from server.service.book import Book
from server.service.once import run_once
from server.service.ports import Clock, Operation, Reply, Store, Tx
from server.service.snapshot import Snapshot, snapshot_of

T = TypeVar("T")


class Now(NamedTuple):
    """One question's or command's snapshot of a centre, and the moment it is asked at."""

    snap: Snapshot
    ms: int

    @property
    def tx(self) -> Tx:
        """The open transaction."""
        return self.snap.tx

    @property
    def centre(self) -> Centre:
        """The centre as it applies today."""
        return self.snap.centre

    @property
    def day(self) -> str:
        """The business day."""
        return self.snap.day


class BesideTheLog:
    """What all of it shares. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each question and command.
        book: The centres as configured.
    """

    def __init__(self, store: Store, clock: Clock, book: Book) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self.on_change: list[Callable[[str], None]] = []

    def _read(self, centre: str, ask: Callable[[Now], T]) -> T:
        return self._store.read(lambda tx: ask(self._now(tx, centre)))

    def _run(self, centre: str, operation: Operation | None, decide: Callable[[Now], Any]) -> Reply:
        now_ms = milliseconds(self._clock.now())
        reply = run_once(
            self._store, centre, centre, operation, now_ms,
            lambda tx: decide(self._now(tx, centre)),
        )  # fmt: skip
        for tell in self.on_change:
            tell(centre)
        return reply

    def _now(self, tx: Tx, centre: str) -> Now:
        now = self._clock.now()
        return Now(snapshot_of(tx, self._book, now, centre), milliseconds(now))
