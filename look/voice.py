"""The clips that announcements are put together from: made at set-up, or recorded by people.

`script/build_voice.py` makes every clip into `look/static/voice`. A folder of recordings with the
same relative names (`vi/call.wav`, `chime.wav`) replaces them file by file.
"""

import difflib
import hashlib
import io
import json
import wave
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from string import ascii_lowercase
from typing import Any, Final, Literal

from look import STATIC_DIR

RATE_HZ: Final = 22_050
MADE_DIR: Final = STATIC_DIR / "voice"
INDEX: Final = "made.json"
CHIME: Final = "chime"
COUNTERS_MOST: Final = 99
"""Counters up to here are said as one number; others digit by digit."""
LONGEST_MS: Final = 10_000
_HEAD_BYTES: Final = 1024
_FILE_BYTES_MOST: Final = LONGEST_MS * RATE_HZ * 2 // 1000 + _HEAD_BYTES

_WORDS: Final = (
    "call", "again", "to",
    *(f"letter-{letter}" for letter in ascii_lowercase),
    *(f"digit-{digit}" for digit in range(10)),
    *(f"counter-{number}" for number in range(1, COUNTERS_MOST + 1)),
)  # fmt: skip
CLIPS: Final = (
    CHIME, *(f"vi/{word}" for word in _WORDS), *(f"en/{word}" for word in _WORDS), "en/please",
)  # fmt: skip
"""Every clip there is a use for."""


class FaultyClip(Exception):
    """A sound file that cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Clip:
    """One clip: its file, how long it is, who made it, and a hash of its bytes."""

    path: Path
    ms: int
    source: Literal["made", "recorded"]
    digest: str


@dataclass(frozen=True)
class Voice:
    """All clips that are there.

    `missing` are the names that neither set-up nor the folder gives; `faults` what of the folder
    cannot be used: (file, what is wrong with it).
    """

    clips: dict[str, Clip]
    missing: tuple[str, ...]
    faults: tuple[tuple[str, str], ...]

    @property
    def recorded(self) -> list[str]:
        """The clips that the folder replaces."""
        return [name for name, clip in self.clips.items() if clip.source == "recorded"]

    def told(self) -> list[str]:
        """What people are told of these clips, a line each."""
        lines = [f"voice: {len(self.clips)} of {len(CLIPS)} clips, {len(self.recorded)} recorded"]
        if self.recorded:
            lines.append(f"voice: recorded: {', '.join(self.recorded)}")
        if self.missing:
            lines.append(f"voice: missing (run script/setup): {', '.join(self.missing)}")
        return lines

    def manifest(self) -> dict[str, Any]:
        """What `/voice/manifest.json` answers."""
        clips = {
            name: {
                "url": f"/voice/{name}.wav?v={clip.digest}",
                "ms": clip.ms,
                "source": clip.source,
            }
            for name, clip in self.clips.items()
        }
        return {"rate_hz": RATE_HZ, "clips": clips, "missing": list(self.missing)}


def read_voice(folder: Path | None = None, made: Path = MADE_DIR) -> Voice:
    """Read what clips there are, each recording before what set-up made.

    Args:
        folder: Recordings; None where there are none.
        made: What `script/build_voice.py` wrote.

    A file that cannot be used is told in `faults`, and the made clip is used instead.
    """
    faults: list[tuple[str, str]] = []
    found = {**_made(made, faults), **(_recorded(folder, faults) if folder is not None else {})}
    clips = {name: found[name] for name in CLIPS if name in found}
    missing = tuple(name for name in CLIPS if name not in found)
    return Voice(clips, missing, tuple(faults))


def samples_of(path: Path) -> bytes:
    """The bare samples of a clip: 16 bits, one channel, `RATE_HZ`, lowest byte first.

    Raises:
        FaultyClip: the file is gone, is no such sound, or is too long for a clip.
    """
    return _samples(_bytes(path))


def _made(folder: Path, faults: list[tuple[str, str]]) -> dict[str, Clip]:
    try:
        told = json.loads((folder / INDEX).read_text("utf-8"))["clips"]
        clips = {
            name: Clip(folder / about["file"], about["ms"], "made", about["digest"])
            for name, about in told.items()
        }
        return {name: clip for name, clip in clips.items() if clip.path.is_file()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        fault = f"is spoilt ({type(error).__name__}: {error}); delete it and run script/setup"
        faults.append((str(folder / INDEX), fault))
        return {}


def _recorded(folder: Path, faults: list[tuple[str, str]]) -> dict[str, Clip]:
    try:
        if not folder.is_dir():
            faults.append((str(folder), "is no folder; make it, or take the setting out"))
            return {}
        files = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    except OSError as error:
        faults.append((str(folder), f"cannot be read: {error.strerror}; let this account read it"))
        return {}
    found = {}
    for path in files:
        name = path.relative_to(folder).as_posix()
        if any(part.startswith(".") for part in name.split("/")):
            continue
        try:
            clip = _known(name)
            found[clip] = _clip(path)
        except FaultyClip as fault:
            faults.append((name, str(fault)))
    return found


def _known(file: str) -> str:
    name, dot, ending = file.rpartition(".")
    if dot and ending == "wav" and name in CLIPS:
        return name
    near = difflib.get_close_matches(name.lower() if dot else file.lower(), CLIPS, 1)
    hint = f"; did you mean {near[0]}.wav?" if near else ""
    raise FaultyClip(f"is no clip's name{hint}")


def _clip(path: Path) -> Clip:
    content = _bytes(path)
    samples = _samples(content)
    return Clip(path, milliseconds(samples), "recorded", digest_of(content))


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            content = file.read(_FILE_BYTES_MOST + 1)
    except OSError as error:
        raise FaultyClip(f"cannot be read: {error.strerror}") from error
    if len(content) > _FILE_BYTES_MOST:
        raise FaultyClip(f"is too long: a clip lasts at most {LONGEST_MS // 1000} s")
    return content


def _samples(content: bytes) -> bytes:
    try:
        with wave.open(io.BytesIO(content)) as sound:
            form = (sound.getframerate(), 8 * sound.getsampwidth(), sound.getnchannels())
            samples = sound.readframes(sound.getnframes())
    except (wave.Error, EOFError, RuntimeError) as error:  # the last one: a part beyond the end
        raise FaultyClip(f"is no WAV file of plain samples ({str(error) or 'cut off'})") from error
    if form != (RATE_HZ, 16, 1):
        rate_hz, bits, channels = form
        raise FaultyClip(
            f"has {rate_hz} Hz, {bits} bits, {channels} channel{'s' * (channels > 1)}, not "
            f"{RATE_HZ} Hz, 16 bits, 1 channel; convert it: "
            f"ffmpeg -i IN.wav -ar {RATE_HZ} -ac 1 -sample_fmt s16 OUT.wav"
        )
    if not samples:
        raise FaultyClip("is empty; record it again")
    return bytes(samples[: len(samples) & ~1])


def milliseconds(samples: bytes) -> int:
    """How long these samples last."""
    return round(1000 * len(samples) / 2 / RATE_HZ)


def digest_of(content: bytes) -> str:
    """What tells one version of a clip from another."""
    return hashlib.sha256(content).hexdigest()[:16]


def wav(samples: bytes) -> bytes:
    """Samples as a WAV file."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE_HZ)
        sound.writeframes(samples)
    return file.getvalue()


def joined(parts: Iterable[tuple[bytes, int]]) -> bytes:
    """One sound of several: each part's samples, then so many milliseconds of silence."""
    return b"".join(samples + bytes(2 * (RATE_HZ * gap_ms // 1000)) for samples, gap_ms in parts)
