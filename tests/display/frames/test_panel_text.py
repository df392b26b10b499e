"""What of a text reaches a panel: its end, its digits, its number."""

import pytest

from display.frames.panel_text import digits_of, fitted, number_of


@pytest.mark.parametrize(
    ("text", "digits", "number"),
    [
        ("H047", "047", 47),
        ("HC1234", "1234", 1234),
        ("Z03001", "03001", 3001),
        ("2-15", "15", 15),
        ("----", "", None),
        ("      ", "", None),
        ("H047  ", "047", 47),
        ("65535", "65535", 65535),
        ("Z99123", "99123", 9123),  # two bytes do not carry it: its last four digits
    ],
)
def test_the_last_digits_are_the_number(text: str, digits: str, number: int | None) -> None:
    assert digits_of(text) == digits
    assert number_of(text) == number


def test_what_is_too_long_keeps_its_end_and_foreign_letters_are_marked() -> None:
    assert fitted("HC12345", 6) == "C12345"
    assert fitted("Đ047", 6) == "?047  "
