"""Finding a ticket of today by what somebody reads off its paper."""

from typing import Final

from server.domain.ticket import milliseconds
from server.service.answers import standing_of, ticket_answer
from server.service.book import Book
from server.service.ports import Clock, Store, Tx
from server.service.snapshot import snapshot_of
from server.service.waits import Waits
from wire.answers import Ticket

FOUND_MOST: Final = 20


class TicketFinder:
    """Finds tickets for staff. Safe from any thread or greenlet.

    Args:
        store: Read on snapshots.
        clock: The present moment.
        book: The centres as configured.
        waits: The table of waits.
        public_url: What track links begin with.
    """

    def __init__(
        self, store: Store, clock: Clock, book: Book, waits: Waits, public_url: str
    ) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._waits = waits
        self._track = public_url.rstrip("/") + "/t/"

    def find(self, centre: str, text: str) -> list[Ticket]:
        """The newest tickets of the present business day, whatever their state.

        Args:
            centre: Whose tickets.
            text: Letters and digits that the number holds, in any case; empty for all.

        Returns:
            At most 20, the newest first, each with its link and where it stands.

        Raises:
            Refusal: `unknown_centre`.
        """
        now = self._clock.now()
        pacing = self._waits.of(centre)

        def ask(tx: Tx) -> list[Ticket]:
            snap = snapshot_of(tx, self._book, now, centre)
            found = tx.newest_tickets(centre, snap.day, text.upper(), FOUND_MOST)
            return [
                ticket_answer(
                    ticket,
                    snap.centre,
                    standing_of(pacing, tx, ticket, milliseconds(now)),
                    self._track + ticket.track if ticket.track else None,
                )
                for ticket in found
            ]

        return self._store.read(ask)
