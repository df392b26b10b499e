"""A server under load, killed, stopped and restarted: what was answered is there."""

import http.client
import json
import socket
import sqlite3
import threading
import time
import uuid
from contextlib import closing
from typing import Any
from urllib.parse import urlsplit

from tests.realtime.conftest import Client, eventually
from tests.server_run.conftest import House, Running

TICKETS = "/centres/phu-an/tickets"


class Presser(threading.Thread):
    """Issues tickets until told to stop or the server is gone; keeps what was answered."""

    def __init__(self, server: Running, token: str) -> None:
        super().__init__(daemon=True)
        self._api = server.api(token)
        self.answered: dict[str, str] = {}
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            while not self.enough.is_set():
                key = uuid.uuid4().hex
                status, ticket = self._api.post(TICKETS, {"service": "ho-tich"}, key)
                assert status == 201, ticket
                self.answered[key] = ticket["number"]
        except (OSError, http.client.HTTPException):
            self.enough.set()  # The server is gone, as the test wants it.
        finally:
            self._api.close()


def _furnish(house: House) -> str:
    house.import_centre()
    return house.done("token", "create", "--role", "manager", "--centre", "phu-an")


def test_killed_under_load_it_loses_nothing_it_answered(house: House) -> None:
    server = house.serve()
    token = _furnish(house)
    pressers = [Presser(server, token) for _ in range(8)]
    for presser in pressers:
        presser.start()
    eventually(lambda: sum(len(presser.answered) for presser in pressers) > 200, within_s=20)
    server.stop(9)
    for presser in pressers:
        presser.join(timeout=10)
    assert house.done("verify") == "the log is whole and fits the tables"
    again = house.serve()
    api = again.api(token)
    answered = {key: number for presser in pressers for key, number in presser.answered.items()}
    assert len(set(answered.values())) == len(answered)
    for key, number in answered.items():
        status, ticket = api.post(TICKETS, {"service": "ho-tich"}, key)
        assert (status, ticket["number"]) == (200, number)
    api.close()
    assert again.stop() == 0


def test_asked_to_stop_it_finishes_its_answers_and_goes(house: House) -> None:
    server = house.serve()
    token = _furnish(house)
    watcher = Client(server.url, {"token": token})
    watcher.watch("phu-an")
    pressers = [Presser(server, token) for _ in range(4)]
    for presser in pressers:
        presser.start()
    eventually(lambda: all(presser.answered for presser in pressers), within_s=10)
    begun = time.monotonic()
    assert server.stop() == 0
    assert time.monotonic() - begun < 5.0
    assert watcher.gone.wait(1.0)
    watcher.close()
    for presser in pressers:
        presser.join(timeout=10)
    answered = sum(len(presser.answered) for presser in pressers)
    assert house.done("verify") == "the log is whole and fits the tables"
    again = house.serve()
    api = again.api(token)
    _, ticket = api.post(TICKETS, {"service": "ho-tich"})
    issued_before = int(ticket["number"][1:]) - 1
    assert answered <= issued_before <= answered + len(pressers)
    api.close()


def test_it_is_ready_soon_and_logs_json_without_tokens(house: House) -> None:
    house.done("init")
    server = house.serve()
    token = _furnish(house)
    api = server.api(token)
    assert api.post(TICKETS, {"service": "ho-tich"})[0] == 201
    api.close()
    with socket.create_connection(("127.0.0.1", server.port)) as raw:
        raw.sendall(b"NOT HTTP\r\n\r\n")
        assert raw.recv(100).startswith(b"HTTP/1.1 400")
    server.stop()
    text = server.log.read_text()
    assert token not in text
    for line in text.splitlines():
        assert {"at", "level", "from", "message"} <= json.loads(line).keys()


def test_a_call_reaches_the_hall_with_every_event_in_order(house: House) -> None:
    server = house.serve()
    token = _furnish(house)
    hall_token = house.done("token", "create", "--role", "hall", "--centre", "phu-an")
    hall = Client(server.url, {"token": hall_token})
    board = hall.watch("phu-an")["board"]
    api = server.api(token)
    _, ticket = api.post(TICKETS, {"service": "ho-tich"})
    phone = Client(server.url, {"track": ticket["track_url"].rsplit("/", 1)[1]})
    eventually(lambda: bool(phone.named("ticket")))
    assert phone.named("ticket")[-1]["state"] == "waiting"
    api.post("/centres/phu-an/counters/q1/open", {})
    _, answer = api.post("/centres/phu-an/counters/q1/next", {})
    assert answer["ticket"]["number"] == ticket["number"]
    eventually(lambda: len(hall.seqs()) == 3)
    assert [change["kind"] for change in hall.named("change")] == [
        "issued",
        "counter_opened",
        "called",
    ]
    assert hall.seqs() == [board["seq"] + 1, board["seq"] + 2, board["seq"] + 3]
    called: dict[str, Any] = hall.named("change")[-1]
    assert called["call"]["times"] == 1
    assert called["counter"]["id"] == "q1"
    eventually(lambda: phone.named("ticket")[-1]["state"] == "called", within_s=3.0)
    for part in (hall, phone, api):
        part.close()


def test_two_servers_serve_side_by_side_from_two_folders(make_house: Any) -> None:
    first, second = make_house(), make_house()
    servers = [first.serve(), second.serve()]
    token = _furnish(first)
    api = servers[1].api(token)
    assert api.get("/centres/phu-an/board")[0] == 401
    api.close()


def test_it_is_not_ready_on_tables_of_another_version(house: House) -> None:
    house.done("init")
    server = house.serve()
    assert probe(server.url + "/readyz") == 200
    with closing(sqlite3.connect(house.folder / "data" / "layso.sqlite3")) as file, file:
        file.execute("UPDATE alembic_version SET version_num = '9999'")
    assert probe(server.url + "/readyz") == 503
    assert probe(server.url + "/healthz") == 200


def probe(url: str) -> int:
    """The status of a plain GET."""
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=10)
    connection.request("GET", address.path)
    status = connection.getresponse().status
    connection.close()
    return status


def test_who_did_not_come_from_another_centre_is_let_go_by_itself(house: House) -> None:
    server = house.serve()
    token = _furnish(house)
    api = server.api(token)
    _, ticket = api.post(TICKETS, {"service": "ho-tich"})
    api.close()
    server.stop()
    with closing(sqlite3.connect(house.folder / "data" / "layso.sqlite3")) as file, file:
        file.execute("UPDATE ticket SET source = 'redirect', ready_ms = 1")
    api = house.serve().api(token)

    def state() -> Any:
        return api.get(f"{TICKETS}/{ticket['id']}")[1]["state"]

    assert state() == "waiting"
    eventually(lambda: state() == "cancelled", within_s=10)
    api.close()


def test_a_manager_is_told_what_to_do_and_that_it_was_done(house: House) -> None:
    server = house.serve()
    token = _furnish(house)
    manager = Client(server.url, {"token": token})
    clerk_token = house.done("token", "create", "--role", "clerk", "--centre", "phu-an")
    clerk = Client(server.url, {"token": clerk_token})
    api = server.api(token)
    assert api.post("/centres/phu-an/counters/q1/open", {})[0] == 200
    for _ in range(8):
        api.post(TICKETS, {"service": "ho-tich"})
    clerk.watch("phu-an")
    manager.watch("phu-an")
    eventually(lambda: bool(manager.named("advice")), within_s=2.0)
    (one,) = manager.named("advice")[0]["advice"]
    assert one == api.get("/centres/phu-an/advice")[1]["advice"][0]
    body = {"kind": one["kind"], "counter": one["counter"]["id"], "service": one["service"]["id"]}
    status, taken = api.post("/centres/phu-an/advice", body)
    assert (status, taken["counter"]["state"], taken["advised"]["id"]) == (200, "open", one["id"])
    eventually(lambda: len(manager.named("advice")) == 2, within_s=2.0)
    assert one["id"] not in [again["id"] for again in manager.named("advice")[1]["advice"]]
    # Changes and advice go their own ways to a watcher.
    eventually(
        lambda: "counter_opened" in [one["kind"] for one in manager.named("change")], within_s=2.0
    )
    eventually(lambda: len(clerk.seqs()) == 1)
    assert clerk.named("advice") == []
    for part in (manager, clerk, api):
        part.close()
    assert house.done("verify") == "the log is whole and fits the tables"
