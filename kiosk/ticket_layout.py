"""A ticket's words as a slip: one layout for 80 and 58 mm paper. Pure; 8 dots are 1 mm.

Everything is 1 bit: no grey, QR modules of whole dots. What stands in the middle and what is
narrow is cheap to send, so the lines are no wider than they must be.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

import segno
from PIL import Image, ImageDraw

from kiosk.glyphs import Run, Typeface, Weight
from kiosk.ports import TicketSlip
from kiosk.strips import cut
from wire.units import Dots

PAPER_DOTS: Final[dict[int, Dots]] = {80: Dots(576), 58: Dots(384)}
_MAX_ROWS: Final = 2400


@dataclass(frozen=True)
class Fact:
    """One line of facts: what it is, in both languages, and its value."""

    label: str
    label_en: str
    value: str


@dataclass(frozen=True)
class SlipContent:
    """The words of one slip, ready to be set. Empty ones are left out."""

    organisation: str
    place: str
    service: str
    service_en: str
    number: str
    facts: tuple[Fact, ...]
    track_url: str
    scan: str
    scan_en: str
    issued: str
    closing: str
    marks: tuple[str, ...] = field(default=())
    notice: str = ""


@dataclass(frozen=True)
class _Sizes:
    """Type sizes in dots; the number's cap height is 0.74 of its size, 15 mm or more."""

    paper: Dots
    margin: int
    organisation: int
    place: int
    teeth: int
    mark: int
    service: tuple[int, ...]
    service_room: int
    small: int
    number: int
    number_room: int
    label: int
    value: int
    module: int
    modules_room: int
    scan: int
    foot: int


_SIZES: Final[dict[int, _Sizes]] = {
    576: _Sizes(
        paper=Dots(576),
        margin=16,
        organisation=20,
        place=29,
        teeth=6,
        mark=21,
        service=(40, 34, 29, 25),
        service_room=320,
        small=20,
        number=163,
        number_room=336,
        label=19,
        value=31,
        module=6,
        modules_room=180,
        scan=23,
        foot=19,
    ),
    384: _Sizes(
        paper=Dots(384),
        margin=8,
        organisation=19,
        place=27,
        teeth=6,
        mark=21,
        service=(35, 30, 25),
        service_room=300,
        small=19,
        number=163,
        number_room=336,
        label=19,
        value=29,
        module=6,
        modules_room=180,
        scan=24,
        foot=19,
    ),
}


class _Sheet:
    """The paper being written, from top to bottom; `y` is the first free row."""

    def __init__(self, sizes: _Sizes, typeface: Typeface) -> None:
        self.sizes = sizes
        self.typeface = typeface
        self.width = int(sizes.paper)
        self.room = self.width - 2 * sizes.margin
        self.picture = Image.new("1", (self.width, _MAX_ROWS), 0)
        self.draw = ImageDraw.Draw(self.picture)
        self.y = 8

    def ink(self, run: Run, x: int, top: int) -> None:
        """Put a run's pixels with their left edge at `x` and their top at `top`."""
        self.picture.paste(255, (x, top), run.picture)

    def centred(self, text: str, weight: Weight, size: int, *, gap: int) -> None:
        """Lines in the middle, with `gap` blank rows above the first."""
        self.y += gap
        for line in self.typeface.wrap(text, weight, size, self.room):
            run = self.typeface.run(line, weight, size)
            self.ink(run, (self.width - run.picture.width) // 2, self.y)
            self.y += run.picture.height + 5

    def rule(self, rows: int, *, gap: int) -> None:
        """A short black rule in the middle."""
        self.y += gap
        left = self.width // 5
        self.draw.rectangle((left, self.y, self.width - left - 1, self.y + rows - 1), fill=255)
        self.y += rows

    def finish(self) -> Image.Image:
        """The paper used so far."""
        return self.picture.crop((0, 0, self.width, self.y))


def lay_out(content: SlipContent, paper_dots: Dots, typeface: Typeface) -> TicketSlip:
    """Set a slip for paper of 576 or 384 dots, and cut it into strips."""
    return TicketSlip(paper_dots, cut(picture_of(content, paper_dots, typeface)))


def picture_of(content: SlipContent, paper_dots: Dots, typeface: Typeface) -> Image.Image:
    """The slip as one 1-bit picture; white is ink."""
    sheet = _Sheet(_SIZES[paper_dots], typeface)
    sizes = sheet.sizes
    if content.organisation:
        sheet.centred(content.organisation, 600, sizes.organisation, gap=0)
    sheet.centred(content.place, 800, sizes.place, gap=5)
    _teeth(sheet)
    if content.marks:
        _marks(sheet, content.marks)
    _service(sheet, content)
    _number(sheet, content.number)
    if content.notice:
        sheet.rule(3, gap=0)
        sheet.centred(content.notice, 800, sizes.label, gap=9)
        sheet.y += 9
    _facts(sheet, content.facts)
    _qr(sheet, content)
    sheet.rule(2, gap=12)
    sheet.centred(content.issued, 600, sizes.foot, gap=8)
    sheet.centred(content.closing, 600, sizes.foot, gap=2)
    return sheet.finish()


def _service(sheet: _Sheet, content: SlipContent) -> None:
    """The service, smaller the longer its name is: a wide line is dear to send."""
    sizes = sheet.sizes
    fitting = (
        size
        for size in sizes.service
        if sheet.typeface.font(800, size).getlength(content.service) <= sizes.service_room
    )
    size = next(fitting, sizes.service[-1])
    sheet.centred(content.service, 800, size, gap=14)
    if content.service_en != content.service:
        shorter = 2 if size == sizes.service[-1] else 0
        sheet.centred(content.service_en, 600, sizes.small - shorter, gap=3)


def _teeth(sheet: _Sheet) -> None:
    """The sawtooth that ends every header of the project; it is also a ticket's torn edge."""
    high = sheet.sizes.teeth
    sheet.y += 10
    points = [(0.0, float(sheet.y))]
    for left in range(0, sheet.width, 2 * high):
        points += [(left + high, sheet.y + high - 1), (left + 2 * high, sheet.y)]
    sheet.draw.polygon(points, fill=255)
    sheet.y += high


def _marks(sheet: _Sheet, marks: tuple[str, ...]) -> None:
    """What is special about this paper, white on black, one under the other."""
    size = sheet.sizes.mark
    sheet.y += 14
    for mark in marks:
        run = sheet.typeface.run(mark, 800, size)
        wide, high = run.picture.width + 32, run.picture.height + 12
        left = (sheet.width - wide) // 2
        sheet.draw.rectangle((left, sheet.y, left + wide, sheet.y + high), fill=255)
        sheet.picture.paste(0, (left + 16, sheet.y + 6), run.picture)
        sheet.y += high + 6


def _number(sheet: _Sheet, number: str) -> None:
    """The number, as high as it is on every slip, and narrower when it is long."""
    sheet.y += 16
    sizes = sheet.sizes
    natural = sheet.typeface.font(800, sizes.number).getbbox(number, anchor="ls")
    squeeze = min(1.0, sizes.number_room / (natural[2] - natural[0]))
    run = sheet.typeface.draw(number, 800, sizes.number, squeeze)
    sheet.ink(run, (sheet.width - run.picture.width) // 2, sheet.y)
    sheet.y += run.picture.height + 14


def _facts(sheet: _Sheet, facts: tuple[Fact, ...]) -> None:
    """Each fact under its label: what a citizen looks for after the number."""
    sizes = sheet.sizes
    if facts:
        sheet.rule(3, gap=0)
    for fact in facts:
        sheet.centred(f"{fact.label} · {fact.label_en}", 600, sizes.label, gap=9)
        wide = sheet.typeface.font(800, sizes.value).getlength(fact.value) > sheet.room
        sheet.centred(fact.value, 800, sizes.label if wide else sizes.value, gap=0)


def _qr(sheet: _Sheet, content: SlipContent) -> None:
    """The track link; the phone needs the quiet zone, which is blank paper."""
    if not content.track_url:
        return
    matrix = qr_matrix(content.track_url)
    module = sheet.sizes.module
    while len(matrix) * module > sheet.sizes.modules_room and module > 4:
        module -= 1
    side = len(matrix) * module
    small = Image.new("1", (len(matrix), len(matrix)), 0)
    small.putdata([255 * bit for row in matrix for bit in row])
    picture = small.resize((side, side), Image.Resampling.NEAREST)
    sheet.y += 4 * module
    sheet.picture.paste(picture, ((sheet.width - side) // 2, sheet.y))
    sheet.y += side + 4 * module
    sheet.centred(content.scan, 800, sheet.sizes.scan, gap=0)
    sheet.centred(content.scan_en, 600, sheet.sizes.small - 1, gap=0)


@lru_cache(maxsize=8)
def qr_matrix(text: str) -> tuple[tuple[Literal[0, 1], ...], ...]:
    """The modules of the QR code of `text`, 1 is dark, without the quiet zone."""
    code = segno.make_qr(text, error="l", boost_error=False)
    return tuple(tuple(1 if bit else 0 for bit in row) for row in code.matrix)
