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
_FLOW: Final = frozenset({0x11, 0x13})
"""XON and XOFF, which a serial printer may put even into the middle of a reply."""

OFFLINE: Final = 0x08
"""DLE EOT 1."""
COVER_OPEN: Final = 0x04
PAPER_STOP: Final = 0x20
FAULT: Final = 0x40
"""DLE EOT 2."""
NEAR_END: Final = 0x0C
PAPER_END: Final = 0x60
"""DLE EOT 4."""
_FAULTS: Final = (
    (0x08, "the cutter is stuck"),
    (0x20, "a fault that needs service"),
    (0x40, "the print head is too hot or the voltage is wrong; it recovers by itself"),
    (0x04, "a fault that ends once its cause is removed"),
)
"""DLE EOT 3, the plainest first."""
_ASB_OFFLINE: Final = 0x08
_ASB_COVER: Final = 0x20
"""Byte 1 of ASB."""
_ASB_FAULTS: Final = 0x6C
"""Byte 2 of ASB: its fault bits are those of DLE EOT 3."""
_SENSOR_NEAR_END: Final = 0x03
_SENSOR_END: Final = 0x0C
"""Byte 3 of ASB, and GS r 1."""
_FIXED: Final = 0x12


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
        self._pending += bytes(byte for byte in data if byte not in _FLOW)
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
        return _automatic(data)
    if byte & 0x90 == 0:
        return 1, PaperSensor(byte)
    return 1, None


def _automatic(data: bytes) -> tuple[int, Reply | None]:
    """Four bytes of which the last three have bits of their own; else the head was none."""
    if any(byte & 0x90 for byte in data[1:_ASB_LENGTH]):
        return 1, None
    if len(data) < _ASB_LENGTH:
        return 0, None
    return _ASB_LENGTH, AutomaticStatus(data[:_ASB_LENGTH])


def _process_id(data: bytes) -> tuple[int, Reply | None]:
    if len(data) > 1 and data[1] != _ID_FLAG:
        return 1, None
    if len(data) < _ID_LENGTH:
        return 0, None
    return _ID_LENGTH, ProcessId(data[2:6])


@dataclass(frozen=True)
class Condition:
    """The answers to DLE EOT 1, 2, 4 and 3; None where the printer gave none."""

    printer: int | None = None
    offline: int | None = None
    paper: int | None = None
    fault: int | None = None

    @property
    def silent(self) -> bool:
        """Whether it answered nothing at all."""
        return self.printer is None and self.offline is None and self.paper is None

    @property
    def faulty(self) -> bool:
        """Whether it reports a fault of its own; which one, DLE EOT 3 says."""
        return bool((self.offline or 0) & FAULT)

    def filled(self, other: "Condition | None") -> "Condition":
        """The same, with what it leaves open taken from `other`."""
        if other is None:
            return self
        return Condition(
            other.printer if self.printer is None else self.printer,
            other.offline if self.offline is None else self.offline,
            other.paper if self.paper is None else self.paper,
            other.fault if self.fault is None else self.fault,
        )

    @property
    def trouble(self) -> PrinterError | None:
        """Why it cannot print now, or None."""
        offline, paper = self.offline or 0, self.paper or 0
        if offline & COVER_OPEN:
            return CoverOpen("the printer's cover is open")
        if offline & PAPER_STOP or paper & PAPER_END:
            return PaperOut("the printer is out of paper")
        if offline & FAULT:
            return PrinterFault(f"the printer reports a fault: {self._cause()}")
        if (self.printer or 0) & OFFLINE:
            return PrinterFault("the printer is offline")
        return None

    def _cause(self) -> str:
        said = (words for bit, words in _FAULTS if (self.fault or 0) & bit)
        return next(said, "cutter, heat or voltage")

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


def automatic_condition(four: bytes) -> Condition:
    """What an automatic status says, in the bits of the real-time answers."""
    first, second, third = four[0], four[1], four[2]
    paper = sensor_condition(third).paper or 0
    faults = second & _ASB_FAULTS
    return Condition(
        printer=_FIXED | (OFFLINE if first & _ASB_OFFLINE else 0),
        offline=_FIXED
        | (COVER_OPEN if first & _ASB_COVER else 0)
        | (PAPER_STOP if paper & PAPER_END else 0)
        | (FAULT if faults else 0),
        paper=paper,
        fault=_FIXED | faults,
    )


def sensor_condition(byte: int) -> Condition:
    """What GS r 1 says, which is about paper alone."""
    near = NEAR_END if byte & _SENSOR_NEAR_END else 0
    end = PAPER_END if byte & _SENSOR_END else 0
    return Condition(paper=_FIXED | near | end)
