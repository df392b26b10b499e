"""A virtual clerk, and visitors' phones, over real HTTP: calls, waits, serves, and tries again."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any

import pytest

from edge.client import ServerClient
from simulation.fleet.agenda import Agenda
from simulation.fleet.clerk import Clerk, Post
from simulation.fleet.phones import Phones

TICKET = {"id": "t1", "service": "ho-tich", "number": "H001", "state": "called"}


class Desk(ThreadingHTTPServer):
    """Answers what a clerk may ask; hands out `queue`, remembers every command in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.asked: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.queue: list[dict[str, Any]] = []
        self.open_status = 200

    def answer(self, path: str) -> tuple[int, dict[str, Any]]:
        command = path.removeprefix("/api/v1/centres/c/")
        self.asked.append(command)
        if command == "counters/q1/open" and self.open_status != 200:
            status, self.open_status = self.open_status, 200
            return status, {"code": "unavailable", "title": "", "status": status}
        if command == "counters/q1/next":
            return 200, {"ticket": self.queue.pop(0) if self.queue else None}
        return 200, {}


class Answer(BaseHTTPRequestHandler):
    """One request of the clerk's."""

    protocol_version = "HTTP/1.1"
    server: Desk

    def do_POST(self) -> None:
        self.server.bodies.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        assert len(self.headers["Idempotency-Key"]) >= 8
        status, body = self.server.answer(self.path)
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing; the test looks at `asked`."""


@pytest.fixture
def desk() -> Iterator[Desk]:
    with Desk() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def clerk(desk: Desk) -> Iterator[Clerk]:
    agenda = Agenda()
    agenda.start()
    post = Post("c", "q1", {"ho-tich": 0.001}, no_show_after_s=0.5, speed=200)
    client = ServerClient(f"http://127.0.0.1:{desk.server_port}", "token")
    yield Clerk(post, client, agenda, Random(5))
    agenda.stop()
    client.close()


def wait_for(look: Callable[[], bool]) -> None:
    until = time.monotonic() + 8
    while not look():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.02)


def test_a_person_who_comes_is_served_and_the_next_is_called(desk: Desk, clerk: Clerk) -> None:
    desk.queue = [TICKET]
    clerk.open()
    wait_for(lambda: "counters/q1/next" in desk.asked)
    clerk.receive("somebody-else")
    wait_for(lambda: clerk.receive("t1") or "tickets/t1/start" in desk.asked)
    wait_for(lambda: desk.asked.count("counters/q1/next") == 2)
    assert desk.asked[:3] == ["counters/q1/open", "counters/q1/next", "tickets/t1/start"]
    assert "tickets/t1/no-show" not in desk.asked
    assert desk.asked.count("tickets/t1/start") == 1
    assert sum("outcome" in body for body in desk.bodies) == 1


def test_a_person_who_stays_away_is_recalled_then_given_up(desk: Desk, clerk: Clerk) -> None:
    desk.queue = [TICKET]
    clerk.open()
    wait_for(lambda: desk.asked.count("counters/q1/next") == 2)
    assert desk.asked == [
        "counters/q1/open",
        "counters/q1/next",
        "tickets/t1/recall",
        "tickets/t1/no-show",
        "counters/q1/next",
    ]


def test_an_idle_clerk_asks_once_when_somebody_comes(desk: Desk, clerk: Clerk) -> None:
    clerk.open()
    wait_for(lambda: clerk.idle_since is not None)
    assert clerk.serves("ho-tich")
    assert not clerk.serves("dat-dai")
    desk.queue = [TICKET]
    clerk.ask_if_idle()
    clerk.ask_if_idle()
    wait_for(lambda: desk.asked.count("counters/q1/next") == 2)
    assert clerk.idle_since is None


def test_a_counter_that_cannot_be_opened_is_tried_again(desk: Desk, clerk: Clerk) -> None:
    desk.open_status = 503
    clerk.open()
    wait_for(lambda: clerk.idle_since is not None)
    assert desk.asked[:3] == ["counters/q1/open", "counters/q1/open", "counters/q1/next"]


def test_some_visitors_step_back_and_some_rate_who_were_served(desk: Desk) -> None:
    agenda = Agenda()
    agenda.start()
    client = ServerClient(f"http://127.0.0.1:{desk.server_port}", "")
    phones = Phones(client, agenda, Random(3), speed=10_000)
    for n in range(200):
        phones.issued(f"t{n}", f"http://lobby/t/link{n}")
        phones.ended(f"t{n}", served=n < 100)
        phones.ended(f"t{n}", served=True)  # who is gone is not asked again

    def links(what: str) -> list[int]:
        asked = [path.split("/") for path in desk.asked]
        return [int(parts[-2].removeprefix("link")) for parts in asked if parts[-1] == what]

    wait_for(lambda: bool(links("step-back")) and len(links("rating")) >= 10)
    agenda.stop()
    client.close()
    rated = links("rating")
    assert max(rated) < 100
    assert len(rated) == len(set(rated)) < 100
    assert {body["score"] for body in desk.bodies if "score" in body} <= set(range(1, 6))
