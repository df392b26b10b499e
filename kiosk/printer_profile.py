"""What one printer can do: what is known of its model, and what the kiosk's file says instead."""

from dataclasses import dataclass
from typing import Final, cast

from kiosk.ports import Outcome
from kiosk.printer_models import MODELS, Ask, Confirm, Model
from kiosk.ticket_layout import PAPER_DOTS
from wire.checks import Table
from wire.units import Dots

CONFIRMS: Final = ("process_id", "paper_sensor", "status", "none")
ASKS: Final = ("real_time", "paper_sensor", "nothing")
SILENTS: Final = ("unknown", "printed")
_ROWS_PER_MM: Final = 8


@dataclass(frozen=True)
class Profile:
    """Paper, cutter, and how far the printer's word is to be had.

    `head_dots` is what the print head has; where that is more than `paper_dots` of the slip,
    the slip stands in the middle. `confirm` is how it says that a slip is out, `ask` how it
    says how it is, `automatic` whether it says so by itself (ASB). `silent` is what to make of
    a printer that never answers anything: `unknown` is the truth, `printed` is for one that is
    known to be mute.
    """

    paper_dots: Dots = PAPER_DOTS[80]
    head_dots: Dots = PAPER_DOTS[80]
    cutter: bool = True
    tail_rows: int = 96
    confirm: Confirm = "process_id"
    silent: Outcome = "unknown"
    ask: Ask = "real_time"
    automatic: bool = False
    model: str = ""


_UNNAMED: Final = Model("any", 80, PAPER_DOTS[80], 48, True, "", confirm="process_id")


def read_profile(table: Table) -> Profile:
    """Read the keys that every printer has; faults are added to the table."""
    name = table.text("model", "", choices=("", *MODELS))
    model = MODELS.get(name, _UNNAMED)
    paper_mm = table.integer("paper_mm", _paper_mm(model), low=58, high=80, what="58 or 80")
    if paper_mm not in PAPER_DOTS:
        table.fault("paper_mm", f"must be 58 or 80, not {paper_mm}")
        paper_mm = 80
    paper_dots = PAPER_DOTS[paper_mm]
    if name and paper_dots > model.head_dots:
        table.fault(
            "paper_mm",
            f"'{name}' prints {model.head_dots} dots a line and a slip for {paper_mm} mm has"
            f" {paper_dots}; leave it out, or say 58: the narrow slip stands in the middle",
        )
    cutter = table.flag("cutter", model.cutter)
    tail_mm = table.number("tail_mm", 12, low=0, high=40, what="millimetres")
    return Profile(
        paper_dots=paper_dots,
        head_dots=model.head_dots if name else paper_dots,
        cutter=cutter,
        tail_rows=round(tail_mm * _ROWS_PER_MM),
        confirm=cast(Confirm, table.text("confirm", model.confirm, choices=CONFIRMS)),
        silent=cast(Outcome, table.text("silent", "unknown", choices=SILENTS)),
        ask=cast(Ask, table.text("ask", model.ask, choices=ASKS)),
        automatic=table.flag("automatic", model.automatic),
        model=name,
    )


def _paper_mm(model: Model) -> int:
    """The widest slip that the model's head can print."""
    return max(mm for mm, dots in PAPER_DOTS.items() if dots <= model.head_dots)
