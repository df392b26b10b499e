"""Cutting a picture into strips loses nothing and sends little."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk.escpos import slip_bytes
from kiosk.ports import TicketSlip
from kiosk.strips import MAX_ROWS, cut
from tests.kiosk.paper import picture_of_bytes
from wire.units import Dots

BLOCKS = st.lists(
    st.tuples(st.integers(0, 383), st.integers(0, 383), st.integers(0, 40), st.integers(1, 150)),
    max_size=6,
)


def drawn(blocks: list[tuple[int, int, int, int]]) -> Image.Image:
    """Black blocks one under the other: (left, right, blank rows above, rows)."""
    rows = [bytes(384 // 8)] * 0
    for left, right, gap, high in blocks:
        bits = "".join(
            "1" if min(left, right) <= x <= max(left, right) else "0" for x in range(384)
        )
        rows += [bytes(48)] * gap + [int(bits, 2).to_bytes(48, "big")] * high
    rows = rows or [bytes(48)]
    return Image.frombytes("1", (384, len(rows)), b"".join(rows))


@given(BLOCKS)
@settings(max_examples=150)
def test_the_paper_shows_the_picture(blocks: list[tuple[int, int, int, int]]) -> None:
    picture = drawn(blocks)
    strips = cut(picture)
    assert all(strip.rows > 0 and (not strip.bits or strip.rows <= MAX_ROWS) for strip in strips)
    printed = picture_of_bytes(slip_bytes(TicketSlip(Dots(384), strips)), 384)
    assert printed.point(lambda dot: 255 - dot).tobytes() == picture.tobytes()


@pytest.mark.parametrize(("gap", "bands"), [(3, 1), (4, 2)])
def test_few_blank_rows_are_not_worth_a_feed(gap: int, bands: int) -> None:
    picture = drawn([(0, 383, 0, 20), (0, 383, gap, 20)])
    assert sum(bool(strip.bits) for strip in cut(picture)) == bands


def test_what_stands_in_the_middle_is_trimmed_on_both_sides() -> None:
    (strip,) = cut(drawn([(184, 199, 0, 30)]))
    assert (strip.indent, strip.row_bytes, len(strip.bits)) == (23, 2, 60)


def test_what_stands_left_is_trimmed_on_the_right() -> None:
    (strip,) = cut(drawn([(0, 15, 0, 30)]))
    assert (strip.indent, strip.row_bytes) == (0, 2)
