"""The kiosk's stage with a voice: what the page wants said is written down and takes no time."""

import io
import wave
from typing import Any

from flask import Response, jsonify, request

from edge.speech import Speech
from edge.spoken import Language
from tests.browser.touch_stage import TouchStage

KEYS = {
    "previous": "ArrowUp", "next": "ArrowDown", "choose": "Enter", "repeat": "F1", "volume": "F2",
}  # fmt: skip
RATE_HZ = 8000


class GuideStage(TouchStage):
    """An agent that speaks, and a help line that answers or does not."""

    def __init__(self, services: int = 9, *, speech: bool = True, tone_ms: int = 20) -> None:
        self.voice: Speech | None = None  # a real one in place of silence
        super().__init__(services)
        self.speech = speech
        self.keys = dict(KEYS)
        self.staffed = True
        self.helped = 0
        self.said: list[tuple[str, str]] = []
        self._sound = tone(tone_ms)
        self.app.get("/api/say")(self._say)
        self.app.post("/api/help")(self._help)

    def view(self) -> dict[str, Any]:
        return {**super().view(), "guide": {"speech": self.speech, "keys": self.keys}}

    def heard(self, language: str = "vi") -> str:
        """All that was said in this language, one after the other."""
        return " ".join(text for spoken, text in self.said if spoken == language)

    def forget(self) -> None:
        self.said.clear()

    def _say(self) -> Response:
        text = request.args["text"]
        if not 0 < len(text) <= 300:
            return Response(status=422)
        language: Language = "en" if request.args["language"] == "en" else "vi"
        self.said.append((language, text))
        sound = self.voice.say(text, language) if self.voice else self._sound
        return Response(sound, mimetype="audio/wav")

    def _help(self) -> Response:
        self.helped += 1
        if not self.staffed:
            return Response(status=503)
        return jsonify({"state": "called"})


def tone(length_ms: int) -> bytes:
    """Silence of a certain length, as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(bytes(RATE_HZ * length_ms // 1000 * 2))
    return file.getvalue()
