"""What the use cases need from outside: a clock, and a store with one transaction a command."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple, Protocol, TypeVar

from server.domain.chain import Event
from server.domain.learning import Served
from server.domain.ticket import CounterRow, Ledger, Queued, Ticket
from server.service.audit_ports import AuditTrail
from server.service.content_ports import ContentRows
from server.service.desk_ports import DeskRows
from server.service.device_ports import LobbyDevices
from server.service.greeter_ports import Greeting
from server.service.tally_ports import Tallies
from server.service.visit_ports import Visits
from server.service.wait_ports import ToldWaits
from wire.errors import LaySoError
from wire.words import Foreign, Role

T = TypeVar("T")


class StoreError(LaySoError):
    """The database failed (full disk, lost link); nothing of the command was acknowledged."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks: a device, an integration or a person, as the server knows them.

    `id` is `t:` and a token's id, or `u:` and a user's. `centre` is None for the province's
    admin. `csrf` and `expires_at` are set for a person's session only.
    """

    id: str
    role: Role
    centre: str | None
    counter: str | None = None
    name: str = ""
    kiosk: int | None = None
    band: tuple[int, int] | None = None
    csrf: str | None = None
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """One POST that may be repeated: its scope, its key, and the hash of its parsed body."""

    scope: str
    key: str
    digest: str


class Reply(NamedTuple):
    """The answer to a command: HTTP status, JSON, and whether it is a stored one."""

    status: int
    body: bytes
    repeated: bool = False


class Pushed(NamedTuple):
    """One change as the sockets send it: the JSON of `wire.live.Change`."""

    centre: str
    seq: int
    body: bytes


class OperationRow(NamedTuple):
    """What is remembered of an operation. `status` 0 marks a key that was superseded."""

    digest: str
    status: int
    body: bytes
    ticket: str | None


class CallRow(NamedTuple):
    """One call of a ticket to a counter, with the reason why it was this one.

    `hidden` is 1 once the call was taken back: it is no longer shown.
    """

    centre: str
    call_id: str
    day: str
    ticket: str
    number: str
    service: str
    counter: str
    called_ms: int
    times: int
    reason: str
    hidden: int


class UndoRow(NamedTuple):
    """How to take back a counter's last command: rows as they were, and the seqs they had."""

    centre: str
    counter: str
    action: str
    at_ms: int
    before: str
    number: str | None


class Clock(Protocol):
    """The time, handed to the use cases so that tests can hold it."""

    def now(self) -> datetime:
        """The present moment, aware and in UTC. Thread-safe."""
        ...


class Tx(
    Tallies, ToldWaits, LobbyDevices, DeskRows, Greeting, AuditTrail, Visits, ContentRows, Protocol
):
    """One transaction's view of the rows. Valid only inside `Store.run` or `Store.read`."""

    def one(self, sql: str, params: Any = ()) -> tuple[Any, ...] | None:
        """Run a statement and return its first row."""
        ...

    def all(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""
        ...

    def execute(self, sql: str, params: Any = ()) -> int:
        """Run a statement and return how many rows it changed."""
        ...

    # ---- the centre
    def ledger(self, centre: str) -> Ledger | None:
        """The centre's ledger; None where there is no such centre."""
        ...

    def save_ledger(self, ledger: Ledger) -> None:
        """Store the ledger over the one that was read."""
        ...

    # ---- operations
    def operation(self, scope: str, key: str) -> OperationRow | None:
        """What is remembered under this scope and key."""
        ...

    def save_operation(
        self, operation: Operation, centre: str, reply: Reply, ticket: str | None, at_ms: int
    ) -> None:
        """Remember an answer, in the transaction that made it."""
        ...

    def supersede_operation(self, scope: str, key: str) -> None:
        """Forget the answer to a key, so that asking again is refused; its ticket is kept."""
        ...

    # ---- tickets
    def next_ordinal(self, centre: str, day: str, prefix: str) -> int:
        """Count one more online ticket of this prefix and day, and return the count."""
        ...

    def insert_ticket(self, ticket: Ticket) -> None:
        """Store a new ticket."""
        ...

    def update_ticket(self, ticket: Ticket) -> None:
        """Store a ticket's changed row; its id, centre and day stay."""
        ...

    def ticket(self, centre: str, ticket: str) -> Ticket | None:
        """One ticket of this centre by id."""
        ...

    def ticket_by_number(self, centre: str, day: str, number: str) -> Ticket | None:
        """The ticket that has this number on this day."""
        ...

    def ticket_by_id(self, ticket: str) -> Ticket | None:
        """One ticket by id, whatever its centre."""
        ...

    def ticket_by_track(self, track: str) -> Ticket | None:
        """The ticket behind a track link."""
        ...

    def held_at(self, centre: str, counter: str) -> Ticket | None:
        """The ticket that is called or being served at this counter."""
        ...

    def heads(
        self,
        centre: str,
        services: Sequence[str],
        counter: str,
        now_ms: int,
        *,
        set_back: bool = False,
    ) -> list[Ticket]:
        """The oldest ticket that may be called of each queue this counter serves; cost by queues.

        Those whose `ready_ms` is to come are passed over; so are those set back behind calls
        that have not been made, unless `set_back` asks for them too.
        """
        ...

    def first_waiting(
        self, centre: str, services: Sequence[str], counter: str, limit: int, now_ms: int
    ) -> list[Ticket]:
        """The first few that may be called now of each of these queues, oldest first."""
        ...

    def waiting_before(self, ticket: Ticket) -> int:
        """How many wait in this ticket's own queue and came before it."""
        ...

    def on_hold_at(self, centre: str, counter: str) -> list[Ticket]:
        """The tickets this counter put on hold."""
        ...

    def open_tickets(self, centre: str) -> list[Ticket]:
        """Every ticket that is waiting, called, serving or on hold."""
        ...

    def fronts(self, centre: str, limit: int) -> list[Ticket]:
        """The first few waiting tickets of every queue, oldest first in each."""
        ...

    def active_tickets(self, centre: str) -> list[Ticket]:
        """The tickets that counters hold now."""
        ...

    # ---- queues
    def add_waiting(
        self, centre: str, service: str, priority: str, pinned_to: str, change: int
    ) -> None:
        """Add to how many wait in one queue."""
        ...

    def queues(self, centre: str) -> list[Queued]:
        """Every queue of the centre in which somebody waits."""
        ...

    # ---- counters
    def counter(self, centre: str, counter: str) -> CounterRow | None:
        """One counter's state; None where it was never opened."""
        ...

    def counters(self, centre: str) -> list[CounterRow]:
        """Every counter that was ever opened."""
        ...

    def save_counter(self, row: CounterRow) -> None:
        """Store a counter's state."""
        ...

    # ---- history
    def append_event(self, event: Event) -> None:
        """Append one event to the centre's log."""
        ...

    def append_outbox(self, pushed: Pushed, at_ms: int) -> None:
        """Queue one change for the sockets of every process."""
        ...

    def outbox_after(self, centre: str, seq: int, limit: int) -> list[Pushed]:
        """The changes after a seq, in order."""
        ...

    def insert_call(self, call: CallRow) -> None:
        """Store a call."""
        ...

    def bump_call(self, centre: str, call_id: str, times: int) -> None:
        """Note that a call was said again."""
        ...

    def hide_call(self, centre: str, call_id: str, hidden: bool) -> None:
        """Take a call off the board, or put it back; the call and its reason stay."""
        ...

    def recent_calls(self, centre: str, day: str, limit: int) -> list[CallRow]:
        """The newest calls of a day that are not hidden, newest first."""
        ...

    def foreign(self, tickets: Sequence[str]) -> dict[str, Foreign]:
        """The language of those of these tickets that asked for another than Vietnamese."""
        ...

    def undo_row(self, centre: str, counter: str) -> UndoRow | None:
        """What this counter can take back."""
        ...

    def save_undo(self, row: UndoRow) -> None:
        """Remember how to take back this counter's last command."""
        ...

    def clear_undo(self, centre: str, counter: str) -> None:
        """Forget it: it was taken back, or cannot be any more."""
        ...

    def close_day(self, centre: str, day: str, seq: int, head: str) -> None:
        """Record a day's chain head; let go of its notes and seats, and of older track links."""
        ...

    def recent_services(self, centre: str, service: str, limit: int) -> list[Served]:
        """The tickets of a service that clerks finished last, newest first; cost by `limit`."""
        ...

    def events_after(self, centre: str, seq: int, limit: int) -> list[Event]:
        """The log after a seq, in order."""
        ...

    def closed_days_end(self, centre: str, before_day: str, up_to_day: str) -> tuple[int, int]:
        """The last seq of the newest closed day before one day, and of that up to another; or 0."""
        ...

    def late_events(
        self, centre: str, first_day: str, last_day: str, after: int, up_to: int
    ) -> list[Event]:
        """The last events of these days' tickets that came after one seq, up to another."""
        ...

    def all_tickets(self, centre: str) -> list[Ticket]:
        """Every stored ticket of every day, to be held against the log."""
        ...

    def counted_queues(self, centre: str) -> list[Queued]:
        """The queues as the waiting tickets themselves add up, to be held against the counts."""
        ...

    def forget(self, before_ms: int, outbox_before_ms: int) -> int:
        """Drop remembered operations and relayed changes older than these; how many went."""
        ...


class Store(Protocol):
    """A database. One suite of tests runs over every implementation (tests/contracts)."""

    on_commit: list[Callable[[list[Pushed]], None]]
    """Called after a commit with its changes, in order of seq for each centre."""

    def run(self, centre: str, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction while holding the lock of `centre`, and commit it.

        Args:
            centre: Whose lock to hold; "" for rows that belong to no centre.
            work: Reads, decides and writes. It may run again after a database fault, so it has
                no effects of its own.

        Returns:
            What `work` returned, after its commit is durable.

        Raises:
            Refusal: As `work` raised it; nothing of it was written.
            StoreError: The database failed; nothing was acknowledged.
        """
        ...

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one consistent snapshot without a lock; it must not write."""
        ...

    def close(self) -> None:
        """Finish what is under way and let go of every connection."""
        ...
