"""Notices: who is told what, until when, and that a faulty one is never put up."""

import os
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest

from server.service.notice_board import NoticeBoard
from server.service.ports import Operation, Store
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.errors import Refusal
from wire.notices import NOTICES_MOST, NoticeRequest, NoticeText


class Wall:
    """The notice board of the small centre, answered in plain values."""

    def __init__(self, store: Store) -> None:
        self.store, self.clock = store, HeldClock()
        SmallCentre(store, self.clock)
        self.board = NoticeBoard(store, self.clock, os.urandom)
        self.told: list[str] = []
        self.board.on_change.append(self.told.append)

    def post(self, vi: str = "Quầy 4 nghỉ", *, key: str | None = None, **fields: Any) -> Any:
        en = fields.pop("en", None)
        body = NoticeRequest(NoticeText(vi, en), **fields)
        operation = Operation("notices", key, vi) if key else None
        return msgspec.json.decode(self.board.post(MANAGER, CENTRE, body, operation).body)

    def end(self, notice: Any) -> Any:
        return msgspec.json.decode(self.board.end(MANAGER, CENTRE, notice["id"], None).body)

    def texts(self, *, staff: bool = True) -> list[str]:
        return [one.text.vi for one in self.board.holding(CENTRE, staff=staff).notices]


@pytest.fixture
def wall(store: Store) -> Wall:
    return Wall(store)


def test_a_notice_holds_until_it_is_ended(wall: Wall) -> None:
    first = wall.post("Một", en="One")
    wall.clock.forward(seconds=1)
    wall.post("Hai", urgent=True)
    assert wall.texts() == ["Hai", "Một"]
    assert first == {
        "id": first["id"], "text": {"vi": "Một", "en": "One"}, "audience": "hall",
        "urgent": False, "until": None,
    }  # fmt: skip
    assert wall.end(first) == first
    assert wall.end(first) == first
    assert wall.texts() == ["Hai"]
    assert wall.told == [CENTRE] * 4


def test_a_notice_is_over_when_it_says_so(wall: Wall) -> None:
    wall.post(until=wall.clock.now() + timedelta(minutes=30))
    wall.clock.forward(minutes=29, seconds=59)
    assert wall.texts() == ["Quầy 4 nghỉ"]
    wall.clock.forward(seconds=1)
    assert wall.texts() == []


@pytest.mark.parametrize(
    ("audience", "staff", "public"), [("hall", 1, 1), ("all", 1, 1), ("staff", 1, 0)]
)
def test_what_is_for_the_staff_is_told_to_nobody_else(
    wall: Wall, audience: str, staff: int, public: int
) -> None:
    wall.post(audience=audience)
    assert (len(wall.texts()), len(wall.texts(staff=False))) == (staff, public)


def test_without_english_screens_show_the_vietnamese(wall: Wall) -> None:
    assert wall.post("  Quầy 4 nghi\u0309 ")["text"] == {"vi": "Quầy 4 nghỉ", "en": "Quầy 4 nghỉ"}


def test_a_notice_of_the_past_is_never_put_up(wall: Wall) -> None:
    with pytest.raises(Refusal) as refused:
        wall.post(until=wall.clock.now())
    assert [fault.field for fault in refused.value.errors] == ["until"]
    assert wall.texts() == []


def test_the_last_moment_there_is_can_be_told(wall: Wall) -> None:
    west = timezone(-timedelta(hours=14))
    posted = wall.post(until=datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=west))
    assert posted["until"] == "9999-12-31T00:00:00Z"
    assert wall.texts() == ["Quầy 4 nghỉ"]


@pytest.mark.parametrize("blank", ["", "  ", "\u00a0\u3000", "\u200b", "\u202e\ufeff"])
def test_a_text_that_nobody_would_see_is_refused(blank: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=r"text\.vi"):
        msgspec.convert({"text": {"vi": blank}}, NoticeRequest)
    told = f"\u00a0Một{blank.strip()} "
    assert msgspec.convert({"text": {"vi": told}}, NoticeRequest).text.vi == told


def test_a_wall_that_is_full_takes_no_more(wall: Wall) -> None:
    posted = [wall.post(f"Số {at}") for at in range(NOTICES_MOST)]
    with pytest.raises(Refusal, match="notices_full"):
        wall.post("Thêm")
    wall.end(posted[0])
    assert wall.post("Thêm")["text"]["vi"] == "Thêm"


def test_the_same_key_puts_it_up_once(wall: Wall) -> None:
    assert wall.post(key="k" * 8) == wall.post(key="k" * 8)
    assert len(wall.texts()) == 1


def test_who_wrote_and_who_ended_it_is_kept(wall: Wall) -> None:
    wall.end(wall.post())
    rows = wall.store.read(lambda tx: tx.all("SELECT posted_by, ended_by FROM notice"))
    assert [tuple(row) for row in rows] == [(MANAGER.id, MANAGER.id)]


def test_another_centres_notice_is_unknown(wall: Wall) -> None:
    with pytest.raises(Refusal, match="unknown_notice"):
        wall.end({"id": "0" * 16})
    with pytest.raises(Refusal, match="unknown_centre"):
        wall.board.holding("nowhere", staff=True)
