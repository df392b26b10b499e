"""A rush: sixteen kiosks that repeat themselves, eight counters that all press at once."""

import json
import threading
import uuid
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest

from tests.server_run.conftest import Api, House, Running

COUNTERS = 8
TICKETS = 800
CLIENTS = 16

SERVICE = """
[[service]]
id = "{id}"
prefix = "{prefix}"
name = {{ vi = "Lĩnh vực {prefix}", en = "Service {prefix}" }}
typical_service_min = 8
"""
COUNTER = """
[[counter]]
id = "q{number}"
number = {number}
name = {{ vi = "Quầy {number}", en = "Counter {number}" }}
services = {services}
"""
CENTRE = (
    """
[centre]
id = "phu-an"
name = { vi = "Điểm Phú An", en = "Phú An point" }
timezone = "Asia/Ho_Chi_Minh"
"""
    + "".join(
        SERVICE.format(id=name, prefix=prefix)
        for name, prefix in (("ho-tich", "H"), ("dat-dai", "A"), ("bao-hiem", "T"))
    )
    + "".join(
        COUNTER.format(number=n, services=json.dumps(["ho-tich", ("dat-dai", "bao-hiem")[n % 2]]))
        for n in range(1, COUNTERS + 1)
    )
)


def together(work: Callable[[int], None], count: int) -> None:
    """Run this many threads of work and wait; the first fault is raised."""
    faults: list[BaseException] = []

    def guarded(number: int) -> None:
        try:
            work(number)
        except BaseException as fault:  # noqa: BLE001  # raised again below
            faults.append(fault)

    threads = [threading.Thread(target=guarded, args=(n,)) for n in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def issue_all(server: Running, token: str) -> list[dict[str, Any]]:
    """Issue every ticket; each third request is sent again, half of those from elsewhere."""
    found: list[dict[str, Any]] = []
    services = ("ho-tich", "dat-dai", "bao-hiem")

    def client(number: int) -> None:
        api, other = server.api(token), server.api(token)
        for turn in range(TICKETS // CLIENTS):
            key = uuid.uuid4().hex
            body = {"service": services[(number + turn) % 3]}
            status, ticket = api.post("/centres/phu-an/tickets", body, key)
            assert status == 201, ticket
            found.append(ticket)
            if turn % 3 == 0:
                again: Api = other if turn % 2 else api
                assert again.post("/centres/phu-an/tickets", body, key) == (200, ticket)
        api.close()
        other.close()

    together(client, CLIENTS)
    return found


def call_all(server: Running, token: str) -> list[dict[str, Any]]:
    """Every counter calls until nobody waits for it."""
    found: list[dict[str, Any]] = []

    def counter(number: int) -> None:
        api = server.api(token)
        path = f"/centres/phu-an/counters/q{number + 1}"
        assert api.post(path + "/open", {})[0] == 200
        while True:
            key = uuid.uuid4().hex
            status, answer = api.post(path + "/next", {}, key)
            assert status == 200, answer
            if answer["ticket"] is None:
                break
            found.append(answer["ticket"])
            if len(found) % 5 == 0:
                assert api.post(path + "/next", {}, key) == (200, answer)
        api.close()

    together(counter, COUNTERS)
    return found


@pytest.mark.parametrize(
    "where", ["sqlite", pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.redis])]
)
def test_no_number_twice_no_call_twice_nobody_lost(
    make_house: Callable[..., House], request: pytest.FixtureRequest, where: str
) -> None:
    settings, words = {}, ()
    if where == "postgres":
        settings = {
            "LAYSO_DATABASE_URL": request.getfixturevalue("postgres_url"),
            "LAYSO_REDIS_URL": request.getfixturevalue("redis_url"),
        }
        words = ("--workers", "2")
    house = make_house(**settings)
    house.done("init")
    house.import_centre(CENTRE)
    kiosks = house.done("token", "create", "--role", "integration", "--centre", "phu-an")
    clerks = house.done("token", "create", "--role", "manager", "--centre", "phu-an")
    server = house.serve(*words)

    issued = issue_all(server, kiosks)
    numbers = [ticket["number"] for ticket in issued]
    assert len(numbers) == len(set(numbers)) == TICKETS
    for prefix, count in Counter(number[0] for number in numbers).items():
        assert {f"{prefix}{n:03d}" for n in range(1, count + 1)} <= set(numbers)

    called = call_all(server, clerks)
    assert sorted(ticket["number"] for ticket in called) == sorted(numbers)
    with closing(server.api(clerks)) as api:
        _, board = api.get("/centres/phu-an/board")
    assert sum(service["waiting"] for service in board["services"]) == 0
    server.stop()
    house.done("verify")


def test_in_one_queue_the_order_is_first_come_first_served(house: House) -> None:
    house.done("init")
    house.import_centre(CENTRE)
    token = house.done("token", "create", "--role", "manager", "--centre", "phu-an")
    server = house.serve()
    api = server.api(token)
    wanted = [
        api.post("/centres/phu-an/tickets", {"service": "ho-tich"})[1]["number"] for _ in range(60)
    ]
    for number in range(1, COUNTERS + 1):
        api.post(f"/centres/phu-an/counters/q{number}/open", {})

    def counter(number: int) -> None:
        mine = server.api(token)
        for _ in range(6):
            mine.post(f"/centres/phu-an/counters/q{number + 1}/next", {})
        mine.close()

    together(counter, COUNTERS)
    api.close()
    # In the order of the log: who presses first need not be who is first written.
    log = house.done(
        "log", "export", "--centre", "phu-an", "--from", "2026-01-01", "--to", "2099-01-01"
    )
    events = [json.loads(line) for line in log.splitlines()[1:]]
    numbers = {
        event["ticket"]: event["data"]["set"]["number"]
        for event in events
        if event["kind"] == "issued"
    }
    called = [numbers[event["ticket"]] for event in events if event["kind"] == "called"]
    assert called == wanted[: 6 * COUNTERS]
