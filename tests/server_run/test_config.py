"""Settings: read once, every fault at once, secrets never shown."""

from pathlib import Path

import pytest

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
