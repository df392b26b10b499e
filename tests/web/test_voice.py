"""The clips over HTTP, the language of a call, and how calls sound at a centre."""

import json
import wave
from io import BytesIO
from typing import Any

import pytest
from flask import Flask

from look.voice import read_voice, wav
from server.web.voice import voice_blueprint
from tests.web.conftest import House


def test_the_manifest_is_open_and_names_every_clip(house: House) -> None:
    client = house.app.test_client()
    answer = client.get("/voice/manifest.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    assert told == read_voice().manifest()
    assert told["missing"] == []
    assert answer.headers["Cache-Control"] == "no-cache"
    again = client.get("/voice/manifest.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.data == b""


def test_a_clip_is_served_to_be_kept_by_its_version(house: House) -> None:
    client = house.app.test_client()
    told = client.get("/voice/manifest.json").get_json()["clips"]["vi/letter-h"]
    with client.get(told["url"]) as answer:
        assert answer.status_code == 200
        content = answer.data
    assert answer.mimetype == "audio/wav"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age=31536000" in answer.headers["Cache-Control"]
    with wave.open(BytesIO(content)) as sound:
        assert sound.getframerate() == 22050
        assert round(1000 * sound.getnframes() / 22050) == told["ms"]
    tag = {"If-None-Match": answer.headers["ETag"]}
    with client.get(told["url"], headers=tag) as again:
        assert again.status_code == 304
    for address in ("/voice/vi/letter-h.wav", "/voice/vi/letter-h.wav?v=0123456789abcdef"):
        with client.get(address) as other:
            assert other.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "address",
    [
        "/voice/vi/nothing.wav",
        "/voice/made.json",
        "/voice/../static/voice/chime.wav",
        "/voice/..%2fvoice/chime.wav",
        "/voice/%2e%2e/voice/chime.wav",
        "/voice//etc/passwd.wav",
        "/voice/",
    ],
)
def test_nothing_but_clips_is_served(house: House, address: str) -> None:
    assert house.app.test_client().get(address).status_code == 404


def test_a_recording_is_served_instead_and_one_that_vanished_is_not_found(tmp_path: Any) -> None:
    mine = tmp_path / "vi" / "call.wav"
    mine.parent.mkdir()
    mine.write_bytes(wav(bytes(4410)))
    app = Flask("test", static_folder=None)
    app.register_blueprint(voice_blueprint(read_voice(tmp_path)))
    client = app.test_client()
    url = client.get("/voice/manifest.json").get_json()["clips"]["vi/call"]["url"]
    with client.get(url) as answer:
        assert answer.data == mine.read_bytes()
    mine.unlink()
    assert client.get(url).status_code == 404


def test_a_call_names_its_language_unless_it_is_vietnamese(house: House) -> None:
    house.ask("POST", "/centres/mot/counters/q1/open")
    told = []
    for language in ("en", "vi"):
        ticket = house.issue(language=language)
        assert house.ask("POST", "/centres/mot/counters/q1/next").status_code == 200
        house.ask("POST", f"/centres/mot/tickets/{ticket['id']}/recall")
        told.append(house.ask("GET", "/centres/mot/board", "hall").json["calls"][0])
    english, vietnamese = told
    assert (english["language"], english["times"]) == ("en", 2)
    assert "language" not in vietnamese
    pushed = house.store.read(lambda tx: tx.outbox_after("mot", 0, 100))
    calls = [call for one in pushed if (call := json.loads(one.body)["call"]) is not None]
    assert [call["times"] for call in calls] == [1, 2, 1, 2]
    assert [call.get("language") for call in calls] == ["en", "en", None, None]
    assert "language" not in calls[-1]


def test_a_call_that_an_undo_puts_back_keeps_its_language(house: House) -> None:
    house.ask("POST", "/centres/mot/counters/q1/open")
    for language in ("en", "vi"):
        house.issue(language=language)
        assert house.ask("POST", "/centres/mot/counters/q1/next").status_code == 200
    assert house.ask("POST", "/centres/mot/counters/q1/undo").status_code == 200
    pushed = house.store.read(lambda tx: tx.outbox_after("mot", 0, 100))
    calls = [call for one in pushed if (call := json.loads(one.body)["call"]) is not None]
    assert [call.get("language") for call in calls] == ["en", None, "en"]
    assert calls[0] == calls[-1]


def test_how_calls_sound_is_told_with_the_centre(house: House) -> None:
    info = house.ask("GET", "/centres/mot", "display").json
    assert info["voice"] == {"chime": True, "volume": []}
