"""The kiosk speaks: over its own HTTP, in both languages, and says when it cannot."""

import logging
import urllib.parse
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edge.errors import SpeechUnavailable
from kiosk import config as kiosk_config
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import Called, Kiosk, KioskProcess, call, write_config
from wire.checks import FaultyFile

SENTENCE = "Hộ tịch. Chờ khoảng 12 phút, 4 người đang chờ. Bấm phím chọn để lấy số."


def say_url(kiosk: Any, **asked: str) -> str:
    return f"{kiosk.url}/api/say?{urllib.parse.urlencode(asked)}"


def heard(kiosk: Any, **asked: str) -> tuple[str, bytes]:
    with urllib.request.urlopen(say_url(kiosk, **asked), timeout=10) as answer:
        return answer.headers["Content-Type"], answer.read()


def test_a_sentence_is_spoken_and_never_logged(
    kiosk: Kiosk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    kind, sound = heard(kiosk, text=SENTENCE, language="vi")
    assert kind == "audio/wav"
    assert sound[:4] == b"RIFF"
    assert 100_000 < len(sound) < 500_000
    assert heard(kiosk, text="Your number is H047.", language="en")[1] != sound
    assert "Chờ khoảng" not in caplog.text
    assert "H047" not in caplog.text


@pytest.mark.parametrize(
    "asked",
    [
        {"text": ""},
        {"text": "a" * 301},
        {"text": "Xin chào", "language": "fr"},
        {"text": "Xin chào", "speed": "9"},
        {},
    ],
)
def test_what_cannot_be_said_is_refused(kiosk: Kiosk, asked: dict[str, str]) -> None:
    with pytest.raises(Called) as refused:
        call(say_url(kiosk, **asked))
    assert (refused.value.status, refused.value.body["code"]) == (422, "invalid_body")


def test_the_page_is_told_of_voice_and_keys(start_kiosk: Callable[..., Kiosk]) -> None:
    kiosk = start_kiosk(extra='[guide]\nnext = "F8"\n')
    assert kiosk.view()["guide"] == {
        "speech": True,
        "keys": {
            "previous": "ArrowUp", "next": "F8", "choose": "Enter", "repeat": "F1", "volume": "F2",
        },
    }  # fmt: skip


def test_a_kiosk_without_a_voice_goes_on(kiosk: Kiosk, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> Any:
        raise SpeechUnavailable("no speech: install it")

    kiosk.agent.guide.speech.__init__(find=missing)  # type: ignore[misc]
    with pytest.raises(Called) as refused:
        call(say_url(kiosk, text="Xin chào"))
    assert (refused.value.status, refused.value.body["code"]) == (503, "unavailable")
    assert "install it" in refused.value.body["detail"]
    assert kiosk.view()["guide"]["speech"] is False
    assert kiosk.press()["outcome"] == "printed"


def test_the_voice_is_loaded_by_the_first_sentence_and_stays_small(
    tmp_path: Path,
    server: QueueServer,
    start_process: Callable[..., KioskProcess],
    free_port: Callable[[], int],
) -> None:
    port = free_port()
    process = start_process(write_config(tmp_path, server, port=port), port)
    maps = Path(f"/proc/{process.process.pid}/maps")
    call(f"{process.url}/api/view")
    assert "espeak" not in maps.read_text()
    before_mb = process.rss_mb()
    for count in range(60):
        heard(process, text=f"{SENTENCE} {count}")
    assert "espeak" in maps.read_text()
    assert process.rss_mb() - before_mb < 8


@pytest.mark.parametrize(
    ("guide", "told"),
    [
        ('next = "Arrow Down"', "guide.next: must be a key as browsers name it"),
        ('next = "Enter"', "guide.choose: 'Enter' is already the key of 'next'"),
        ('nxt = "F8"', "did you mean 'next'"),
    ],
)
def test_keys_that_cannot_work_are_named(
    tmp_path: Path, server: QueueServer, guide: str, told: str
) -> None:
    path = write_config(tmp_path, server, extra=f"[guide]\n{guide}\n")
    with pytest.raises(FaultyFile, match=told.replace(".", r"\.")):
        kiosk_config.load(path)
