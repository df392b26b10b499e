"""Make the clips that calls are announced with: a chime, and words spoken by espeak-ng.

What is said comes from `edge/spoken_vi.py` and `edge/spoken_en.py`. The same bytes come out of
every run. Without a synthesiser only the chime is made, the exit status is 3, and standard error
says what to install.

    .venv/bin/python script/build_voice.py [--to FOLDER]
"""

import argparse
import array
import json
import math
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from edge.errors import SpeechUnavailable
from edge.speech import Speech
from edge.spoken import TONGUES, Language
from look.voice import CHIME, CLIPS, INDEX, MADE_DIR, RATE_HZ, digest_of, milliseconds, wav

CHIME_ONLY: Final = 3
PHRASES: Final[dict[str, str]] = {
    "vi/call": "Mời số",
    "vi/again": "Nhắc lại",
    "vi/to": "đến quầy số",
    "en/call": "Number",
    "en/again": "Again",
    "en/to": "counter",
    "en/please": "please",
}
LANGUAGES: Final[tuple[Language, ...]] = ("vi", "en")

LOUDNESS: Final = 4600.0
"""Root mean square of every clip, of 32,767: loud, and far enough from the top for its peaks."""
PEAK: Final = 31_000.0
QUIET: Final = 0.012
"""What is below this part of a clip's peak, at its ends, is silence."""
LEAD_MS: Final = 4
FADE_IN_MS: Final = 3
FADE_OUT_MS: Final = 12
KNEE: Final = 0.7

TONES: Final = ((659.26, 0.0), (523.25, 0.26))
"""The chime: e'' and, while it still rings, c''; each with the second it begins at."""
CHIME_S: Final = 0.9
RING_S: Final = 0.22
PARTIALS: Final = ((1.0, 1.0), (2.0, 0.22), (3.0, 0.06))


def says(name: str) -> str:
    """The words of a clip, as a person should record them."""
    if name in PHRASES:
        return PHRASES[name]
    language, _, word = name.partition("/")
    kind, _, what = word.partition("-")
    tongue = TONGUES[language]
    if kind == "letter":
        return what.upper() if language == "en" else tongue.letter(what.upper())
    return tongue.digits(what) if kind == "digit" else tongue.number(int(what))


def main(arguments: Sequence[str] | None = None) -> int:
    """Make all clips; the exit status."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--to", type=Path, default=MADE_DIR, help="the folder to make them in")
    target = options.parse_args(arguments).to
    started = time.perf_counter()
    draft = target.with_name(target.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    try:
        made = dict(_made(Speech()))
    except SpeechUnavailable as error:
        print(f"voice: calls get a chime and no words: {error}", file=sys.stderr)
        made = {CHIME: chime()}
    _write(draft, made)
    shutil.rmtree(target, ignore_errors=True)
    draft.replace(target)
    print(f"voice: {len(made)} clips in {time.perf_counter() - started:.1f} s")
    return 0 if len(made) > 1 else CHIME_ONLY


def _made(speech: Speech) -> Iterator[tuple[str, bytes]]:
    for name in CLIPS:
        if name == CHIME:
            yield name, chime()
            continue
        language = LANGUAGES[not name.startswith("vi/")]
        yield name, finished(speech.say(says(name), language)[44:])


def _write(folder: Path, made: dict[str, bytes]) -> None:
    index = {}
    for name, samples in made.items():
        path = folder / f"{name}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        content = wav(samples)
        path.write_bytes(content)
        about = {"file": f"{name}.wav", "ms": milliseconds(samples), "digest": digest_of(content)}
        index[name] = about
    text = json.dumps({"rate_hz": RATE_HZ, "clips": index}, indent=1)
    (folder / INDEX).write_text(text + "\n", "utf-8")


def finished(samples: bytes) -> bytes:
    """A spoken clip without the silence around it, as loud as all others, its ends faded."""
    sound = array.array("h", samples)
    least = QUIET * max(map(abs, sound))
    first = next(at for at, value in enumerate(sound) if abs(value) > least)
    last = len(sound) - next(at for at, value in enumerate(reversed(sound)) if abs(value) > least)
    return _levelled(sound[max(0, first - _count(LEAD_MS)) : last + _count(LEAD_MS)])


def chime() -> bytes:
    """Two soft tones that ring out, with neither click nor harshness."""
    count = int(CHIME_S * RATE_HZ)
    mixed = array.array("d", bytes(8 * count))
    for tone_hz, begins_s in TONES:
        for at in range(int(begins_s * RATE_HZ), count):
            t = at / RATE_HZ - begins_s
            swell = 1 - math.exp(-t / 0.006)
            for times, part in PARTIALS:
                ring = math.exp(-t * times / RING_S)
                mixed[at] += part * swell * ring * math.sin(2 * math.pi * tone_hz * times * t)
    return _levelled(mixed)


def _levelled(sound: Sequence[float]) -> bytes:
    gain = LOUDNESS / math.sqrt(sum(value * value for value in sound) / len(sound))
    rise, fall, count = _count(FADE_IN_MS), _count(FADE_OUT_MS), len(sound)
    faded = (
        gain * value * min(1.0, at / rise, (count - 1 - at) / fall)
        for at, value in enumerate(sound)
    )
    level = array.array("h", (round(_below_the_top(value)) for value in faded))
    if sys.byteorder == "big":
        level.byteswap()
    return level.tobytes()


def _below_the_top(value: float) -> float:
    """Peaks above the knee are bent, not cut: cutting crackles."""
    knee = KNEE * PEAK
    if abs(value) <= knee:
        return value
    over = (abs(value) - knee) / (PEAK - knee)
    return math.copysign(knee + (PEAK - knee) * math.tanh(over), value)


def _count(ms: int) -> int:
    return ms * RATE_HZ // 1000


if __name__ == "__main__":
    sys.exit(main())
