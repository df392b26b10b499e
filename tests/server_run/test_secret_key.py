"""The first `init`, cut off anywhere: the next one makes it good."""

import stat
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from server.config import ServerConfig, read_config
from server.parts import make_secret_key, read_secret_key
from tests.server_run.conftest import House
from wire.checks import FaultyFile

CUT = 86
"""The exit status of a process whose power was cut."""

# The power is cut before this line, counted, of what makes the key.
AT_THE_KEY = f"""
import os, sys
from server import cli, parts
lines = 0
def trace(frame, event, argument):
    global lines
    code = frame.f_code
    if code.co_filename != parts.__file__ or not code.co_name.endswith("_secret_key"):
        return None
    lines += event == "line"
    if lines == int(sys.argv[1]):
        os._exit({CUT})
    return trace
sys.settrace(trace)
sys.exit(cli.main(["init"]))
"""
AT_THE_TABLES = f"""
import os, sys
from server import cli
from server.storage import migrate
migrate.migrate = lambda url: os._exit({CUT})
sys.exit(cli.main(["init"]))
"""
FULL = """
import resource, sys
from server import cli
resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
sys.exit(cli.main(["init"]))
"""


def started(house: House, program: str, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run a program in the house to its end."""
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, env=house.environ(), capture_output=True, text=True, timeout=90)


def key_of(house: House) -> Path:
    """The key's file."""
    return Path(house.settings["LAYSO_DATA_DIR"]) / "secret.key"


def test_a_cut_anywhere_while_the_key_is_made_is_made_good(
    make_house: Callable[..., House],
) -> None:
    line, ended = 0, CUT
    while ended == CUT:
        line += 1
        house = make_house()
        ended = started(house, AT_THE_KEY, str(line)).returncode
        key = key_of(house)
        before = key.read_text() if key.exists() else None
        assert before is None or len(before) > 32, f"cut before line {line}"
        if ended == CUT and (before or line % 6 == 0):  # Where a draft is left and where not.
            house.done("init")
            assert before in (None, key.read_text())
            assert stat.S_IMODE(key.stat().st_mode) == 0o600
            assert house.done("verify") == "the log is whole and fits the tables"
    assert ended == 0
    assert line > 10


def test_a_cut_between_key_and_tables_is_made_good(house: House) -> None:
    assert started(house, AT_THE_TABLES).returncode == CUT
    before = key_of(house).read_text()
    assert "layso-server init" in house.refused("token", "create", "--role", "admin")
    house.done("init")
    assert key_of(house).read_text() == before
    assert house.done("verify") == "the log is whole and fits the tables"


def test_on_a_full_disk_no_half_key_stays(house: House) -> None:
    said = started(house, FULL)
    assert said.returncode == 1
    assert "secret.key cannot be made" in said.stderr
    assert not key_of(house).exists()
    house.done("init")
    assert house.done("verify") == "the log is whole and fits the tables"


@pytest.fixture
def config(tmp_path: Path) -> ServerConfig:
    """Settings of a folder that is not there yet."""
    return read_config({"LAYSO_DATA_DIR": str(tmp_path / "data")})


def test_two_that_make_it_at_once_have_the_same(config: ServerConfig) -> None:
    found = []

    def make() -> None:
        make_secret_key(config)
        found.append(read_secret_key(config))

    makers = [threading.Thread(target=make) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_key_that_is_none_is_never_replaced(config: ServerConfig) -> None:
    config.secret_key_file.parent.mkdir()
    config.secret_key_file.touch()
    make_secret_key(config)
    with pytest.raises(FaultyFile, match="delete it and run `layso-server init`"):
        read_secret_key(config)
