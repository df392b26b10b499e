"""A whole server without sockets: real store, real use cases, real routes, a held clock."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.service.access import Access
from server.service.audit import AuditLog
from server.service.book import Book
from server.service.by_link import ByLink
from server.service.centres import Centres
from server.service.configuration import Configurations
from server.service.desk_readings import DeskReadings
from server.service.finding import TicketFinder
from server.service.heartbeats import Heartbeats
from server.service.help_line import HelpLine
from server.service.limits import MemoryLimiter
from server.service.lobby import Lobby
from server.service.notice_board import NoticeBoard
from server.service.offers import Offering
from server.service.prints import PrintOrders
from server.service.procedure_edits import ProcedureEdits
from server.service.ratings import RatingDesk
from server.service.readings import Readings
from server.service.seats import SeatPlan
from server.storage import access_rows
from server.storage.migrate import migrate
from server.storage.sqlite import SqliteStore
from server.web import Services, web_blueprints
from tests.fakes.held_clock import HeldClock
from wire.words import ROLES

PUBLIC_URL = "http://localhost"
PASSWORD = "mật khẩu dài"

CENTRE_FILE = """
[centre]
id = "{id}"
name = {{ vi = "Trung tâm {id}", en = "Centre {id}" }}
kind = "provincial"
timezone = "Asia/Ho_Chi_Minh"
location = {{ lat = 10.98, lon = 106.67 }}
address = "Số 1"

[[service]]
id = "ho-tich"
prefix = "H"
name = {{ vi = "Hộ tịch", en = "Civil status" }}
target_wait_min = 15
typical_service_min = 8
anywhere = true

[[service]]
id = "dat-dai"
prefix = "A"
name = {{ vi = "Đất đai", en = "Land" }}
target_wait_min = 20
typical_service_min = 12
anywhere = true

[[counter]]
id = "q1"
number = 1
name = {{ vi = "Quầy 1", en = "Counter 1" }}
services = ["ho-tich", "dat-dai"]

[[counter]]
id = "q2"
number = 2
name = {{ vi = "Quầy 2", en = "Counter 2" }}
services = ["ho-tich"]
"""


@dataclass
class House:
    """The server, a token of every role of centre `mot`, and a way to ask."""

    app: Flask
    services: Services
    store: SqliteStore
    clock: HeldClock
    faults: list[str]
    tokens: dict[str, str] = field(default_factory=dict)
    keys: int = 0

    def ask(
        self,
        method: str,
        path: str,
        role: str | None = "manager",
        *,
        headers: dict[str, str] | None = None,
        **options: Any,
    ) -> TestResponse:
        """Ask as a role's token; a POST gets a fresh operation key unless one is given."""
        sent = dict(headers or {})
        if role is not None:
            sent.setdefault("Authorization", f"Bearer {self.tokens.get(role, role)}")
        if method == "POST":
            self.keys += 1
            sent.setdefault("Idempotency-Key", f"key-{self.keys:08}")
            if sent["Idempotency-Key"] == "":
                del sent["Idempotency-Key"]
        prefix = "" if path.startswith("//") else "/api/v1"
        return self.app.test_client().open(
            prefix + path.removeprefix("/" if not prefix else ""),
            method=method,
            headers=sent,
            **options,
        )

    def issue(self, role: str = "kiosk", **body: Any) -> dict[str, Any]:
        """Issue one ticket and return it."""
        answer = self.ask("POST", "/centres/mot/tickets", role, json={"service": "ho-tich", **body})
        assert answer.status_code == 201, answer.text
        ticket: dict[str, Any] = answer.json
        return ticket

    def call(self, counter: str = "q1") -> dict[str, Any]:
        """Open a counter, issue a ticket and call it there."""
        self.ask("POST", f"/centres/mot/counters/{counter}/open")
        self.issue()
        answer = self.ask("POST", f"/centres/mot/counters/{counter}/next")
        assert answer.status_code == 200, answer.text
        called: dict[str, Any] = answer.json["ticket"]
        return called

    def state(self) -> tuple[Any, ...]:
        """Everything that a command could have changed."""
        tables = ("ledger", "ticket", "event", "operation", "counter_state", "token", "session")
        tables += ("heartbeat", "help_call", "notice", "seat", "ticket_note", "print_order")
        tables += ("person", "enrol_code", "visit", "rating", "centre", "procedure", "audit")
        return tuple(
            self.store.read(lambda tx, name=table: tx.all(f"SELECT * FROM {name}"))  # type: ignore[misc]
            for table in tables
        )


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file, to be copied: migrating one for every test would cost more than it."""
    path = tmp_path_factory.mktemp("web") / "empty.sqlite3"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def house(tmp_path: Path, empty_database: Path) -> Iterator[House]:
    """Two centres, `mot` and `hai`; tokens of every role at `mot`, and `other` at `hai`."""
    clock, book, faults = HeldClock(), Book(), list[str]()
    store = SqliteStore(Path(shutil.copy(empty_database, tmp_path / "web.sqlite3")))
    lobby = Lobby(store, clock, os.urandom, PUBLIC_URL, book=book)
    access = Access(store, access_rows, clock, os.urandom, secret_key=os.urandom(32))
    centres = Centres(store, clock, lobby.begin)
    for centre in ("mot", "hai"):
        centres.import_file(CENTRE_FILE.format(id=centre))
    heartbeats = Heartbeats(store, clock, book)
    readings = Readings(store, clock, book, lobby.waits, PUBLIC_URL, "1.2.3")
    services = Services(
        lobby=lobby,
        readings=readings,
        offers=Offering(store, clock, book, lobby.waits),
        access=access,
        heartbeats=heartbeats,
        help_line=HelpLine(store, clock, os.urandom, book),
        notice_board=NoticeBoard(store, clock, os.urandom),
        seats=SeatPlan(store, clock, book),
        desk=DeskReadings(store, clock, book, lobby.waits),
        finder=TicketFinder(store, clock, book, lobby.waits, PUBLIC_URL),
        prints=PrintOrders(
            store, clock, os.urandom, book, lobby.waits, PUBLIC_URL, heartbeats.devices
        ),
        audit=AuditLog(store, clock),
        by_link=ByLink(lobby, readings.tables),
        ratings=RatingDesk(lobby, store, clock, book),
        limiter=MemoryLimiter(clock),
        configurations=Configurations(store, clock, lobby.begin),
        procedure_edits=ProcedureEdits(store, clock, lobby.begin),
        faults=lambda: faults,
        version="1.2.3",
        public_url=PUBLIC_URL,
    )
    app = Flask("test", static_folder=None)
    for blueprint in web_blueprints(services):
        app.register_blueprint(blueprint)
    made = House(app, services, store, clock, faults)
    for role in ROLES:
        counter = "q1" if role == "pad" else None
        centre = None if role == "admin" else "mot"
        made.tokens[role] = access.create_token(role, centre, counter)  # type: ignore[arg-type]
    made.tokens["other"] = access.create_token("manager", "hai")
    yield made
    store.close()


def problem(answer: TestResponse, status: int, code: str) -> dict[str, Any]:
    """Insist on a problem of this status and code, and return it."""
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json"), (
        answer.text
    )
    body: dict[str, Any] = answer.json
    assert (body["code"], body["status"]) == (code, status), body
    return body
