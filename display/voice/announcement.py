"""The sentence of a call as a list of clips: "Mời số H không bốn bảy đến quầy số ba". Pure.

The hall page builds the same lists (`display/hall/static/announcement.js`); both are tested
against `tests/display/announcements.json`.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Final

from look.voice import CHIME, COUNTERS_MOST

LANGUAGES: Final = ("vi", "en")
PAUSE_MS: Final = 40
"""Between two clips of a sentence, and longer where a person would breathe:"""
PAUSES_AFTER_MS: Final = {CHIME: 160, "again": 200}
PAUSES_BEFORE_MS: Final = {"to": 140, "please": 120}


def clips_of(call: Mapping[str, Any], *, chime: bool) -> list[str]:
    """The clips that say `call`, in order, by their names in the manifest.

    Args:
        call: As on the board: `number`, `counter` (with its `number`), `times`, and `language`
            where it is not Vietnamese. A letter or sign without a clip is left out.
        chime: Whether the chime comes first.
    """
    language = call.get("language")
    folder = language if language in LANGUAGES else LANGUAGES[0]
    words = ["again"] if call["times"] > 1 else []
    words += ["call", *_number(call["number"]), "to", *_counter(call["counter"]["number"])]
    if folder == "en":
        words.append("please")
    return [CHIME] * chime + [f"{folder}/{word}" for word in words]


def pauses_ms(clips: Sequence[str]) -> list[int]:
    """How long it is silent after each of these clips; nothing after the last."""
    words = [clip.rpartition("/")[2] for clip in clips]
    between = [
        PAUSES_AFTER_MS.get(word, PAUSES_BEFORE_MS.get(following, PAUSE_MS))
        for word, following in pairwise(words)
    ]
    return [*between, 0][: len(words)]


def _number(number: str) -> list[str]:
    named = (_sign(sign) for sign in number.lower())
    return [name for name in named if name]


def _sign(sign: str) -> str:
    if "0" <= sign <= "9":
        return f"digit-{sign}"
    return f"letter-{sign}" if "a" <= sign <= "z" else ""


def _counter(number: int) -> list[str]:
    if 1 <= number <= COUNTERS_MOST:
        return [f"counter-{number}"]
    return [f"digit-{digit}" for digit in str(number) if digit.isdecimal()]
