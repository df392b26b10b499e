"""What the desk needs of storage: notes, seats, a counter's day, the calls of a ticket."""

from typing import NamedTuple, Protocol

from wire.words import State


class SeatRow(NamedTuple):
    """Who sat down at a counter on a day: a caller's id and account name."""

    centre: str
    counter: str
    day: str
    person: str
    name: str
    since_ms: int


class NoteRow(NamedTuple):
    """What is noted of a ticket; gone with its day."""

    ticket: str
    centre: str
    day: str
    text: str


class Visit(NamedTuple):
    """One ticket of a counter's day."""

    state: State
    outcome: str | None
    dossiers: int | None
    t_ref_ms: int
    called_ms: int | None
    started_ms: int | None
    ended_ms: int | None


class CallReason(NamedTuple):
    """A call of a ticket, and why it was this one, as JSON."""

    call_id: str
    service: str
    counter: str
    called_ms: int
    reason: str


class DeskRows(Protocol):
    """The notes, seats and visits of one transaction."""

    def note(self, ticket: str) -> str | None:
        """What is noted of a ticket."""
        ...

    def save_note(self, row: NoteRow) -> None:
        """Note something of a ticket over what was noted before."""
        ...

    def drop_note(self, ticket: str) -> None:
        """Take a note away; where there is none nothing happens."""
        ...

    def seats(self, centre: str, day: str) -> list[SeatRow]:
        """Who sits where on this day, by counter."""
        ...

    def save_seat(self, row: SeatRow) -> None:
        """Seat somebody at a counter in place of whoever sat there."""
        ...

    def leave_seats(self, centre: str, counter: str = "", person: str = "") -> int:
        """Clear the seat of a counter, or every seat of a person; how many there were."""
        ...

    def colleagues(self, centre: str) -> list[tuple[str, str]]:
        """Id and name of everybody who may work at a desk here, by name."""
        ...

    def calls_of(self, centre: str, ticket: str) -> list[CallReason]:
        """The calls of a ticket that were not taken back, oldest first."""
        ...

    def called_by(self, centre: str, ticket: str, at_ms: int) -> bool:
        """Whether a ticket had been called by a moment, calls taken back included."""
        ...

    def visits(self, centre: str, day: str, counter: str) -> list[Visit]:
        """The tickets of a day that this counter had last."""
        ...
