"""What goes wrong in a kiosk, as one tree; vendor and socket errors never leave `drivers/`."""

from wire.errors import LaySoError


class KioskError(LaySoError):
    """The root of every error of the kiosk agent."""


class PrinterError(KioskError):
    """The printer cannot print. Raised before the first byte of a slip: no paper moved."""

    reason = "error"


class PaperOut(PrinterError):
    """There is no paper; safe to repeat after refilling."""

    reason = "paper_out"


class CoverOpen(PrinterError):
    """The cover is open; safe to repeat once it is closed."""

    reason = "cover_open"


class PrinterFault(PrinterError):
    """The printer reports a fault of its own (cutter, temperature, voltage)."""

    reason = "fault"


class PrinterUnreachable(PrinterError):
    """The cable or the device is gone, or somebody else holds the connection."""

    reason = "unreachable"


class ButtonUnavailable(KioskError):
    """A key or its lamp cannot be used; says what to do about it."""


class ScannerUnreachable(KioskError):
    """The scanner is gone, or somebody else reads it; opened again by the next try."""
