"""The `[voice]` table of display.toml: its faults, its clips, and the trial of its loudspeaker."""

from collections.abc import Callable
from pathlib import Path

import pytest

from display.cli import main
from tests.display.conftest import virtual
from tests.display.test_loudspeaker import SILENT_VOICE, said


def test_faults_of_the_voice_are_named_at_once(
    write_config: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    table = '[voice]\ndriver = "alsa"\nzone = "A b"\nvolume = 120\ndevise = "x"\n'
    assert main(["check-config", str(write_config("http://h", table))]) == 1
    lines = capsys.readouterr().err.splitlines()
    assert [line.split(":")[0] for line in lines] == ["voice.zone", "voice.volume", "voice.devise"]
    assert "did you mean 'device'" in lines[2]
    assert main(["check-config", str(write_config("http://h", '[voice]\ndriver = "also"\n'))]) == 1
    assert "did you mean 'alsa'" in capsys.readouterr().err


def test_check_config_tells_of_the_clips(
    write_config: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "clips").mkdir()
    path = write_config("http://h", SILENT_VOICE + 'clips = "clips"\n')
    assert main(["check-config", str(path)]) == 0
    assert "voice: 278 of 278 clips, 0 recorded" in capsys.readouterr().out
    (tmp_path / "clips/chime.mp3").write_bytes(b"x")
    assert main(["check-config", str(path)]) == 1
    told = capsys.readouterr().err
    assert told == "voice.clips: chime.mp3: is no clip's name; did you mean chime.wav?\n"


def test_self_test_says_a_sentence(
    write_config: Callable[..., Path], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write_config("http://h", virtual("q1") + SILENT_VOICE + "volume = 70\n")
    assert main(["self-test", "--config", str(path), "--pause", "0"]) == 0
    one, two = capsys.readouterr().out.splitlines()
    assert one.startswith("q1  virtual")
    assert two.startswith("voice  virtual")
    assert two.endswith("s at 70 %")
    assert said(tmp_path)[0]["call_id"] == "self-test"


def test_self_test_of_a_loudspeaker_that_is_not_there(
    write_config: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = write_config("http://h", '[voice]\ndriver = "alsa"\n')
    assert main(["self-test", "--config", str(path)]) == 1
    assert "FAILED: cannot run aplay" in capsys.readouterr().out
