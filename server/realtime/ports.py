"""What the sockets need from the use cases and from other processes."""

from collections.abc import Callable, Iterable
from typing import Protocol

from server.service.ports import Caller
from wire.desk import Seats
from wire.devices import Device
from wire.help import HelpCalls
from wire.notices import Notices
from wire.oversight import AdviceBoard
from wire.prints import PrintsNow
from wire.visits import PublicTicket


class LiveReadings(Protocol):
    """Reads a centre's present state; never waits for a writer."""

    def board(self, centre: str) -> bytes:
        """The Board as JSON; raises Refusal where there is no such centre."""
        ...

    def seq_of(self, centre: str) -> int:
        """The centre's newest committed change number."""
        ...

    def changes_after(self, centre: str, seq: int) -> list[bytes] | None:
        """Every change after `seq` as JSON, in order and without holes; None if too old."""
        ...

    def track(self, token: str) -> PublicTicket:
        """The public part of a ticket; raises Refusal for an unknown link."""
        ...

    def track_ticket(self, token: str) -> tuple[str, str] | None:
        """The centre and ticket id behind a track link, or None."""
        ...


class Adviser(Protocol):
    """Works out what a centre's manager could do now."""

    def board(self, centre: str) -> AdviceBoard:
        """The advice, at most a second old; raises Refusal where there is no such centre."""
        ...


class DeviceReadings(Protocol):
    """Says how a centre's devices are."""

    def devices(self, centre: str) -> list[Device]:
        """Every live device; raises Refusal where there is no such centre."""
        ...


class HelpReadings(Protocol):
    """Says who calls for help."""

    def calls(self, centre: str) -> HelpCalls:
        """Everybody who calls now; raises Refusal where there is no such centre."""
        ...


class ComingReadings(Protocol):
    """Says who is on the way to the counter that called them."""

    def coming(self, centre: str) -> list[str]:
        """The called tickets, by id; raises Refusal where there is no such centre."""
        ...


class NoticeReadings(Protocol):
    """Says what a centre's manager tells people."""

    def holding(self, centre: str, *, staff: bool) -> Notices:
        """What holds now, for the staff or the public; raises Refusal for no such centre."""
        ...


class SeatReadings(Protocol):
    """Says who works at which counter."""

    def plan(self, centre: str) -> Seats:
        """Who works where now; raises Refusal where there is no such centre."""
        ...


class PrintReadings(Protocol):
    """Says which papers kiosks were asked for."""

    def orders(self, centre: str) -> PrintsNow:
        """The orders of the last minutes; raises Refusal where there is no such centre."""
        ...


class Doorkeeper(Protocol):
    """Says who a token belongs to, and whether it still holds."""

    def authenticate(self, token: str) -> Caller | None:
        """Who holds this token, or None; may be up to a second old."""
        ...

    def alive(self, ids: Iterable[str]) -> set[str]:
        """Which of these caller ids are still valid."""
        ...


class Bell(Protocol):
    """Wakes the relays of other processes after a commit, and this one after theirs.

    A lost ring does no harm: relays look by themselves as well.
    """

    connected: bool
    """Whether rings arrive at present; relays look more often while they do not."""

    def start(self, heard: Callable[[str], None]) -> None:
        """Begin to call `heard` with the id of every centre that rings."""
        ...

    def ring(self, centre: str) -> None:
        """Say that a centre has changed. Never raises and never waits for long."""
        ...

    def stop(self) -> None:
        """Let go of the connection."""
        ...
