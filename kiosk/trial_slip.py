"""The slip that `layso-kiosk print-test` prints: does every letter, dot and cut come out right?"""

import textwrap
import unicodedata
from dataclasses import dataclass
from typing import Final

from PIL import Image, ImageDraw

from kiosk.glyphs import Typeface, Weight
from kiosk.ports import TicketSlip
from kiosk.slip_blocks import qr_matrix
from kiosk.strips import cut
from kiosk.ticket_layout import PAPER_DOTS
from wire.units import Dots

_VOWELS: Final = "a ă â e ê i o ô ơ u ư y"
_TONES: Final = ("", "\u0300", "\u0309", "\u0303", "\u0301", "\u0323")
_DOTS_PER_MM: Final = 8
_MODULE: Final = 5
_MAX_ROWS: Final = 1600


@dataclass(frozen=True)
class TrialSlip:
    """What a test slip says: in which words, which printer, and the link of its QR code."""

    title: str
    title_en: str
    printer: str
    printed_at: str
    link: str


def letters() -> tuple[str, str]:
    """Every Vietnamese letter that ASCII lacks or that carries a tone, small and large."""
    small = "đ" + "".join(
        unicodedata.normalize("NFC", vowel + tone) for vowel in _VOWELS.split() for tone in _TONES
    )
    return small, small.upper()


def lay_out_trial(said: TrialSlip, paper_dots: Dots, typeface: Typeface) -> TicketSlip:
    """Set the test slip for paper of 576 or 384 dots."""
    sheet = _Sheet(paper_dots, typeface)
    sheet.line(said.title, 800, 34, gap=8)
    sheet.line(said.title_en, 600, 22, gap=4)
    sheet.line(said.printer, 600, 24, gap=14)
    sheet.line(said.printed_at, 600, 22, gap=4)
    for text in letters():
        for row in textwrap.wrap(text, 19 if paper_dots < PAPER_DOTS[80] else 25):
            sheet.line(row, 600, 26, gap=6)
    for mm in sorted(PAPER_DOTS):
        if PAPER_DOTS[mm] <= paper_dots:
            sheet.ruler(PAPER_DOTS[mm], mm)
    sheet.qr(said.link)
    return TicketSlip(paper_dots, cut(sheet.picture.crop((0, 0, paper_dots, sheet.y))))


class _Sheet:
    """The paper being written; `y` is the first free row."""

    def __init__(self, wide: int, typeface: Typeface) -> None:
        self.wide = wide
        self.picture = Image.new("1", (wide, _MAX_ROWS), 0)
        self.y = 0
        self._draw = ImageDraw.Draw(self.picture)
        self._typeface = typeface

    def line(self, text: str, weight: Weight, size: int, *, gap: int) -> None:
        """One line in the middle; a long one is squeezed."""
        natural = self._typeface.font(weight, size).getlength(text)
        squeeze = min(1.0, (self.wide - 4) / max(1.0, natural))
        run = self._typeface.draw(text, weight, size, squeeze)
        self.y += gap
        self.picture.paste(255, ((self.wide - run.picture.width) // 2, self.y), run.picture)
        self.y += run.picture.height

    def ruler(self, dots: int, paper_mm: int) -> None:
        """Ends at the first and last dot of a slip for that paper; a tick each millimetre."""
        self.line(f"{paper_mm} mm: {dots}", 600, 20, gap=16)
        self.y += 6
        left = (self.wide - dots) // 2
        for tick in range(0, dots + 1, _DOTS_PER_MM):
            x = min(left + tick, left + dots - 1)
            high = 22 if tick % (10 * _DOTS_PER_MM) == 0 else 10
            self._draw.line((x, self.y, x, self.y + high), fill=255)
        self._draw.line((left, self.y, left + dots - 1, self.y), fill=255)
        self.y += 24

    def qr(self, link: str) -> None:
        """The link, to be read with a phone."""
        matrix = qr_matrix(link)
        side = len(matrix) * _MODULE
        small = Image.new("1", (len(matrix), len(matrix)), 0)
        small.putdata([255 * bit for row in matrix for bit in row])
        self.y += 4 * _MODULE
        picture = small.resize((side, side), Image.Resampling.NEAREST)
        self.picture.paste(picture, ((self.wide - side) // 2, self.y))
        self.y += side + 4 * _MODULE
