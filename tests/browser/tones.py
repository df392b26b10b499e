"""Clips for a test's loudspeaker: a tone for each name, and the manifest that lists them."""

import io
import math
import struct
import wave
from functools import cache
from typing import Any

RATE_HZ = 22_050
TONE_MS = 60
CHIME_MS = 90
PHRASES = ["call", "again", "to", "please"]
PARTS = [f"letter-{chr(code)}" for code in range(ord("a"), ord("z") + 1)]
PARTS += [f"digit-{digit}" for digit in range(10)] + [f"counter-{n}" for n in range(1, 100)]
NAMES = ["chime", *(f"{lang}/{name}" for lang in ("vi", "en") for name in PHRASES + PARTS)]


@cache
def tone(length_ms: int) -> bytes:
    """A WAV file of this length, 16-bit mono."""
    count = RATE_HZ * length_ms // 1000
    samples = (int(9000 * math.sin(2 * math.pi * 440 * i / RATE_HZ)) for i in range(count))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE_HZ)
        out.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
    return file.getvalue()


def length_ms(name: str) -> int:
    """How long the clip of this name is; each name of its own length, so that a test can tell."""
    return CHIME_MS if name == "chime" else TONE_MS + NAMES.index(name) % 40


def manifest(version: str = "1", missing: tuple[str, ...] = ()) -> dict[str, Any]:
    """As `GET /voice/manifest.json` answers."""
    clips = {
        name: {"url": f"/voice/{name}.wav?v={version}", "ms": length_ms(name), "source": "made"}
        for name in NAMES
        if name not in missing
    }
    return {"rate_hz": RATE_HZ, "clips": clips, "missing": list(missing)}
