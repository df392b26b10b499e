"""The words of a slip: honest waits, the right place, both languages, local time."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest

from kiosk.slip import split_name, wait_words
from tests.kiosk.slips import AT, INFO, THERE, WORDS, content
from wire.answers import CentreInfo, Wait


def facts(**changes: Any) -> dict[str, str]:
    return {fact.label: fact.value for fact in content(**changes).facts}


def test_the_time_is_the_centres() -> None:
    assert content().issued == "Cấp lúc 09:42 · Thứ Hai, 23/11/2026"
    english = content(language="en", issued_at=AT + timedelta(hours=15))
    assert english.issued == "Issued at 00:42 · Tuesday, 24/11/2026"


def test_people_ahead_wait_and_place() -> None:
    assert facts() == {
        "Trước quý khách": "4 người",
        "Chờ khoảng": "10–15 phút",
        "Quầy": "3 hoặc 4 · Khu A",
    }
    assert facts(language="en", ahead=1)["Trước quý khách"] == "1 person"


def test_offline_promises_no_wait_and_says_so() -> None:
    slip = content(ahead=None, wait=None, offline=True)
    assert slip.marks == ("NGOẠI TUYẾN · SỐ CÓ HIỆU LỰC",)
    told = {fact.label: fact.value for fact in slip.facts}
    assert told["Chờ khoảng"] == "xem bảng gọi số"
    assert "Trước quý khách" not in told


def test_a_number_for_another_centre_says_where_and_until_when() -> None:
    slip = content(elsewhere=THERE)
    assert (slip.organisation, slip.place) == (
        "Chi nhánh Trung tâm Phục vụ hành chính công",
        "Thành phố Thuận An",
    )
    assert slip.notice == (
        "Số này dành cho Chi nhánh thành phố Thuận An, có hiệu lực từ 09:51 đến 10:21."
    )
    english = content(elsewhere=THERE, language="en")
    assert english.notice == "This number is for Thuan An Branch, valid from 09:51 to 10:21."
    assert facts(elsewhere=THERE) == {"Mời đến trước": "10:21", "Địa chỉ": THERE.address}
    assert content().notice == ""


def test_a_copy_is_marked() -> None:
    slip = content(copy=1)
    assert slip.marks == ("BẢN IN LẠI 2",)
    assert slip.issued == "In lại 09:42 · cấp 09:42 Thứ Hai, 23/11/2026"


@pytest.mark.parametrize(
    ("likely_s", "high_s", "words"),
    [
        (0, 0, "dưới 5 phút"),
        (61, 300, "dưới 5 phút"),
        (61, 301, "2–6 phút"),
        (600, 600, "10 phút"),
        (3000, 5400, "50–90 phút"),
    ],
)
def test_a_wait_is_a_range(likely_s: int, high_s: int, words: str) -> None:
    assert wait_words(Wait(likely_s, high_s), WORDS.vi) == words


def test_many_counters_are_an_area() -> None:
    counters = [
        {"id": f"q{n}", "number": n, "name": {"vi": "", "en": ""}, "services": ["ho-tich"],
         "zone": "a"}
        for n in range(1, 8)
    ]  # fmt: skip
    centre = msgspec.convert({**msgspec.to_builtins(INFO), "counters": counters}, CentreInfo)
    assert {fact.label: fact.value for fact in content(centre).facts}["Khu vực"] == "Khu A"


def test_a_service_that_is_gone_still_has_a_slip() -> None:
    assert content(service="da-bo").service == "da-bo"


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        (
            "Trung tâm Phục vụ hành chính công tỉnh Bình Dương",
            ("Trung tâm Phục vụ hành chính công", "Tỉnh Bình Dương"),
        ),
        (
            "Chi nhánh Trung tâm Phục vụ hành chính công thành phố Thuận An",
            ("Chi nhánh Trung tâm Phục vụ hành chính công", "Thành phố Thuận An"),
        ),
        ("Điểm tiếp nhận An Bình", ("", "Điểm tiếp nhận An Bình")),
        ("Trung tâm Phục vụ hành chính công", ("", "Trung tâm Phục vụ hành chính công")),
    ],
)
def test_the_centres_own_name_leads(name: str, parts: tuple[str, str]) -> None:
    assert split_name(name, WORDS.vi["slip.organisation"]) == parts


def test_both_languages_have_every_word() -> None:
    assert WORDS.vi.keys() == WORDS.en.keys()
