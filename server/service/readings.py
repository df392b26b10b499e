"""What can be asked without changing anything: board, desk, centres, one ticket, a track link.

Readings come from one snapshot each. A business day that nobody has begun yet reads as empty.
"""

from collections.abc import Callable
from typing import Final, TypeVar

import msgspec
from msgspec import UNSET

from server.domain.calendar import opening
from server.domain.ticket import instant, milliseconds
from server.domain.travel import kilometres
from server.service import desk
from server.service.answers import (
    SEES_TRACK,
    counter_answer,
    counter_ref,
    name,
    standing_of,
    ticket_answer,
    voice_info,
)
from server.service.book import Book
from server.service.loads import service_loads
from server.service.measured import last_measured, measured
from server.service.ports import Caller, Clock, Store
from server.service.procedures import ProcedureTables
from server.service.public import is_coming, public_ticket, ticket_behind
from server.service.snapshot import Snapshot, snapshot_of
from server.service.waits import Waits
from server.service.work import known_counter
from wire.answers import (
    Band,
    Board,
    Call,
    CentreInfo,
    CentreLoad,
    Counter,
    CounterInfo,
    ServiceInfo,
    ServiceLoad,
    Whoami,
    ZoneInfo,
)
from wire.answers import Ticket as TicketAnswer
from wire.desk import Current, Desk
from wire.errors import Refusal
from wire.oversight import Accuracy, WaitAccuracy
from wire.visits import PublicTicket

T = TypeVar("T")

CALLS: Final = 20
RESEND: Final = 500
"""A watcher that missed more changes than this gets the board instead."""

_encode = msgspec.json.Encoder().encode


class Readings:
    """The questions. All may be asked from any thread or greenlet.

    Args:
        store: Read on snapshots.
        clock: The present moment.
        book: The centres as configured, shared with the commands.
        waits: The table of waits, shared with the commands.
        public_url: What track links begin with.
        version: The server's own version.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        book: Book,
        waits: Waits,
        public_url: str,
        version: str = "",
    ) -> None:
        self._store = store
        self._clock = clock
        self._book = book
        self._waits = waits
        self._track = public_url.rstrip("/") + "/t/"
        self._version = version
        self.tables = ProcedureTables()
        self._boards: dict[str, tuple[int, int, str, bytes]] = {}

    def _now_ms(self) -> int:
        return milliseconds(self._clock.now())

    def _read(self, centre: str, ask: Callable[[Snapshot], T]) -> T:
        now = self._clock.now()
        return self._store.read(lambda tx: ask(snapshot_of(tx, self._book, now, centre)))

    # ---- the board
    def board(self, centre: str) -> bytes:
        """The board as JSON; the same bytes within one second and one seq.

        Raises:
            Refusal: `unknown_centre`.
        """
        self._waits.of(centre)
        return self._read(centre, self._board)

    def _board(self, snap: Snapshot) -> bytes:
        now = self._clock.now()
        second = milliseconds(now) // 1000
        kept = self._boards.get(snap.centre.id)
        if kept is not None and kept[:3] == (snap.ledger.seq, second, snap.day):
            return kept[3]
        board = Board(
            centre=snap.centre.id,
            day=snap.day,
            seq=snap.ledger.seq,
            as_of=now,
            calls=self._calls(snap),
            services=self._services(snap),
            counters=self._counters(snap),
        )
        body = _encode(board)
        self._boards[snap.centre.id] = (snap.ledger.seq, second, snap.day, body)
        return body

    def _calls(self, snap: Snapshot) -> list[Call]:
        found = []
        rows = snap.tx.recent_calls(snap.centre.id, snap.day, CALLS)
        languages = snap.tx.foreign([row.ticket for row in rows])
        for row in rows:
            place = counter_ref(snap.centre, row.counter)
            zone = snap.centre.zone_of(row.counter)
            assert place is not None
            found.append(
                Call(
                    row.call_id,
                    row.number,
                    row.service,
                    place,
                    zone.id if zone else None,
                    instant(row.called_ms),
                    row.times,
                    languages.get(row.ticket, UNSET),
                )
            )
        return found

    def _services(self, snap: Snapshot) -> list[ServiceLoad]:
        return service_loads(snap, self._waits.last(snap.centre.id), self._now_ms())

    def _counters(self, snap: Snapshot) -> list[Counter]:
        rows = {row.counter: row for row in snap.tx.counters(snap.centre.id)} if snap.begun else {}
        held = {
            ticket.counter: ticket
            for ticket in (snap.tx.active_tickets(snap.centre.id) if snap.begun else ())
        }
        found = []
        for counter in snap.centre.staffed():
            row = rows.get(counter.id) or desk.never_opened(snap.centre, counter.id)
            found.append(counter_answer(snap.centre, row, held.get(counter.id)))
        return found

    # ---- one counter, one ticket
    def desk(self, centre: str, counter: str) -> Desk:
        """Everything a desk page shows for one counter.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`.
        """
        times = self._waits.learned.of(centre)

        def ask(snap: Snapshot) -> Desk:
            known_counter(snap.centre, counter)
            now = self._clock.now()
            told = desk.desk(snap.tx, snap.centre, snap.ledger, counter, now, snap.begun, times)
            return self._with_procedures(snap, told)

        return self._read(centre, ask)

    def _with_procedures(self, snap: Snapshot, told: Desk) -> Desk:
        listed = [told.current, *told.next, *told.held]
        codes = {one.procedure for one in listed if one is not None and one.procedure}
        if not codes:
            return told
        return msgspec.structs.replace(told, procedures=self.tables.of(snap, codes))

    def current(self, centre: str, counter: str) -> Current:
        """The ticket a counter has, without its link.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`.
        """

        def ask(snap: Snapshot) -> Current:
            known_counter(snap.centre, counter)
            held = snap.tx.held_at(centre, counter) if snap.begun else None
            return Current(ticket_answer(held, snap.centre, None) if held else None)

        return self._read(centre, ask)

    def ticket(self, caller: Caller, centre: str, ticket: str) -> TicketAnswer:
        """One ticket, with its link for those who may see it.

        Raises:
            Refusal: `unknown_centre`, `unknown_ticket`.
        """
        pacing = self._waits.of(centre)

        def ask(snap: Snapshot) -> TicketAnswer:
            found = snap.tx.ticket(centre, ticket)
            if found is None:
                raise Refusal("unknown_ticket", f"{centre} has no ticket '{ticket}'.")
            standing = standing_of(pacing, snap.tx, found, self._now_ms())
            shown = caller.role in SEES_TRACK and found.track
            url = f"{self._track}{found.track}" if shown else None
            on_way = is_coming(snap.tx, found)
            return ticket_answer(found, snap.centre, standing, url, coming=on_way)

        return self._read(centre, ask)

    def track(self, track: str) -> PublicTicket:
        """What the holder of a track link sees.

        Raises:
            Refusal: `unknown_track`.
        """
        place = self.track_ticket(track)
        if place is None:
            raise Refusal("unknown_track", "This link leads to no ticket; it may be too old.")
        pacing = self._waits.of(place[0])

        def ask(snap: Snapshot) -> PublicTicket:
            found = snap.tx.ticket(*place)
            assert found is not None
            standing = standing_of(pacing, snap.tx, found, self._now_ms())
            return public_ticket(snap, self.tables, found, standing, self._now_ms())

        return self._read(place[0], ask)

    def track_ticket(self, track: str) -> tuple[str, str] | None:
        """The centre and id of the ticket behind a link; None where there is none, or no more.

        A link lives for 24 hours after its business day.
        """
        now = self._clock.now()
        return self._store.read(lambda tx: ticket_behind(tx, self._book, now, track))

    # ---- centres
    def centre(self, centre: str) -> CentreInfo:
        """A centre's public configuration, and whether it hands out numbers now.

        Raises:
            Refusal: `unknown_centre`.
        """
        return self._read(centre, self._centre)

    def _centre(self, snap: Snapshot) -> CentreInfo:
        centre = snap.centre
        state = opening(centre.hours, self._clock.now())
        return CentreInfo(
            id=centre.id,
            name=name(centre.name),
            kind=centre.kind,
            timezone=centre.hours.timezone,
            address=centre.address,
            version=snap.ledger.version,
            day=snap.day,
            open=state.open,
            tickets=state.tickets,
            opens_at=state.opens_at,
            closes_at=state.closes_at,
            services=[
                ServiceInfo(
                    s.id,
                    s.prefix,
                    name(s.name),
                    s.target_wait_min,
                    s.typical_service_min,
                    s.anywhere,
                )
                for s in centre.offered()
            ],
            counters=[
                CounterInfo(c.id, c.number, name(c.name), list(c.services), c.zone)
                for c in centre.staffed()
            ],
            zones=[ZoneInfo(z.id, name(z.name), z.floor, z.side) for z in centre.zones.values()],
            simulation=centre.simulation,
            resumes_at=state.resumes_at,
            procedures_version=self.tables.version(snap),
            voice=voice_info(centre),
        )

    def procedures(self, centre: str) -> bytes:
        """The centre's procedures as JSON; the same bytes while the configuration is the same.

        Raises:
            Refusal: `unknown_centre`.
        """
        return self._read(centre, self.tables.answer)

    def centres(
        self, near: tuple[float, float] | None = None, service: str | None = None
    ) -> list[CentreLoad]:
        """Every centre with its load; nearest first where `near` (degrees) is given.

        Args:
            near: Latitude and longitude to measure from.
            service: Count and estimate this service only; centres without it are left out.
        """
        names = self._store.read(lambda tx: tx.centres())
        found = []
        for centre in names:
            if self._read(centre, lambda snap: self._busy(snap, service)):
                self._waits.of(centre)
            load = self._read(centre, lambda snap: self._load(snap, near, service))
            if load is not None:
                found.append(load)
        if near is not None:
            found.sort(key=lambda load: (load.km is None, load.km))
        return found

    @staticmethod
    def _busy(snap: Snapshot, service: str | None) -> bool:
        """Whether there are waits to be told: the day has begun, and the service is there."""
        return snap.begun and any(service in (None, s.id) for s in snap.centre.offered())

    def _load(
        self, snap: Snapshot, near: tuple[float, float] | None, service: str | None
    ) -> CentreLoad | None:
        services = [s for s in self._services(snap) if service in (None, s.id)]
        if not services:
            return None
        place = (snap.centre.lat, snap.centre.lon)
        known = None not in place and near is not None
        waits = [s.likely_s for s in services if s.likely_s is not None]
        return CentreLoad(
            snap.centre.id,
            name(snap.centre.name),
            opening(snap.centre.hours, self._clock.now()).open,
            sum(s.waiting for s in services),
            max(waits) if waits else None,
            round(kilometres(near, place), 2) if known else None,  # type: ignore[arg-type]  # both are known here
        )

    def accuracy(self, centre: str) -> Accuracy:
        """How good the waits told at this centre were: today so far, and the days before.

        Raises:
            Refusal: `unknown_centre`.
        """
        return self._read(centre, lambda snap: measured(snap.tx, snap.centre, snap.day))

    def last_accuracy(self, centre: str) -> WaitAccuracy | None:
        """How good the waits told on the last finished day were; None if that says too little.

        Raises:
            Refusal: `unknown_centre`.
        """
        return self._read(centre, lambda snap: last_measured(snap.tx, snap.centre))

    def whoami(self, caller: Caller) -> Whoami:
        """Who the server takes the asker for, and what time it has."""
        day = None
        if caller.centre is not None:
            day = self._read(caller.centre, lambda snap: snap.day)
        return Whoami(
            role=caller.role,
            name=caller.name,
            centre=caller.centre,
            counter=caller.counter,
            day=day,
            now=self._clock.now(),
            band=Band(*caller.band) if caller.band else None,
            kiosk=caller.kiosk,
            server=self._version,
        )

    # ---- for the sockets
    def changes_after(self, centre: str, seq: int) -> list[bytes] | None:
        """The changes after a seq, in order; None where they are too many or gone.

        Raises:
            Refusal: `unknown_centre`.
        """

        def ask(snap: Snapshot) -> list[bytes] | None:
            missed = snap.ledger.seq - seq
            if not 0 <= missed <= RESEND:
                return None
            found = snap.tx.outbox_after(centre, seq, RESEND)
            return [pushed.body for pushed in found] if len(found) == missed else None

        return self._read(centre, ask)

    def seq_of(self, centre: str) -> int:
        """The centre's change number."""
        return self._read(centre, lambda snap: snap.ledger.seq)
