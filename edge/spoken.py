"""Written words as people say them: codes letter by letter, numbers, times, dates, units.

Pure. What a speech synthesiser makes of "H047", "09:42" or "3,2 km" is chance; what comes out
of here has no digits left and no abbreviation that this project writes.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Final, Literal, Protocol

from edge import spoken_en, spoken_vi

Language = Literal["vi", "en"]


class Tongue(Protocol):
    """What a language must know; `edge/spoken_vi.py` and `edge/spoken_en.py` are the two."""

    def number(self, value: int) -> str: ...
    def digits(self, text: str) -> str: ...
    def letter(self, letter: str) -> str: ...
    def fraction(self, whole: str, part: str) -> str: ...
    def time(self, hour: int, minute: int) -> str: ...
    def date(self, day: int, month: int, year: int | None) -> str: ...
    def unit(self, name: str) -> str: ...
    def prepare(self, text: str) -> str: ...


TONGUES: Final[dict[str, Tongue]] = {"vi": spoken_vi.VIETNAMESE, "en": spoken_en.ENGLISH}

_TO: Final = {"vi": "đến", "en": "to"}
_DIGITS_APART: Final = 7
"""From so many digits on a number is read digit by digit: telephones, files."""

_CODE: Final = re.compile(r"\b([A-ZĐ]{1,2})(\d{1,6})\b")
_DATE: Final = re.compile(r"\b(0?[1-9]|[12]\d|3[01])/(0?[1-9]|1[0-2])(?:/(\d{4}))?\b")
_TIME: Final = re.compile(r"\b([01]?\d|2[0-3]):([0-5]\d)\b")
_RANGE: Final = re.compile(r"(?<=\d)\s?[–—-]\s?(?=\d)")
_DECIMAL: Final = {
    "vi": re.compile(r"\b(\d{1,9}),(\d{1,3})\b"),
    "en": re.compile(r"\b(\d{1,9})\.(\d{1,3})\b"),
}
_THOUSANDS: Final = {
    "vi": re.compile(r"\b\d{1,3}(?:\.\d{3})+\b"),
    "en": re.compile(r"\b\d{1,3}(?:,\d{3})+\b"),
}
_UNIT: Final = re.compile(r"(?<=\d)\s?(km²|m²|km|kg|mm|cm|m|min|ph|s|%)(?!\w)")
_WHOLE: Final = re.compile(r"\d+")
_LONE: Final = re.compile(r"(?<![\w'’-])([B-DF-HJ-NP-TV-XZĐ])(?![\w'’-])", re.IGNORECASE)
_SPELLED: Final = re.compile(r"\b[B-DF-HJ-NP-TV-XZĐ]{2,5}\b")
_PAUSES: Final = re.compile(r"\s*[·•|→]\s*|\s+[–—-]\s+")
_SPACES: Final = re.compile(r"\s+")


def spoken(text: str, language: Language) -> str:
    """The same text, to be read out: "Số H047" is "Số hát không bốn bảy".

    Args:
        text: As it stands on a screen or slip, any length.
        language: Whose words are used; Vietnamese names in English text lose their marks.

    Returns:
        Words and punctuation, NFC, on one line; no digit is left.
    """
    tongue = TONGUES[language]
    text = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if len(text) == 1:
        return _alone(text, tongue)
    text = tongue.prepare(text)
    text = _CODE.sub(lambda m: f"{_letters(m[1], tongue)} {tongue.digits(m[2])}", text)
    text = _DATE.sub(lambda m: tongue.date(int(m[1]), int(m[2]), int(m[3]) if m[3] else None), text)
    text = _RANGE.sub(f" {_TO[language]} ", text)
    text = _TIME.sub(lambda m: tongue.time(int(m[1]), int(m[2])), text)
    text = _THOUSANDS[language].sub(lambda m: re.sub(r"\D", "", m[0]), text)
    text = _UNIT.sub(lambda m: f" {tongue.unit(m[1])}", text)
    text = _DECIMAL[language].sub(lambda m: tongue.fraction(m[1], m[2]), text)
    text = _WHOLE.sub(lambda m: _number(m[0], tongue), text)
    text = _SPELLED.sub(lambda m: _letters(m[0], tongue), text)
    text = _LONE.sub(lambda m: tongue.letter(m[1].upper()), text)
    return _SPACES.sub(" ", _PAUSES.sub(", ", text)).strip()


def _alone(text: str, tongue: Tongue) -> str:
    """One key of a keyboard: a letter by its name, a digit by its word."""
    if text.isdecimal():
        return tongue.digits(text)
    return tongue.letter(text.upper()) if text.isalpha() else text


def _letters(letters: str, tongue: Tongue) -> str:
    named: Callable[[str], str] = tongue.letter
    return " ".join(map(named, letters))


def _number(written: str, tongue: Tongue) -> str:
    apart = len(written) >= _DIGITS_APART or (written[0] == "0" and len(written) > 1)
    return tongue.digits(written) if apart else tongue.number(int(written))
