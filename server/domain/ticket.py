"""A ticket, a counter and a ledger as the rules see them: immutable rows.

Times are whole milliseconds since 1970, UTC, so that a row goes to and from the database as
it is; `instant` turns one into an aware `datetime` at the edge.
"""

from datetime import UTC, datetime
from typing import NamedTuple

from wire.words import CounterState, Language, Priority, Source, State


class Ticket(NamedTuple):
    """One number on paper and where it stands. `pinned_to` is "" unless pinned to a counter.

    `behind` is what the service's count of calls must have reached before this ticket may be
    called while others wait; before `ready_ms` it is not called at all. `expected_s` is
    the wait that the replay expected at issue, `likely_s` and `high_s` what was told of it.
    `dossiers` is how many were handed in when it was served.
    """

    id: str
    centre: str
    day: str
    number: str
    service: str
    priority: Priority
    state: State
    counter: str | None
    pinned_to: str
    t_ref_ms: int
    issued_ms: int
    called_ms: int | None
    started_ms: int | None
    ended_ms: int | None
    cause: str | None
    source: Source
    language: Language
    procedure: str | None
    track: str | None
    call_id: str | None
    times: int
    note: str | None
    outcome: str | None
    behind: int = 0
    ready_ms: int = 0
    expected_s: int | None = None
    likely_s: int | None = None
    high_s: int | None = None
    dossiers: int | None = None
    seq: int = 0


class CounterRow(NamedTuple):
    """A counter's state of today, and how many it has served; who sits there is not kept.

    `idle_ms` is when it last let go of a ticket.
    """

    centre: str
    counter: str
    state: CounterState
    since_ms: int
    pause_code: str | None
    served: int
    seq: int
    idle_ms: int = 0


class Ledger(NamedTuple):
    """Where a centre stands: its open business day, its change number, its chain head."""

    centre: str
    day: str
    seq: int
    head: str
    version: int
    at_ms: int


class Queued(NamedTuple):
    """How many wait in one queue: a service and priority group, for one counter or for any."""

    service: str
    priority: Priority
    pinned_to: str
    waiting: int


class IssuedToday(NamedTuple):
    """How many numbers of a service were given out on a day, and that day's own limit if any."""

    issued: int
    most: int | None


def instant(ms: int) -> datetime:
    """The aware UTC moment of a row's milliseconds."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def milliseconds(moment: datetime) -> int:
    """A row's milliseconds of an aware moment."""
    return round(moment.timestamp() * 1000)
