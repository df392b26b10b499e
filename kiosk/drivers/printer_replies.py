"""What a printer says back, told apart on the one wire that carries it all. Pure.

Source: Epson ESC/POS reference: the fixed bits of DLE EOT, GS r, ASB and GS ( H answers.
"""

from dataclasses import dataclass
from typing import Final

from kiosk.errors import CoverOpen, PaperOut, PrinterError, PrinterFault
from kiosk.ports import Cover, PrinterStatus

_ID_HEAD: Final = 0x37
_ID_FLAG: Final = 0x22
_ID_LENGTH: Final = 7
_ASB_LENGTH: Final = 4

OFFLINE: Final = 0x08
"""DLE EOT 1."""
COVER_OPEN: Final = 0x04
PAPER_STOP: Final = 0x20
FAULT: Final = 0x40
"""DLE EOT 2."""
NEAR_END: Final = 0x0C
PAPER_END: Final = 0x60
"""DLE EOT 4."""


@dataclass(frozen=True)
class ProcessId:
    """Everything sent before the request of this id is printed."""

    four: bytes


@dataclass(frozen=True)
class RealTime:
    """The answer to one DLE EOT; which one, the asker knows."""

    byte: int


@dataclass(frozen=True)
class AutomaticStatus:
    """Four bytes of automatic status back (ASB)."""

    four: bytes


@dataclass(frozen=True)
class PaperSensor:
    """The answer to GS r."""

    byte: int


Reply = ProcessId | RealTime | AutomaticStatus | PaperSensor


class Replies:
    """Takes bytes as they come, in any pieces, and gives whole replies."""

    def __init__(self) -> None:
        self._pending = b""

    def feed(self, data: bytes) -> list[Reply]:
        """The replies completed by `data`; a reply cut short waits for the rest."""
        self._pending += data
        found: list[Reply] = []
        while self._pending:
            taken, reply = _first(self._pending)
            if taken == 0:
                break
            self._pending = self._pending[taken:]
            if reply is not None:
                found.append(reply)
        return found


def _first(data: bytes) -> tuple[int, Reply | None]:
    """(bytes taken, reply); 0 while undecided, and None for a byte that means nothing here."""
    byte = data[0]
    if byte == _ID_HEAD:
        return _process_id(data)
    if byte & 0x93 == 0x12:
        return 1, RealTime(byte)
    if byte & 0x93 == 0x10:
        return (_ASB_LENGTH, AutomaticStatus(data[:4])) if len(data) >= _ASB_LENGTH else (0, None)
    if byte & 0x90 == 0:
        return 1, PaperSensor(byte)
    return 1, None


def _process_id(data: bytes) -> tuple[int, Reply | None]:
    if len(data) > 1 and data[1] != _ID_FLAG:
        return 1, None
    if len(data) < _ID_LENGTH:
        return 0, None
    return _ID_LENGTH, ProcessId(data[2:6])


@dataclass(frozen=True)
class Condition:
    """The answers to DLE EOT 1, 2 and 4; None where the printer gave none."""

    printer: int | None = None
    offline: int | None = None
    paper: int | None = None

    @property
    def silent(self) -> bool:
        """Whether it answered nothing at all."""
        return self.printer is None and self.offline is None and self.paper is None

    @property
    def trouble(self) -> PrinterError | None:
        """Why it cannot print now, or None."""
        offline, paper = self.offline or 0, self.paper or 0
        if offline & COVER_OPEN:
            return CoverOpen("the printer's cover is open")
        if offline & PAPER_STOP or paper & PAPER_END:
            return PaperOut("the printer is out of paper")
        if offline & FAULT:
            return PrinterFault("the printer reports a fault: cutter, heat or voltage")
        if (self.printer or 0) & OFFLINE:
            return PrinterFault("the printer is offline")
        return None

    def status(self) -> PrinterStatus:
        """The same, in the port's words."""
        if self.silent:
            return PrinterStatus("unknown", "unknown", detail="the printer does not answer")
        out = (self.offline or 0) & PAPER_STOP or (self.paper or 0) & PAPER_END
        low = (self.paper or 0) & NEAR_END
        trouble = self.trouble
        return PrinterStatus(
            state="error" if trouble else "warn" if low else "ok",
            paper="out" if out else "unknown" if self.paper is None else "low" if low else "ok",
            cover="unknown" if self.offline is None else _cover(self.offline),
            detail=str(trouble or ""),
        )


def _cover(offline: int) -> Cover:
    return "open" if offline & COVER_OPEN else "closed"
