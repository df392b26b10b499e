"""What every agent's file shares: all faults at once, and the token kept out of sight."""

from pathlib import Path

import pytest

from edge import config, drivers
from wire.checks import Fault, FaultyFile, Table, refuse_if_faulty

GOOD = """
server = "http://10.0.0.5:8000/"
token_file = "x.token"
centre = "binh-duong"
"""


def read(path: Path, text: str) -> config.AgentConfig:
    path.write_text(text, encoding="utf-8")
    faults: list[Fault] = []
    table = Table(config.read_file(path), "", faults)
    found = config.common(table, path.parent, data_dir="var/x", listen="127.0.0.1:8200")
    table.finish()
    refuse_if_faulty(faults)
    return found


def test_a_good_file_with_paths_relative_to_it(tmp_path: Path) -> None:
    (tmp_path / "x.token").write_text("secret-token\n")
    found = read(tmp_path / "a.toml", GOOD)
    assert (found.server, found.token) == ("http://10.0.0.5:8000", "secret-token")
    assert found.data_dir == tmp_path / "var/x"
    assert (found.listen_host, found.listen_port) == ("127.0.0.1", 8200)
    assert "secret-token" not in repr(found)


def test_every_fault_is_named_at_once_with_a_suggestion(tmp_path: Path) -> None:
    bad = 'sevrer = "x"\nserver = "10.0.0.5"\ntoken_file = "none"\ncentre = "Bình"\nlisten = "8200"'
    with pytest.raises(FaultyFile) as caught:
        read(tmp_path / "a.toml", bad)
    said = {fault.where: fault.message for fault in caught.value.faults}
    assert set(said) == {"sevrer", "server", "token_file", "centre", "listen"}
    assert "did you mean 'server'" in said["sevrer"]
    assert "run enrol first" in said["token_file"]


@pytest.mark.parametrize("token", ["", "two words", "ký tự"])
def test_a_token_file_without_a_token_is_a_fault(tmp_path: Path, token: str) -> None:
    (tmp_path / "x.token").write_text(token, encoding="utf-8")
    with pytest.raises(FaultyFile, match="does not hold a token"):
        read(tmp_path / "a.toml", GOOD)


@pytest.mark.parametrize(
    ("listen", "host", "port"),
    [("0.0.0.0:80", "0.0.0.0", 80), ("[::1]:8200", "::1", 8200), ("localhost:0", "localhost", 0)],
)
def test_where_to_listen(tmp_path: Path, listen: str, host: str, port: int) -> None:
    (tmp_path / "x.token").write_text("t")
    found = read(tmp_path / "a.toml", f'{GOOD}listen = "{listen}"')
    assert (found.listen_host, found.listen_port) == (host, port)


@pytest.mark.parametrize("listen", ["127.0.0.1:99999", ":80", "a:b", "::1:80"])
def test_where_nobody_can_listen(tmp_path: Path, listen: str) -> None:
    (tmp_path / "x.token").write_text("t")
    with pytest.raises(FaultyFile, match="listen"):
        read(tmp_path / "a.toml", f'{GOOD}listen = "{listen}"')


def test_a_file_that_is_missing_binary_or_no_toml(tmp_path: Path) -> None:
    with pytest.raises(FaultyFile, match="cannot be read"):
        config.read_file(tmp_path / "none.toml")
    (tmp_path / "b.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(FaultyFile, match="UTF-8"):
        config.read_file(tmp_path / "b.toml")
    (tmp_path / "c.toml").write_text("a = 1\nb = \n")
    with pytest.raises(FaultyFile, match="line 2"):
        config.read_file(tmp_path / "c.toml")


def test_a_driver_is_found_by_name_and_a_misspelt_one_is_named() -> None:
    assert callable(drivers.load("layso.display.panel", "virtual"))
    with pytest.raises(FaultyFile, match="did you mean 'modbus_rtu'") as caught:
        drivers.load("layso.display.panel", "modbus", where="panel[1].driver")
    assert caught.value.faults[0].where == "panel[1].driver"
