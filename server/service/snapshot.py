"""One centre as a reading finds it: its rows, its configuration, and the business day."""

from datetime import datetime
from typing import NamedTuple

from server.domain.calendar import business_day
from server.domain.centre import Centre
from server.domain.ticket import Ledger, Queued
from server.service.book import Book, unknown_centre
from server.service.ports import Tx


class Snapshot(NamedTuple):
    """One centre on one snapshot: its rows, its day, and whether that day has begun."""

    tx: Tx
    centre: Centre
    ledger: Ledger
    day: str

    @property
    def begun(self) -> bool:
        """Whether anything has happened on this business day."""
        return self.ledger.day == self.day

    def queues(self) -> list[Queued]:
        """Today's queues; none where the day has not begun."""
        return self.tx.queues(self.centre.id) if self.begun else []


def snapshot_of(tx: Tx, book: Book, now: datetime, centre: str) -> Snapshot:
    """Find a centre as it is at this moment.

    Raises:
        Refusal: `unknown_centre`.
    """
    ledger = tx.ledger(centre)
    if ledger is None:
        raise unknown_centre(centre)
    known = book.centre(tx, centre, ledger.version)
    day = business_day(now, known.hours.timezone)
    return Snapshot(tx, known, ledger, max(day, ledger.day))
