"""One command's work on one centre: decisions in, rows and hash-chained events out.

Everything a command changes goes through here, so that each change is one event with one seq,
one line in the outbox and one link in the chain, and so that it can be taken back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any, Final

import msgspec

from server.domain.centre import Centre, Service
from server.domain.chain import Event, link
from server.domain.dispatch import Backlog
from server.domain.learning import NOTHING_LEARNT, Times
from server.domain.lifecycle import ACTIVE
from server.domain.ticket import CounterRow, IssuedToday, Ledger, Queued, Ticket, instant
from server.service.book import as_text
from server.service.pacing import NO_PACING, Pacing, Standing
from server.service.ports import CallRow, Pushed, Tx
from wire.errors import Refusal
from wire.live import Change, ChangedCall, ChangedCounter, ChangedTicket
from wire.words import CounterState, Kind

_encode = msgspec.json.Encoder().encode
_TOLD_FIELDS = tuple(name for name in Ticket._fields if name not in ("track", "seq"))
_told = attrgetter(*_TOLD_FIELDS)

ABSENT: Final[Mapping[str, Any]] = Ticket._field_defaults
"""What a column holds where the log says nothing of it; columns that are not here hold null."""


class Before(msgspec.Struct):
    """What undo puts back: rows as they were, the seqs they were left with, calls to drop.

    `counted` are the tickets whose call counted as one of their service; `seq` is where the log
    stood after the command.
    """

    tickets: list[tuple[Any, ...]] = []
    left: dict[str, int] = {}
    counter: tuple[Any, ...] | None = None
    issued: list[str] = []
    calls: list[str] = []
    counted: list[str] = []
    seq: int = 0


@dataclass(slots=True)
class CentreWork:
    """The open transaction of one command. Not shared, not kept after `finish`."""

    tx: Tx
    centre: Centre
    ledger: Ledger
    now_ms: int
    actor: str
    day: str
    times: Times = NOTHING_LEARNT
    pacing: Pacing = NO_PACING
    touched: dict[str, Ticket] = field(default_factory=dict)
    left: dict[str, int] = field(default_factory=dict)
    issued: list[str] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    counted: list[str] = field(default_factory=list)
    given_out: IssuedToday | None = None
    counter_before: CounterRow | None = None
    subject: str | None = None
    number: str | None = None
    standings: dict[str, Standing] = field(default_factory=dict)
    _rows: dict[str, CounterRow] = field(default_factory=dict)

    # ---- tickets
    def insert(self, ticket: Ticket, **data: Any) -> Ticket:
        """Store a new ticket, count it for its day and service, and tell of it as `issued`."""
        seq = self.ledger.seq + 1
        ticket = ticket._replace(seq=seq)
        self.tx.insert_ticket(ticket)
        self.given_out = self.count_issued(ticket, 1)
        if ticket.state == "waiting":
            self._queue(ticket, 1)
        told = dict(zip(_TOLD_FIELDS, _told(ticket), strict=True))
        row = {name: value for name, value in told.items() if value != ABSENT.get(name)}
        self._record("issued", ticket, None, {"set": row, **data})
        self.issued.append(ticket.id)
        self._about(ticket)
        return ticket

    def count_issued(self, ticket: Ticket, change: int) -> IssuedToday:
        """Count a number of the ticket's service on its day, or one that was never handed out."""
        return self.tx.count_issued(ticket.centre, ticket.day, ticket.service, change)

    def move(
        self,
        ticket: Ticket,
        kind: Kind,
        changes: dict[str, Any],
        *,
        call: ChangedCall | None = None,
        counter: str | None = None,
        **data: Any,
    ) -> Ticket:
        """Store a ticket's changes and tell of them.

        Args:
            ticket: The row as it is.
            kind: The event's kind.
            changes: Columns and their new values.
            call: The announcement, on `called` and `recalled`.
            counter: The counter the event names; by default the ticket's, before or after.
            data: What else the event keeps, such as `why`.
        """
        moved = ticket._replace(**changes, seq=self.ledger.seq + 1)
        self.touched.setdefault(ticket.id, ticket)
        self.left[ticket.id] = moved.seq
        self._requeue(ticket, moved)
        self.tx.update_ticket(moved)
        if ticket.counter is not None and ticket.state in ACTIVE and moved.state not in ACTIVE:
            self._let_go(ticket.counter)
        place = counter or moved.counter or ticket.counter
        shown = {name: value for name, value in changes.items() if name != "track"}
        self._record(kind, moved, place, {"set": shown, **data}, call)
        self._about(moved)
        return moved

    def _about(self, ticket: Ticket) -> None:
        """Note which ticket this command is about: the one it touched last."""
        self.subject, self.number = ticket.id, ticket.number

    def _requeue(self, old: Ticket, new: Ticket) -> None:
        was, now = old.state == "waiting", new.state == "waiting"
        same = old[4:6] == new[4:6] and old.pinned_to == new.pinned_to
        if was and not (now and same):
            self._queue(old, -1)
        if now and not (was and same):
            self._queue(new, 1)

    def _queue(self, ticket: Ticket, change: int) -> None:
        self.tx.add_waiting(
            ticket.centre, ticket.service, ticket.priority, ticket.pinned_to, change
        )

    def _let_go(self, counter: str) -> None:
        row = self.counter_row(counter)
        if row.idle_ms != self.now_ms:
            self.save_counter(row._replace(idle_ms=self.now_ms))

    def count_call(self, ticket: Ticket) -> int:
        """Count a call of the ticket's service; undo counts it back."""
        self.counted.append(ticket.id)
        return self.tx.count_call(ticket.centre, ticket.service, 1)

    def insert_call(self, ticket: Ticket, reason: Any) -> None:
        """Store the call that a ticket's row now carries, with why it was this one."""
        assert ticket.call_id is not None
        assert ticket.counter is not None
        self.calls.append(ticket.call_id)
        self.tx.insert_call(
            CallRow(
                ticket.centre,
                ticket.call_id,
                ticket.day,
                ticket.id,
                ticket.number,
                ticket.service,
                ticket.counter,
                ticket.called_ms or self.now_ms,
                ticket.times,
                as_text(reason),
                hidden=0,
            )
        )

    # ---- counters
    def counter_row(self, counter: str) -> CounterRow:
        """A counter's state, `closed` where it was never opened."""
        if counter not in self._rows:
            row = self.tx.counter(self.centre.id, counter)
            self.keep_counter(
                row or CounterRow(self.centre.id, counter, "closed", self.now_ms, None, 0, 0)
            )
        return self._rows[counter]

    def keep_counter(self, row: CounterRow) -> None:
        """Remember a counter's row that was read or written in this transaction."""
        self._rows[row.counter] = row

    def save_counter(self, row: CounterRow) -> None:
        """Store a counter's row as it is, without an event."""
        self.tx.save_counter(row)
        self.keep_counter(row)

    def set_counter(
        self,
        row: CounterRow,
        state: CounterState,
        kind: Kind,
        pause_code: str | None = None,
        **data: Any,
    ) -> CounterRow:
        """Store a counter's new state and tell of it; `data` is what else the event keeps.

        A break that is given its code goes on since it began.
        """
        self.counter_before = row
        since_ms = row.since_ms if row.state == state else self.now_ms
        changed = row._replace(
            state=state, since_ms=since_ms, pause_code=pause_code, seq=self.ledger.seq + 1
        )
        self.save_counter(changed)
        shown = {"state": state, "pause_code": pause_code, "since_ms": since_ms}
        self._record(kind, None, row.counter, {"set": shown, **data})
        return changed

    def count_served(self, counter: str, change: int) -> None:
        """Count one more, or one less, served at a counter today. No event of its own."""
        row = self.counter_row(counter)
        served = max(0, row.served + change)
        idle_ms = self.now_ms if change > 0 else row.idle_ms
        self.save_counter(row._replace(served=served, idle_ms=idle_ms))

    # ---- history
    def tell(self, kind: Kind, **data: Any) -> None:
        """Record an event that is about neither a ticket nor a counter."""
        self._record(kind, None, None, data)

    def _record(
        self,
        kind: Kind,
        ticket: Ticket | None,
        counter: str | None,
        data: dict[str, Any],
        call: ChangedCall | None = None,
    ) -> None:
        old = self.ledger
        centre, seq = old.centre, old.seq + 1
        at_ms = max(self.now_ms, old.at_ms)
        day = ticket.day if ticket else self.day
        subject = ticket.id if ticket else None
        text = as_text(data)
        parts = (centre, seq, at_ms, day, kind, subject, counter, self.actor, text)
        head = link(old.head, *parts)
        self.tx.append_event(Event(*parts, head))
        change = Change(
            centre, seq, instant(at_ms), kind, self._brief(ticket), call, self._counter(counter)
        )
        self.tx.append_outbox(Pushed(centre, seq, _encode(change)), at_ms)
        self.ledger = old._replace(seq=seq, head=head, at_ms=at_ms)

    def _brief(self, ticket: Ticket | None) -> ChangedTicket | None:
        if ticket is None:
            return None
        place = ticket.counter if ticket.state != "waiting" else None
        zone = self.centre.zone_of(place)
        return ChangedTicket(
            ticket.id, ticket.number, ticket.service, ticket.state, zone.id if zone else None
        )

    def _counter(self, counter: str | None) -> ChangedCounter | None:
        if counter is None:
            return None
        return ChangedCounter(
            counter, self.centre.counters[counter].number, self.counter_row(counter).state
        )

    def before(self) -> Before:
        """What this command would have to put back to be undone."""
        return Before(
            [tuple(ticket) for ticket in self.touched.values()],
            self.left,
            tuple(self.counter_before) if self.counter_before else None,
            self.issued,
            self.calls,
            self.counted,
            self.ledger.seq,
        )

    def finish(self) -> None:
        """Write the ledger back, once, after everything else."""
        self.tx.save_ledger(self.ledger)


def known_counter(centre: Centre, counter: str) -> None:
    """Refuse a counter that the centre does not have, or no longer.

    Raises:
        Refusal: `unknown_counter`.
    """
    known = centre.counters.get(counter)
    if known is None or known.retired:
        raise Refusal("unknown_counter", f"{centre.id} has no counter '{counter}'.")


def offered_service(work: CentreWork, service: str) -> Service:
    """The service of this name, if people can choose it.

    Raises:
        Refusal: `unknown_service`.
    """
    known = work.centre.services.get(service)
    if known is None or known.retired:
        raise Refusal("unknown_service", f"{work.centre.id} has no service '{service}'.")
    return known


def callable_heads(tx: Tx, centre: Centre, counter: str, now_ms: int) -> list[Ticket]:
    """The heads this counter may call; who lets others pass only where there are no others."""
    skills = centre.counters[counter].services
    heads = tx.heads(centre.id, skills, counter, now_ms)
    return heads or tx.heads(centre.id, skills, counter, now_ms, set_back=True)


def letting_pass(tx: Tx, centre: str, queue: tuple[str, str, str]) -> list[tuple[Ticket, int]]:
    """Who came back to a queue and still lets calls pass, oldest first, with how many.

    Args:
        tx: An open transaction or snapshot.
        centre: The centre's id.
        queue: Service, priority group, and the counter it is pinned to or "".
    """
    found = [
        ticket
        for ticket in tx.set_back(centre)
        if (ticket.service, ticket.priority, ticket.pinned_to) == queue
    ]
    calls = tx.calls(centre).get(queue[0], 0) if found else 0
    return [(ticket, ticket.behind - calls) for ticket in found if ticket.behind > calls]


def open_counters(tx: Tx, centre: Centre) -> dict[str, frozenset[str]]:
    """The services of every counter that is open now."""
    known = centre.counters
    return {
        row.counter: frozenset(known[row.counter].services)
        for row in tx.counters(centre.id)
        if row.state == "open" and row.counter in known
    }


def waiting_by_service(queues: Iterable[Queued]) -> dict[str, int]:
    """How many wait for each service that somebody waits for, whatever their queue."""
    waiting: dict[str, int] = {}
    for queue in queues:
        waiting[queue.service] = waiting.get(queue.service, 0) + queue.waiting
    return waiting


def backlog(tx: Tx, centre: Centre, times: Times) -> dict[str, Backlog]:
    """How many wait for each service, and how long one takes here."""
    waiting = waiting_by_service(tx.queues(centre.id))
    return {
        service.id: Backlog(waiting.get(service.id, 0), times.of(service).mean_min)
        for service in centre.services.values()
    }
