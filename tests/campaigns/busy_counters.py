"""Clerks at work on a real server, in a thread of their own and at random."""

import contextlib
import http.client
import random
import threading
import time
from datetime import datetime
from typing import Any

from tests.server_run.conftest import Api

STARTED_S = 7.0
"""Nobody is served sooner than this after a call: people walk."""
NO_SHOW_AFTER_S = 12
WAITING = 8


class BusyCounters:
    """Acts on one counter every second or two, from what the board says.

    Args:
        centre: Its id.
        port: The server's own; no fault stands between.
        token: A manager's.
        seed: Of the rhythm.
    """

    def __init__(self, centre: str, port: int, token: str, seed: int) -> None:
        self._path = f"/centres/{centre}"
        self._port, self._token = port, token
        self._rng = random.Random(seed)
        self._ids: dict[str, str] = {}
        self._working = threading.Event()
        self._idle = threading.Event()
        self._stopping = threading.Event()
        self.left_at: dict[str, float] = {}
        """When a number was last taken from its call; monotonic seconds."""
        self.commands = 0
        self._thread = threading.Thread(target=self._run, name="counters", daemon=True)

    def start(self) -> None:
        """Open every counter, let people in, and begin to work."""
        api = Api(self._port, self._token)
        for counter in self._board(api)["counters"]:
            self._do(api, f"/counters/{counter['id']}/open")
        for _ in range(WAITING):
            self._issue(api)
        api.close()
        self._working.set()
        self._thread.start()

    def rest(self) -> None:
        """Return once nobody acts any more."""
        self._working.clear()
        assert self._idle.wait(30), "the counters are still busy"

    def work(self) -> None:
        """Go on."""
        self._idle.clear()
        self._working.set()

    def call_one(self, zone: frozenset[str]) -> None:
        """Call somebody now, at a counter of `zone` where nobody is on the way if there is one."""
        api = Api(self._port, self._token)
        here = [one for one in self._board(api)["counters"] if one["id"] in zone]
        free = [one for one in here if (one["ticket"] or {}).get("state") != "called"]
        counter = self._rng.choice(free or here)
        if counter["ticket"] is not None:
            self.left_at[counter["ticket"]["number"]] = time.monotonic()
        self._issue(api)
        self._do(api, f"/counters/{counter['id']}/open")
        self._do(api, f"/counters/{counter['id']}/next")
        api.close()

    def stop(self) -> None:
        """End. Safe to repeat."""
        self._stopping.set()
        self._working.set()
        if self._thread.is_alive():
            self._thread.join(timeout=35)

    def _run(self) -> None:
        while not self._stopping.is_set():
            if not self._working.is_set():
                self._idle.set()
                self._working.wait()
                continue
            api = Api(self._port, self._token)
            # A server that was killed is asked again; what it did is on the board.
            with contextlib.suppress(OSError, http.client.HTTPException):
                while self._working.is_set() and not self._stopping.is_set():
                    self._act(api)
                    self._stopping.wait(self._rng.uniform(0.6, 2.4))
            api.close()
            self._stopping.wait(0.1)

    def _act(self, api: Api) -> None:
        board = self._board(api)
        if sum(service["waiting"] for service in board["services"]) < WAITING:
            self._issue(api)
        counter = self._rng.choice(board["counters"])
        here, ticket = f"/counters/{counter['id']}", counter["ticket"]
        if counter["state"] != "open":
            self._do(api, f"{here}/open")
        elif ticket is None:
            self._do(api, here + ("/next" if self._rng.random() < 0.85 else "/pause"))
        elif ticket["state"] == "serving":
            self._serving(api, here, ticket["number"])
        else:
            calls = [call for call in board["calls"] if call["number"] == ticket["number"]]
            self._called(api, here, ticket["number"], age_s(calls[0]) if calls else 0.0)

    def _serving(self, api: Api, here: str, number: str) -> None:
        action = self._rng.choices(("next", "finish", "hold", "go on"), (4, 2, 1, 3))[0]
        if action == "next":
            self._do(api, f"{here}/next")
        elif action != "go on":
            self._ticket(api, number, action)

    def _called(self, api: Api, here: str, number: str, age: float) -> None:
        action = self._rng.choices(("wait", "recall", "start", "next", "return"), (8, 3, 6, 1, 1))[
            0
        ]
        if age > NO_SHOW_AFTER_S and self._rng.random() < 0.3:
            action = "no-show"
        if action == "wait" or age < STARTED_S:
            return
        if action == "next":
            self._do(api, f"{here}/next")
        else:
            self._ticket(api, number, action)
        if action != "recall":
            self.left_at[number] = time.monotonic()

    def _issue(self, api: Api) -> None:
        service = self._rng.choice(("ho-tich", "chung-thuc"))
        language = self._rng.choice(("vi", "vi", "vi", "en"))
        body = {"service": service, "language": language}
        status, ticket = api.post(f"{self._path}/tickets", body)
        assert status == 201, ticket
        self._ids[ticket["number"]] = ticket["id"]

    def _ticket(self, api: Api, number: str, action: str) -> None:
        if number in self._ids:  # else the server was killed before it said so
            self._do(api, f"/tickets/{self._ids[number]}/{action}")

    def _do(self, api: Api, path: str) -> None:
        status, answer = api.post(self._path + path, {})
        assert status in (200, 409), (path, answer)
        self.commands += status == 200

    def _board(self, api: Api) -> Any:
        status, board = api.get(f"{self._path}/board")
        assert status == 200, board
        return board


def age_s(call: Any) -> float:
    """How long ago a call was made, by this machine's clock, which is the server's too."""
    return time.time() - datetime.fromisoformat(call["called_at"]).timestamp()
