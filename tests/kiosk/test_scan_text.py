"""What a scanned text means, and that nothing of a citizen's card gets out of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.scan_lines import MAX_BYTES, PAUSE_S, ScanLines
from kiosk.scan_text import AgeGroup, Meaning, TicketLink, Unreadable, meaning_of

TODAY = date(2026, 11, 23)
TRACK = "AbCdEfGhIjKlMnOpQrSt_A"
HOSTS = {"so.example.vn", "127.0.0.1"}
CARD = "079066001234|023456789|Nguyễn Thị Hoa|{birth}|Nữ|12 Lê Lợi, Thủ Dầu Một|01072021"


def means(text: str, today: date = TODAY, age: int = 60) -> Meaning:
    return meaning_of(text, hosts=HOSTS, today=today, elderly_age=age)


@pytest.mark.parametrize(
    ("birth", "elderly"),
    [
        ("23111966", True),  # sixty today
        ("24111966", False),  # tomorrow
        ("01011940", True),
        ("15082001", False),
        ("1950", False),
        ("00001950", False),
        ("31021950", False),
        ("29021900", False),
        ("01011850", False),
        ("01012030", False),
        ("", False),
        ("1e011950", False),
        ("٠١٠١١٩٥٠", False),
    ],
)
def test_a_card_says_whether_one_is_old_enough(birth: str, elderly: bool) -> None:
    assert means(CARD.format(birth=birth)) == AgeGroup(elderly)


def test_whoever_is_born_on_29_february_is_older_from_1_march() -> None:
    card = CARD.format(birth="29021964")
    assert means(card, date(2029, 2, 28), 65) == AgeGroup(False)
    assert means(card, date(2029, 3, 1), 65) == AgeGroup(True)


def test_the_age_is_the_centres() -> None:
    assert means(CARD.format(birth="01011950"), age=80) == AgeGroup(False)
    assert means(CARD.format(birth="01011950"), age=75) == AgeGroup(True)


def test_cards_without_an_old_number_and_newer_ones_with_more_fields() -> None:
    card = CARD.format(birth="01011950").replace("023456789", "")
    assert means(card) == AgeGroup(True)
    assert means(card + "|Nguyễn Văn A|Trần Thị B|") == AgeGroup(True)


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 40_000))
def test_one_grows_old_once_and_stays_so(born: date, days: int) -> None:
    card = CARD.format(birth=f"{born:%d%m}{born.year}")
    later = min(TODAY + timedelta(days=days), date(born.year + 130, 1, 1))
    if means(card) == AgeGroup(True) and later >= TODAY:
        assert means(card, later) == AgeGroup(True)


@pytest.mark.parametrize(
    "text",
    [
        TRACK,
        f"https://so.example.vn/t/{TRACK}",
        f"HTTPS://SO.EXAMPLE.VN/t/{TRACK}",
        f"http://127.0.0.1:8000/t/{TRACK}/",
        f"https://so.example.vn/hang-doi/t/{TRACK}?x=1",
    ],
)
def test_a_link_of_ours_is_its_ticket(text: str) -> None:
    assert means(text) == TicketLink(TRACK)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "8934567890123",
        f"https://elsewhere.example/t/{TRACK}",
        f"ftp://so.example.vn/t/{TRACK}",
        f"https://so.example.vn/x/{TRACK}",
        f"https://so.example.vn/t/{TRACK}A",
        "https://so.example.vn/t/",
        "http://[::1/t/" + TRACK,
        "079066001234|||",
        "07906600123|0|Hoa|01011950|Nữ|x|y",
        TRACK[:-1] + "B",
        "x" * 100_000,
        "|" * 3000,
    ],
)
def test_anything_else_is_unreadable(text: str) -> None:
    assert means(text) == Unreadable()


@given(st.text(max_size=300))
def test_nothing_scanned_breaks_it(text: str) -> None:
    means(text)
    means("079066001234|" + text)


def lines_of(*parts: tuple[float, bytes]) -> list[str]:
    lines = ScanLines()
    return [text for at, data in parts for text in lines.take(data, at)]


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_text_ends_with_its_line(end: bytes) -> None:
    assert lines_of((1, b"ab"), (1.1, b"c" + end), (1.2, b"d" + end)) == ["abc", "d"]


def test_a_text_without_an_end_ends_with_a_pause() -> None:
    assert lines_of((1, b"abc"), (1 + PAUSE_S / 2, b"")) == []
    assert lines_of((1, b"abc"), (1 + PAUSE_S, b"")) == ["abc"]
    assert lines_of((1, b"abc"), (1 + PAUSE_S, b"d\r")) == ["abc", "d"]


def test_garbage_is_no_text_and_what_is_too_long_is_dropped_whole() -> None:
    assert lines_of((1, b"\x00\xff\r"), (2, b"\x02 abc \x03\r")) == ["\ufffd", "abc"]
    long = b"x" * (MAX_BYTES + 1)
    assert lines_of((1, long), (1.01, long), (1.02, b"tail\rgood\r")) == ["good"]
    assert lines_of((1, long), (2, b""), (2.1, b"good\r")) == ["good"]


@given(st.binary(max_size=400), st.lists(st.integers(1, 40), max_size=30))
def test_how_it_is_cut_makes_no_difference(data: bytes, cuts: list[int]) -> None:
    parts, rest = [], data
    for cut in cuts:
        parts.append((1.0, rest[:cut]))
        rest = rest[cut:]
    parts.append((1.0, rest))
    assert lines_of(*parts, (9.0, b"")) == lines_of((1.0, data), (9.0, b""))
