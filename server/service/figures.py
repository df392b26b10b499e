"""How busy every centre is at this moment, for those who watch over all of them."""

from collections import Counter
from typing import NamedTuple

from server.domain.accuracy import Accuracy
from server.domain.calendar import opening
from server.domain.ticket import milliseconds
from server.service.book import Book
from server.service.loads import service_loads
from server.service.ports import Clock, Store, Tx
from server.service.snapshot import Snapshot, snapshot_of
from server.service.waits import Waits
from wire.words import CounterState


class ServiceFigures(NamedTuple):
    """One service that people can choose; waits in seconds, None where none can be told."""

    service: str
    waiting: int
    open_counters: int
    likely_s: int | None
    target_s: float


class CentreFigures(NamedTuple):
    """One centre; `accuracy` is that of its last finished day."""

    centre: str
    open: bool
    services: list[ServiceFigures]
    counters: dict[CounterState, int]
    accuracy: Accuracy | None


class Figures:
    """Reads every centre's figures. Safe from any thread or greenlet.

    Args:
        store: Read on one short snapshot for each centre.
        clock: The present moment.
        book: The centres as configured.
        waits: What is told of waits; made anew only for centres where somebody waits.
    """

    def __init__(self, store: Store, clock: Clock, book: Book, waits: Waits) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._waits = waits

    def centres(self) -> list[CentreFigures]:
        """Every centre, in order of its id.

        Raises:
            StoreError: the database failed.
        """
        return [self._of(centre) for centre in self._store.read(lambda tx: tx.centres())]

    def _of(self, centre: str) -> CentreFigures:
        if self._store.read(lambda tx: any(q.waiting for q in self._snap(tx, centre).queues())):
            self._waits.of(centre)
        return self._store.read(lambda tx: self._figures(self._snap(tx, centre)))

    def _snap(self, tx: Tx, centre: str) -> Snapshot:
        return snapshot_of(tx, self._book, self._clock.now(), centre)

    def _figures(self, snap: Snapshot) -> CentreFigures:
        centre, now = snap.centre, self._clock.now()
        loads = service_loads(snap, self._waits.last(centre.id), milliseconds(now))
        last = snap.tx.accuracies(centre.id, 1)
        return CentreFigures(
            centre.id,
            opening(centre.hours, now).open,
            [
                ServiceFigures(
                    load.id,
                    load.waiting,
                    load.open_counters,
                    load.likely_s,
                    centre.services[load.id].target_wait_min * 60,
                )
                for load in loads
            ],
            self._counters(snap),
            last[0].accuracy if last else None,
        )

    @staticmethod
    def _counters(snap: Snapshot) -> dict[CounterState, int]:
        rows = snap.tx.counters(snap.centre.id) if snap.begun else []
        states = {row.counter: row.state for row in rows}
        return Counter(states.get(counter.id, "closed") for counter in snap.centre.staffed())
