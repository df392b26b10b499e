"""The blocks of a slip, each drawn by itself: 1-bit pictures as wide as the paper. Pure.

Everything is 1 bit: no grey, QR modules of whole dots. What stands in the middle and what is
narrow is cheap to send, so the lines are no wider than they must be. Every block begins with
blank rows, so that no line of ink runs from one into the next.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import Any, Concatenate, Final, Literal, ParamSpec, cast

import segno
from PIL import Image, ImageDraw

from kiosk.glyphs import Run, Typeface, Weight
from kiosk.ports import Strip
from kiosk.strips import cut

_MAX_ROWS: Final = 1600
_REMEMBERED: Final = 48
"""Blocks kept: names of the centre and its services come back on every slip."""

_AROUND_BYTES: Final = 11
"""GS v 0 and a change of alignment; a feed is less."""

_BOX: Final = 15
_NAME_LINES: Final = 2


@dataclass(frozen=True)
class Sizes:
    """Type sizes in dots; the number's cap height is 0.74 of its size, 15 mm or more."""

    paper: int
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
    scan: int
    foot: int
    paper_name: int = 19


SIZES: Final[dict[int, Sizes]] = {
    576: Sizes(
        paper=576,
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
        scan=23,
        foot=19,
    ),
    384: Sizes(
        paper=384,
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
        scan=24,
        foot=19,
    ),
}


@dataclass(frozen=True)
class Block:
    """A finished part of a slip: its picture (white is ink), and the same cut into strips."""

    picture: Image.Image
    strips: tuple[Strip, ...]

    @property
    def cost_bytes(self) -> int:
        """What it weighs on the wire at most, the commands around each strip included."""
        return sum(len(strip.bits) + _AROUND_BYTES for strip in self.strips)


class Sheet:
    """The paper being written, from top to bottom; `y` is the first free row."""

    def __init__(self, sizes: Sizes, typeface: Typeface) -> None:
        self.sizes = sizes
        self.typeface = typeface
        self.width = sizes.paper
        self.room = self.width - 2 * sizes.margin
        self.picture = Image.new("1", (self.width, _MAX_ROWS), 0)
        self.draw = ImageDraw.Draw(self.picture)
        self.y = 0

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

    def finish(self) -> Block:
        """The paper used so far."""
        picture = self.picture.crop((0, 0, self.width, self.y))
        return Block(picture, cut(picture))


Words = ParamSpec("Words")


def _block(
    draw: Callable[Concatenate[Sheet, Words], None],
) -> Callable[Concatenate[Sizes, Typeface, Words], Block]:
    """Make a drawing of one block remember what it drew from the same words."""

    @wraps(draw)
    def made(sizes: Sizes, typeface: Typeface, *words: Words.args, **more: Words.kwargs) -> Block:
        sheet = Sheet(sizes, typeface)
        draw(sheet, *words, **more)
        return sheet.finish()

    remembered: Any = lru_cache(maxsize=_REMEMBERED)(made)
    return cast("Callable[Concatenate[Sizes, Typeface, Words], Block]", remembered)


@_block
def head(sheet: Sheet, organisation: str, place: str) -> None:
    """The centre's own name, ended by the sawtooth that is also a ticket's torn edge."""
    sizes = sheet.sizes
    sheet.y = 8
    if organisation:
        sheet.centred(organisation, 600, sizes.organisation, gap=0)
    sheet.centred(place, 800, sizes.place, gap=5)
    high = sizes.teeth
    sheet.y += 10
    points = [(0.0, float(sheet.y))]
    for left in range(0, sheet.width, 2 * high):
        points += [(left + high, sheet.y + high - 1), (left + 2 * high, sheet.y)]
    sheet.draw.polygon(points, fill=255)
    sheet.y += high


@_block
def marks(sheet: Sheet, words: tuple[str, ...]) -> None:
    """What is special about this paper, white on black, one under the other."""
    size = sheet.sizes.mark
    sheet.y += 14
    for mark in words:
        run = sheet.typeface.run(mark, 800, size)
        wide, high = run.picture.width + 32, run.picture.height + 12
        left = (sheet.width - wide) // 2
        sheet.draw.rectangle((left, sheet.y, left + wide, sheet.y + high), fill=255)
        sheet.picture.paste(0, (left + 16, sheet.y + 6), run.picture)
        sheet.y += high + 6


@_block
def service(sheet: Sheet, name: str, other: str) -> None:
    """The service, smaller the longer its name is: a wide line is dear to send."""
    sizes = sheet.sizes
    fitting = (
        size
        for size in sizes.service
        if sheet.typeface.font(800, size).getlength(name) <= sizes.service_room
    )
    size = next(fitting, sizes.service[-1])
    sheet.centred(name, 800, size, gap=14)
    if other and other != name:
        shorter = 2 if size == sizes.service[-1] else 0
        sheet.centred(other, 600, sizes.small - shorter, gap=3)


@_block
def number(sheet: Sheet, text: str) -> None:
    """The number, as high as it is on every slip, and narrower when it is long."""
    sheet.y += 16
    sizes = sheet.sizes
    natural = sheet.typeface.font(800, sizes.number).getbbox(text, anchor="ls")
    squeeze = min(1.0, sizes.number_room / (natural[2] - natural[0]))
    run = sheet.typeface.draw(text, 800, sizes.number, squeeze)
    sheet.ink(run, (sheet.width - run.picture.width) // 2, sheet.y)
    sheet.y += run.picture.height + 4


@_block
def notice(sheet: Sheet, text: str) -> None:
    """What must be known about the number, under a rule."""
    sheet.rule(3, gap=10)
    sheet.centred(text, 800, sheet.sizes.label, gap=9)


@_block
def facts(sheet: Sheet, lines: tuple[tuple[str, str], ...]) -> None:
    """Each value under its label: what a citizen looks for after the number."""
    sizes = sheet.sizes
    sheet.rule(3, gap=10)
    for label, value in lines:
        sheet.centred(label, 600, sizes.label, gap=9)
        wide = sheet.typeface.font(800, sizes.value).getlength(value) > sheet.room
        sheet.centred(value, 800, sizes.label if wide else sizes.value, gap=0)


@_block
def papers(sheet: Sheet, procedure: str, title: str, names: tuple[str, ...], rest: str) -> None:
    """What the procedure usually asks for, to tick off; `rest` says what is not listed."""
    sizes = sheet.sizes
    sheet.rule(2, gap=12)
    sheet.y += 10
    for line in _shortened(sheet, procedure):
        _left(sheet, line, 800, sizes.paper_name, at=sizes.margin)
    _left(sheet, title, 600, sizes.paper_name, at=sizes.margin)
    indent = sizes.margin + _BOX + 12
    for name in names:
        top = sheet.y + 5
        box = (sizes.margin, top, sizes.margin + _BOX, top + _BOX)
        sheet.draw.rectangle(box, outline=255, width=2)
        room = sheet.width - sizes.margin - indent
        for line in sheet.typeface.wrap(name, 600, sizes.paper_name, room):
            _left(sheet, line, 600, sizes.paper_name, at=indent)
    if rest:
        _left(sheet, rest, 600, sizes.paper_name, at=indent)


def _shortened(sheet: Sheet, name: str) -> list[str]:
    """A procedure's name on two lines at most; official ones go on for a page."""
    lines = list(sheet.typeface.wrap(name, 800, sheet.sizes.paper_name, sheet.room - 16))
    if len(lines) > _NAME_LINES:
        lines = [*lines[: _NAME_LINES - 1], lines[_NAME_LINES - 1].rstrip(" ,;(") + " …"]
    return lines


def _left(sheet: Sheet, line: str, weight: Weight, size: int, *, at: int) -> None:
    """One line from `at` on; lines of a list keep one distance, whatever marks they carry."""
    run = sheet.typeface.run(line, weight, size)
    ascent = round(size * 1.05)
    sheet.ink(run, at, sheet.y + ascent + run.top)
    sheet.y += round(size * 1.5)


@_block
def qr(sheet: Sheet, url: str, module: int, scan: str, scan_other: str) -> None:
    """The track link; the phone needs the quiet zone, which is blank paper."""
    matrix = qr_matrix(url)
    side = len(matrix) * module
    small = Image.new("1", (len(matrix), len(matrix)), 0)
    small.putdata([255 * bit for row in matrix for bit in row])
    picture = small.resize((side, side), Image.Resampling.NEAREST)
    sheet.y += 4 * module
    sheet.picture.paste(picture, ((sheet.width - side) // 2, sheet.y))
    sheet.y += side + 4 * module
    sheet.centred(scan, 800, sheet.sizes.scan, gap=0)
    sheet.centred(scan_other, 600, sheet.sizes.small - 1, gap=0)


@_block
def foot(sheet: Sheet, issued: str, closing: str) -> None:
    """When it was given out, and a last word."""
    sheet.rule(2, gap=12)
    sheet.centred(issued, 600, sheet.sizes.foot, gap=8)
    sheet.centred(closing, 600, sheet.sizes.foot, gap=2)


@lru_cache(maxsize=8)
def qr_matrix(text: str) -> tuple[tuple[Literal[0, 1], ...], ...]:
    """The modules of the QR code of `text`, 1 is dark, without the quiet zone."""
    code = segno.make_qr(text, error="l", boost_error=False)
    return tuple(tuple(1 if bit else 0 for bit in row) for row in code.matrix)
