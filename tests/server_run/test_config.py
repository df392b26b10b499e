"""Settings: read once, every fault at once, secrets never shown."""

from pathlib import Path

import pytest

from look.voice import wav
from server.cli import main
from server.config import SETTINGS, masked, read_config
from wire.checks import FaultyFile


def test_nothing_set_serves_loopback_on_sqlite() -> None:
    config = read_config({})
    assert (config.host, config.port) == ("127.0.0.1", 8000)
    assert config.database_url == f"sqlite:///{Path.cwd()}/var/server/layso.sqlite3"
    assert config.secret_key_file == config.data_dir / "secret.key"
    assert config.public_url == "http://127.0.0.1:8000"
    assert config.on_sqlite
    assert not config.secure


def test_all_faults_are_named_at_once() -> None:
    environ = {
        "LAYSO_PORT": "eighty",
        "LAYSO_DATABSE_URL": "sqlite:///x",
        "LAYSO_PUBLIC_URL": "layso.example",
        "LAYSO_TRUSTED_PROXIES": "127.0.0.1, proxy",
        "LAYSO_LOG_LEVEL": "infos",
    }
    with pytest.raises(FaultyFile) as refused:
        read_config(environ)
    said = [str(fault) for fault in refused.value.faults]
    assert said == [
        "LAYSO_DATABSE_URL: is not a setting; did you mean 'LAYSO_DATABASE_URL'?",
        "LAYSO_PORT: must be a port from 0 to 65535, not 'eighty'",
        "LAYSO_PUBLIC_URL: must be http://… or https://…, not 'layso.example'",
        "LAYSO_TRUSTED_PROXIES: 'proxy' is not an address or network such as ::1",
        "LAYSO_LOG_LEVEL: 'infos' is not one of debug, info, warning, error; did you mean 'info'?",
    ]


def test_the_command_line_wins() -> None:
    config = read_config({"LAYSO_PORT": "9000"}, host="0.0.0.0", port=9001)
    assert (config.host, config.port) == ("0.0.0.0", 9001)
    assert config.public_url == "http://127.0.0.1:9001"


def test_passwords_are_never_shown() -> None:
    secret = "postgresql://layso:hunter2@db.example:5432/layso"
    shown = dict(read_config({"LAYSO_DATABASE_URL": secret}).shown())
    assert shown["LAYSO_DATABASE_URL"] == "postgresql://layso:***@db.example:5432/layso"
    assert masked("redis://:pw@h/0") == "redis://:***@h/0"
    in_query = "postgresql://h/db?user=u&password=***&sslmode=require"
    assert masked(in_query.replace("***", "pw")) == in_query
    assert masked("sqlite:////a b.db") == "sqlite:////a b.db"
    by_socket = "postgresql:///layso?host=/var/run/postgresql"
    assert masked(by_socket) == by_socket
    with pytest.raises(FaultyFile) as refused:
        read_config({"LAYSO_DATABASE_URL": "mysql://layso:hunter2@db.example/layso"})
    assert "hunter2" not in str(refused.value)


def test_every_setting_is_shown() -> None:
    shown = [name for name, _ in read_config({}).shown()]
    assert shown == [setting.name for setting in SETTINGS]


@pytest.mark.parametrize("url", ["sqlite:data.db", "sqlite://data.db"])
def test_a_sqlite_url_has_three_slashes(url: str) -> None:
    with pytest.raises(FaultyFile, match="three slashes"):
        read_config({"LAYSO_DATABASE_URL": url})


def test_the_folder_of_recordings_is_told_of_and_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "vi").mkdir()
    (tmp_path / "vi/call.wav").write_bytes(wav(bytes(4410)))
    monkeypatch.setenv("LAYSO_VOICE_DIR", str(tmp_path))
    assert main(["check-config"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert f"LAYSO_VOICE_DIR={tmp_path}" in lines
    assert lines[-2:] == ["voice: 278 of 278 clips, 1 recorded", "voice: recorded: vi/call"]
    (tmp_path / "vi/to.wav").write_bytes(b"not a sound")
    assert main(["check-config"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("LAYSO_VOICE_DIR: vi/to.wav: is no WAV file of plain samples")
