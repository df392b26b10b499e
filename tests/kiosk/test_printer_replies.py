"""Telling a printer's replies apart, in whatever pieces they come."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.drivers.printer_replies import (
    AutomaticStatus,
    Condition,
    PaperSensor,
    ProcessId,
    RealTime,
    Replies,
    Reply,
)

SPOKEN: list[tuple[bytes, Reply]] = [
    (b"\x12", RealTime(0x12)),
    (b"\x7e", RealTime(0x7E)),
    (b"\x37\x220007\x00", ProcessId(b"0007")),
    (b"\x10\x00\x00\x0f", AutomaticStatus(b"\x10\x00\x00\x0f")),
    (b"\x14\x00\x0c\x0f", AutomaticStatus(b"\x14\x00\x0c\x0f")),
    (b"\x0c", PaperSensor(0x0C)),
    (b"\x00", PaperSensor(0x00)),
]


@given(st.lists(st.sampled_from(SPOKEN)), st.lists(st.integers(1, 5), min_size=1))
def test_any_order_in_any_pieces(spoken: list[tuple[bytes, Reply]], pieces: list[int]) -> None:
    data = b"".join(part for part, _ in spoken)
    replies, heard, at, turn = Replies(), [], 0, 0
    while at < len(data):
        size = pieces[turn % len(pieces)]
        heard += replies.feed(data[at : at + size])
        at, turn = at + size, turn + 1
    assert heard == [reply for _, reply in spoken]


def test_a_lone_head_waits_for_the_next_byte() -> None:
    replies = Replies()
    assert replies.feed(b"\x37") == []
    assert replies.feed(b"\x22") == []
    assert replies.feed(b"0001\x00") == [ProcessId(b"0001")]


def test_a_head_that_was_none_is_dropped() -> None:
    assert Replies().feed(b"\x37\x12") == [RealTime(0x12)]


@pytest.mark.parametrize(
    ("condition", "state", "paper", "cover"),
    [
        (Condition(0x12, 0x12, 0x12), "ok", "ok", "closed"),
        (Condition(0x12, 0x12, 0x1E), "warn", "low", "closed"),
        (Condition(0x1A, 0x32, 0x72), "error", "out", "closed"),
        (Condition(0x12, 0x12, 0x7E), "error", "out", "closed"),
        (Condition(0x1A, 0x16, 0x12), "error", "ok", "open"),
        (Condition(0x1A, 0x52, 0x12), "error", "ok", "closed"),
        (Condition(0x1A, 0x12, 0x12), "error", "ok", "closed"),
        (Condition(None, 0x12, None), "ok", "unknown", "closed"),
        (Condition(), "unknown", "unknown", "unknown"),
    ],
)
def test_conditions_in_words(condition: Condition, state: str, paper: str, cover: str) -> None:
    status = condition.status()
    assert (status.state, status.paper, status.cover) == (state, paper, cover)
