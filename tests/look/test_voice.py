"""What set-up makes can be listened to: by numbers here, as nobody is there to hear it."""

import array
import errno
import importlib.util
import json
import math
import re
import subprocess
import sys
import wave
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from display.voice.announcement import clips_of, pauses_ms
from edge.errors import SpeechUnavailable
from look.voice import CLIPS, INDEX, MADE_DIR, RATE_HZ, Voice, joined, read_voice, samples_of, wav

CALL = {"number": "H047", "counter": {"id": "q3", "number": 3}, "times": 1}


@pytest.fixture(scope="module")
def voice() -> Voice:
    return read_voice()


@pytest.fixture(scope="module")
def build_voice(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("build_voice", root / "script/build_voice.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def levels(samples: bytes) -> Sequence[int]:
    sound = array.array("h", samples)
    if sys.byteorder == "big":
        sound.byteswap()
    return sound


def silence_ms(sound: Sequence[int]) -> float:
    """How long the longest stretch lasts in which next to nothing is heard."""
    loudest, longest, run = max(map(abs, sound)), 0, 0
    for value in sound:
        run = run + 1 if abs(value) < 0.015 * loudest else 0
        longest = max(longest, run)
    return 1000 * longest / RATE_HZ


def steps(sound: Sequence[int]) -> int:
    """The largest jump between two neighbouring samples: a click is one that speech has not."""
    return max(abs(b - a) for a, b in pairwise(sound))


def test_every_clip_is_there_and_none_is_missing(voice: Voice) -> None:
    assert tuple(voice.clips) == CLIPS
    assert voice.missing == ()
    assert voice.faults == ()
    assert len(CLIPS) == 1 + 2 * (3 + 26 + 10 + 99) + 1


def test_every_clip_begins_at_once_and_is_as_loud_as_the_others(voice: Voice) -> None:
    for name, clip in voice.clips.items():
        with wave.open(str(clip.path)) as file:
            assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22050, 2, 1)
        sound = levels(samples_of(clip.path))
        loudest = max(map(abs, sound))
        began = next(at for at, value in enumerate(sound) if abs(value) > 0.02 * loudest)
        loudness = math.sqrt(sum(value * value for value in sound[::3]) / len(sound[::3]))
        assert 100 <= clip.ms <= 1500, name
        assert clip.ms == pytest.approx(1000 * len(sound) / RATE_HZ, abs=1), name
        assert began < 0.015 * RATE_HZ, name
        assert 4200 < loudness < 5000, name
        assert loudest < 32_000, name
        assert abs(sound[0]) < 100, name
        assert abs(sound[-1]) < 100, name


def test_a_sentence_of_clips_sounds_like_one(voice: Voice) -> None:
    clips = clips_of(CALL, chime=False)
    parts = [samples_of(voice.clips[clip].path) for clip in clips]
    sound = levels(joined(zip(parts, pauses_ms(clips), strict=True)))
    assert 3 <= len(sound) / RATE_HZ <= 6
    assert silence_ms(sound) < 250
    assert steps(sound) <= max(steps(levels(part)) for part in parts)


def test_the_chime_has_two_tones_and_no_click(build_voice: ModuleType) -> None:
    sound = levels(build_voice.chime())
    assert len(sound) == round(0.9 * RATE_HZ)
    steepest = 2 * math.pi * 660 / RATE_HZ * max(map(abs, sound)) * 1.6
    assert steps(sound) < steepest
    early, late = sound[: RATE_HZ // 4], sound[RATE_HZ // 2 :]
    assert strength(early, 659.26) > 5 * strength(early, 523.25)
    assert strength(late, 523.25) > strength(late, 659.26)


def strength(sound: Sequence[int], tone_hz: float) -> float:
    turn = 2 * math.pi * tone_hz / RATE_HZ
    return math.hypot(
        sum(value * math.sin(turn * at) for at, value in enumerate(sound)),
        sum(value * math.cos(turn * at) for at, value in enumerate(sound)),
    )


def test_letters_are_said_by_name_and_counters_as_numbers(build_voice: ModuleType) -> None:
    wanted = {
        "vi/call": "Mời số", "vi/to": "đến quầy số", "vi/again": "Nhắc lại",
        "vi/letter-h": "hát", "vi/letter-c": "xê", "vi/letter-l": "e-lờ", "vi/digit-0": "không",
        "vi/counter-15": "mười lăm", "vi/counter-21": "hai mươi mốt", "en/digit-0": "zero",
        "en/counter-99": "ninety nine", "en/call": "Number", "en/please": "please",
    }  # fmt: skip
    assert {name: build_voice.says(name) for name in wanted} == wanted


FIRST_CLIPS = """
import sys
from itertools import islice
sys.path.insert(0, "script")
import build_voice
for name, samples in islice(build_voice._made(build_voice.Speech()), 8):
    print(name, build_voice.digest_of(build_voice.wav(samples)))
"""


def test_the_list_to_record_is_what_is_said(root: Path, build_voice: ModuleType) -> None:
    page = (root / "docs/voice.md").read_text("utf-8")
    rows = re.findall(r"^\| `([a-z0-9-]+)\.wav` \| (.+) \| (.+) \|$", page, re.MULTILINE)
    listed = {f"vi/{name}": vi for name, vi, _ in rows} | {f"en/{name}": en for name, _, en in rows}
    assert {name: words for name, words in listed.items() if words != "–"} == {
        name: build_voice.says(name) for name in CLIPS if name != "chime"
    }


def test_the_same_bytes_come_out_of_every_run(root: Path) -> None:
    command = [sys.executable, "-c", FIRST_CLIPS]
    ran = subprocess.run(command, cwd=root, check=True, capture_output=True, text=True, timeout=60)
    made = json.loads((MADE_DIR / INDEX).read_text("utf-8"))["clips"]
    again = dict(line.split() for line in ran.stdout.splitlines())
    assert again == {name: made[name]["digest"] for name in CLIPS[:8]}


def test_without_a_synthesiser_the_chime_is_made_and_the_reason_is_said(
    build_voice: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    class Mute:
        def say(self, text: str, language: str) -> bytes:
            raise SpeechUnavailable("no speech: apt install libespeak-ng1")

    monkeypatch.setattr(build_voice, "Speech", Mute)
    assert build_voice.main(["--to", str(tmp_path / "voice")]) == build_voice.CHIME_ONLY
    said = capsys.readouterr().err
    assert said == "voice: calls get a chime and no words: no speech: apt install libespeak-ng1\n"
    alone = read_voice(made=tmp_path / "voice")
    assert list(alone.clips) == ["chime"]
    assert len(alone.missing) == len(CLIPS) - 1
    assert list(json.loads((tmp_path / "voice/made.json").read_text())["clips"]) == ["chime"]


def recorded(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def other_wav(rate_hz: int, bits: int, channels: int) -> bytes:
    plain = bytearray(wav(bytes(2000)))
    plain[22:24] = channels.to_bytes(2, "little")
    plain[24:28] = rate_hz.to_bytes(4, "little")
    plain[32:34] = (channels * bits // 8).to_bytes(2, "little")
    plain[34:36] = bits.to_bytes(2, "little")
    return bytes(plain)


def test_a_recording_replaces_its_clip_and_no_other(tmp_path: Path, voice: Voice) -> None:
    mine = wav(bytes(2 * RATE_HZ))
    recorded(tmp_path, "vi/call.wav", mine)
    mixed = read_voice(tmp_path)
    assert mixed.recorded == ["vi/call"]
    assert mixed.clips["vi/call"].ms == 1000
    assert mixed.clips["vi/to"] == voice.clips["vi/to"]
    assert mixed.missing == mixed.faults == ()
    told: dict[str, Any] = mixed.manifest()
    assert told["rate_hz"] == 22050
    assert told["clips"]["vi/call"]["source"] == "recorded"
    assert told["clips"]["chime"]["source"] == "made"
    assert (
        told["clips"]["vi/call"]["url"] == f"/voice/vi/call.wav?v={mixed.clips['vi/call'].digest}"
    )
    assert mixed.clips["vi/call"].digest != voice.clips["vi/call"].digest


def test_what_is_recorded_and_what_is_missing_is_told(tmp_path: Path, voice: Voice) -> None:
    assert voice.told() == ["voice: 278 of 278 clips, 0 recorded"]
    recorded(tmp_path, "vi/call.wav", wav(bytes(4410)))
    assert read_voice(tmp_path).told()[1:] == ["voice: recorded: vi/call"]
    alone = read_voice(tmp_path, made=tmp_path / "nothing")
    assert alone.told()[0] == "voice: 1 of 278 clips, 1 recorded"
    assert alone.told()[2].startswith("voice: missing (run script/setup): chime, vi/again, vi/to")


def test_what_set_up_could_not_make_is_named(tmp_path: Path) -> None:
    recorded(tmp_path, "vi/call.wav", wav(bytes(4410)))
    alone = read_voice(tmp_path, made=tmp_path / "nothing")
    assert list(alone.clips) == ["vi/call"]
    assert "vi/to" in alone.missing
    assert "vi/call" not in alone.missing
    assert alone.manifest()["missing"] == list(alone.missing)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("vi/leter-h.wav", wav(bytes(2000)), "is no clip's name; did you mean vi/letter-h.wav?"),
        ("vi/Call.WAV", wav(bytes(2000)), "is no clip's name; did you mean vi/call.wav?"),
        ("notes.txt", b"x", "is no clip's name"),
        ("vi/call.wav", b"ID3 this is an mp3", "is no WAV file of plain samples"),
        ("vi/call.wav", b"", "is no WAV file of plain samples"),
        ("vi/call.wav", wav(b""), "is empty; record it again"),
        ("vi/call.wav", wav(bytes(2 * 11 * RATE_HZ)), "is too long: a clip lasts at most 10 s"),
        ("vi/call.wav", other_wav(48000, 16, 2), "has 48000 Hz, 16 bits, 2 channels, not 22050"),
        ("vi/call.wav", other_wav(22050, 8, 1), "8 bits, 1 channel, not"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_and_the_made_clip_stays(
    tmp_path: Path, voice: Voice, name: str, content: bytes, fault: str
) -> None:
    recorded(tmp_path, name, content)
    mixed = read_voice(tmp_path)
    assert mixed.clips == voice.clips
    assert [file for file, _ in mixed.faults] == [name]
    assert fault in mixed.faults[0][1]


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path, voice: Voice) -> None:
    mixed = read_voice(tmp_path / "nowhere")
    assert mixed.clips == voice.clips
    assert mixed.faults == (
        (str(tmp_path / "nowhere"), "is no folder; make it, or take the setting out"),
    )


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"clips": {"chime": 3}}'])
def test_a_spoilt_index_is_a_fault_and_no_crash(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / INDEX).write_text(spoilt)
    read = read_voice(made=tmp_path)
    ((file, fault),) = read.faults
    assert (file, read.clips) == (str(tmp_path / INDEX), {})
    assert "run script/setup" in fault


def test_a_folder_that_may_not_be_read_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_self: Path) -> bool:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "is_dir", refused)  # a test may run as root, who may read all
    ((file, fault),) = read_voice(tmp_path).faults
    assert (file, fault) == (
        str(tmp_path), "cannot be read: Permission denied; let this account read it"
    )  # fmt: skip


def test_a_recording_that_ends_amid_its_head_is_a_fault(tmp_path: Path) -> None:
    cut = bytearray(wav(bytes(2000)))
    cut[16:20] = (70_000).to_bytes(4, "little")  # its format part claims to be longer than the file
    (tmp_path / "chime.wav").write_bytes(cut)
    ((file, fault),) = read_voice(tmp_path).faults
    assert file == "chime.wav"
    assert "no WAV file" in fault
