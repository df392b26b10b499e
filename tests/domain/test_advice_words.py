"""Advice in plain words, the same shape in both languages."""

import unicodedata

import pytest

from server.domain.advice_words import sentence

LAND = ("Đất đai", "Land")


@pytest.mark.parametrize(
    ("asked", "vi", "en"),
    [
        (
            ("open", 7, LAND, 18.4, True),
            "Mở quầy 7 cho Đất đai – giảm khoảng 18 phút chờ",
            "Open counter 7 for Land – about 18 min less wait",
        ),
        (
            ("lend", 5, LAND, 18.4, True),
            "Quầy 5 nhận thêm Đất đai – giảm khoảng 18 phút chờ",
            "Let counter 5 also take Land – about 18 min less wait",
        ),
        (
            ("take_back", 5, LAND, 0.0, True),
            "Quầy 5 thôi nhận thêm Đất đai – hàng đã vơi",
            "Counter 5 stops taking Land – its queue has eased",
        ),
        (
            ("open", 7, LAND, 470.0, False),
            "Mở quầy 7 cho Đất đai – chưa có quầy nào phục vụ",
            "Open counter 7 for Land – no open counter serves it",
        ),
        (
            ("open", 7, ("{Đất}", "{Land}"), 0.4, True),
            "Mở quầy 7 cho {Đất} – hàng vơi nhanh hơn",
            "Open counter 7 for {Land} – the queue clears sooner",
        ),
    ],
)
def test_it_says_what_to_do_and_why(asked: tuple, vi: str, en: str) -> None:  # type: ignore[type-arg]
    said = sentence(*asked)
    assert said == (vi, en)
    assert unicodedata.is_normalized("NFC", said.vi)
