"""The fields a byte template may name: how many bytes each is, and what it says. Pure."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from display.frames.panel_text import digits_of, fitted, number_of
from display.frames.segments import segments

FREE_SIGN: Final = "-"
_STATES: Final = ("blank", "free", "number", "called")


@dataclass(frozen=True)
class Scene:
    """What a frame is made for: the panel, its text of `length` characters, and the blink."""

    unit: int
    text: str
    blink: bool
    length: int
    free_number: int = 0
    blank_number: int = 0
    blank_code: int = 0x0F
    dash_code: int = 0x0A

    @property
    def shown(self) -> str:
        """The text without the spaces after it."""
        return self.text.rstrip()

    @property
    def state(self) -> int:
        """Its place in blank, free, number, called."""
        if not self.shown:
            return 0
        if not self.shown.strip(FREE_SIGN):
            return 1
        return 3 if self.blink else 2

    @property
    def number(self) -> int:
        """The number for two bytes; what stands for one where there is none."""
        found = number_of(self.shown)
        if found is not None:
            return found
        return self.free_number if self.state == 1 else self.blank_number

    def digits(self, count: int) -> list[int]:
        """One code a digit, right-aligned: 0 to 9, or the codes of a dash and of a dark digit."""
        digits = [int(digit) for digit in digits_of(self.shown)][-count:]
        if not digits and self.state == 1:
            return [self.dash_code] * count
        return [self.blank_code] * (count - len(digits)) + digits


class Field(NamedTuple):
    """One use of a field: its size in bytes, and its bytes in a scene."""

    size: int
    of: Callable[[Scene], bytes]


class FieldFault(ValueError):
    """The part behind the colon is not one this field takes; the message says what is."""


Maker = Callable[[str, int], Field]


def _count(option: str, default: int, most: int = 32) -> int:
    if not option:
        return default
    if not option.isdecimal() or not 1 <= int(option) <= most:
        raise FieldFault(f"takes a number from 1 to {most} behind the colon, not '{option}'")
    return int(option)


def _codes(option: str, default: str, count: int) -> bytes:
    parts = (option or default).split(",")
    if len(parts) != count or not all(re.fullmatch("[0-9A-Fa-f]{2}", part) for part in parts):
        said = f"such as {default}"
        raise FieldFault(f"takes {count} hex bytes behind the colon, {said}, not '{option}'")
    return bytes.fromhex("".join(parts))


def _plain(make: Callable[[Scene], bytes], size: int = 1) -> Maker:
    def maker(option: str, _length: int) -> Field:
        if option:
            raise FieldFault("takes nothing behind a colon")
        return Field(size, make)

    return maker


def _sized(make: Callable[[Scene, int], bytes], default: int = 0) -> Maker:
    def maker(option: str, length: int) -> Field:
        count = _count(option, default or length)
        return Field(count, lambda scene: make(scene, count))

    return maker


def _packed(option: str, length: int) -> Field:
    count = _count(option, (length + 1) // 2, 16)
    return Field(count, lambda scene: _bcd(scene.digits(2 * count)))


def _bcd(digits: list[int]) -> bytes:
    nibbles = [digit & 0x0F for digit in digits]
    return bytes(high << 4 | low for high, low in zip(nibbles[::2], nibbles[1::2], strict=True))


def _blink(option: str, _length: int) -> Field:
    codes = _codes(option, "00,01", 2)
    return Field(1, lambda scene: codes[scene.blink : scene.blink + 1])


def _state(option: str, _length: int) -> Field:
    codes = _codes(option, "00,01,02,03", len(_STATES))
    return Field(1, lambda scene: codes[scene.state : scene.state + 1])


def _ascii(text: str) -> bytes:
    return text.encode("ascii")


def _digits_as_text(scene: Scene, count: int) -> bytes:
    text = digits_of(scene.shown) or (FREE_SIGN * count if scene.state == 1 else "")
    return _ascii(text[-count:].rjust(count))


FIELDS: Final[Mapping[str, tuple[Maker, str]]] = {
    "unit": (_plain(lambda s: bytes([s.unit])), "the panel's address, a byte"),
    "unit_ascii": (
        _sized(lambda s, n: _ascii(f"{s.unit:0{n}}"[-n:]), 2),
        "the address in decimal ASCII digits, 2 or `{unit_ascii:3}`",
    ),
    "text": (
        _sized(lambda s, n: _ascii(fitted(s.shown, n))),
        "the text in ASCII, left-aligned, spaces after it",
    ),
    "text_right": (
        _sized(lambda s, n: _ascii(fitted(s.shown, n).strip().rjust(n))),
        "the same, right-aligned",
    ),
    "digits": (_sized(lambda s, n: bytes(s.digits(n))), "a byte a digit, 0 to 9, right-aligned"),
    "digits_ascii": (_sized(_digits_as_text), "the digits alone in ASCII, right-aligned"),
    "bcd": (_packed, "two digits a byte, right-aligned"),
    "segments": (
        _sized(lambda s, n: segments(fitted(s.shown, n))),
        "seven segments a character, bit 0 = a … bit 6 = g",
    ),
    "segments_inv": (
        _sized(lambda s, n: bytes(~byte & 0xFF for byte in segments(fitted(s.shown, n)))),
        "the same, 0 = lit",
    ),
    "hi": (_plain(lambda s: bytes([s.number >> 8])), "the number's high byte"),
    "lo": (_plain(lambda s: bytes([s.number & 0xFF])), "the number's low byte"),
    "length": (_plain(lambda s: bytes([s.length])), "`text_length`, a byte"),
    "blink": (_blink, "01 on a call, else 00; `{blink:30,31}`: these instead"),
    "state": (
        _state,
        "blank 00, free 01, number 02, called 03; `{state:…}` with four bytes: these instead",
    ),
}
DRAW_THE_EYE: Final = ("blink", "state")
