"""Which papers this kiosk was asked for by staff: durable before the paper moves, kept until told.

An order that is in the book is never begun again, whatever the server hands out; after a crash
its end follows from what the journal knows of the paper.
"""

import sqlite3
from dataclasses import dataclass, replace

from kiosk.journal import Entry, Journal, PaperState


@dataclass(frozen=True)
class Ended:
    """An order whose end the server has not been told of."""

    id: str
    outcome: str
    reason: str


class OrderBook:
    """The orders beside the journal, in its database. Safe to use from several threads."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._database = journal.database

    def knows(self, order: str) -> bool:
        """Whether this order was begun, or refused, already."""
        query = "SELECT 1 FROM print_order WHERE id = ?"
        return self._database.row(query, (order,)) is not None

    def begin(self, order: str, entry: Entry, *, issued_by_kiosk: bool) -> bool:
        """Queue a paper and note its order, both or neither.

        Args:
            order: The order's id.
            entry: The ticket as the server tells it; `papers` are those that may be out, the
                first one of a number that a kiosk gave out included.
            issued_by_kiosk: Whether some kiosk printed it when it was given out.

        Returns:
            False while another paper of the ticket is on its way: nothing has changed.
        """
        with self._database.transaction():
            known = self._journal.find(entry.id)
            if known is not None and not self._queue_again(known, entry, issued_by_kiosk):
                return False
            if known is None:
                self._journal.add(replace(entry, paper="queued"))
            self._add(order, entry.id, brought=known is None)
        return True

    def _queue_again(self, known: Entry, told: Entry, issued_by_kiosk: bool) -> bool:
        """A ticket we know: what we know of its first paper is better than what the server does."""
        ours = issued_by_kiosk and not self._was_brought(known.id)
        papers = max(known.papers, told.papers - int(ours))
        if not self._journal.queue_again(known.id):
            return False
        self._database.run("UPDATE ticket SET papers = ? WHERE id = ?", (papers, known.id))
        return True

    def _was_brought(self, ticket: str) -> bool:
        query = "SELECT 1 FROM print_order WHERE ticket = ? AND brought = 1"
        return self._database.row(query, (ticket,)) is not None

    def refuse(self, order: str, ticket: str, reason: str) -> None:
        """Note an order that is not begun at all, to be told of as failed."""
        with self._database.transaction():
            self._add(order, ticket, brought=False)
            self.end(order, "failed", reason)

    def _add(self, order: str, ticket: str, *, brought: bool) -> None:
        values = (order, ticket, int(brought))
        self._database.run("INSERT INTO print_order (id, ticket, brought) VALUES (?, ?, ?)", values)

    def end(self, order: str, paper: PaperState, reason: str) -> None:
        """How the paper ended; one that the journal could not note is unknown."""
        known = paper in ("printed", "failed", "unknown")
        self._database.run(
            "UPDATE print_order SET outcome = ?, reason = ? WHERE id = ?",
            (paper if known else "unknown", reason, order),
        )

    def untold(self) -> list[Ended]:
        """What the server is still to be told, oldest first."""
        rows = self._database.rows(
            "SELECT id, outcome, reason FROM print_order"
            " WHERE outcome <> '' AND told = 0 ORDER BY rowid"
        )
        return [Ended(*row) for row in rows]

    def told(self, order: str) -> None:
        """The server knows; a failure to note that only tells it once more."""
        try:
            self._database.run("UPDATE print_order SET told = 1 WHERE id = ?", (order,))
        except sqlite3.OperationalError:  # A full disk: the server takes the same word again.
            return
