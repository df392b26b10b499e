"""A kiosk of its real parts with no thread, no HTTP and no printer: every step is the test's.

The parts are put together as `kiosk.app` does it; printing and handing in happen when asked.
"""

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from edge.client import ServerClient
from edge.clock import Machine, TrustedClock
from edge.database import Database
from edge.spool import Spool
from kiosk.answers import PressAnswer, PressRequest
from kiosk.app import wording
from kiosk.contact import Contact
from kiosk.errors import PrinterError
from kiosk.hand_in import HandIn
from kiosk.journal import SCHEMA, Attempt, Entry, Journal
from kiosk.numbers import Numbers
from kiosk.picture import Picture
from kiosk.ports import Printer, PrinterStatus, PrintReceipt, TicketSlip
from kiosk.press import Press, Randomness
from kiosk.printing import PrintJob, PrintQueue
from kiosk.rate import TokenBucket, Turns
from tests.campaigns.lossy_disk import PowerCut
from wire.units import Dots, Instant

WORDS = wording()
PAPER_DOTS = Dots(576)
_starts = itertools.count(1)


@dataclass(frozen=True)
class Slip(TicketSlip):
    """A slip that knows what it says: the ticket, its number, and which copy it is."""

    ticket: str = ""
    number: str = ""
    copy: int = 0


@dataclass(frozen=True)
class PaperSlip:
    """What came out of the printer."""

    ticket: str
    number: str
    marked: bool


@dataclass
class ModelPrinter:
    """Remembers every paper that moved. `behave` goes for the next slips.

    `behave`: ok | unknown | torn (moves paper, then fails) | a refusal, by its error.
    """

    step: Callable[[], None]
    behave: str | type[PrinterError] = "ok"
    papers: list[PaperSlip] = field(default_factory=list)
    paper_dots: Dots = PAPER_DOTS

    def print_slip(self, slip: Slip, *, timeout_s: float = 5.0) -> PrintReceipt:
        self.step()
        if isinstance(self.behave, type):
            raise self.behave("as the test says")
        # A paper begun is a paper out.
        self.papers.append(PaperSlip(slip.ticket, slip.number, slip.copy > 0))
        self.step()
        at: Instant = datetime(2026, 11, 23, tzinfo=UTC)
        if self.behave == "torn":
            return PrintReceipt("failed", 900, at, "paper_out")
        return PrintReceipt("printed" if self.behave == "ok" else "unknown", 4000, at)

    def status(self, *, timeout_s: float = 1.0) -> PrinterStatus:
        return PrinterStatus("ok", "ok")

    def close(self) -> None:
        """Nothing is held."""


ENDLESS = TokenBucket(1_000_000, 1e9, 0)


class PromptQueue(PrintQueue):
    """Prints in the thread that asks, so that a history has one order.

    `broken_off` has the tickets on whose slip the power went: nobody can know whether it is out.
    """

    broken_off: set[str]

    def put(self, ticket_id: str) -> PrintJob:
        job = PrintJob(ticket_id)
        try:
            self.do(job)
        except PowerCut:
            self.broken_off.add(ticket_id)
            raise
        return job


class AssembledKiosk:
    """One start of one kiosk.

    Args:
        path: The database.
        client: Has `get` and `post` as `edge.client.ServerClient`.
        printer: Remembers the papers.
        broken_off: Outlives the power; see `PromptQueue`.
        machine: The clocks of this start.
        take: Randomness.
        opener: Opens the database; None for a plain file.
        clock_file: Where the known time is kept.
    """

    def __init__(
        self,
        path: Path,
        *,
        centre: str,
        client: Any,
        printer: ModelPrinter,
        machine: Machine,
        take: Callable[[int], bytes],
        broken_off: set[str],
        opener: Callable[[Path], Any] | None = None,
        clock_file: Path | None = None,
    ) -> None:
        client = cast(ServerClient, client)
        self.database = Database(path, SCHEMA, **({"opener": opener} if opener else {}))
        self.journal = Journal(self.database)
        self.numbers = Numbers(self.database)
        self.spool = Spool(self.database)
        self.clock = TrustedClock(machine, clock_file)
        self.picture = Picture(self.database, "http://lobby", centre)
        self._recover()
        self.contact = Contact(client, self.picture, self.clock, centre, on_reachable=lambda: None)
        self.hand_in = HandIn(
            centre=centre, client=client, spool=self.spool, journal=self.journal,
            numbers=self.numbers, picture=self.picture, clock=self.clock,
            reachable=lambda: self.contact.confirmed, look_elsewhere=self._not_here,
        )  # fmt: skip
        self.printing = PromptQueue(cast(Printer, printer), self.journal, _slip)
        self.printing.broken_off = broken_off
        self.press = Press(
            centre=centre, client=client, contact=self.contact, picture=self.picture,
            clock=self.clock, journal=self.journal, numbers=self.numbers, spool=self.spool,
            printing=self.printing, turns=Turns(ENDLESS, ENDLESS), words=WORDS,
            randomness=Randomness(take), on_hand_in=self.hand_in.wake,
            on_lost_try=self.hand_in.look_into,
        )  # fmt: skip

    def _recover(self) -> None:
        self.journal.resolve_after_start()
        last = self.journal.last_known_time()
        if last is not None:
            self.clock.not_before(last)
        if self.clock.trusted:
            self.journal.forget_before(self.clock.now())

    def _not_here(self, attempt: Attempt) -> bool:
        raise AssertionError(f"nobody was redirected: {attempt}")

    def meet(self) -> bool:
        """Ask the server who we are and about the centre; whether it answered."""
        self.contact._ask(self.contact._ask_whoami)
        if self.contact.confirmed:
            self.contact._ask(self.contact._ask_centre)
        return self.contact.confirmed

    def touch(self, service: str, priority: Any = "none") -> PressAnswer:
        """A citizen's touch."""
        return self.press.press(PressRequest(service=service, priority=priority))

    def known(self) -> dict[str, str]:
        """The number of every ticket that the kiosk keeps, by id, oldest first."""
        rows = self.database.rows("SELECT id, number FROM ticket ORDER BY seq")
        return {row["id"]: row["number"] for row in rows}


def _slip(entry: Entry) -> TicketSlip:
    return Slip(PAPER_DOTS, (), entry.id, entry.number, entry.papers)


def restarted(ticks_s: Callable[[], float], wall: Callable[[], datetime]) -> Machine:
    """The machine after one more start: its clocks say what they are told to."""
    return Machine(f"start-{next(_starts)}", ticks_s, wall)
