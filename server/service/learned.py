"""What each centre has learnt of its own times, read at most once a minute.

Never read inside a command's transaction: call-next costs what it did without it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from server.domain.learning import NOTHING_LEARNT, WALK_MIN, Served, Times, learn
from server.service.book import Book
from server.service.ports import Store, Tx

REFRESH_S: Final = 60.0
SAMPLES: Final = 300
"""The newest tickets of each service that are learnt from."""


class Learned:
    """Each centre's times as of at most a minute ago. Safe from any thread or greenlet.

    Args:
        store: Read on a snapshot, without a lock.
        book: The centres as configured.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(self, store: Store, book: Book, elapsed: Callable[[], float]) -> None:
        self._store = store
        self._book = book
        self._elapsed = elapsed
        self._pages: dict[str, tuple[float, Times]] = {}

    def of(self, centre: str) -> Times:
        """The centre's times; learnt anew where the last are over a minute old.

        Not for use inside a transaction.
        """
        page = self._pages.get(centre)
        now = self._elapsed()
        if page is not None and now - page[0] < REFRESH_S:
            return page[1]
        # Set before reading, so that a hundred askers in one moment cause one reading.
        self._pages[centre] = (now, page[1] if page else NOTHING_LEARNT)
        times = learn(*self._store.read(lambda tx: self._read(tx, centre)))
        self._pages[centre] = (now, times)
        return times

    def last(self, centre: str) -> Times:
        """The times as last learnt, without reading; the typical ones before that."""
        page = self._pages.get(centre)
        return page[1] if page else NOTHING_LEARNT

    def _read(
        self, tx: Tx, centre: str
    ) -> tuple[Mapping[str, float], Mapping[str, Sequence[Served]], float]:
        ledger = tx.ledger(centre)
        if ledger is None:
            return {}, {}, WALK_MIN
        known = self._book.centre(tx, centre, ledger.version)
        typical = {service.id: service.typical_service_min for service in known.offered()}
        served = {service: tx.recent_services(centre, service, SAMPLES) for service in typical}
        return typical, served, WALK_MIN / (known.simulation or 1.0)
