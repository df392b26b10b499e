"""Characters on seven segments: bit 0 is a (top), then clockwise b to f, bit 6 is g (middle)."""

from typing import Final

_SHAPES: Final = {
    " ": "", "-": "g", "_": "d", "=": "dg",
    "0": "abcdef", "1": "bc", "2": "abdeg", "3": "abcdg", "4": "bcfg",
    "5": "acdfg", "6": "acdefg", "7": "abc", "8": "abcdefg", "9": "abcdfg",
    "A": "abcefg", "B": "cdefg", "C": "adef", "D": "bcdeg", "E": "adefg", "F": "aefg",
    "G": "acdef", "H": "bcefg", "I": "ef", "J": "bcde", "L": "def", "N": "ceg", "O": "cdeg",
    "P": "abefg", "Q": "abcfg", "R": "eg", "S": "acdfg", "T": "defg", "U": "bcdef", "Y": "bcdfg",
}  # fmt: skip


def segments(text: str) -> bytes:
    """One byte a character; what seven segments cannot show (K M V W X Z …) is dark."""
    return bytes(
        sum(1 << "abcdefg".index(segment) for segment in _SHAPES.get(letter.upper(), ""))
        for letter in text
    )
