"""Who works at which counter today: taken, given, handed over, left.

Seats are no part of a centre's log: it says who gave each command, not who sat where. They are
told to the staff alone.
"""

from server.domain.centre import Centre
from server.domain.ticket import instant
from server.service.answers import counter_ref
from server.service.beside import BesideTheLog, Now
from server.service.desk_ports import SeatRow
from server.service.people import account_name
from server.service.ports import Caller, Operation, Reply, Tx
from server.service.snapshot import Snapshot
from server.service.work import known_counter
from wire.desk import Seat, Seats
from wire.errors import Refusal
from wire.requests import SeatRequest


class SeatPlan(BesideTheLog):
    """Everything about seats. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each question.
        book: The centres as configured.
    """

    def sit(
        self,
        caller: Caller,
        centre: str,
        counter: str,
        body: SeatRequest,
        operation: Operation | None,
    ) -> Reply:
        """Seat the caller at a counter, or a colleague; whoever sits down leaves where they sat.

        A clerk hands over the counter they sit at themselves; a manager gives any.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`, `unknown_user`; `seat_taken` where
                somebody else sits, unless it is taken over; `forbidden` for a clerk who gives
                away a counter of others.
        """

        def decide(now: Now) -> Seats:
            snap = now.snap
            known_counter(snap.centre, counter)
            sitting = _at(snap, counter)
            other = sitting if sitting is not None and sitting.person != caller.id else None
            person, name = _wanted(snap.tx, caller, centre, body)
            given = person != caller.id
            if other is not None and given and caller.role == "clerk":
                detail = "A clerk may hand over the counter they sit at, and no other."
                raise Refusal("forbidden", detail)
            if other is not None and not given and not body.take_over:
                raise Refusal("seat_taken", f"{other.name} works at counter {counter} now.")
            if sitting is None or sitting.person != person:
                snap.tx.leave_seats(centre, person=person)
                snap.tx.save_seat(SeatRow(centre, counter, snap.day, person, name, now.ms))
            return _answer(snap)

        return self._run(centre, operation, decide)

    def leave(
        self, caller: Caller, centre: str, counter: str, operation: Operation | None
    ) -> Reply:
        """Get up from a counter; where somebody else sits by now, nothing changes.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`.
        """

        def decide(now: Now) -> Seats:
            snap = now.snap
            known_counter(snap.centre, counter)
            sitting = _at(snap, counter)
            if sitting is not None and sitting.person == caller.id:
                snap.tx.leave_seats(centre, counter)
            return _answer(snap)

        return self._run(centre, operation, decide)

    def plan(self, centre: str) -> Seats:
        """Who works where now.

        Raises:
            Refusal: `unknown_centre`.
        """
        return self._read(centre, lambda now: _answer(now.snap))


def _wanted(tx: Tx, caller: Caller, centre: str, body: SeatRequest) -> tuple[str, str]:
    """Id and name of whoever shall sit: the caller, or the colleague that is named."""
    if body.name is None:
        return caller.id, caller.name or caller.role
    account = account_name(body.name)
    for id_, name in tx.colleagues(centre):
        if name == account:
            return f"u:{id_}", name
    raise Refusal("unknown_user", f"Nobody called '{account}' works at a desk here.")


def _at(snap: Snapshot, counter: str) -> SeatRow | None:
    rows = snap.tx.seats(snap.centre.id, snap.day)
    return next((row for row in rows if row.counter == counter), None)


def _answer(snap: Snapshot) -> Seats:
    rows = snap.tx.seats(snap.centre.id, snap.day)
    seats = [seat for row in rows if (seat := _seat(snap.centre, row)) is not None]
    names = [name for _, name in snap.tx.colleagues(snap.centre.id)]
    return Seats(snap.centre.id, seats, names)


def _seat(centre: Centre, row: SeatRow) -> Seat | None:
    place = counter_ref(centre, row.counter)
    return Seat(place, row.name, instant(row.since_ms)) if place else None
