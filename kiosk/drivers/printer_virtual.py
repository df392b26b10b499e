"""A printer without hardware: it keeps every slip, the very bytes and a picture of the paper.

Its condition is a word in the file `condition` beside the slips, so that a person, the demo or
a test can take the paper out while the kiosk runs.
"""

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Literal, get_args

from PIL import Image

from kiosk import escpos
from kiosk.errors import CoverOpen, PaperOut, PrinterError, PrinterFault, PrinterUnreachable
from kiosk.ports import (
    SLIP_S,
    STATUS_S,
    Outcome,
    Paper,
    PrinterStatus,
    PrintReceipt,
    TicketSlip,
)
from kiosk.printer_profile import Profile, read_profile
from wire.checks import Table
from wire.units import Dots, Seconds

VirtualCondition = Literal[
    "ok", "paper_low", "paper_out", "cover_open", "fault", "unreachable", "silent", "stops_midway"
]
CONDITIONS: Final[tuple[str, ...]] = get_args(VirtualCondition)
_SLIP: Final = re.compile(r"([0-9]{4,})\.bin")
_REFUSALS: Final[dict[str, PrinterError]] = {
    "paper_out": PaperOut("the printer is out of paper"),
    "cover_open": CoverOpen("the printer's cover is open"),
    "fault": PrinterFault("the printer reports a fault"),
    "unreachable": PrinterUnreachable("the printer is not there"),
}


def open_printer(options: Table, *, data_dir: Path) -> "VirtualPrinter":
    """Read the options; slips go to `data_dir`/printer. Faults are added to the table."""
    profile = read_profile(options)
    options.finish()
    return VirtualPrinter(data_dir / "printer", profile)


class VirtualPrinter:
    """A `Printer` that writes `NNNN.bin` and `NNNN.png` into `folder`."""

    def __init__(self, folder: Path, profile: Profile | None = None) -> None:
        self.folder = folder
        self._profile = profile or Profile()
        self._last: int | None = None
        self._condition_file = folder / "condition"

    @property
    def paper_dots(self) -> Dots:
        """As the profile says."""
        return self._profile.paper_dots

    @property
    def condition(self) -> str:
        """What it pretends: one of `CONDITIONS`; `ok` where the file says nothing it knows."""
        try:
            word = self._condition_file.read_text(encoding="utf-8").strip()
        except OSError:
            return "ok"
        return word if word in CONDITIONS else "ok"

    def pretend(self, condition: VirtualCondition) -> None:
        """Be in this condition from now on."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._condition_file.write_text(condition + "\n", encoding="utf-8")

    def slips(self) -> list[Path]:
        """The bytes of every slip so far, oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(
            (path for path in self.folder.iterdir() if _SLIP.fullmatch(path.name)),
            key=lambda path: int(path.stem),
        )

    def print_slip(self, slip: TicketSlip, *, timeout_s: Seconds = SLIP_S) -> PrintReceipt:
        """See `Printer.print_slip`."""
        condition = self.condition
        if condition in _REFUSALS:
            raise type(_REFUSALS[condition])(str(_REFUSALS[condition]))
        data = escpos.slip_bytes(
            slip, cutter=self._profile.cutter, tail_rows=self._profile.tail_rows
        )
        outcome: Outcome = "printed"
        if condition == "stops_midway":
            data, outcome = data[: len(data) // 2], "unknown"
        elif condition == "silent":
            outcome = self._profile.silent
        self._keep(data, slip)
        return PrintReceipt(outcome, len(data), datetime.now(UTC), reason=_reason(condition))

    def status(self, *, timeout_s: Seconds = STATUS_S) -> PrinterStatus:
        """See `Printer.status`."""
        condition = self.condition
        if condition == "silent":
            return PrinterStatus("unknown", "unknown", detail="the printer does not answer")
        if condition == "unreachable":
            return PrinterStatus("error", "unknown", detail="the printer is not there")
        papers: dict[str, Paper] = {"paper_low": "low", "paper_out": "out"}
        paper = papers.get(condition, "ok")
        return PrinterStatus(
            state="error" if condition in _REFUSALS else "warn" if paper == "low" else "ok",
            paper=paper,
            cover="open" if condition == "cover_open" else "closed",
            detail=str(_REFUSALS.get(condition, "")),
        )

    def close(self) -> None:
        """Nothing is open."""

    def _keep(self, data: bytes, slip: TicketSlip) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if self._last is None:
            kept = self.slips()
            self._last = int(kept[-1].stem) if kept else 0
        self._last += 1
        name = f"{self._last:04d}"
        picture = self.folder / f"{name}.png"
        _picture(slip).save(picture)
        _write_whole(self.folder / f"{name}.bin", data)


def _reason(condition: str) -> str:
    return "" if condition in ("ok", "paper_low") else condition


def _write_whole(path: Path, data: bytes) -> None:
    """Whoever sees the name sees all the bytes."""
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(data)
    os.replace(unfinished, path)  # noqa: PTH105 - the atomic rename is the point


def _picture(slip: TicketSlip) -> Image.Image:
    """The paper as a person sees it: black on white."""
    paper = Image.new("1", (int(slip.paper_dots), max(1, slip.rows)), 1)
    y = 0
    for strip in slip.strips:
        if strip.bits:
            size = (strip.row_bytes * 8, strip.rows)
            ink = Image.frombytes("1", size, strip.bits)
            paper.paste(0, (strip.indent * 8, y), ink)
        y += strip.rows
    return paper
