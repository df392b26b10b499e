"""`log export` as people run it: beside a running server, into a pipe, with a slip of the pen."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.server_run.conftest import House

WORDS = ("log", "export", "--centre", "phu-an")
TODAY = datetime.now(UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).date().isoformat()


def test_the_log_comes_out_while_the_server_runs(house: House) -> None:
    server = house.serve()
    house.import_centre()
    api = server.api(house.done("token", "create", "--role", "manager", "--centre", "phu-an"))
    api.post("/centres/phu-an/counters/q1/open", {})
    status, ticket = api.post("/centres/phu-an/tickets", {"service": "ho-tich"})
    assert status == 201
    assert api.post("/centres/phu-an/counters/q1/next", {})[0] == 200
    printed = house.done(*WORDS, "--from", ticket["day"], "--to", ticket["day"])
    head, *events = [json.loads(line) for line in printed.splitlines()]
    assert (head["format"], head["centre"]["id"]) == ("layso-log", "phu-an")
    told = [(event["kind"], event["counter"]) for event in events if event["ticket"]]
    assert told == [("issued", None), ("called", "q1")]
    assert events[-1]["ticket"] == ticket["id"]
    before = house.done(*WORDS, "--from", "2020-01-01", "--to", "2020-12-31")
    assert len(before.splitlines()) == 1
    assert api.post("/centres/phu-an/tickets", {"service": "ho-tich"})[0] == 201
    api.close()
    assert server.stop() == 0


@pytest.mark.parametrize(
    "days",
    [
        ["--from", "2026-11-24", "--to", "2026-11-23"],
        ["--from", "2026-02-30", "--to", "2026-11-23"],
        ["--from", "2026-11-23", "--to", "20261124"],
        ["--from", "2026-11-23", "--to", "tomorrow"],
        ["--from", "2026-11-23"],
        [],
    ],
)
def test_wrong_days_are_wrong_usage(house: House, days: list[str]) -> None:
    result = house.layso(*WORDS, *days)
    assert result.returncode == 2
    assert result.stdout == ""
    assert "--" in result.stderr


def test_what_is_not_there_is_said_in_one_line(house: House) -> None:
    days = ("--from", TODAY, "--to", TODAY)
    assert "layso-server init" in house.refused(*WORDS, *days)
    house.done("init")
    assert house.refused(*WORDS, *days) == "layso-server: There is no centre 'phu-an'."


def test_a_reader_that_has_seen_enough_is_no_fault_of_the_program(house: House) -> None:
    house.done("init")
    house.import_centre()
    command = [sys.executable, "-m", "server", *WORDS, "--from", TODAY, "--to", TODAY]
    with subprocess.Popen(
        command, env=house.environ(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert process.returncode == 1
    assert said == "layso-server: the log was not written whole: Broken pipe\n"
