"""A server that speaks the kiosk's part of the contract over real HTTP, and can misbehave.

It judges hand-ins, keys and `replaces` by the contract's own words and shares no code with
the real server.
"""

import json
import re
import socket
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from zoneinfo import ZoneInfo

TOKEN = "kiosk-token-for-tests"
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CENTRE = {
    "id": "binh-duong",
    "name": {"vi": "Trung tâm Phục vụ hành chính công tỉnh Bình Dương", "en": "Bình Dương Centre"},
    "kind": "provincial",
    "timezone": "Asia/Ho_Chi_Minh",
    "address": "Thủ Dầu Một",
    "version": 1,
    "day": "2026-11-23",
    "open": True,
    "tickets": True,
    "opens_at": None,
    "closes_at": None,
    "services": [
        {
            "id": service, "prefix": prefix, "name": {"vi": vi, "en": en},
            "target_wait_min": 15, "typical_service_min": 8, "anywhere": True,
        }
        for service, prefix, vi, en in (
            ("ho-tich", "H", "Hộ tịch", "Civil status"),
            ("dat-dai", "A", "Đất đai", "Land"),
        )
    ],
    "counters": [
        {"id": "q3", "number": 3, "name": {"vi": "Quầy 3", "en": "Counter 3"},
         "services": ["ho-tich"], "zone": "a"},
        {"id": "q4", "number": 4, "name": {"vi": "Quầy 4", "en": "Counter 4"},
         "services": ["ho-tich"], "zone": "a"},
    ],
    "zones": [{"id": "a", "name": {"vi": "Khu A", "en": "Zone A"}, "floor": 1, "side": "left"}],
    "simulation": None,
}  # fmt: skip


ELSEWHERE = {
    "vi": "Chi nhánh Trung tâm Phục vụ hành chính công thành phố Thuận An",
    "en": "Thuan An Branch, Public Administration Service Centre",
}

REFUSALS = {
    "centre_closed": 409, "day_full": 409, "unknown_service": 404,
    "too_many_requests": 429, "unauthenticated": 401, "number_outside_band": 409,
}  # fmt: skip


@dataclass
class QueueServer:
    """State and behaviour. `behave` applies to POST …/tickets and …/redirects only.

    `prints` are the tasks that POST …/print-tasks hands out until they are told of in
    `ended`; the first `fetches_lost` answers do not arrive.

    `offers` is what GET …/offers answers, after `offers_after_s`; None refuses the question.

    `scans` holds what POST …/scans answers, by track. A number is made, then answered
    `answer_pause_s` later.

    `behave`: ok | slow (1.5 s) | silent (never answers, does nothing) | loses_answer (does it,
    then falls silent) | late (does it when `release` is set, then answers nobody) |
    unavailable (503) | a problem code of `REFUSALS`.
    """

    port: int = 0
    behave: str = "ok"
    clock_offset: timedelta = timedelta(0)
    tickets: dict[str, dict[str, Any]] = field(default_factory=dict)
    keys: dict[str, tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)
    issued: int = 0
    scans: dict[str, dict[str, Any]] = field(default_factory=dict)
    rated: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    scanned: list[str] = field(default_factory=list)
    offers: dict[str, Any] | None = None
    offers_after_s: float = 0.0
    answer_pause_s: float = 0.0
    asked: list[str] = field(default_factory=list)
    beats: list[dict[str, Any]] = field(default_factory=list)
    prints: list[dict[str, Any]] = field(default_factory=list)
    ended: list[tuple[str, str, str]] = field(default_factory=list)
    fetches_lost: int = 0
    procedures: list[dict[str, Any]] = field(default_factory=list)
    procedures_asked: int = 0
    band: tuple[int, int] = (700, 749)
    centre: dict[str, Any] = field(default_factory=lambda: json.loads(json.dumps(CENTRE)))
    tries: list[dict[str, Any]] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _http: Any = None

    def start(self) -> "QueueServer":
        state = self

        class Handler(_Handler):
            queue_server = state

        class Server(ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A kiosk that hung up is no news here."""

        self._http = Server(("127.0.0.1", self.port), Handler)
        self.port = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        """Gone, as a machine that is switched off: nobody accepts a connection."""
        if self._http is None:
            return
        self._http.shutdown()
        self._http.server_close()
        self._http = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def now(self) -> datetime:
        return datetime.now(UTC) + self.clock_offset

    def waiting(self) -> list[dict[str, Any]]:
        return [ticket for ticket in self.tickets.values() if ticket["state"] == "waiting"]

    def issue(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        with self.lock:
            self.tries.append({"key": key, **body})
            if key in self.replaced:
                return 409, problem(409, "superseded")
            if key in self.keys:
                known, answer = self.keys[key]
                return (200, answer) if known == body else (409, problem(409, "mismatch"))
            if "number" in body:
                return self._hand_in(key, body)
            if body["service"] not in {info["id"] for info in self.centre["services"]}:
                return 404, problem(404, "unknown_service")
            self.issued += 1
            prefix = {info["id"]: info["prefix"] for info in self.centre["services"]}
            number = f"{prefix[body['service']]}{self.issued:03d}"
            return 201, self._keep(key, body, number, self.now(), "kiosk")

    def redirect(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """A number of another centre, due in ten minutes; its identity is the server's."""
        with self.lock:
            self.tries.append({"key": key, **body})
            if key in self.keys:
                return 200, self.keys[key][1]
            self.issued += 1
            own = {"id": f"0198a000-0000-7000-8000-{self.issued:012d}", "track": "R" * 22}
            ticket = self._keep(key, {**body, **own}, f"R{self.issued:03d}", self.now(), "redirect")
            ticket["centre"] = body["to"]
            ticket["centre_name"] = ELSEWHERE
            ticket["address"] = "86 Nguyễn Trãi, phường Lái Thiêu"
            due_at = self.now() + timedelta(minutes=10)
            ticket["due_at"] = due_at.isoformat()
            ticket["void_at"] = (due_at + timedelta(minutes=30)).isoformat()
            return 201, ticket

    def scan(self, track: str) -> tuple[int, dict[str, Any]]:
        """What was put into `scans`; all else is unknown."""
        self.scanned.append(track)
        found = self.scans.get(track)
        return (200, found) if found else (404, problem(404, "unknown_ticket"))

    def _hand_in(self, key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        found = re.fullmatch(r"(?:[A-Y][A-Z]?([0-9]{3,4})|Z[0-9]{5})", body["number"])
        if found is None or (found[1] and not self.band[0] <= int(found[1]) <= self.band[1]):
            return 409, problem(409, "number_outside_band")
        if any(other["number"] == body["number"] for other in self.tickets.values()):
            return 409, problem(409, "number_taken")
        if "replaces" in body:
            self.replaced.add(body["replaces"])
            twin = self.keys.get(body["replaces"])
            if twin is not None:
                self.tickets[twin[1]["id"]]["state"] = "cancelled"
        issued_at = min(datetime.fromisoformat(body["issued_at"]), self.now())
        return 201, self._keep(key, body, body["number"], issued_at, "offline")

    def _keep(
        self, key: str, body: dict[str, Any], number: str, at: datetime, source: str
    ) -> dict[str, Any]:
        ticket = {
            "id": body["id"], "centre": self.centre["id"],
            "day": at.astimezone(ZONE).date().isoformat(), "number": number,
            "service": body["service"], "priority": body.get("priority", "none"),
            "state": "waiting", "counter": None, "issued_at": at.isoformat(), "called_at": None,
            "started_at": None, "ended_at": None, "ahead": len(self.waiting()),
            "wait": {"likely_s": 600, "high_s": 900}, "source": source,
            "track_url": f"https://so.example.vn/t/{body['track']}",
            "procedure": body.get("procedure"),
        }  # fmt: skip
        self.tickets[body["id"]] = ticket
        self.keys[key] = (body, ticket)
        return ticket

    def whoami(self) -> dict[str, Any]:
        return {
            "role": "kiosk", "name": "kiosk-3", "centre": self.centre["id"], "counter": None,
            "day": self.now().astimezone(ZONE).date().isoformat(), "now": self.now().isoformat(),
            "band": {"first": self.band[0], "last": self.band[1]}, "kiosk": 3, "server": "0.1.0",
        }  # fmt: skip

    def table(self) -> dict[str, Any]:
        """The procedures, under the version that the centre is said to have."""
        version = self.centre.get("procedures_version", "")
        centre = self.centre["id"]
        return {"centre": centre, "version": version, "procedures": self.procedures}

    def board(self) -> dict[str, Any]:
        services = [
            {
                "id": info["id"], "name": info["name"], "waiting": len(self.waiting()),
                "open_counters": 1, "likely_s": 600, "high_s": 900,
            }
            for info in self.centre["services"]
        ]  # fmt: skip
        return {
            "centre": self.centre["id"], "day": "2026-11-23", "seq": 1,
            "as_of": self.now().isoformat(), "calls": [], "services": services, "counters": [],
        }  # fmt: skip


def problem(status: int, code: str) -> dict[str, Any]:
    return {"code": code, "title": code, "status": status}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    queue_server: QueueServer

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        server, path = self.queue_server, self.path.split("?")[0]
        centre = f"/api/v1/centres/{server.centre['id']}"
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._answer(401, problem(401, "unauthenticated"))
        if path == "/api/v1/whoami":
            return self._answer(200, server.whoami())
        if path == centre:
            return self._answer(200, server.centre)
        if path == f"{centre}/procedures":
            server.procedures_asked += 1
            return self._answer(200, server.table())
        if path == f"{centre}/board":
            return self._answer(200, server.board())
        if path == f"{centre}/offers":
            server.asked.append(self.path.partition("?")[2])
            server.release.wait(server.offers_after_s)
            unknown = problem(404, "unknown_service")
            return self._answer(200, server.offers) if server.offers else self._answer(404, unknown)
        ticket = server.tickets.get(path.removeprefix(f"{centre}/tickets/"))
        if ticket is not None:
            return self._answer(200, ticket)
        return self._answer(404, problem(404, "unknown_ticket"))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.path.endswith(("/tickets", "/redirects")):
            self._number(body, self.headers["Idempotency-Key"])
        elif self.path.endswith("/scans"):
            self._answer(*self.queue_server.scan(body["track"]))
        else:
            self._beside(body)

    def _number(self, body: dict[str, Any], key: str) -> None:
        server = self.queue_server
        make = server.redirect if self.path.endswith("/redirects") else server.issue
        behave = "ok" if "number" in body and server.behave != "refuses_hand_ins" else server.behave
        if behave == "slow":
            server.release.wait(1.5)
        if behave == "silent":
            return self._hang_up(20)
        if behave in REFUSALS:
            status = REFUSALS[behave]
            return self._answer(status, problem(status, behave), {"Retry-After": "7"})
        if behave == "refuses_hand_ins":
            return self._answer(409, problem(409, "number_outside_band"))
        if behave == "unavailable":
            return self._answer(503, problem(503, "unavailable"))
        if behave == "late":
            server.release.wait(20)
            make(key, body)
            return self._hang_up(0)
        status, answer = make(key, body)
        server.release.wait(server.answer_pause_s)
        if behave == "loses_answer":
            return self._hang_up(20)
        return self._answer(status, answer)

    def _beside(self, body: dict[str, Any]) -> None:
        """What a kiosk sends beside tickets: how it is, and calls for help; `behave` or not."""
        server = self.queue_server
        if self.path == "/api/v1/heartbeat":
            server.beats.append(body)
            return self._answer(200, {"now": server.now().isoformat()})
        if "/print" in self.path:
            return self._prints(body)
        if server.behave == "unavailable":
            return self._answer(503, problem(503, "unavailable"))
        if self.path.endswith("/rating"):
            server.rated.append((self.headers["Idempotency-Key"], body))
            if len(server.rated) > 1:
                return self._answer(409, problem(409, "already_rated"))
            return self._answer(200, {"number": "H001", "score": body["score"]})
        state = "clear" if self.path.endswith("/clear") else "called"
        call = {
            "id": "00112233aabbccdd", "caller": {"kind": "kiosk", "kiosk": 3, "name": "kiosk"},
            "state": state, "called_at": server.now().isoformat(), "coming_at": None,
        }  # fmt: skip
        return self._answer(200, call)

    def _prints(self, body: dict[str, Any]) -> None:
        server = self.queue_server
        if self.path.endswith("/print-tasks"):
            if server.fetches_lost:
                server.fetches_lost -= 1
                return self._hang_up(0)
            return self._answer(200, {"tasks": server.prints})
        order = self.path.split("/")[-2]
        server.ended.append((order, body["outcome"], body["reason"]))
        server.prints = [task for task in server.prints if task["id"] != order]
        return self._answer(200, {"id": order})

    def _hang_up(self, after_s: float) -> None:
        self.queue_server.release.wait(after_s)
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def _answer(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        kind = "application/json" if status < 400 else "application/problem+json"
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)
