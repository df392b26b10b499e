"""A server's side of the desk, sign-in and phone pages under a test's hand.

It keeps one counter's day in memory and answers in the shapes of wire.answers; the pages, their
scripts and the sockets are the real ones.
"""

import copy
import threading
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import socketio
from flask import Flask, Response, jsonify, render_template, request
from jinja2 import FileSystemLoader

import server.web
from look.catalogue import words
from tests.browser.desk_lobby import LobbyStage
from tests.browser.served import app_with_look, served
from wire.answers import (
    CentreInfo,
    Counter,
    CounterInfo,
    CounterRef,
    ServiceInfo,
    SignedIn,
    Ticket,
    TicketBrief,
)
from wire.desk import Desk, QueueItem, UndoOffer
from wire.errors import STATUS_OF
from wire.live import Change, ChangedCounter, ChangedTicket, Pulse
from wire.visits import PublicTicket
from wire.words import CounterState, Name, Priority, State

PAGES = Path(server.web.__file__).parent / "pages"
CENTRE = "lai-thieu"
TRACK = "AAAAAAAAAAAAAAAAAAAAAA"
SERVICES = [
    ServiceInfo("ho-tich", "H", Name("Hộ tịch", "Civil status"), 15, 10, True),
    ServiceInfo("chung-thuc", "C", Name("Chứng thực", "Certification"), 15, 6, True),
    ServiceInfo("dat-dai", "A", Name("Đất đai", "Land"), 20, 15, False),
]
ENDS: dict[str, State] = {"finish": "served", "no-show": "no_show", "hold": "on_hold"}


def minutes_ago(minutes: float) -> datetime:
    """A moment that long before now."""
    return datetime.now(UTC) - timedelta(minutes=minutes)


@dataclass
class Item:
    """One ticket of the stage."""

    number: str
    waited_min: float = 5
    priority: Priority = "none"
    service: str = "ho-tich"
    state: State = "waiting"
    why: str | None = None
    called_at: datetime | None = None
    started_at: datetime | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))


@dataclass
class Day:
    """What undo can put back."""

    state: CounterState = "open"
    current: Item | None = None
    times: int = 0
    queue: list[Item] = field(default_factory=list)
    held: list[Item] = field(default_factory=list)
    served: int = 22


@dataclass(frozen=True)
class Command:
    """One command as it arrived."""

    action: str
    body: dict[str, Any]
    key: str | None
    csrf: str | None


class DeskStage:
    """One counter of one centre; the test sets its day, cuts its line, reads its commands."""

    def __init__(self) -> None:
        self.day = Day()
        self.commands: list[Command] = []
        self.refuse: dict[str, str] = {}
        self.answer_after_s = 0.0
        self.simulation: float | None = None
        self.signed_in = True
        self.silent = False
        self.light = False
        self.seq = 100
        self.undo: tuple[UndoOffer, Day] | None = None
        self.public: PublicTicket | None = None
        self.error: str | None = None
        self.address = ""
        self.counters = [
            CounterInfo(f"q{n}", n, Name(f"Quầy {n}", f"Counter {n}"), ["ho-tich"], "a")
            for n in range(1, 7)
        ]
        self._answers: dict[str, Any] = {}
        self.lobby = LobbyStage(CENTRE, self._emit, self._heard)
        self._stop = threading.Event()
        self.socket = socketio.Server(async_mode="threading", cors_allowed_origins=[])
        self.socket.on("connect", self._connect)
        self.socket.on("watch", self._watch)
        self.app = socketio.WSGIApp(self.socket, self._routes())

    def _routes(self) -> Flask:
        app = app_with_look(__name__)
        app.static_folder = str(PAGES / "static")
        app.jinja_loader = FileSystemLoader(PAGES / "templates")
        app.get("/")(self._sign_in)
        app.get("/desk")(self._desk_page)
        app.get("/t/<track>")(self._phone)
        app.get("/api/v1/track/<track>")(self._track)
        app.get("/api/v1/session")(self._session)
        app.get("/api/v1/centres/<centre>")(lambda centre: jsonify(_plain(self.info())))
        app.get("/api/v1/centres/<centre>/counters/<counter>/desk")(self._desk)
        app.post("/api/v1/centres/<centre>/counters/<counter>/<action>")(self._at_counter)
        app.post("/api/v1/centres/<centre>/tickets/<ticket>/<action>")(self._at_ticket)
        self.lobby.serve(app)
        return app

    @contextmanager
    def open(self) -> Iterator["DeskStage"]:
        """Serve, and pulse like the server until the block ends."""
        beat = threading.Thread(target=self._pulse, daemon=True)
        with served(self.app) as self.address:
            beat.start()
            yield self
            self._stop.set()
            beat.join(timeout=5)
            self.socket.shutdown()

    # what the counter does

    def serve(self, item: Item, *, minutes: float, times: int = 1) -> None:
        """Let this one be served for so long already."""
        item.state, item.called_at = "serving", minutes_ago(minutes + 1)
        item.started_at = minutes_ago(minutes)
        self.day.current, self.day.times = item, times

    def call(self, item: Item, *, minutes: float, times: int = 1) -> None:
        """Let this one be called so long ago."""
        item.state, item.called_at = "called", minutes_ago(minutes)
        self.day.current, self.day.times = item, times

    def arrive(self, item: Item) -> None:
        """Let someone take a number."""
        self.day.queue.append(item)
        self.tell("issued", item)

    def tell(self, kind: Any, item: Item | None) -> None:
        """Push one change."""
        self.seq += 1
        ticket = None
        if item:
            ticket = ChangedTicket(item.id, item.number, item.service, item.state, None)
        counter = None if kind == "issued" else ChangedCounter("q3", 3, self.day.state)
        self._emit(
            "change",
            Change(CENTRE, self.seq, datetime.now(UTC), kind, ticket, None, counter),
        )

    def tell_of_counter(self, kind: Any, counter: str) -> None:
        """Push one change of another counter."""
        self.seq += 1
        changed = ChangedCounter(counter, 1, "paused")
        moment = datetime.now(UTC)
        self._emit("change", Change(CENTRE, self.seq, moment, kind, None, None, changed))

    def _emit(self, event: str, message: Any) -> None:
        if not self.silent:
            self.socket.emit(event, _plain(message), room=CENTRE)

    def _pulse(self) -> None:
        while not self._stop.wait(0.5):
            self._emit("pulse", Pulse(CENTRE, self.seq))

    def _run(self, action: str, item: Item | None, body: dict[str, Any]) -> None:
        day = self.day
        if action == "undo":
            assert self.undo is not None
            self.day, self.undo = self.undo[1], None
            return
        if action == "hold-reason" and item:
            item.why = body.get("why") or body["reason"]
            return
        before = copy.deepcopy(day)
        done = {"pause": "paused", "close": "closed"}.get(action, action)
        offer = UndoOffer(str(self.seq), done, item.number if item else None, minutes_ago(-1 / 6))
        if action in ("pause", "open", "close"):
            day.state = {"pause": "paused", "open": "open", "close": "closed"}[action]  # type: ignore[assignment]
        elif action == "next":
            self._next()
        elif action == "recall":
            day.times += 1
        elif action in ("start", "resume") and item:
            day.held = [held for held in day.held if held.id != item.id]
            self.serve(item, minutes=0, times=day.times)
        elif item:
            self._end(item, action)
        self.undo = (offer, before)

    def _end(self, item: Item, action: str) -> None:
        self.day.current = None
        item.state = ENDS.get(action, "waiting")
        if action == "hold":
            self.day.held.append(item)
        self.day.served += action == "finish"

    def _next(self) -> None:
        if self.day.current:
            self._end(self.day.current, "finish")
        if self.day.queue:
            self.call(self.day.queue.pop(0), minutes=0)

    # what the pages ask

    def _sign_in(self) -> str:
        lang = request.args.get("lang", "vi")
        user = "hanh.nt" if self.error else ""
        return render_template(
            "sign_in.html", lang=lang, words=words(lang, "web"), error=self.error, user=user
        )

    def _desk_page(self) -> str:
        both = {lang: words(lang, "desk") for lang in ("vi", "en")}
        return render_template("desk.html", lang=request.args.get("lang", "vi"), both=both)

    def _phone(self, track: str) -> tuple[str, int]:
        lang = request.args.get("lang", "vi")
        html = render_template(
            "track.html",
            lang=lang,
            words=words(lang, "web", "rating"),
            ticket=_plain(self.public) if self.public else None,
            centre=_plain(self.info().name),
            track=track,
            zone="Asia/Ho_Chi_Minh",
            hhmm=lambda text: _hhmm(datetime.fromisoformat(text)),
            now=datetime.now(UTC).isoformat(),
        )
        return html, 200 if self.public else 404

    def _track(self, track: str) -> Response:
        if self.silent:
            return _problem("unavailable")
        return jsonify(_plain(self.public)) if self.public else _problem("unknown_track")

    def _session(self) -> Response:
        if not self.signed_in:
            return _problem("unauthenticated")
        return jsonify(_plain(SignedIn("Hạnh", "clerk", CENTRE, "csrf-1", "socket-1")))

    def info(self) -> CentreInfo:
        """The centre as `GET /centres/{centre}` tells it."""
        return CentreInfo(
            CENTRE, Name("Phường Lái Thiêu", "Lai Thieu ward"), "point", "Asia/Ho_Chi_Minh", "", 1,
            "2026-11-23", open=True, tickets=True, opens_at=None, closes_at=None,
            services=SERVICES, counters=self.counters, zones=[], simulation=self.simulation,
        )  # fmt: skip

    def _desk(self, centre: str, counter: str) -> Response:
        day = self.day
        return jsonify(
            _plain(
                Desk(
                    seq=self.seq,
                    as_of=datetime.now(UTC),
                    counter=self._counter(),
                    current=_ticket(day.current) if day.current else None,
                    times=day.times if day.current else 0,
                    next=[_queued(item) for item in day.queue[:5]],
                    held=[_queued(item) for item in day.held],
                    waiting=len(day.queue),
                    longest_s=int(max((item.waited_min for item in day.queue), default=0) * 60),
                    served_today=day.served,
                    undo=self.undo[0] if self.undo else None,
                    light=self.light and day.current is None and day.state == "open",
                    no_show_after_s=0,
                )
            )
        )

    def _counter(self) -> Counter:
        current = self.day.current
        brief = TicketBrief(current.number, current.state) if current else None
        return Counter("q3", 3, self.day.state, ["ho-tich"], brief)

    def _at_counter(self, centre: str, counter: str, action: str) -> Response:
        return self._command(action, self.day.current)

    def _at_ticket(self, centre: str, ticket: str, action: str) -> Response:
        known = [self.day.current, *self.day.held]
        return self._command(action, next(item for item in known if item and item.id == ticket))

    def _heard(self, action: str) -> Response | None:
        """Write a command down; the answer, where it is to be refused."""
        headers = request.headers
        key, csrf = headers.get("Idempotency-Key"), headers.get("X-CSRF-Token")
        self.commands.append(Command(action, request.get_json(), key, csrf))
        return _problem(self.refuse[action]) if action in self.refuse else None

    def _command(self, action: str, item: Item | None) -> Response:
        body, key = request.get_json(), request.headers.get("Idempotency-Key")
        if refused := self._heard(action):
            return refused
        if key not in self._answers:
            self._run(action, item, body)
            self._answers[str(key)] = self._answer(action, item)
            self.tell("config_changed" if action == "undo" else "called", item)
        time.sleep(self.answer_after_s)
        return jsonify(self._answers[str(key)])

    def _answer(self, action: str, item: Item | None) -> Any:
        if action == "next":
            current = self.day.current
            ticket = _plain(_ticket(current)) if current else None
            return {"ticket": ticket, "finished": None, "reason": None}
        return _plain(_ticket(item)) if item else _plain(self._counter())

    def _connect(self, sid: str, environ: dict[str, Any], auth: dict[str, str] | None) -> None:
        if self.silent or (auth or {}).get("token") != "socket-1":
            raise socketio.exceptions.ConnectionRefusedError("unauthenticated")

    def _watch(self, sid: str, asked: dict[str, Any]) -> dict[str, Any]:
        self.socket.enter_room(sid, asked["centre"])
        self.socket.start_background_task(self.lobby.show)
        return {"board": {"seq": self.seq}}


def _hhmm(moment: datetime) -> str:
    return moment.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).strftime("%H:%M")


def _plain(message: Any) -> Any:
    return msgspec.to_builtins(message)


def _problem(code: str) -> Response:
    status = STATUS_OF[code]
    answer = jsonify({"code": code, "title": code, "status": status})
    answer.status_code = status
    return answer


def _queued(item: Item) -> QueueItem:
    return QueueItem(
        item.id,
        item.number,
        item.service,
        item.priority,
        item.state,
        int(item.waited_min * 60),
        None,
        item.why,
    )


def _ticket(item: Item) -> Ticket:
    return Ticket(
        id=item.id,
        centre=CENTRE,
        day="2026-11-23",
        number=item.number,
        service=item.service,
        priority=item.priority,
        state=item.state,
        counter=CounterRef("q3", 3),
        issued_at=minutes_ago(item.waited_min + 10),
        called_at=item.called_at,
        started_at=item.started_at,
        ended_at=None,
        ahead=None,
        wait=None,
        source="kiosk",
    )
