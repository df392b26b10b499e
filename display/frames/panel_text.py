"""What of a text a panel can show: its printable ASCII, its digits, the number in it. Pure."""

import re
from typing import Final

LARGEST_NUMBER: Final = 0xFFFF
_LAST_DIGITS: Final = re.compile(r"([0-9]+)[^0-9]*$")


def fitted(text: str, length: int) -> str:
    """`text` as a panel of `length` characters can show it, padded with spaces.

    A number that is too long keeps its last characters: people know their number by its
    digits, and its first characters alone would be somebody else's number.
    """
    ascii_only = "".join(letter if " " <= letter <= "~" else "?" for letter in text)
    return ascii_only[-length:].ljust(length)


def digits_of(text: str) -> str:
    """The last run of digits in `text`: `047` of `H047`, nothing of dashes and spaces."""
    found = _LAST_DIGITS.search(text)
    return found[1] if found else ""


def number_of(text: str) -> int | None:
    """The number in `text` as two bytes can carry it; None where there is none.

    One above 65535 (only five digits can be) keeps its last four, for the same reason.
    """
    digits = digits_of(text)
    if not digits:
        return None
    number = int(digits)
    return number if number <= LARGEST_NUMBER else int(digits[-4:])
