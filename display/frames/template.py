"""A frame described in the config: bytes, fields and checksums in their order. Pure.

    AA {unit} {text} {sum8:2-} 55

A part is hex bytes, a text in single quotes, `{field}` or `{field:option}`, `{size}`, `{rest}`,
or a checksum `{kind}`, `{kind:2-}`, `{kind:2-5}` over bytes counted from 1; in a reply `??` is
a byte that may be anything.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from display.frames.checksums import CHECKSUMS
from display.frames.fields import DRAW_THE_EYE, FIELDS, FieldFault, Scene
from wire.checks import did_you_mean

_PART: Final = re.compile(r"'[^']*'|\{[^{}\s]*\}|\S+")
_NAMED: Final = re.compile(r"\{([a-z0-9_]*)(?::(.*))?\}")
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})+")
_RANGE: Final = re.compile(r"([1-9][0-9]*)-([1-9][0-9]*)?")
ANY: Final = "??"
SIZE, REST = "size", "rest"
LONGEST: Final = 255


class TemplateFault(ValueError):
    """One part is wrong; the message names the part and its place."""


@dataclass(frozen=True)
class Part:
    """One part as it was written, and the bytes it takes: from `begin` up to `end`."""

    written: str
    place: int
    begin: int
    end: int
    name: str = ""
    option: str = ""


class Template:
    """A frame as the config describes it.

    Args:
        text: The description.
        length: How many characters the panel shows.
        reply: Whether it describes what comes back, where `??` may stand.

    Raises:
        TemplateFault: with all its faults, a line each.
    """

    def __init__(self, text: str, length: int, *, reply: bool = False) -> None:
        self._length = length
        self._reply = reply
        faults: list[str] = []
        self.parts = list(self._read(text, faults))
        self.size = self.parts[-1].end if self.parts else 0
        if not text.strip():
            faults.append("is empty")
        if self.size > LONGEST:
            faults.append(f"makes {self.size} bytes; {LONGEST} is the most")
        faults += [fault for part in self.parts if (fault := self._range_fault(part))]
        if faults:
            raise TemplateFault("\n".join(faults))

    @property
    def blinks(self) -> bool:
        """Whether a call looks different from a number that only stands there."""
        return any(part.name in DRAW_THE_EYE for part in self.parts)

    @property
    def addressed(self) -> bool:
        """Whether the frame says whom it is for."""
        return any(part.name in ("unit", "unit_ascii") for part in self.parts)

    def cut_short(self, unit: int, data_bits: int) -> str:
        """What of this frame would not arrive as it is written; empty where all of it does."""
        for part in self.parts:
            said = f"part {part.place} '{part.written}'"
            if part.name == "unit_ascii" and len(str(unit)) > part.end - part.begin:
                return f"{said} has no room for the address {unit}"
            if data_bits == 7 and _HEX.fullmatch(part.written) and not _fits_seven(part.written):
                return f"{said} needs data_bits = 8"
        return ""

    def render(self, scene: Scene, received: bytes = b"") -> bytes:
        """The frame for `scene`; bytes that may be anything are those of `received`."""
        frame = bytearray(self.size)
        for part in self.parts:
            frame[part.begin : part.end] = self._bytes(part, scene, received)
        for part in self.parts:
            if part.name in CHECKSUMS:
                begin, end = self._covered(part)
                frame[part.begin : part.end] = CHECKSUMS[part.name].of(bytes(frame[begin:end]))
        return bytes(frame)

    def _read(self, text: str, faults: list[str]) -> Iterator[Part]:
        begin = 0
        for place, found in enumerate(_PART.finditer(text), start=1):
            try:
                part = self._part(found[0], place, begin)
            except (TemplateFault, FieldFault) as fault:
                faults.append(f"part {place} '{found[0]}' {fault}")
                continue
            begin = part.end
            yield part

    def _part(self, written: str, place: int, begin: int) -> Part:
        if written.startswith("'"):
            return Part(written, place, begin, begin + len(_literal(written)))
        if _HEX.fullmatch(written):
            return Part(written, place, begin, begin + len(written) // 2)
        if written == ANY and self._reply:
            return Part(written, place, begin, begin + 1)
        named = _NAMED.fullmatch(written)
        if named is None:
            raise TemplateFault("is no hex byte, no 'text' and no {field}")
        name, option = named[1], named[2] or ""
        return Part(written, place, begin, begin + self._size(name, option), name, option)

    def _size(self, name: str, option: str) -> int:
        if name in CHECKSUMS:
            if option and not _RANGE.fullmatch(option):
                raise TemplateFault("covers bytes such as 2- or 2-5, counted from 1")
            return CHECKSUMS[name].size
        if name in (SIZE, REST):
            if option:
                raise TemplateFault("takes nothing behind a colon")
            return 1
        if name not in FIELDS:
            known = (*FIELDS, *CHECKSUMS, SIZE, REST)
            raise TemplateFault(f"is no field{did_you_mean(name, known)}")
        return FIELDS[name][0](option, self._length).size

    def _bytes(self, part: Part, scene: Scene, received: bytes) -> bytes:
        if part.name in FIELDS:
            return FIELDS[part.name][0](part.option, self._length).of(scene)
        if part.name == SIZE:
            return bytes([self.size])
        if part.name == REST:
            return bytes([self._end_of_rest() - part.end])
        if part.name in CHECKSUMS:
            return bytes(part.end - part.begin)
        if part.written == ANY:
            return received[part.begin : part.end].ljust(1, b"\0")
        if part.written.startswith("'"):
            return _literal(part.written)
        return bytes.fromhex(part.written)

    def _end_of_rest(self) -> int:
        """Where the first checksum begins, or the end."""
        return next((part.begin for part in self.parts if part.name in CHECKSUMS), self.size)

    def _covered(self, part: Part) -> tuple[int, int]:
        """What a checksum covers: all before it unless it says otherwise."""
        found = _RANGE.fullmatch(part.option)
        if found is None:
            return 0, part.begin
        return int(found[1]) - 1, int(found[2]) if found[2] else part.begin

    def _range_fault(self, part: Part) -> str:
        if part.name not in CHECKSUMS:
            return ""
        begin, end = self._covered(part)
        said = f"part {part.place} '{part.written}' covers bytes {begin + 1} to {end}"
        if begin >= end:
            return f"{said}: nothing at all"
        if end > self.size:
            return f"{said}, but the frame has {self.size}"
        later = [other for other in self.parts if other.name in CHECKSUMS and other.end > begin]
        inside = [other for other in later if other.begin < end and other.place >= part.place]
        return f"{said}, and so '{inside[0].written}' itself" if inside else ""


def _fits_seven(written: str) -> bool:
    return bytes.fromhex(written).isascii()


def _literal(written: str) -> bytes:
    text = written.strip("'")
    if not written.endswith("'") or len(written) < 2 or not text.isascii():
        raise TemplateFault("is no ASCII text between single quotes")
    return text.encode("ascii")
