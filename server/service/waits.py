"""The table of waits, refreshed at most once a second and never inside a command's transaction."""

from collections.abc import Callable

from server.domain.centre import Centre
from server.domain.estimate import paces
from server.domain.learning import Times
from server.service.answers import NO_PACING, Pacing
from server.service.book import Book
from server.service.learned import Learned
from server.service.ports import Store, Tx
from server.service.work import backlog, open_counters

REFRESH_S = 1.0


class Waits:
    """Each centre's pacing as of at most a second ago.

    Args:
        store: Read on a snapshot, without a lock.
        book: The centres as configured.
        learned: What the centres have learnt of their own times.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(
        self, store: Store, book: Book, learned: Learned, elapsed: Callable[[], float]
    ) -> None:
        self.learned = learned
        self._store = store
        self._book = book
        self._elapsed = elapsed
        self._pages: dict[str, tuple[float, Pacing]] = {}

    def of(self, centre: str) -> Pacing:
        """The centre's pacing; made anew where the last one is over a second old."""
        page = self._pages.get(centre)
        now = self._elapsed()
        if page is not None and now - page[0] < REFRESH_S:
            return page[1]
        # Set before reading, so that a hundred askers in one moment cause one reading.
        self._pages[centre] = (now, page[1] if page else NO_PACING)
        times = self.learned.of(centre)
        pacing = self._store.read(lambda tx: self._read(tx, centre, times))
        self._pages[centre] = (now, pacing)
        return pacing

    def last(self, centre: str) -> Pacing:
        """The pacing as last made, without reading: for use inside a transaction."""
        page = self._pages.get(centre)
        return page[1] if page else NO_PACING

    def forget(self, centre: str) -> None:
        """Make the next reading a fresh one: a counter opened, paused or closed."""
        self._pages.pop(centre, None)

    def _read(self, tx: Tx, centre: str, times: Times) -> Pacing:
        ledger = tx.ledger(centre)
        if ledger is None:
            return NO_PACING
        return pacing_of(tx, self._book.centre(tx, centre, ledger.version), times)


def pacing_of(tx: Tx, centre: Centre, times: Times) -> Pacing:
    """Work out a centre's pacing from its queues and counters of this moment."""
    counters = open_counters(tx, centre)
    busy: dict[str, int] = {}
    for ticket in tx.active_tickets(centre.id):
        for service in counters.get(ticket.counter or "", ()):
            busy[service] = busy.get(service, 0) + 1
    return Pacing(paces(backlog(tx, centre, times), counters), busy)
