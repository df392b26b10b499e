"""The table of waits, refreshed at most once a second and never inside a command's transaction."""

from collections.abc import Callable, Mapping
from typing import Final

from server.domain.calendar import business_day
from server.domain.centre import Centre
from server.domain.estimate import Desk, Waiting, left_min
from server.domain.ticket import Ticket, milliseconds
from server.domain.wait_table import wait_table
from server.service.book import Book
from server.service.pacing import NO_PACING, Pacing
from server.service.ports import Clock, Store, Tx
from server.service.work import backlog, open_counters
from wire.words import PRIORITIES

REFRESH_S: Final = 1.0
REPLAYED: Final = 50
"""Tickets of each queue that are replayed; behind them the table counts on at the queue's pace."""


class Waits:
    """Each centre's pacing as of at most a second ago.

    Args:
        store: Read on a snapshot, without a lock.
        book: The centres as configured.
        clock: What the queues' times are compared with.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(
        self, store: Store, book: Book, clock: Clock, elapsed: Callable[[], float]
    ) -> None:
        self._store = store
        self._book = book
        self._clock = clock
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
        pacing = self._store.read(lambda tx: self._read(tx, centre))
        self._pages[centre] = (now, pacing)
        return pacing

    def last(self, centre: str) -> Pacing:
        """The pacing as last made, without reading: for use inside a transaction."""
        page = self._pages.get(centre)
        return page[1] if page else NO_PACING

    def forget(self, centre: str) -> None:
        """Make the next reading a fresh one: a counter opened, paused or closed."""
        self._pages.pop(centre, None)

    def _read(self, tx: Tx, centre: str) -> Pacing:
        ledger = tx.ledger(centre)
        if ledger is None:
            return NO_PACING
        known = self._book.centre(tx, centre, ledger.version)
        now = self._clock.now()
        if ledger.day < business_day(now, known.hours.timezone):
            return NO_PACING  # Yesterday's queues and counters say nothing of today.
        return pacing_of(tx, known, milliseconds(now))


def pacing_of(tx: Tx, centre: Centre, now_ms: int) -> Pacing:
    """Work out a centre's pacing from its queues and counters of this moment."""
    load = backlog(tx, centre)
    waiting = [_waiting(ticket, now_ms) for ticket in tx.fronts(centre.id, REPLAYED)]
    means = {service: one.mean_min for service, one in load.items()}
    desks = _desks(tx, centre, means, now_ms)
    return Pacing(wait_table(waiting, desks, load, centre.policy, PRIORITIES))


def _waiting(ticket: Ticket, now_ms: int) -> Waiting:
    t_ref = (ticket.t_ref_ms - now_ms) / 60_000
    return Waiting(ticket.number, ticket.service, ticket.priority, t_ref, ticket.pinned_to or None)


def _desks(tx: Tx, centre: Centre, means: Mapping[str, float], now_ms: int) -> list[Desk]:
    busy = {ticket.counter: ticket for ticket in tx.active_tickets(centre.id)}
    return [
        Desk(counter, skills, _left_min(busy.get(counter), means, now_ms))
        for counter, skills in open_counters(tx, centre).items()
    ]


def _left_min(held: Ticket | None, means: Mapping[str, float], now_ms: int) -> float:
    if held is None:
        return 0.0
    since = held.started_ms or held.called_ms or now_ms
    return left_min(means.get(held.service, 0.0), (now_ms - since) / 60_000)
