"""What one model of printer can do, as the kiosk's file says it."""

from dataclasses import dataclass
from typing import Final, Literal, cast

from kiosk.ports import Outcome
from kiosk.ticket_layout import PAPER_DOTS
from wire.checks import Table
from wire.units import Dots

Confirm = Literal["process_id", "status", "none"]

CONFIRMS: Final = ("process_id", "status", "none")
SILENTS: Final = ("unknown", "printed")
_ROWS_PER_MM: Final = 8


@dataclass(frozen=True)
class Profile:
    """Paper, cutter, and how far the printer's word is to be had.

    `confirm` is how it says that a slip is out; `silent` is what to make of a printer that never
    answers anything: `unknown` is the truth, `printed` is for one that is known to be mute.
    """

    paper_dots: Dots = PAPER_DOTS[80]
    cutter: bool = True
    tail_rows: int = 96
    confirm: Confirm = "process_id"
    silent: Outcome = "unknown"


def read_profile(table: Table) -> Profile:
    """Read the keys that every printer has; faults are added to the table."""
    paper_mm = table.integer("paper_mm", 80, low=58, high=80, what="58 or 80")
    if paper_mm not in PAPER_DOTS:
        table.fault("paper_mm", f"must be 58 or 80, not {paper_mm}")
        paper_mm = 80
    cutter = table.flag("cutter", True)
    tail_mm = table.number("tail_mm", 12, low=0, high=40, what="millimetres")
    return Profile(
        paper_dots=PAPER_DOTS[paper_mm],
        cutter=cutter,
        tail_rows=round(tail_mm * _ROWS_PER_MM),
        confirm=cast(Confirm, table.text("confirm", "process_id", choices=CONFIRMS)),
        silent=cast(Outcome, table.text("silent", "unknown", choices=SILENTS)),
    )
