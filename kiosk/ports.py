"""What the kiosk asks of its hardware. A driver implements a port and nothing more."""

from dataclasses import dataclass
from typing import Final, Literal, Protocol

from edge.contacts import Light, OnEdge
from wire.units import Dots, Instant, Seconds

Outcome = Literal["printed", "failed", "unknown"]
Health = Literal["ok", "warn", "error", "unknown"]
Paper = Literal["ok", "low", "out", "unknown"]
Cover = Literal["closed", "open", "unknown"]

SLIP_S: Final = Seconds(5.0)
STATUS_S: Final = Seconds(1.0)


@dataclass(frozen=True)
class Strip:
    """Some rows of a slip: a picture trimmed on the right, or blank paper where it has no bits.

    `bits` holds `rows` lines of `row_bytes` bytes, 1 is black, leftmost dot in the highest bit.
    `indent` is the number of blank bytes to the left of every line.
    """

    rows: int
    row_bytes: int = 0
    indent: int = 0
    bits: bytes = b""


@dataclass(frozen=True)
class TicketSlip:
    """One slip, laid out: strips from top to bottom, `paper_dots` wide (384 or 576)."""

    paper_dots: Dots
    strips: tuple[Strip, ...]

    @property
    def rows(self) -> int:
        """The length of the slip in dots (8 are 1 mm)."""
        return sum(strip.rows for strip in self.strips)


@dataclass(frozen=True)
class PrintReceipt:
    """How a slip ended: paper out, no paper, or nobody knows."""

    outcome: Outcome
    bytes_sent: int
    finished_at: Instant
    reason: str = ""


@dataclass(frozen=True)
class PrinterStatus:
    """What the printer says of itself; `unknown` where it says nothing."""

    state: Health
    paper: Paper
    cover: Cover = "unknown"
    detail: str = ""


class Printer(Protocol):
    """A slip printer. Used from one thread only, the printer's own.

    A driver must own its transport, keep every wait inside the time it is given, and tell the
    three outcomes apart. It may connect late and reconnect by itself; it never prints a slip
    a second time.
    """

    @property
    def paper_dots(self) -> Dots:
        """The printable width: 384 (58 mm paper) or 576 (80 mm)."""
        ...

    def print_slip(self, slip: TicketSlip, *, timeout_s: Seconds = SLIP_S) -> PrintReceipt:
        """Print one slip, cut it, and return once the printer says it is out.

        Args:
            slip: Already laid out for this printer's `paper_dots`, 1 bit a dot.
            timeout_s: Seconds, > 0, for the whole slip and not per write.

        Returns:
            Receipt: `outcome` (printed | failed | unknown), `bytes_sent`, `finished_at` (aware,
            UTC). `failed` means that the slip is not, or not wholly, out; `unknown` that the
            printer took bytes and never said what became of them.

        Raises:
            PaperOut, CoverOpen, PrinterFault: nothing was printed; safe to repeat afterwards.
            PrinterUnreachable: nothing was printed; the cable or device is gone.

        Not idempotent: two calls print two slips. Called from the printer's own thread only.

        Source: Epson ESC/POS reference, GS v 0, DLE EOT and GS ( H fn 48.
        """
        ...

    def status(self, *, timeout_s: Seconds = STATUS_S) -> PrinterStatus:
        """Ask the printer how it is; moves no paper.

        Args:
            timeout_s: Seconds, > 0, for the whole question.

        Returns:
            Status; `state` is `error` when it cannot be reached or cannot print, and `unknown`
            when it can be reached but never answers such questions. Never raises for what
            hardware does. Safe to repeat.
        """
        ...

    def close(self) -> None:
        """Let go of the device. Safe to repeat; the next call opens it again."""
        ...


class Button(Protocol):
    """A physical key with, maybe, a lamp in it.

    A driver must report both edges of the contact, as they come and with the moment they came
    at, and leave out nothing but repeats: what bounces is judged by the kiosk. It may report
    from any thread; `show` is called from one thread only, the keys' own.
    """

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines it occupies, the key's own first, such as `GPIO17`; no two keys share one."""
        ...

    def open(self, on_edge: OnEdge) -> None:
        """Take the lines and report edges from now on; the lamp is off.

        Args:
            on_edge: Only enqueues; safe to call from any thread.

        Raises:
            ButtonUnavailable: the hardware or its library is not there, or the line is taken.
                May be tried again.
        """
        ...

    def show(self, light: Light) -> None:
        """Have the lamp lit, off, blinking or blinking fast from now on; the driver keeps time.

        A key without a lamp does nothing. Idempotent.

        Raises:
            ButtonUnavailable: the lamp cannot be set.
        """
        ...

    def close(self) -> None:
        """Let go of the lines, the lamp off. Safe to repeat."""
        ...


class Scanner(Protocol):
    """A reader of QR and bar codes that sends what it reads as bytes. Used from one thread only.

    A driver must open its device when it is first read and again after it was unplugged, and
    must keep nothing of what passes through it.
    """

    @property
    def place(self) -> str:
        """Where it is plugged in, as the operator knows it."""
        ...

    def read(self, *, timeout_s: Seconds) -> bytes:
        """Wait for bytes and return those that are there.

        Args:
            timeout_s: Seconds, > 0; nothing came in that time: empty.

        Raises:
            ScannerUnreachable: the device is gone, taken or cannot be opened; closed again, and
                opened by the next call.
        """
        ...

    def close(self) -> None:
        """Let go of the device. Safe to repeat."""
        ...
