"""One centre with its real rules, use cases and store, and a clock that stands still."""

import itertools
import os
from dataclasses import dataclass, field
from typing import Any

import msgspec

from server.service.centres import Centres
from server.service.lobby import Lobby
from server.service.ports import Caller, Operation, Reply, Store
from server.service.readings import Readings
from tests.fakes.held_clock import HeldClock
from wire.requests import (
    Body,
    Empty,
    FinishRequest,
    HoldRequest,
    IssueRequest,
    LateRequest,
    NextRequest,
    ResumeRequest,
    UndoRequest,
)

CENTRE = "thu-nghiem"

CENTRE_FILE = """
[centre]
id = "thu-nghiem"
name = { vi = "Trung tâm thử nghiệm", en = "Test centre" }
kind = "point"
timezone = "Asia/Ho_Chi_Minh"
location = { lat = 10.98, lon = 106.67 }
address = "Số 1"
# hours

[[service]]
id = "ho-tich"
prefix = "H"
name = { vi = "Hộ tịch", en = "Civil status" }
typical_service_min = 8
anywhere = true

[[service]]
id = "dat-dai"
prefix = "A"
name = { vi = "Đất đai", en = "Land" }
typical_service_min = 12

[[zone]]
id = "a"
name = { vi = "Khu A", en = "Zone A" }

[[counter]]
id = "q1"
number = 1
name = { vi = "Quầy 1", en = "Counter 1" }
services = ["ho-tich"]
zone = "a"

[[counter]]
id = "q2"
number = 2
name = { vi = "Quầy 2", en = "Counter 2" }
services = ["ho-tich", "dat-dai"]
"""

HOURS = """hours = [
  { days = "mon-fri", open = "07:30", close = "11:30" },
  { days = "mon-fri", open = "13:30", close = "17:00" },
]
"""

BODIES: dict[str, type[Body]] = {
    "finish": FinishRequest,
    "no_show": LateRequest,
    "hold": HoldRequest,
    "resume": ResumeRequest,
}

MANAGER = Caller("t:manager", "manager", CENTRE)
KIOSK = Caller("t:kiosk", "kiosk", CENTRE, kiosk=3, band=(700, 749))


@dataclass
class SmallCentre:
    """The centre and what one does in it; every command has a key of its own unless given."""

    store: Store
    clock: HeldClock = field(default_factory=HeldClock)
    file: str = CENTRE_FILE

    def __post_init__(self) -> None:
        self.ticks = 0.0
        self.hold_time = False
        self.lobby = Lobby(
            self.store, self.clock, os.urandom, "http://localhost", elapsed=self._elapsed
        )
        self.centres = Centres(self.store, self.clock, self.lobby.begin)
        self.readings = Readings(
            self.store, self.clock, self.lobby.book, self.lobby.waits, "http://localhost"
        )
        self.centres.import_file(self.file)
        self._keys = itertools.count(1)

    def _elapsed(self) -> float:
        if not self.hold_time:
            self.ticks += 10.0
        return self.ticks

    def operation(self, caller: Caller, what: str, key: str | None, body: Body) -> Operation:
        digest = msgspec.json.encode(body).decode()
        return Operation(f"{caller.id} {what}", key or f"key-{next(self._keys):06d}", digest)

    def issue(
        self, service: str = "ho-tich", *, caller: Caller = MANAGER, key: str | None = None,
        **fields: Any,
    ) -> dict[str, Any]:  # fmt: skip
        """Issue a ticket, or hand one in."""
        body = IssueRequest(service=service, **fields)
        operation = self.operation(caller, "POST tickets", key, body)
        return decoded(self.lobby.issue(caller, CENTRE, body, operation))

    def open(self, *counters: str) -> None:
        """Open these counters."""
        for counter in counters:
            self.lobby.open_counter(MANAGER, CENTRE, counter, Empty(), None)

    def next(self, counter: str, current: Any = "served", key: str | None = None) -> dict[str, Any]:
        """Press call-next at a counter."""
        body = NextRequest(current=current)
        operation = self.operation(MANAGER, f"POST {counter}/next", key, body)
        return decoded(self.lobby.call_next(MANAGER, CENTRE, counter, body, operation))

    def act(
        self, action: str, ticket: dict[str, Any], body: Body | None = None,
        caller: Caller = MANAGER,
    ) -> dict[str, Any]:  # fmt: skip
        """One of the per-ticket actions, by the method's name."""
        method = getattr(self.lobby, action)
        body = body or BODIES.get(action, Empty)()
        return decoded(method(caller, CENTRE, ticket["id"], body, None))

    def undo(self, counter: str, seen: str | None = None) -> dict[str, Any]:
        """Take back a counter's last command."""
        return decoded(self.lobby.undo(MANAGER, CENTRE, counter, UndoRequest(seen), None))

    def ticket(self, ticket: dict[str, Any]) -> dict[str, Any]:
        """A ticket as it is now."""
        found = self.readings.ticket(MANAGER, CENTRE, ticket["id"])
        return decoded(Reply(200, msgspec.json.encode(found)))

    def board(self) -> dict[str, Any]:
        """The board as it is now."""
        return decoded(Reply(200, self.readings.board(CENTRE)))

    def kinds(self) -> list[str]:
        """The kinds of all events so far, in order."""
        sql = "SELECT kind FROM event WHERE centre = ? ORDER BY seq"
        return [row[0] for row in self.store.read(lambda tx: tx.all(sql, (CENTRE,)))]


def decoded(reply: Reply) -> dict[str, Any]:
    """A reply's JSON."""
    answer: dict[str, Any] = msgspec.json.decode(reply.body)
    return answer
