"""The frames of serial call pads: templates to bytes, and known frames found in a stream. Pure."""

from collections.abc import Iterable, Mapping
from typing import Final, Generic, TypeVar

from display.frames.checksums import CHECKSUMS
from display.frames.fields import Scene
from display.frames.template import REST, SIZE, Template, TemplateFault

Key = TypeVar("Key")

ADDRESSES: Final = ("unit", "unit_ascii")
_KNOWN: Final = frozenset({"", SIZE, REST, *ADDRESSES, *CHECKSUMS})


def frame(text: str, unit: int, data_bits: int = 8) -> bytes:
    """The bytes of a template (`display.frames.template`) that has the pad's address at most.

    Args:
        text: The template.
        unit: The pad's address, 0–255.
        data_bits: 7 or 8, as its port has.

    Raises:
        TemplateFault: a part is wrong, is for a panel's text, or would be cut short.
    """
    template = Template(text, length=1)
    for part in template.parts:
        if part.name not in _KNOWN:
            raise TemplateFault(f"part {part.place} '{part.written}' is for panels")
    if cut := template.cut_short(unit, data_bits):
        raise TemplateFault(cut)
    return template.render(Scene(unit=unit, text=" ", blink=False, length=1))


class Finder(Generic[Key]):
    """Finds known frames in what arrives, in whatever pieces; what is between them is skipped.

    Args:
        frames: The bytes of each; no frame may be part of another.
    """

    def __init__(self, frames: Mapping[Key, bytes]) -> None:
        self._frames = frames
        self._longest = max(map(len, frames.values()), default=1)
        self._rest = b""

    def feed(self, data: bytes) -> list[Key]:
        """Take in bytes; the frames that they complete, in order."""
        self._rest += data
        found: list[Key] = []
        while (first := self._first()) is not None:
            at, key = first
            found.append(key)
            self._rest = self._rest[at + len(self._frames[key]) :]
        self._rest = self._rest[-(self._longest - 1) :] if self._longest > 1 else b""
        return found

    def _first(self) -> tuple[int, Key] | None:
        places = [
            (at, key) for key, frame in self._frames.items() if (at := self._rest.find(frame)) >= 0
        ]
        return min(places, key=lambda place: place[0], default=None)


def overlapping(frames: Mapping[Key, bytes]) -> Iterable[tuple[Key, Key]]:
    """Pairs of frames of which the second is found inside the first."""
    for one, outer in frames.items():
        for other, inner in frames.items():
            if one != other and inner in outer:
                yield one, other
