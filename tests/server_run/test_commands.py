"""The commands, with and without a running server, and what they say when they cannot."""

import os
import re
import socket
import sqlite3
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from server.parts import newest_revision
from tests.realtime.conftest import eventually
from tests.server_run.conftest import CENTRE, House

CODE = "[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}"


def test_init_makes_a_key_that_only_its_owner_reads(house: House) -> None:
    house.done("init")
    key = Path(house.settings["LAYSO_DATA_DIR"]) / "secret.key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    before = key.read_text()
    house.done("init")
    assert key.read_text() == before
    assert house.done("verify") == "the log is whole and fits the tables"


def test_a_centre_goes_in_and_comes_out(house: House) -> None:
    house.done("init")
    house.import_centre()
    exported = house.done("centre", "export", "phu-an")
    house.import_centre(exported)
    assert house.done("centre", "export", "phu-an") == exported
    assert "There is no centre 'phu-en'" in house.refused("centre", "export", "phu-en")


def test_a_faulty_centre_is_refused_whole_one_line_a_fault(house: House) -> None:
    house.done("init")
    file = house.folder / "faulty.toml"
    file.write_text(CENTRE.replace('prefix = "C"', 'prefix = "Z"').replace("kind", "kinds"))
    lines = house.refused("centre", "import", str(file)).splitlines()
    assert len(lines) >= 2
    assert any("kinds" in line and "did you mean 'kind'" in line for line in lines)
    assert any("prefix" in line for line in lines)
    assert "no centre" in house.refused("centre", "export", "phu-an")
    file.write_text("[centre\n")
    assert "line 1" in house.refused("centre", "import", str(file))
    assert "cannot be read" in house.refused("centre", "import", str(house.folder / "none.toml"))


def test_a_database_that_was_never_made_is_said(house: House) -> None:
    said = house.refused("token", "create", "--role", "admin")
    assert "layso-server init" in said


@pytest.mark.parametrize(
    "words",
    [
        ["token", "create", "--role", "kjosk", "--centre", "phu-an"],
        ["token", "create", "--role", "kiosk", "--centre", "phu-an", "--band", "7-8"],
        ["user", "create", "--name", "lan", "--role", "clerk", "--centre", "phu-an"],
        ["run", "--port", "70000"],
        ["run", "--workers", "0"],
        ["serve"],
        [],
    ],
)
def test_wrong_usage_ends_with_2(house: House, words: list[str]) -> None:
    assert house.layso(*words).returncode == 2


def test_two_workers_on_sqlite_are_wrong_usage(house: House) -> None:
    result = house.layso("run", "--workers", "2")
    assert result.returncode == 2
    assert "PostgreSQL" in result.stderr


def test_an_unknown_setting_stops_every_command(house: House) -> None:
    house.settings["LAYSO_PROT"] = "1"
    assert "did you mean 'LAYSO_PORT'" in house.refused("check-config")
    assert "did you mean 'LAYSO_PORT'" in house.refused("run")


def test_a_data_folder_that_cannot_be_is_said(house: House) -> None:
    (house.folder / "file").write_text("")
    house.settings["LAYSO_DATA_DIR"] = str(house.folder / "file" / "data")
    for words in (["init"], ["run"]):
        said = house.refused(*words)
        assert said.count("\n") == 0
        assert "cannot write to" in said


def test_a_taken_port_is_said_in_one_line(house: House) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = house.refused("run", "--port", port)
    assert said.count("\n") == 0
    assert f"127.0.0.1:{port} is taken" in said


@pytest.mark.full
def test_a_database_newer_than_the_program_is_said(house: House) -> None:
    house.done("init")
    with sqlite3.connect(Path(house.settings["LAYSO_DATA_DIR"]) / "layso.sqlite3") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    for words in (["run"], ["migrate"], ["token", "create", "--role", "admin"], ["verify"]):
        said = house.refused(*words)
        assert said.count("\n") == 0
        assert "newer than this program" in said


def test_the_cheap_look_at_the_tables_agrees_with_the_thorough_one() -> None:
    from alembic.script import ScriptDirectory

    from server.storage.migrate import _config

    assert ScriptDirectory.from_config(_config()).get_current_head() == newest_revision()


def test_commands_go_through_the_running_server(house: House) -> None:
    server = house.serve()
    eventually(
        lambda: any(re.search(f"/setup with the code {CODE}$", line) for line in server.said)
    )
    house.import_centre()
    token = house.done("token", "create", "--role", "manager", "--centre", "phu-an")
    assert "\n" not in token
    api = server.api(token)
    assert api.get("/centres/phu-an/board")[0] == 200
    assert "no centre" in house.refused("token", "create", "--role", "hall", "--centre", "x")
    house.done("token", "revoke", token)
    end = time.monotonic() + 2.0
    while api.get("/centres/phu-an/board")[0] != 401:
        assert time.monotonic() < end
    api.close()
    said = house.refused("run")
    assert "another server runs on this database" in said
    assert said.count("\n") == 0
    assert server.stop() == 0
    assert house.done("verify") == "the log is whole and fits the tables"


def test_the_control_socket_is_private_also_below_a_long_path(house: House) -> None:
    data = house.folder / ("x" * 60) / ("y" * 60)
    house.settings["LAYSO_DATA_DIR"] = str(data)
    server = house.serve()
    address = Path((data / "server.lock").read_text().strip())
    assert len(os.fsencode(address)) <= 107
    assert stat.S_IMODE(address.stat().st_mode) == 0o600
    house.import_centre()
    server.stop()
    assert not address.exists()


def test_people_are_created_from_stdin_and_codes_printed_alone(house: House) -> None:
    house.done("init")
    house.import_centre()
    words = ["user", "create", "--name", "lan", "--role", "clerk", "--centre", "phu-an"]
    assert re.fullmatch(CODE, house.done("setup-code"))
    house.done(*words, "--password-stdin", given="một mật khẩu dài\n")
    assert house.refused(*words, "--password-stdin", given="một mật khẩu dài\n")
    assert "password" in house.refused(
        "user", "create", "--name", "b", "--role", "admin", "--password-stdin", given="short\n"
    )
    code = house.done("enrol-code", "create", "--role", "kiosk", "--centre", "phu-an")
    assert "\n" not in code
    assert "an account already" in house.refused("setup-code")


def test_a_backup_made_while_serving_restores_into_a_new_house(house: House) -> None:
    server = house.serve()
    house.import_centre()
    manager = house.done("token", "create", "--role", "manager", "--centre", "phu-an")
    api = server.api(manager)
    status, ticket = api.post("/centres/phu-an/tickets", {"service": "ho-tich"})
    assert status == 201
    assert house.done("anonymise") == "forgot 0 comments, 0 links, 0 visits"
    assert house.done("anonymise", "--days", "1") == "forgot 0 comments, 0 links, 0 visits"
    copy = house.folder / "copy.db"
    house.done("backup", str(copy))
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert "is there already" in house.refused("backup", str(copy))
    assert "another server" in house.refused("restore", str(copy))
    api.close()
    server.stop()
    house.settings["LAYSO_DATA_DIR"] = str(house.folder / "second")
    house.done("restore", str(copy))
    second = house.serve()
    api = second.api(manager)
    status, found = api.get(f"/centres/phu-an/tickets/{ticket['id']}")
    api.close()
    assert (status, found["number"]) == (200, ticket["number"])


@pytest.mark.full
def test_what_cannot_be_opened_is_said_in_one_line(house: House) -> None:
    house.done("init")
    data = Path(house.settings["LAYSO_DATA_DIR"])
    for setting, value, said in (
        ("LAYSO_HOST", "203.0.113.7", "cannot listen on 203.0.113.7"),
        ("LAYSO_DATABASE_URL", "postgresql://u:secret@127.0.0.1:1/x", "cannot open the database"),
        ("LAYSO_DATABASE_URL", f"sqlite:///{data}/none/x.db", "cannot open the database"),
        ("LAYSO_DATABASE_URL", f"sqlite:///{data}/secret.key", "cannot open the database"),
        ("LAYSO_SECRET_KEY_FILE", "/dev/null", "holds no key"),
    ):
        house.settings[setting] = value
        line = house.refused("run")
        del house.settings[setting]
        assert said in line
        assert "secret@" not in line
        assert line.count("\n") == 0


def test_one_database_has_one_server_wherever_their_folders_are(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    settings = {"LAYSO_DATABASE_URL": f"sqlite:///{tmp_path / 'shared.sqlite3'}"}
    first, second = make_house(**settings), make_house(**settings)
    first.done("init")
    first.serve()
    second.folder.joinpath("data").mkdir()
    said = second.refused("run")
    assert "another server runs on this database" in said
