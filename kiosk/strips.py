"""Cut a slip's picture into strips so that little blank paper crosses the cable.

Blank rows become feeds, the right edge is trimmed, and what stands centred is trimmed on both
sides. Pure: a picture in, strips out; the same picture gives the same strips.
"""

import itertools
from dataclasses import dataclass
from typing import Final

from PIL import Image

from kiosk.ports import Strip

MAX_ROWS: Final = 128
"""No band is higher: small printers hold no more in their buffer."""

MIN_GAP_ROWS: Final = 4
"""Fewer blank rows cost less as part of the picture than as a feed of their own."""

WORTH_BYTES: Final = 64
"""A further cut must save this much; many thin bands make a printer stutter."""


@dataclass(frozen=True)
class _Span:
    """Rows `start` to `end`, with their common blank bytes on the left and last ink byte."""

    start: int
    end: int
    left: int
    right: int

    def cost(self, width: int) -> int:
        return (self.end - self.start) * _sides(self, width)[1]


def cut(picture: Image.Image) -> tuple[Strip, ...]:
    """Cut a 1-bit picture (white is ink), a multiple of 8 wide, into strips in printing order."""
    width = picture.width // 8
    data = picture.tobytes()
    rows = [data[start : start + width] for start in range(0, len(data), width)]
    strips: list[Strip] = []
    for start, end in _lines(rows):
        if end < 0:
            strips.append(Strip(rows=-end - start))
        else:
            strips.extend(_bands(rows, start, end, width))
    return tuple(strips)


def _lines(rows: list[bytes]) -> list[tuple[int, int]]:
    """Runs of rows: (start, end) with ink, or (start, -end) blank and worth a feed."""
    found: list[tuple[int, int]] = []
    start, row = 0, 0
    while row < len(rows):
        blank_end = row
        while blank_end < len(rows) and not any(rows[blank_end]):
            blank_end += 1
        if blank_end - row >= MIN_GAP_ROWS or (blank_end > row and blank_end == len(rows)):
            if row > start:
                found.append((start, row))
            found.append((row, -blank_end))
            start = blank_end
        row = max(blank_end, row + 1)
    if start < len(rows):
        found.append((start, len(rows)))
    return found


def _bands(rows: list[bytes], start: int, end: int, width: int) -> list[Strip]:
    """The strips of one line of ink: as few as pay for themselves, none above the limit."""
    spans: list[_Span] = []
    for index in range(start, end):
        row = rows[index]
        right = len(row.rstrip(b"\0"))
        left = len(row) - len(row.lstrip(b"\0")) if right else width
        spans.append(_Span(index, index + 1, left, right))
        while len(spans) > 1 and _joins(spans[-2], spans[-1], width):
            second = spans.pop()
            spans[-1] = _joined(spans[-1], second)
    spans = _settled(spans, width)
    return [_strip(rows, part, width) for span in spans for part in _parts(span)]


def _settled(spans: list[_Span], width: int) -> list[_Span]:
    """Join neighbours, from the top, until no cut is left that does not pay."""
    settled: list[_Span] = []
    for span in spans:
        settled.append(span)
        while len(settled) > 1 and _belong(settled[-2], settled[-1], width):
            second = settled.pop()
            settled[-1] = _joined(settled[-1], second)
    return settled


def _joins(first: _Span, second: _Span, width: int, worth: int = 0) -> bool:
    together = _joined(first, second).cost(width)
    return together - first.cost(width) - second.cost(width) <= worth


def _belong(first: _Span, second: _Span, width: int) -> bool:
    """Whether a cut between the two does not pay, or would leave a sliver."""
    sliver = min(first.end - first.start, second.end - second.start) < MIN_GAP_ROWS
    return sliver or _joins(first, second, width, WORTH_BYTES)


def _joined(first: _Span, second: _Span) -> _Span:
    return _Span(
        first.start,
        second.end,
        min(first.left, second.left),
        max(first.right, second.right),
    )


def _sides(span: _Span, width: int) -> tuple[int, int]:
    """(indent on both sides, bytes a row): centred where that is the shorter."""
    both = min(span.left, width - span.right)
    if 0 < width - 2 * both < span.right - 1:
        return both, width - 2 * both
    return 0, max(1, span.right)


def _parts(span: _Span) -> list[_Span]:
    """The span in pieces of about the same height, none above `MAX_ROWS`."""
    rows = span.end - span.start
    pieces = -(-rows // MAX_ROWS)
    edges = [span.start + rows * piece // pieces for piece in range(pieces + 1)]
    return [_Span(top, bottom, span.left, span.right) for top, bottom in itertools.pairwise(edges)]


def _strip(rows: list[bytes], span: _Span, width: int) -> Strip:
    indent, row_bytes = _sides(span, width)
    bits = b"".join(row[indent : indent + row_bytes] for row in rows[span.start : span.end])
    return Strip(rows=span.end - span.start, row_bytes=row_bytes, indent=indent, bits=bits)
