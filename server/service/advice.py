"""What each centre's manager is advised, worked out when asked and at most once a second."""

from collections.abc import Callable, Iterator
from typing import Final, NamedTuple

from server.domain.advice import USUAL, Loan, Lobby, advise, drains
from server.domain.advice import Advice as Found
from server.domain.advice_words import sentence
from server.domain.centre import Centre
from server.domain.learning import Times
from server.domain.ticket import milliseconds
from server.service.answers import counter_ref, name
from server.service.book import Book
from server.service.loads import service_loads
from server.service.moment import Moment, moment_of
from server.service.ports import Clock, Store, Tx
from server.service.snapshot import snapshot_of
from server.service.waits import Waits
from wire.answers import CounterRef, ServiceLoad
from wire.oversight import Advice, AdviceBoard, ServiceRef, ServiceStrain
from wire.oversight import Loan as LoanAnswer
from wire.words import Name

REFRESH_S: Final = 1.0
REPLAYED: Final = 10
"""Tickets of each queue that are replayed; behind them the rule counts on at the queue's pace."""

NOBODY: Final = Moment([], [], {}, 0.0)
"""A business day that has not begun."""


class _Seen(NamedTuple):
    """What one snapshot said."""

    centre: Centre
    seq: int
    loads: list[ServiceLoad]
    moment: Moment
    loans: frozenset[Loan]


class Adviser:
    """Each centre's advice as of at most a second ago. Safe from any thread or greenlet.

    Args:
        store: Read on a snapshot, without a lock.
        book: The centres as configured.
        waits: What is told of waits, and what the centres have learnt.
        clock: What the queues' times are compared with.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(
        self, store: Store, book: Book, waits: Waits, clock: Clock, elapsed: Callable[[], float]
    ) -> None:
        self._store = store
        self._book = book
        self._waits = waits
        self._clock = clock
        self._elapsed = elapsed
        self._pages: dict[str, tuple[float, AdviceBoard]] = {}

    def board(self, centre: str) -> AdviceBoard:
        """Every service of a centre and what to do about the slow ones.

        Not for use inside a transaction.

        Raises:
            Refusal: `unknown_centre`.
        """
        page = self._pages.get(centre)
        now = self._elapsed()
        if page is not None and now - page[0] < REFRESH_S:
            return page[1]
        if page is not None:
            # Set before reading, so that a hundred askers in one moment cause one reading.
            self._pages[centre] = (now, page[1])
        board = self._look(centre)
        self._pages[centre] = (now, board)
        return board

    def forget(self, centre: str) -> None:
        """Make the next asking a fresh one: somebody has acted."""
        self._pages.pop(centre, None)

    def _look(self, centre: str) -> AdviceBoard:
        self._waits.of(centre)
        times = self._waits.learned.of(centre)
        moment = self._clock.now()
        seen = self._store.read(lambda tx: self._read(tx, centre, times))
        lobby = _lobby(seen)
        slow = drains(lobby)
        return AdviceBoard(
            centre=centre,
            as_of=moment,
            seq=seen.seq,
            services=[_strain(seen.centre, load, slow) for load in seen.loads],
            advice=[_told(seen, found) for found in advise(lobby)],
            loans=[
                LoanAnswer(_counter(seen.centre, loan.counter), service_ref(seen.centre, loan[1]))
                for loan in sorted(seen.loans)
            ],
        )

    def _read(self, tx: Tx, centre: str, times: Times) -> _Seen:
        now = self._clock.now()
        now_ms = milliseconds(now)
        snap = snapshot_of(tx, self._book, now, centre)
        return _Seen(
            snap.centre,
            snap.ledger.seq,
            service_loads(snap, self._waits.last(centre), now_ms),
            moment_of(tx, snap.centre, times, now_ms, REPLAYED) if snap.begun else NOBODY,
            frozenset(_loans(snap.centre)) if snap.begun else frozenset(),
        )


def _loans(centre: Centre) -> Iterator[Loan]:
    for counter in centre.staffed():
        for service in counter.lent:
            yield Loan(counter.id, service)


def _lobby(seen: _Seen) -> Lobby:
    """The moment as the rule takes it; a retired service is nothing to open a counter for."""
    moment, known = seen.moment, seen.centre
    opened = {desk.id for desk in moment.desks}
    offered = {service.id for service in known.offered()}
    return Lobby(
        waiting=moment.waiting,
        desks=moment.desks,
        closed={
            counter.id: frozenset(counter.services)
            for counter in known.staffed()
            if counter.id not in opened
        },
        backlog={name: load for name, load in moment.backlog.items() if name in offered},
        policy=known.policy,
        loans=seen.loans,
        walk_min=moment.walk_min,
    )


def _strain(centre: Centre, load: ServiceLoad, slow: dict[str, float]) -> ServiceStrain:
    drain_min = slow.get(load.id, 0.0)
    return ServiceStrain(
        id=load.id,
        name=load.name,
        waiting=load.waiting,
        open_counters=load.open_counters,
        drain_s=_seconds(drain_min),
        target_wait_s=_seconds(centre.services[load.id].target_wait_min),
        likely_s=load.likely_s,
        high_s=load.high_s,
        over=drain_min > USUAL.act_min,
    )


def _told(seen: _Seen, found: Found) -> Advice:
    counter = _counter(seen.centre, found.counter)
    service = seen.centre.services[found.service]
    served = any(found.service in desk.skills for desk in seen.moment.desks)
    said = sentence(found.kind, counter.number, service.name, found.gain_min, served)
    return Advice(
        id=found.id,
        kind=found.kind,
        counter=counter,
        service=service_ref(seen.centre, found.service),
        drain_s=_seconds(found.drain_min),
        drain_after_s=_seconds(found.drain_after_min),
        gain_s=_seconds(found.gain_min),
        saved_s=_seconds(found.saved_min),
        words=Name(said.vi, said.en),
    )


def service_ref(centre: Centre, service: str) -> ServiceRef:
    """A service of the centre, with its name."""
    return ServiceRef(service, name(centre.services[service].name))


def _counter(centre: Centre, counter: str) -> CounterRef:
    found = counter_ref(centre, counter)
    assert found is not None
    return found


def _seconds(minutes: float) -> int:
    return round(minutes * 60)
