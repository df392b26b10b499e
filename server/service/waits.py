"""The table of waits, refreshed at most once a second and never inside a command's transaction."""

import math
from collections.abc import Callable
from typing import Final

from server.domain.calendar import business_day
from server.domain.centre import Centre
from server.domain.learning import Times
from server.domain.ticket import milliseconds
from server.domain.wait_table import WaitTable, wait_table
from server.service.book import Book
from server.service.calibrated import Calibrations
from server.service.learned import Learned
from server.service.moment import moment_of
from server.service.pacing import NO_PACING, Pacing
from server.service.ports import Clock, Store, Tx
from wire.words import PRIORITIES

REFRESH_S: Final = 1.0
REPLAYED: Final = 50
"""Tickets of each queue that are replayed; behind them the table counts on at the queue's pace."""


class Waits:
    """Each centre's pacing as of at most a second ago.

    Args:
        store: Read on a snapshot, without a lock.
        book: The centres as configured.
        learned: What the centres have learnt of their own times.
        clock: What the queues' times are compared with.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(
        self,
        store: Store,
        book: Book,
        learned: Learned,
        clock: Clock,
        elapsed: Callable[[], float],
    ) -> None:
        self.learned = learned
        self._store = store
        self._book = book
        self._clock = clock
        self._elapsed = elapsed
        self._calibrations = Calibrations()
        self._pages: dict[str, tuple[float, Pacing]] = {}
        self._made: dict[str, float] = {}
        self._forgotten: dict[str, int] = {}

    def of(self, centre: str) -> Pacing:
        """The centre's pacing; made anew where the last one is over a second old."""
        return self._page(centre, self._elapsed())

    def fresh(self, centre: str, most_s: float) -> Pacing:
        """The centre's pacing as of at most so many seconds ago, else one that knows nothing.

        While one asker makes a page anew, the others get the one before it, however old.
        """
        now = self._elapsed()
        pacing = self._page(centre, now)
        return pacing if now - self._made.get(centre, -math.inf) <= most_s else NO_PACING

    def _page(self, centre: str, now: float) -> Pacing:
        page = self._pages.get(centre)
        if page is not None and now - page[0] < REFRESH_S:
            return page[1]
        # Set before reading, so that a hundred askers in one moment cause one reading.
        self._pages[centre] = (now, page[1] if page else NO_PACING)
        forgotten = self._forgotten.get(centre)
        times = self.learned.of(centre)
        pacing = self._store.read(lambda tx: self._read(tx, centre, times))
        # What was forgotten while it was read may not be in it.
        fresh = self._forgotten.get(centre) == forgotten
        self._pages[centre] = (now if fresh else -math.inf, pacing)
        self._made[centre] = now
        return pacing

    def last(self, centre: str) -> Pacing:
        """The pacing as last made, without reading: for use inside a transaction."""
        page = self._pages.get(centre)
        return page[1] if page else NO_PACING

    def forget(self, centre: str) -> None:
        """Make the next reading a fresh one: a counter opened, paused or closed.

        Until then `last` is what it was: better than nothing in the transactions of this moment.
        """
        self._forgotten[centre] = self._forgotten.get(centre, 0) + 1
        self._pages[centre] = (-math.inf, self.last(centre))

    def _read(self, tx: Tx, centre: str, times: Times) -> Pacing:
        ledger = tx.ledger(centre)
        if ledger is None:
            return NO_PACING
        known = self._book.centre(tx, centre, ledger.version)
        now = self._clock.now()
        if ledger.day < business_day(now, known.hours.timezone):
            return NO_PACING  # Yesterday's queues and counters say nothing of today.
        calibration = self._calibrations.of(tx, centre, known.hours)
        return Pacing(table_of(tx, known, times, milliseconds(now)), calibration)


def table_of(tx: Tx, centre: Centre, times: Times, now_ms: int) -> WaitTable:
    """Work out a centre's table of waits from its queues and counters of this moment."""
    moment = moment_of(tx, centre, times, now_ms, REPLAYED)
    return wait_table(*moment[:3], centre.policy, PRIORITIES, moment.walk_min)
