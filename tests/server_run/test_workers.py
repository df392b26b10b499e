"""Several processes on PostgreSQL: one truth, every watcher sees every change."""

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from server.heart import SIGN_EVERY_S
from server.workers import SILENT_S
from tests.realtime.conftest import Client, eventually
from tests.server_run.conftest import House, Running

TICKETS = "/centres/phu-an/tickets"


def _furnish(house: House) -> tuple[Running, str]:
    house.done("init")
    house.import_centre()
    token = house.done("token", "create", "--role", "manager", "--centre", "phu-an")
    return house.serve("--workers", "2"), token


def _children(parent: int) -> list[int]:
    tasks = Path(f"/proc/{parent}/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


@pytest.mark.postgres
@pytest.mark.parametrize(
    "with_redis",
    [pytest.param(False, id="polling", marks=pytest.mark.full), pytest.param(True, id="redis")],
)
def test_two_workers_hand_out_each_number_once_and_tell_everybody(
    make_house: Any, postgres_url: str, request: pytest.FixtureRequest, with_redis: bool
) -> None:
    settings = {"LAYSO_DATABASE_URL": postgres_url}
    if with_redis:
        settings["LAYSO_REDIS_URL"] = request.getfixturevalue("redis_url")
    house = make_house(**settings)
    server, token = _furnish(house)
    watchers = [Client(server.url, {"token": token}) for _ in range(6)]
    boards = [watcher.watch("phu-an")["board"] for watcher in watchers]
    apis = [server.api(token) for _ in range(8)]

    def press(number: int) -> str:
        status, ticket = apis[number % 8].post(TICKETS, {"service": "ho-tich"})
        assert status == 201
        return str(ticket["number"])

    def press_all(first: int) -> list[str]:
        return [press(first) for _ in range(20)]

    with ThreadPoolExecutor(8) as pool:
        numbers = [number for part in pool.map(press_all, range(8)) for number in part]
    assert sorted(numbers) == [f"H{number:03}" for number in range(1, 161)]
    for watcher, board in zip(watchers, boards, strict=True):
        expected = list(range(board["seq"] + 1, 161 + boards[0]["seq"]))
        eventually(lambda: len(watcher.seqs()) >= len(expected), within_s=10)  # noqa: B023
        assert watcher.seqs() == expected
    for part in [*watchers, *apis]:
        part.close()
    assert server.stop() == 0
    assert house.done("verify") == "the log is whole and fits the tables"


@pytest.mark.postgres
def test_two_hosts_on_one_database_share_the_limits(make_house: Any, postgres_url: str) -> None:
    house = make_house(LAYSO_DATABASE_URL=postgres_url)
    house.done("init")
    house.import_centre()
    token = house.done("token", "create", "--role", "kiosk", "--centre", "phu-an")
    apis = [house.serve().api(token) for _ in range(2)]
    statuses = [apis[number % 2].get("/whoami")[0] for number in range(124)]
    assert statuses == [200] * 120 + [429] * 4
    for api in apis:
        api.close()


@pytest.mark.postgres
def test_a_worker_that_dies_is_replaced_and_none_outlives_its_parent(
    make_house: Any, postgres_url: str
) -> None:
    house = make_house(LAYSO_DATABASE_URL=postgres_url)
    server, token = _furnish(house)
    before = _children(server.process.pid)
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    eventually(lambda: len(set(_children(server.process.pid)) - set(before)) == 1, within_s=10)
    api = server.api(token)
    assert api.get("/centres/phu-an/board")[0] == 200
    api.close()
    children = _children(server.process.pid)
    time.sleep(2.0)  # The new worker is up, so that it has its parent to follow.
    server.stop(signal.SIGKILL)
    eventually(lambda: not any(map(_runs, children)), within_s=15)


@pytest.mark.full
@pytest.mark.postgres
def test_a_worker_that_hangs_is_killed_and_replaced(make_house: Any, postgres_url: str) -> None:
    house = make_house(LAYSO_DATABASE_URL=postgres_url)
    server, _token = _furnish(house)
    before = _children(server.process.pid)
    time.sleep(SIGN_EVERY_S)  # It was heard of.
    os.kill(before[0], signal.SIGSTOP)
    eventually(lambda: before[0] not in _children(server.process.pid), within_s=SILENT_S + 10)
    eventually(lambda: len(_children(server.process.pid)) == 2, within_s=10)
    server.stop()


@pytest.mark.postgres
def test_an_empty_postgresql_is_not_served_but_said(make_house: Any, postgres_url: str) -> None:
    house = make_house(LAYSO_DATABASE_URL=postgres_url)
    for words in (["run"], ["run", "--workers", "2"]):
        said = house.refused(*words)
        assert "layso-server init" in said
        assert said.count("\n") == 0


def _runs(pid: int) -> bool:
    """Whether a process is there and has not ended; its new parent may not have looked yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"
