"""What a desk asks before it acts, and after its day: costs and figures. Nothing is changed."""

from collections.abc import Callable
from typing import TypeVar

from server.domain.ticket import milliseconds
from server.service import desk_day
from server.service.book import Book
from server.service.ports import Clock, Store
from server.service.snapshot import Snapshot, snapshot_of
from server.service.waits import Waits
from wire.desk import Figures, JumpCost
from wire.words import Priority

T = TypeVar("T")


class DeskReadings:
    """The desk's questions. All may be asked from any thread or greenlet.

    Args:
        store: Read on snapshots.
        clock: The present moment.
        book: The centres as configured, shared with the commands.
        waits: The table of waits, shared with the commands.
    """

    def __init__(self, store: Store, clock: Clock, book: Book, waits: Waits) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._waits = waits

    def _read(self, centre: str, ask: Callable[[Snapshot], T]) -> T:
        now = self._clock.now()
        return self._store.read(lambda tx: ask(snapshot_of(tx, self._book, now, centre)))

    def figures(self, centre: str, counter: str) -> Figures:
        """What a counter did on this business day.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`.
        """
        return self._read(centre, lambda snap: desk_day.figures(snap, counter))

    def ticket_jump(self, centre: str, ticket: str, priority: Priority | None) -> JumpCost:
        """What it costs the others to call this ticket now, or to move it to this group.

        Raises:
            Refusal: `unknown_centre`, `unknown_ticket`.
        """
        pacing, times = self._waits.of(centre), self._waits.learned.of(centre)
        now_ms = milliseconds(self._clock.now())
        return self._read(
            centre,
            lambda snap: desk_day.ticket_jump(snap, pacing, times, ticket, priority, now_ms),
        )

    def reception_jump(self, centre: str, service: str) -> JumpCost:
        """What it costs the others to receive somebody at once for this service.

        Raises:
            Refusal: `unknown_centre`, `unknown_service`.
        """
        pacing, times = self._waits.of(centre), self._waits.learned.of(centre)
        now_ms = milliseconds(self._clock.now())
        return self._read(
            centre, lambda snap: desk_day.reception_jump(snap, pacing, times, service, now_ms)
        )
