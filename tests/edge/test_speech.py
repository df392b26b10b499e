"""Speech is made on this machine, kept within bounds, and its absence is named."""

import io
import subprocess
import sys
import threading
import wave
from pathlib import Path

import pytest

from edge import speech
from edge.errors import SpeechUnavailable
from edge.speech import KEPT_BYTES, Installed, Speech, find_installed


@pytest.fixture(scope="module")
def voice() -> Speech:
    return Speech()


def alike(one: bytes, other: bytes) -> bool:
    """The synthesiser never makes the very same samples twice; the length tells."""
    return abs(len(one) - len(other)) < 0.01 * len(one)


def seconds(sound: bytes) -> float:
    with wave.open(io.BytesIO(sound)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (1, 2, 22_050)
        samples = file.readframes(file.getnframes())
        assert max(samples[1::2]) > 8, "silence"
        return file.getnframes() / 22_050


def test_both_languages_are_spoken(voice: Speech) -> None:
    assert voice.available
    long = seconds(voice.say("Mời số H047 đến quầy số 3, chờ khoảng 12 phút.", "vi"))
    assert 3 < long < 10
    assert seconds(voice.say("Chọn", "vi")) < long / 3
    assert 1 < seconds(voice.say("Your number is H047.", "en")) < 6
    assert voice.say("Một hai ba.", "vi") != voice.say("Một hai ba.", "en")


def test_a_number_is_read_by_its_digits(voice: Speech) -> None:
    assert alike(Speech().say("H047", "vi"), Speech().say("hát không bốn bảy", "vi"))
    assert not alike(Speech().say("H047", "vi"), Speech().say("bốn mươi bảy", "vi"))


def test_several_threads_each_get_their_own_sentence(voice: Speech) -> None:
    words = [f"Mời số {'H047 ' * count}" for count in range(1, 9)] * 3
    alone = {word: Speech().say(word, "vi") for word in words}
    wrong: list[str] = []

    def speak(word: str) -> None:
        if not alike(Speech().say(word, "vi"), alone[word]):
            wrong.append(word)

    threads = [threading.Thread(target=speak, args=(word,)) for word in words]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


FIRST_AT_ONCE = """
import threading
from edge.speech import Speech

voice, together, spoken = Speech(), threading.Barrier(6), []

def speak(count):
    together.wait()
    spoken.append(len(voice.say("Mời số H04 " * count, "vi")))

threads = [threading.Thread(target=speak, args=(count,)) for count in range(1, 7)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert len(spoken) == 6 and min(spoken) > 20_000, spoken
"""


def test_several_first_sentences_at_once_do_not_end_the_agent() -> None:
    for _ in range(4):
        done = subprocess.run([sys.executable, "-c", FIRST_AT_ONCE], capture_output=True)
        assert done.returncode == 0, done.stderr.decode()


def test_only_so_much_is_kept(voice: Speech) -> None:
    for count in range(60):
        voice.say(f"Chờ khoảng {count} phút, {count} người đang chờ.", "vi")
    kept = sum(map(len, voice._kept.values()))
    assert KEPT_BYTES / 2 < kept == voice._kept_bytes <= KEPT_BYTES
    again = voice.say("Chờ khoảng 59 phút, 59 người đang chờ.", "vi")
    assert voice.say("Chờ khoảng 59 phút, 59 người đang chờ.", "vi") is again


def test_a_path_that_the_synthesiser_would_cut_off_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / ("deep" * 40)
    folder.mkdir()
    (folder / "phontab").touch()
    deep = Speech(lambda: Installed(find_installed().library, str(folder)))
    with pytest.raises(SpeechUnavailable, match="nearer the root"):
        deep.say("Mời số H047", "vi")


def test_without_a_synthesiser_the_operator_is_told_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    monkeypatch.setattr(speech, "_SYSTEM_FOLDERS", ("/nowhere",))
    silent = Speech()
    assert not silent.available
    assert "espeakng-loader" in silent.trouble
    assert "libespeak-ng1" in silent.trouble
    with pytest.raises(SpeechUnavailable, match="libespeak-ng1"):
        silent.say("Mời số H047", "vi")


@pytest.mark.parametrize(
    ("installed", "says"),
    [
        (Installed("/nowhere/libespeak-ng.so", None), "libespeak-ng.so"),
        (Installed(find_installed().library, "/nowhere/espeak-ng-data"), "no voices in /nowhere"),
    ],
)
def test_a_broken_synthesiser_is_known_from_the_first_sentence_on(
    installed: Installed, says: str
) -> None:
    silent = Speech(lambda: installed)
    assert silent.available
    with pytest.raises(SpeechUnavailable, match=says):
        silent.say("Mời số H047", "vi")
    assert not silent.available
    assert says in silent.trouble
