"""The restore drill of operations.md: a server is killed, and goes on elsewhere from its copy."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.conftest import postgres_database
from tests.server_run.conftest import Api, House

TICKETS = "/centres/phu-an/tickets"
Q1 = "/centres/phu-an/counters/q1"
HANDED_IN = "the-kiosk-hands-in-700"
WHOLE = "the log is whole and fits the tables"


class Drill(NamedTuple):
    """The house of the lobby, and settings under which it goes on with nothing in it."""

    house: House
    elsewhere: dict[str, str]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def drill(request: pytest.FixtureRequest, make_house: Any, tmp_path: Path) -> Iterator[Drill]:
    """A lobby on either database, and another empty one of that kind."""
    settings = {"LAYSO_BACKUP_DIR": str(tmp_path / "copies")}
    elsewhere = {"LAYSO_DATA_DIR": str(tmp_path / "new")}
    (tmp_path / "copies").mkdir()
    if request.param == "sqlite":
        yield furnished(make_house(**settings), elsewhere)
        return
    server = request.getfixturevalue("postgres_server")
    with postgres_database(server) as old, postgres_database(server) as new:
        house = make_house(LAYSO_DATABASE_URL=old, **settings)
        yield furnished(house, {**elsewhere, "LAYSO_DATABASE_URL": new})
        for running in house.running:
            if running.process.poll() is None:
                running.stop(signal.SIGKILL)


def furnished(house: House, elsewhere: dict[str, str]) -> Drill:
    """A centre in it."""
    house.done("init")
    house.import_centre()
    return Drill(house, elsewhere)


@contextmanager
def asking(house: House, port: int, *roles: str) -> Iterator[list[Api]]:
    """Devices and people of the lobby, under tokens that are made at the first time."""
    apis = []
    for role in roles:
        file = house.folder / role
        if not file.exists():
            band = ("--band", "700-749") if role == "kiosk" else ()
            made = house.done("token", "create", "--role", role, "--centre", "phu-an", *band)
            file.write_text(made)
        apis.append(Api(port, file.read_text()))
    try:
        yield apis
    finally:
        for api in apis:
            api.close()


def take(api: Api, count: int, **more: Any) -> list[str]:
    """Take so many numbers."""
    numbers = []
    for _ in range(count):
        status, ticket = api.post(TICKETS, {"service": "ho-tich", **more})
        assert status == 201, ticket
        numbers.append(ticket["number"])
    return numbers


def copied(drill: Drill) -> Path:
    """The newest copy, made as the timer makes it."""
    folder = drill.house.settings["LAYSO_BACKUP_DIR"]
    return Path(drill.house.done("backup", "--into", folder))


def restored(drill: Drill, copy: Path) -> None:
    """What is done on the new box, in the order of the page."""
    drill.house.settings |= drill.elsewhere
    drill.house.done("restore", str(copy))
    assert drill.house.done("verify") == WHOLE


def test_a_killed_server_goes_on_from_its_copy_without_a_repeat(drill: Drill) -> None:
    house = drill.house
    server = house.serve()
    with asking(house, server.port, "manager") as (manager,):
        before = take(manager, 5)
        manager.post(f"{Q1}/open", {})
        called = manager.post(f"{Q1}/next", {})[1]["ticket"]
        assert called["number"] == before[0]
        copy = copied(drill)
    assert server.stop(signal.SIGKILL) == -signal.SIGKILL
    begun = time.monotonic()
    restored(drill, copy)
    server = house.serve()
    assert time.monotonic() - begun < 60
    with asking(house, server.port, "manager") as (manager,):
        status, board = manager.get("/centres/phu-an/board")
        assert status == 200
        assert board["calls"][0]["number"] == before[0]
        assert sum(service["waiting"] for service in board["services"]) == 4
        after = take(manager, 5)
        assert after == [f"H{number:03}" for number in range(6, 11)]
        assert not set(before) & set(after)
        rest = []
        while (ticket := manager.post(f"{Q1}/next", {})[1]["ticket"]) is not None:
            rest.append(ticket["number"])
        assert rest == [*before[1:], *after]
    assert house.done("verify") == WHOLE


def test_kiosks_hand_in_what_they_gave_out_while_it_was_lost(drill: Drill) -> None:
    house = drill.house
    server = house.serve()
    with asking(house, server.port, "manager", "kiosk") as (manager, kiosk):
        before = take(manager, 2)
        copy = copied(drill)
        # Known to the old server, and not to its copy: the kiosk still has it in its journal.
        known = {"number": "H700", "issued_at": datetime.now(UTC).isoformat(),
                 "id": "01930000-0000-7000-8000-000000000001", "track": "A" * 22}  # fmt: skip
        assert kiosk.post(TICKETS, {"service": "ho-tich", **known}, HANDED_IN)[0] == 201
        lost = take(manager, 1)
    server.stop(signal.SIGKILL)
    restored(drill, copy)
    server = house.serve()
    with asking(house, server.port, "manager", "kiosk") as (manager, kiosk):
        for expected in (201, 200):
            status, ticket = kiosk.post(TICKETS, {"service": "ho-tich", **known}, HANDED_IN)
            assert (status, ticket["number"]) == (expected, "H700")
        again = take(manager, 1)
        assert again == lost, "production.md says that these are given again"
        assert not set(again) & {*before, "H700"}
    assert house.done("verify") == WHOLE
