"""Spoken guidance: the keys of the assistive pad, and the sentences that the page has read out.

The page knows what to say (`kiosk/touch/static/guide.js`); here is the voice.

GET /api/say?text=…&language=vi     200 audio/wav, up to 300 letters at a time
                                    422 · 503 unavailable where nothing can be spoken
The text goes into no log.
"""

from dataclasses import asdict, dataclass, fields
from typing import Annotated, Any, Final

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta

from edge.errors import SpeechUnavailable
from edge.speech import Speech
from kiosk.answers import PressRefused
from wire.checks import Table
from wire.requests import Body
from wire.words import Language

LONGEST_TEXT: Final = 300
_KEY: Final = r"\S|[A-Za-z][A-Za-z0-9]{1,31}"
_WHAT: Final = "a key as browsers name it, such as ArrowUp, Enter or F1"


class SayRequest(Body, frozen=True):
    """What is to be read out, and in which language."""

    text: Annotated[str, Meta(min_length=1, max_length=LONGEST_TEXT)]
    language: Language = "vi"


@dataclass(frozen=True)
class PadKeys:
    """What the pad's keys are to the browser: it presents itself as a USB keyboard."""

    previous: str = "ArrowUp"
    next: str = "ArrowDown"
    choose: str = "Enter"
    repeat: str = "F1"
    volume: str = "F2"


def pad_keys(table: Table) -> PadKeys:
    """The `[guide]` table; a key that does two things is a fault."""
    guide = table.table("guide")
    if guide is None:
        return PadKeys()
    keys = PadKeys(
        previous=guide.text("previous", PadKeys.previous, pattern=_KEY, what=_WHAT),
        next=guide.text("next", PadKeys.next, pattern=_KEY, what=_WHAT),
        choose=guide.text("choose", PadKeys.choose, pattern=_KEY, what=_WHAT),
        repeat=guide.text("repeat", PadKeys.repeat, pattern=_KEY, what=_WHAT),
        volume=guide.text("volume", PadKeys.volume, pattern=_KEY, what=_WHAT),
    )
    guide.finish()
    taken: dict[str, str] = {}
    for field in fields(keys):
        key = getattr(keys, field.name)
        if key in taken:
            guide.fault(field.name, f"'{key}' is already the key of '{taken[key]}'")
        taken[key] = field.name
    return keys


class Guide:
    """What the page must know before it can guide anybody."""

    def __init__(self, keys: PadKeys, speech: Speech) -> None:
        self._keys = keys
        self.speech = speech

    def shown(self) -> dict[str, Any]:
        """`guide` of `GET /api/view`."""
        return {"speech": self.speech.available, "keys": asdict(self._keys)}


def guide_blueprint(speech: Speech) -> Blueprint:
    """`GET /api/say`."""
    guide = Blueprint("guide", __name__)

    @guide.get("/api/say")
    def say() -> Response:
        try:
            asked = msgspec.convert(request.args.to_dict(), SayRequest)
        except msgspec.ValidationError as error:
            raise PressRefused("invalid_body", 422, detail=str(error)) from error
        try:
            sound = speech.say(asked.text, asked.language)
        except SpeechUnavailable as error:
            raise PressRefused("unavailable", 503, detail=str(error)) from error
        return Response(sound, content_type="audio/wav")

    return guide
