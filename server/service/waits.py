"""The table of waits, refreshed at most once a second and never inside a command's transaction."""

import math
from collections.abc import Callable
from typing import Final

from server.domain.calendar import business_day
from server.domain.centre import Centre
from server.domain.estimate import Desk, Waiting, left_min
from server.domain.learning import Times
from server.domain.ticket import Ticket, milliseconds
from server.domain.wait_table import wait_table
from server.service.book import Book
from server.service.learned import Learned
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
        self._pages: dict[str, tuple[float, Pacing]] = {}
        self._made: dict[str, float] = {}

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
        times = self.learned.of(centre)
        pacing = self._store.read(lambda tx: self._read(tx, centre, times))
        self._pages[centre] = (now, pacing)
        self._made[centre] = now
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
        known = self._book.centre(tx, centre, ledger.version)
        now = self._clock.now()
        if ledger.day < business_day(now, known.hours.timezone):
            return NO_PACING  # Yesterday's queues and counters say nothing of today.
        return pacing_of(tx, known, times, milliseconds(now))


def pacing_of(tx: Tx, centre: Centre, times: Times, now_ms: int) -> Pacing:
    """Work out a centre's pacing from its queues and counters of this moment."""
    load = backlog(tx, centre, times)
    waiting = [_waiting(ticket, now_ms) for ticket in tx.fronts(centre.id, REPLAYED)]
    desks = _desks(tx, centre, times, now_ms)
    return Pacing(wait_table(waiting, desks, load, centre.policy, PRIORITIES, times.walk_min))


def _waiting(ticket: Ticket, now_ms: int) -> Waiting:
    t_ref = (ticket.t_ref_ms - now_ms) / 60_000
    ready = max(0.0, (ticket.ready_ms - now_ms) / 60_000)
    pinned = ticket.pinned_to or None
    return Waiting(ticket.number, ticket.service, ticket.priority, t_ref, pinned, ready)


def _desks(tx: Tx, centre: Centre, times: Times, now_ms: int) -> list[Desk]:
    busy = {ticket.counter: ticket for ticket in tx.active_tickets(centre.id)}
    return [
        Desk(counter, skills, _left_min(busy.get(counter), centre, times, now_ms))
        for counter, skills in open_counters(tx, centre).items()
    ]


def _left_min(held: Ticket | None, centre: Centre, times: Times, now_ms: int) -> float:
    """How long a counter is still expected to be busy; somebody called has yet to walk there."""
    if held is None:
        return 0.0
    service = times.of(centre.services[held.service])
    since = held.started_ms or held.called_ms or now_ms
    mean = service.mean_min + (times.walk_min if held.started_ms is None else 0.0)
    spread = service.spread_min / service.mean_min
    return left_min(mean, (now_ms - since) / 60_000, spread)
