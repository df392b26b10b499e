"""One-time codes that people read from one screen and type at another."""

from collections.abc import Callable
from typing import Final

CODE_LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""No 0 and O, no 1, I and L: 31 letters, twelve of which are 59 bits."""

CODE_LENGTH: Final = 12


def draw_code(random_bytes: Callable[[int], bytes]) -> str:
    """Draw a code, in three groups of four."""
    drawn = b""
    most = 256 - 256 % len(CODE_LETTERS)
    while len(drawn) < CODE_LENGTH:  # Bytes above the last whole round would favour some letters.
        drawn += bytes(byte for byte in random_bytes(CODE_LENGTH) if byte < most)
    letters = "".join(CODE_LETTERS[byte % len(CODE_LETTERS)] for byte in drawn[:CODE_LENGTH])
    return "-".join(letters[at : at + 4] for at in range(0, CODE_LENGTH, 4))


def typed_code(text: str) -> str:
    """A code as it is looked up: dashes, blanks and case aside."""
    return text.upper().replace("-", "").replace(" ", "")
