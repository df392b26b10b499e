"""How English says letters, numbers, times and what is written short."""

import re
import unicodedata
from typing import Final

SMALL: Final = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
TENS: Final = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
UNITS: Final = {
    "km": "kilometres", "km²": "square kilometres", "m": "metres", "m²": "square metres",
    "cm": "centimetres", "mm": "millimetres", "kg": "kilograms", "min": "minutes",
    "ph": "minutes", "s": "seconds", "%": "percent",
}  # fmt: skip
ONE_OF: Final = re.compile(r"(?<![\d.,])1 ?(km²|m²|km|kg|mm|cm|m|min|s)(?!\w)")
ORDINALS: Final = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth", "twenty": "twentieth", "thirty": "thirtieth",
}  # fmt: skip
MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_SCALES: Final = ((1_000_000_000, "billion"), (1_000_000, "million"), (1000, "thousand"))
_PLAIN: Final = str.maketrans("Đđ", "Dd")


class _English:
    """The English tongue of `edge.spoken`."""

    def number(self, value: int) -> str:
        """121 is "one hundred and twenty one"."""
        words: list[str] = []
        for scale, name in _SCALES:
            if value >= scale:
                words += [self.number(value // scale), name]
                value %= scale
        if words and 0 < value < 100:
            words.append("and")
        if value or not words:
            words.append(_below_thousand(value))
        return " ".join(words)

    def digits(self, text: str) -> str:
        """Each digit by itself: "047" is "zero four seven"."""
        return " ".join(SMALL[int(digit)] for digit in text)

    def letter(self, letter: str) -> str:
        """A capital is said by its name, but for A, which would be taken for the article."""
        return "eigh" if letter == "A" else letter

    def fraction(self, whole: str, part: str) -> str:
        """3.2 is "three point two"."""
        return f"{self.number(int(whole))} point {self.digits(part)}"

    def time(self, hour: int, minute: int) -> str:
        """09:42 is "nine forty two in the morning"."""
        part = "morning" if hour < 12 else "afternoon" if hour < 18 else "evening"
        said = self.number((hour + 11) % 12 + 1)
        if minute == 0:
            return f"{said} o'clock in the {part}"
        return f"{said} {'oh ' if minute < 10 else ''}{self.number(minute)} in the {part}"

    def date(self, day: int, month: int, year: int | None) -> str:
        """23/11 is "the twenty third of November"."""
        *before, last = self.number(day).split()
        ordinal = " ".join([*before, ORDINALS.get(last, f"{last}th")])
        said = f"the {ordinal} of {MONTHS[month - 1]}"
        return f"{said} {self.number(year)}" if year else said

    def unit(self, name: str) -> str:
        """The unit behind a number, in full."""
        return UNITS[name]

    def prepare(self, text: str) -> str:
        """Vietnamese names without their marks, which an English voice would spell out."""
        bare = unicodedata.normalize("NFD", text.translate(_PLAIN))
        plain = "".join(letter for letter in bare if not unicodedata.combining(letter))
        return ONE_OF.sub(lambda match: f"1 {UNITS[match[1]].removesuffix('s')}", plain)


def _below_thousand(value: int) -> str:
    if value < 20:
        return SMALL[value]
    if value < 100:
        tens, unit = divmod(value, 10)
        return TENS[tens - 2] if unit == 0 else f"{TENS[tens - 2]} {SMALL[unit]}"
    said = f"{SMALL[value // 100]} hundred"
    return f"{said} and {_below_thousand(value % 100)}" if value % 100 else said


ENGLISH: Final = _English()
