"""Numbers, codes, times and names come out as people say them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge.spoken import Language, spoken


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Mời số H047 đến quầy số 3", "Mời số hát không bốn bảy đến quầy số ba"),
        ("A001", "a không không một"),
        ("Z03001", "dét không ba không không một"),
        ("AB1000", "a bê một không không không"),
        ("Chờ khoảng 12 phút, 4 người", "Chờ khoảng mười hai phút, bốn người"),
        ("10–15 phút", "mười đến mười lăm phút"),
        ("21 phút", "hai mươi mốt phút"),
        ("45 phút", "bốn mươi lăm phút"),
        ("105 người", "một trăm linh năm người"),
        ("1.250 số", "một nghìn hai trăm năm mươi số"),
        ("2026", "hai nghìn không trăm hai mươi sáu"),
        ("2005", "hai nghìn không trăm linh năm"),
        ("Mở lại 09:42", "Mở lại chín giờ bốn mươi hai"),
        ("từ 13:00 đến 16:05", "từ mười ba giờ đến mười sáu giờ năm"),
        ("07:30–11:30", "bảy giờ ba mươi đến mười một giờ ba mươi"),
        ("Thứ Ba, 24/11", "Thứ Ba, ngày hai mươi bốn tháng mười một"),
        ("1/4/2027", "ngày một tháng tư năm hai nghìn không trăm hai mươi bảy"),
        ("cách đây 3,2 km · Lái Thiêu", "cách đây ba phẩy hai ki lô mét, Lái Thiêu"),
        ("quầy 3, 4 hoặc 5", "quầy ba, bốn hoặc năm"),
        ("95%", "chín mươi lăm phần trăm"),
        ("30 s", "ba mươi giây"),
        ("0274 3822 825", "không hai bảy bốn ba nghìn tám trăm hai mươi hai tám trăm hai mươi lăm"),
        ("0909123456", "không chín không chín một hai ba bốn năm sáu"),
        ("Trụ sở UBND TP. Thuận An", "Trụ sở Ủy ban nhân dân thành phố Thuận An"),
        ("Mã QR, thẻ BHYT", "Mã kiu a, thẻ bảo hiểm y tế"),
        ("Tầng G", "Tầng giê"),
        ("P. Lái Thiêu, Q. 1", "phường Lái Thiêu, quận một"),
        ("Khu A", "Khu A"),
        ("Y tế", "Y tế"),
        ("MỜI SỐ", "MỜI SỐ"),
        ("y", "i dài"),
        ("q", "quy"),
        ("7", "bảy"),
    ],
)
def test_vietnamese(written: str, said: str) -> None:
    assert spoken(written, "vi") == said


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("Your number is H047", "Your number is H zero four seven"),
        ("A012", "eigh zero one two"),
        ("about 12 min", "about twelve minutes"),
        ("1 min on the way", "one minute on the way"),
        ("21 min", "twenty one minutes"),
        ("10–15 min", "ten to fifteen minutes"),
        ("3.2 km away", "three point two kilometres away"),
        ("from 09:42", "from nine forty two in the morning"),
        ("until 13:30", "until one thirty in the afternoon"),
        ("at 17:00", "at five o'clock in the afternoon"),
        ("at 12:05", "at twelve oh five in the afternoon"),
        ("Monday, 23/11", "Monday, the twenty third of November"),
        ("1,250 people", "one thousand two hundred and fifty people"),
        ("Thủ Dầu Một, Đất đai", "Thu Dau Mot, Dat dai"),
        ("I need more time", "I need more time"),
        ("it's here, don't go", "it's here, don't go"),
        ("w", "W"),
    ],
)
def test_english(written: str, said: str) -> None:
    assert spoken(written, "en") == said


@given(st.integers(0, 9_999_999_999), st.sampled_from(["vi", "en"]))
def test_every_number_has_words(value: int, language: Language) -> None:
    said = spoken(f"{value} x", language)
    assert not re.search(r"\d|  ", said)


@given(st.text(max_size=80), st.sampled_from(["vi", "en"]))
def test_whatever_is_written_can_be_said(text: str, language: Language) -> None:
    said = spoken(text, language)
    assert not re.search(r"[0-9\n]", said)
