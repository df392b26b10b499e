"""Text as people type and paste it, made plain: one form of each letter, ordinary blanks."""

import re
import unicodedata
from typing import Final

NAME_MOST: Final = 200
"""Letters a name may have."""

ADDRESS_MOST: Final = 300
"""Letters an address may have."""

_BLANKS: Final = re.compile(r"\s+")
# What is not seen but tells two texts apart, or turns the ones beside it around.
_UNSEEN: Final = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def cleaned(text: str) -> str:
    """The text in NFC, without what cannot be seen, with single ordinary blanks between words."""
    return _BLANKS.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()


def holds_control(text: str) -> bool:
    """Whether a control character is left that is no blank."""
    return _CONTROL.search(text) is not None
