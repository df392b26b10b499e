"""The agent says calls: from the server's event to the sound that a virtual loudspeaker keeps."""

import array
import json
import threading
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from display.about import About
from display.drivers.speaker_virtual import VirtualSpeaker
from display.errors import SpeakerGone
from display.ports import Sentence
from display.voice.announcer import LIVE_S, Announcement
from display.voice.config import VoiceConfig
from display.voice.loudspeaker import Loudspeaker, sentence_of
from display.voice.memory import VoiceMemory
from display.voice.server_time import ServerTime
from display.voice.volume import at_volume, percent_at
from edge.client import Reply, ServerUnreachable
from look.voice import read_voice, samples_of
from tests.display.conftest import Running, virtual
from tests.edge.test_link import eventually
from tests.fakes.relay import Relay
from tests.fakes.socket_server import LiveServer
from tests.kiosk.kiosk_stage import until

RunAgent = Callable[..., Running]
SILENT_VOICE = '[voice]\ndriver = "virtual"\nreal_time = false\n'


def said(folder: Path) -> list[dict[str, Any]]:
    file = folder / "var/display/voice/said.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def test_a_call_is_said_once_and_kept_over_a_restart(
    server: LiveServer, run_agent: RunAgent, tmp_path: Path
) -> None:
    running = run_agent(server.url, SILENT_VOICE)
    eventually(lambda: running.get("/api/state")["link"] == "up")
    server.call("q3", "H047")
    eventually(lambda: len(said(tmp_path)) == 1)
    (one,) = said(tmp_path)
    assert one["clips"] == [
        "chime", "vi/call", "vi/letter-h", "vi/digit-0", "vi/digit-4", "vi/digit-7", "vi/to",
        "vi/counter-3",
    ]  # fmt: skip
    assert 3000 < one["ms"] < 6000
    eventually(lambda: running.get("/api/voice")["said_total"] == 1)
    told = running.get("/api/voice")
    assert (told["state"], told["saying"], told["waiting"]) == ("on", None, 0)
    assert (told["last"]["number"], told["last"]["counter"]) == ("H047", 3)
    assert datetime.fromisoformat(told["last"]["at"]).utcoffset() is not None
    assert told["missing"] == []
    running.agent.stop()

    again = run_agent(server.url, SILENT_VOICE)
    eventually(lambda: again.get("/api/state")["link"] == "up")
    server.write(("recalled", "q3", "H047", "open"))
    eventually(lambda: len(said(tmp_path)) == 2)
    assert [line["call_id"] for line in said(tmp_path)] == ["c1", "c2"]


def test_a_call_that_the_link_missed_is_said_when_it_is_back(
    server: LiveServer, run_agent: RunAgent, tmp_path: Path
) -> None:
    relay = Relay(server.port)
    running = run_agent(relay.url, SILENT_VOICE)
    eventually(lambda: running.get("/api/state")["link"] == "up")
    relay.set("cut")
    server.call("q1", "H001")
    server.call("q2", "A002")
    relay.set("pass")
    eventually(lambda: len(said(tmp_path)) == 2)
    assert [line["clips"][2] for line in said(tmp_path)] == ["vi/letter-h", "vi/letter-a"]
    running.agent.stop()
    relay.close()


def test_panels_and_heartbeat_beside_a_loudspeaker_that_fails(
    server: LiveServer,
    run_agent: RunAgent,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("CHECK_EVERY_S", "BROKEN_CHECK_EVERY_S"):
        monkeypatch.setattr(f"display.voice.loudspeaker.{name}", 0.2)
    running = run_agent(server.url, virtual("q1") + SILENT_VOICE)
    until(lambda: any(beat.get("sound") == "on" for beat in server.control()["beats"]), 10)
    loudspeaker = running.agent.loudspeaker
    assert loudspeaker is not None
    speaker = loudspeaker._config.speaker
    assert isinstance(speaker, VirtualSpeaker)
    speaker.trouble = SpeakerGone("unplugged")
    eventually(lambda: running.get("/api/voice")["state"] == "broken", within_s=10)
    assert running.get("/api/voice")["trouble"] == "gone"
    server.call("q1", "H047")
    eventually(lambda: running.texts() == {"q1": "H047"})
    until(lambda: any(beat.get("sound") == "broken" for beat in server.control()["beats"]), 10)
    assert said(tmp_path) == []
    assert "layso_display_voice_up 0" in metrics(running)
    speaker.trouble = None
    eventually(lambda: len(said(tmp_path)) == 1, within_s=10)
    assert running.get("/api/voice")["state"] == "on"
    eventually(lambda: "layso_display_voice_said_total 1" in metrics(running))


def metrics(running: Running) -> str:
    with urllib.request.urlopen(f"{running.url}metrics", timeout=5) as answer:
        return str(answer.read().decode())


def test_an_agent_without_a_voice_says_so(server: LiveServer, run_agent: RunAgent) -> None:
    running = run_agent(server.url, virtual("q1"))
    assert running.get("/api/voice") is None
    assert "voice" not in metrics(running)


# The thread, with a loudspeaker that tells what it does -------------------------------------


@dataclass
class Told:
    """How calls sound, as `display.about` has it."""

    chime: bool = True
    volume: list[dict[str, Any]] = field(default_factory=list)
    timezone: str | None = "Asia/Ho_Chi_Minh"
    first_zone: str | None = None
    zones: tuple[str, ...] | None = None


class Recorder:
    """A loudspeaker that plays until it is let go."""

    place = "here"

    def __init__(self) -> None:
        self.sentences: list[Sentence] = []
        self.at_once = 0
        self.go = threading.Semaphore(0)
        self.failing = False
        self.gone = False

    def say(self, sentence: Sentence) -> None:
        if self.gone:
            raise SpeakerGone("taken by another program")
        self.at_once += 1
        assert self.at_once == 1, "two announcements at once"
        self.sentences.append(sentence)
        self.go.acquire()
        self.at_once -= 1
        if self.failing:
            raise ValueError("a bug of the driver")

    def check(self) -> None:
        """Always there."""

    def close(self) -> None:
        self.go.release(100)


def now() -> str:
    return datetime.now(UTC).isoformat()


def called(call_id: str, number: str, times: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "at": now(),
        "ticket": {"number": number, "state": "called", "zone": None},
        "call": {"call_id": call_id, "times": times, **more},
        "counter": {"id": "q3", "number": 3},
    }


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def loudspeaker(recorder: Recorder, tmp_path: Path) -> Loudspeaker:
    config = VoiceConfig("test", recorder, None, None, read_voice())
    made = Loudspeaker(config, Told(), VoiceMemory(tmp_path), ServerTime())
    made.board({"as_of": now(), "calls": [], "counters": []})
    return made


def test_one_after_the_other_recall_and_language(
    recorder: Recorder, loudspeaker: Loudspeaker
) -> None:
    loudspeaker.start()
    loudspeaker.change(called("c1", "H001"))
    eventually(lambda: len(recorder.sentences) == 1)
    loudspeaker.change(called("c2", "A002", language="en"))
    loudspeaker.change(called("c1", "H001", times=2))
    report = loudspeaker.report()
    assert report.saying is not None
    assert (report.saying.number, report.waiting, report.said_total) == ("H001", 2, 0)
    for count in (2, 3):
        recorder.go.release()
        eventually(lambda count=count: len(recorder.sentences) == count)
    recorder.go.release()
    eventually(lambda: loudspeaker.report().said_total == 3)
    first, english, again = (list(one.clips) for one in recorder.sentences)
    assert first[:2] == ["chime", "vi/call"]
    assert english[-1] == "en/please"
    assert again[:3] == ["chime", "vi/again", "vi/call"]
    loudspeaker.stop()


def test_a_driver_with_a_bug_ends_nothing(
    recorder: Recorder, loudspeaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.voice.loudspeaker.BROKEN_CHECK_EVERY_S", 0.1)
    recorder.failing = True
    loudspeaker.start()
    loudspeaker.change(called("c1", "H001"))
    recorder.go.release()
    eventually(lambda: loudspeaker.report().failed_total == 1)
    assert loudspeaker.report().detail == "ValueError: a bug of the driver"
    recorder.failing = False
    loudspeaker.change(called("c2", "H002"))
    eventually(lambda: len(recorder.sentences) == 2, within_s=10)
    assert loudspeaker.state == "on"
    loudspeaker.stop()


def test_a_call_that_the_device_refused_is_said_once_it_is_back(
    recorder: Recorder, loudspeaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.voice.loudspeaker.BROKEN_CHECK_EVERY_S", 0.1)
    recorder.gone = True
    loudspeaker.start()
    loudspeaker.change(called("c1", "H001"))
    eventually(lambda: loudspeaker.report().failed_total > 0)
    loudspeaker.change(called("c2", "H002"))
    recorder.gone = False
    for count in (1, 2):
        eventually(lambda count=count: len(recorder.sentences) == count)
        recorder.go.release()
    eventually(lambda: loudspeaker.report().said_total == 2)
    assert [one.call_id for one in recorder.sentences] == ["c1", "c2"]
    loudspeaker.stop()


def test_clips_that_are_gone_are_told_and_end_nothing(
    recorder: Recorder, loudspeaker: Loudspeaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.voice.loudspeaker.BROKEN_CHECK_EVERY_S", 0.1)
    whole = loudspeaker._config
    nowhere = {
        name: replace(clip, path=Path("/nowhere")) for name, clip in whole.voice.clips.items()
    }
    loudspeaker._config = replace(whole, voice=replace(whole.voice, clips=nowhere))
    recorder.go.release(10)
    loudspeaker.start()
    loudspeaker.change(called("c1", "H001"))
    eventually(lambda: loudspeaker.report().failed_total == 1)
    loudspeaker._config = whole
    loudspeaker.change(called("c2", "H002"))
    eventually(lambda: loudspeaker.report().said_total == 1, within_s=10)
    loudspeaker._config = replace(whole, voice=replace(whole.voice, clips={}))
    assert (loudspeaker.state, loudspeaker.report().trouble) == ("broken", "clips")
    loudspeaker.stop()


def test_a_zone_that_the_centre_does_not_have_is_told(loudspeaker: Loudspeaker) -> None:
    loudspeaker._config = replace(loudspeaker._config, zone="b")
    assert loudspeaker.state == "on"
    for zones, state in (("b", "a"), "on"), (("a",), "broken"), ((), "broken"):
        loudspeaker._centre = Told(zones=zones)
        assert loudspeaker.state == state
    assert loudspeaker.report().trouble == "zone_unknown"


def test_the_centre_decides_on_chime_and_loudness(
    recorder: Recorder, loudspeaker: Loudspeaker
) -> None:
    loudspeaker._centre = Told(chime=False, volume=[{"at": "00:00", "percent": 40}])
    loudspeaker.start()
    loudspeaker.change(called("c1", "H001"))
    eventually(lambda: len(recorder.sentences) == 1)
    assert recorder.sentences[0].clips[0] == "vi/call"
    full = array.array("h", samples_of(read_voice().clips["vi/call"].path))
    quiet = array.array("h", recorder.sentences[0].samples)
    assert max(quiet[: len(full)]) == max(full) * 40 // 100
    assert loudspeaker.report().percent == 40
    loudspeaker._centre = Told(volume=[{"at": "00:00", "percent": 0}])
    assert loudspeaker.state == "off"
    loudspeaker.stop()


@pytest.mark.parametrize(
    ("clock", "percent"),
    [("06:59", 30), ("07:00", 80), ("17:29", 80), ("17:30", 30), ("23:59", 30), ("00:00", 30)],
)
def test_the_last_step_of_the_day_holds(clock: str, percent: int) -> None:
    steps = [{"at": "17:30", "percent": 30}, {"at": "07:00", "percent": 80}]
    assert percent_at(steps, clock) == percent
    assert percent_at([], clock) == 100


def test_samples_are_made_quieter_without_clicks() -> None:
    sound = array.array("h", [0, 1000, -1000, 32767, -32768]).tobytes()
    assert at_volume(sound, 100) == sound
    assert list(array.array("h", at_volume(sound, 50))) == [0, 500, -500, 16383, -16384]
    assert at_volume(sound, 0) == bytes(len(sound))


def test_half_a_number_is_never_said(tmp_path: Path) -> None:
    voice = read_voice()
    lacking = {name: clip for name, clip in voice.clips.items() if name != "vi/digit-4"}
    call = {"call_id": "c", "times": 1, "number": "H047", "counter": {"number": 3}}
    one = Announcement(call, called_at_s=0, until_s=20)
    halved = read_voice(tmp_path).__class__(lacking, ("vi/digit-4",), ())
    assert sentence_of(one, halved, chime=False, percent=100).clips == ("chime",)
    assert len(sentence_of(one, voice, chime=False, percent=100).clips) == 7


def test_the_servers_time_is_carried_by_ticks_and_corrected() -> None:
    ticks = [100.0]
    clock = ServerTime(ticks_s=lambda: ticks[0], wall_s=lambda: 5000.0)
    assert clock.now_s() == 5000
    clock.board(datetime.fromtimestamp(9000, UTC).isoformat())
    ticks[0] += 10
    assert clock.now_s() == pytest.approx(9010)
    clock.change(datetime.fromtimestamp(9011, UTC).isoformat())
    assert clock.now_s() == pytest.approx(9011)
    for _ in range(16):  # ticks that run ahead: by and by, changes seem to come in late
        ticks[0] += 60
        clock.change(datetime.fromtimestamp(ticks[0] + 8895, UTC).isoformat())
    assert clock.now_s() == pytest.approx(ticks[0] + 8895)
    clock.board(datetime.fromtimestamp(1000, UTC).isoformat())
    assert clock.now_s() == pytest.approx(1000)


def test_a_server_whose_clock_was_set_back_silences_nothing() -> None:
    """Its changes bear the latest time it had reached, until its clock is there again."""
    ticks = [100.0]
    clock = ServerTime(ticks_s=lambda: ticks[0], wall_s=lambda: 5000.0)
    wrong = datetime.fromtimestamp(9000 + 7 * 3600, UTC)
    clock.change(wrong.isoformat())
    for _ in range(20):
        ticks[0] += 40
        clock.change(wrong.isoformat())
        assert clock.now_s() - wrong.timestamp() < LIVE_S


def test_about_asks_until_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("display.about.RETRY_S", 0.05)
    answers: list[Any] = [
        ServerUnreachable("not yet", maybe_received=False),
        None,
        {"timezone": "Asia/Ho_Chi_Minh", "zones": [{"id": "b"}, {"id": "a"}]},
    ]

    class Client:
        def get(self, path: str, *, timeout_s: float) -> Reply:
            answer = answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return Reply(200, answer)

        def close(self) -> None:
            """Nothing is open."""

    about = About(Client(), "binh-duong")  # type: ignore[arg-type]
    about.refresh()
    eventually(lambda: about.timezone == "Asia/Ho_Chi_Minh")
    assert (about.first_zone, about.zones, answers) == ("b", ("b", "a"), [])
    about.stop()


def test_what_was_said_is_kept_and_a_spoilt_file_is_no_obstacle(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    memory = VoiceMemory(tmp_path / "deep")
    assert memory.read() == []
    memory.write([("c1", 1), ("c2", 3)])
    assert VoiceMemory(tmp_path / "deep").read() == [("c1", 1), ("c2", 3)]
    for spoilt in ("{", "[1]", '"x"'):
        (tmp_path / "deep/said.json").write_text(spoilt)
        assert memory.read() == []
    (tmp_path / "file").write_text("")
    stuck = VoiceMemory(tmp_path / "file")
    caplog.clear()
    stuck.write([("c1", 1)])
    stuck.write([("c1", 1)])
    assert len(caplog.records) == 1
