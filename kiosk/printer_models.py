"""What is known of common printers. Pure data; a key in the kiosk's file overrides any of it.

Sources, named in each row:
  encoder    ReceiptPrinterEncoder, its table of printers (dots per inch, columns of font A)
  printerdb  escpos-printer-db, its profiles (printable dots, code pages, QR code)
  epson      Epson ESC/POS reference and technical reference guides of the TM series
  custom     Custom VKP80III user manual (the head is 11.9 mm from the cutter)
  trade      What such printers are sold as; nobody's own document
None stands for what no source says.
"""

from dataclasses import dataclass
from typing import Final, Literal

from wire.units import Dots

Confirm = Literal["process_id", "paper_sensor", "status", "none"]
Ask = Literal["real_time", "paper_sensor", "nothing"]


@dataclass(frozen=True)
class Model:
    """One model, or a family that is alike here.

    `head_dots` are the printable dots of a line (at least), `columns` the letters of font A in it.
    `code_pages` are the Vietnamese ones it has, by their number in ESC t; slips do not use
    them, because they are pictures. `confirm`, `ask` and `automatic` are as in `Profile`.
    """

    maker: str
    paper_mm: int
    head_dots: Dots
    columns: int | None
    cutter: bool
    source: str
    native_qr: bool | None = None
    code_pages: tuple[tuple[int, str], ...] = ()
    confirm: Confirm = "paper_sensor"
    ask: Ask = "real_time"
    automatic: bool = False


_TCVN: Final = ((30, "TCVN-3-1"), (31, "TCVN-3-2"), (52, "CP1258"))


def _epson(head_dots: int, columns: int, source: str) -> Model:
    """The TM-T receipt printers: everything is answered, as Epson's reference has it."""
    return Model(
        "Epson", 80, Dots(head_dots), columns, True, source,
        native_qr=True, code_pages=_TCVN, confirm="process_id", automatic=True,
    )  # fmt: skip


MODELS: Final[dict[str, Model]] = {
    "generic-80": Model("any", 80, Dots(576), 48, True, "trade"),
    "generic-58": Model("any", 58, Dots(384), 32, False, "trade"),
    "silent-80": Model("any", 80, Dots(576), 48, True, "trade", confirm="none", ask="nothing"),
    "silent-58": Model("any", 58, Dots(384), 32, False, "trade", confirm="none", ask="nothing"),
    "tm-t20": _epson(576, 48, "encoder, printerdb"),
    "tm-t82": _epson(576, 48, "epson"),
    "tm-t88": _epson(512, 42, "encoder, printerdb"),
    "tm-m30": _epson(576, 48, "epson"),
    "xp-80c": Model("Xprinter", 80, Dots(576), 48, True, "encoder, trade"),
    "xp-58": Model("Xprinter", 58, Dots(384), 32, False, "trade"),
    "srp-350": Model("Bixolon", 80, Dots(512), 42, True, "encoder"),
    "ct-s310": Model("Citizen", 80, Dots(576), 48, True, "encoder"),
    "ct-s651": Model(
        "Citizen", 80, Dots(640), 48, True, "printerdb",
        native_qr=True, code_pages=((30, "TCVN-3-1"), (31, "TCVN-3-2")),
    ),
    "rp326": Model("Rongta", 80, Dots(576), 42, True, "printerdb, trade", native_qr=True),
    "pos-5890": Model("Zjiang", 58, Dots(384), 32, False, "printerdb", native_qr=False),
    "tsp650-escpos": Model("Star", 80, Dots(576), 48, True, "encoder"),
    "vkp80": Model("Custom", 80, Dots(576), None, True, "custom"),
}  # fmt: skip
