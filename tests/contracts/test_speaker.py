"""One suite over every loudspeaker driver: what `display.ports.Speaker` promises."""

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from display.drivers import speaker_alsa
from display.drivers.speaker_alsa import AlsaSpeaker
from display.drivers.speaker_virtual import VirtualSpeaker
from display.errors import PlayerMissing, SpeakerError, SpeakerGone, SpeakerHangs
from display.ports import Sentence, Speaker
from edge import drivers
from look.voice import RATE_HZ, samples_of
from tests.edge.test_link import eventually
from wire.checks import Fault, Table

CARDS = (
    "card 0: Headphones [bcm2835 Headphones], device 0: …\ncard 2: Device [USB Audio], device 0\n"
)


class Bench(NamedTuple):
    """A loudspeaker, how many milliseconds of sentences it was given, and how to break it."""

    speaker: Speaker
    played_ms: Callable[[], list[int]]
    power: Callable[[bool], None]


def sentence(length_s: float = 0.1) -> Sentence:
    return Sentence("c1", 2, ("chime",), b"\x10\x00" * int(length_s * RATE_HZ))


def stand_in(folder: Path, mode: str = "ok", cards: str = CARDS) -> str:
    """A program beside which its orders lie, as `tests/fakes/player.py` reads them."""
    source = Path(__file__).parents[1] / "fakes" / "player.py"
    program = folder / "aplay"
    program.write_text(f"#!{sys.executable} -SE\n{source.read_text('utf-8')}")
    program.chmod(0o755)
    (folder / "mode").write_text(mode)
    (folder / "cards").write_text(cards)
    return str(program)


def played(folder: Path) -> list[dict[str, object]]:
    file = folder / "played.jsonl"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


@pytest.fixture(params=["virtual", "alsa"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "virtual":
        virtual = VirtualSpeaker(tmp_path)

        def power(on: bool) -> None:
            virtual.trouble = None if on else SpeakerGone("unplugged")

        def kept() -> list[int]:
            lines = (tmp_path / "said.jsonl").read_text().splitlines()
            return [json.loads(line)["ms"] for line in lines]

        yield Bench(virtual, kept, power)
        virtual.close()
        return
    alsa = AlsaSpeaker("plughw:CARD=Device", stand_in(tmp_path))

    def given() -> list[int]:
        return [round(int(str(one["bytes"])) / 44.1) for one in played(tmp_path) if one["loud"]]

    def switch(on: bool) -> None:
        (tmp_path / "mode").write_text("ok" if on else "gone")
        (tmp_path / "cards").write_text(CARDS if on else "")

    yield Bench(alsa, given, switch)
    alsa.close()


def test_a_sentence_is_played_whole(bench: Bench) -> None:
    bench.speaker.check()
    bench.speaker.say(sentence(0.1))
    bench.speaker.say(sentence(0.2))
    assert bench.played_ms() == [100, 200]
    assert bench.speaker.place


def test_a_device_that_is_gone_is_a_fault_and_is_found_again(bench: Bench) -> None:
    bench.speaker.say(sentence())
    bench.power(False)
    with pytest.raises(SpeakerError):
        bench.speaker.check()
    with pytest.raises(SpeakerError):
        bench.speaker.say(sentence())
    with pytest.raises(SpeakerError):
        bench.speaker.check()
    bench.power(True)
    bench.speaker.check()
    bench.speaker.say(sentence())
    assert bench.played_ms() == [100, 100]


def test_closing_cuts_it_off(bench: Bench) -> None:
    alsa = bench.speaker if isinstance(bench.speaker, AlsaSpeaker) else None
    if alsa is not None:
        Path(alsa._program).with_name("mode").write_text("hang")
    talking = threading.Thread(target=lambda: bench.speaker.say(sentence(30)))
    talking.start()
    eventually(lambda: alsa is None or alsa._player is not None)
    assert talking.is_alive()
    bench.speaker.close()
    talking.join(timeout=10)
    assert not talking.is_alive()
    bench.speaker.close()


@pytest.mark.parametrize(
    ("driver", "options", "faults"),
    [
        ("virtual", {}, []),
        ("virtual", {"real_time": "no"}, ["voice.real_time: must be true or false, not 'no'"]),
        ("alsa", {}, []),
        ("alsa", {"device": "plughw:CARD=Device,DEV=0"}, []),
        ("alsa", {"device": "--help"}, ["voice.device: must be an ALSA device"]),
        ("alsa", {"device": "a b"}, ["voice.device: must be an ALSA device"]),
    ],
)
def test_options_are_checked(
    tmp_path: Path, driver: str, options: dict[str, object], faults: list[str]
) -> None:
    found: list[Fault] = []
    table = Table(options, "voice", found)
    drivers.load("layso.display.speaker", driver)(table, tmp_path).close()
    table.finish()
    assert [
        str(fault)[: len(wanted)] for fault, wanted in zip(found, faults, strict=True)
    ] == faults


def test_alsa_gives_the_player_bare_samples(tmp_path: Path) -> None:
    AlsaSpeaker("plughw:2,0", stand_in(tmp_path)).say(sentence())
    (given,) = played(tmp_path)
    assert given["words"] == [
        "-q", "-D", "plughw:2,0", "-t", "raw", "-f", "S16_LE", "-r", "22050", "-c", "1", "-",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("device", "cards", "there"),
    [
        ("default", CARDS, True),
        ("default", "", False),
        ("plughw:CARD=Device,DEV=0", CARDS, True),
        ("sysdefault:CARD=Headphones", CARDS, True),
        ("hw:2,0", CARDS, True),
        ("hw:1,0", CARDS, False),
        ("plughw:CARD=Other", CARDS, False),
        ("null", "", True),
    ],
)
def test_alsa_knows_which_cards_are_there(
    tmp_path: Path, device: str, cards: str, there: bool
) -> None:
    speaker = AlsaSpeaker(device, stand_in(tmp_path, cards=cards))
    if there:
        speaker.check()
        return
    with pytest.raises(SpeakerGone, match=r"no sound card.*plug it in"):
        speaker.check()


def test_alsa_after_a_failure_has_to_take_silence_first(tmp_path: Path) -> None:
    speaker = AlsaSpeaker("plughw:CARD=Device", stand_in(tmp_path, mode="unplugged"))
    with pytest.raises(SpeakerGone, match="write error: No such device"):
        speaker.say(sentence(1))
    with pytest.raises(SpeakerGone):
        speaker.check()
    (tmp_path / "mode").write_text("ok")
    speaker.check()
    speaker.check()
    assert [one["loud"] for one in played(tmp_path)] == [False]


def test_alsa_ends_a_player_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speaker_alsa, "GRACE_S", 0.3)
    speaker = AlsaSpeaker("plughw:CARD=Device", stand_in(tmp_path, mode="hang"))
    with pytest.raises(SpeakerHangs, match=r"did not finish in 0\.4 s"):
        speaker.say(sentence())
    monkeypatch.undo()
    (tmp_path / "mode").write_text("ok")
    speaker.check()


def test_alsa_without_the_program_says_what_to_install(tmp_path: Path) -> None:
    speaker = AlsaSpeaker("default", str(tmp_path / "none"))
    for ask in (speaker.check, lambda: speaker.say(sentence())):
        with pytest.raises(PlayerMissing, match="apt install alsa-utils"):
            ask()


def test_virtual_keeps_the_sound_and_a_line_of_each(tmp_path: Path) -> None:
    first = VirtualSpeaker(tmp_path, real_time=False)
    first.say(sentence(0.1))
    first.say(sentence(0.2))
    again = VirtualSpeaker(tmp_path, real_time=False)
    again.say(sentence(0.3))
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "0001.wav", "0002.wav", "0003.wav", "said.jsonl",
    ]  # fmt: skip
    assert samples_of(tmp_path / "0003.wav") == sentence(0.3).samples
    last = json.loads((tmp_path / "said.jsonl").read_text().splitlines()[-1])
    assert {name: last[name] for name in ("call_id", "times", "clips", "ms", "file")} == {
        "call_id": "c1", "times": 2, "clips": ["chime"], "ms": 300, "file": "0003.wav",
    }  # fmt: skip


def test_virtual_keeps_no_more_than_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.drivers.speaker_virtual.KEPT", 3)
    speaker = VirtualSpeaker(tmp_path, real_time=False)
    for _ in range(7):
        speaker.say(sentence(0.01))
    names = sorted(path.name for path in tmp_path.glob("*.wav"))
    assert names == ["0004.wav", "0005.wav", "0006.wav", "0007.wav"]
    assert len((tmp_path / "said.jsonl").read_text().splitlines()) == 4
