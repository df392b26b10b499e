"""A server's public side for the hall page: board, changes and pulse under a test's hand."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import socketio
from flask import Response, jsonify, request

from display.hall import hall_blueprint
from tests.browser import tones
from tests.browser.served import app_with_look, served
from wire.answers import (
    Board,
    Call,
    CentreInfo,
    Counter,
    CounterInfo,
    CounterRef,
    ServiceInfo,
    ServiceLoad,
    TicketBrief,
    ZoneInfo,
)
from wire.live import Change, ChangedCall, ChangedCounter, ChangedTicket, Pulse
from wire.words import CounterState, Kind, Name, State

TOKEN = "hall-token"
SERVICES = [
    ("ho-tich", "H", "Hộ tịch", "Civil status"),
    ("chung-thuc", "C", "Chứng thực", "Certification"),
    ("dat-dai", "A", "Đất đai", "Land"),
    ("cong-an", "L", "Công an: căn cước, cư trú", "Police: ID card, residence"),
    ("bao-hiem", "T", "Bảo hiểm xã hội, bảo hiểm y tế", "Social and health insurance"),
    ("tra-ket-qua", "V", "Trả kết quả", "Collect results"),
    ("thue", "Y", "Thuế, tài chính", "Tax and finance"),
    ("doanh-nghiep", "F", "Đăng ký doanh nghiệp, đầu tư", "Business registration, investment"),
]
LIKELY_S = [720, 360, 2700, 1080, 540, 180, None, 30]


def zone_a_and_b() -> list[ZoneInfo]:
    """Two zones, one on each side of the seats."""
    return [
        ZoneInfo("a", Name("Khu A", "Zone A"), 1, "left"),
        ZoneInfo("b", Name("Khu B", "Zone B"), 1, "right"),
    ]


class HallStage:
    """One centre whose calls the test makes; as the server, it counts and pushes every change."""

    def __init__(self, *, counters: int = 12, zones: list[ZoneInfo] | None = None) -> None:
        self.zones = zone_a_and_b() if zones is None else zones
        self.counters = [self._counter(number, counters) for number in range(1, counters + 1)]
        self.likely_s = list(LIKELY_S)
        self.seq = 100
        self.day = "2026-11-23"
        self.calls: list[Call] = []
        self.simulation: float | None = None
        self.opens_at: datetime | None = None
        self.silent = False
        self.pulsing = True
        self.tokens = {TOKEN}
        self.watches = 0
        self.notices: list[dict[str, Any]] = []
        self.beats: list[dict[str, Any]] = []
        self.beat_status = 200
        self.voice: dict[str, Any] = {"chime": True, "volume": []}
        self.missing_clips: tuple[str, ...] = ()
        self.clip_requests: list[str] = []
        self.clip_delay_s = 0.0
        self.current: dict[str, TicketBrief] = {}
        self.address = ""
        self._stop = threading.Event()
        self.socket = socketio.Server(async_mode="threading", cors_allowed_origins=[])
        self.socket.on("connect", self._connect)
        self.socket.on("watch", self._watch)
        app = app_with_look(__name__)
        app.register_blueprint(hall_blueprint())
        app.get("/api/v1/centres/<centre>")(self._centre)
        app.get("/api/v1/centres/<centre>/board")(self._board)
        app.post("/api/v1/heartbeat")(self._heartbeat)
        app.get("/voice/manifest.json")(self._manifest)
        app.get("/voice/<path:name>.wav")(self._clip)
        self.app = socketio.WSGIApp(self.socket, app)

    def _counter(self, number: int, counters: int) -> CounterInfo:
        half = (counters + 1) // 2
        zone = None if not self.zones else self.zones[0 if number <= half else -1].id
        name = Name(f"Quầy {number}", f"Counter {number}")
        return CounterInfo(f"q{number}", number, name, [SERVICES[number % 8][0]], zone)

    @contextmanager
    def open(self) -> Iterator["HallStage"]:
        """Serve, and pulse like the server until the block ends."""
        beat = threading.Thread(target=self._pulse, daemon=True)
        with served(self.app) as self.address:
            beat.start()
            yield self
            self._stop.set()
            beat.join(timeout=5)
            self.socket.shutdown()

    def url(self, query: str = "", token: str = TOKEN) -> str:
        """The address of the screen as the administrator hands it out."""
        return f"{self.address}/hall/binh-duong{query}" + (f"#token={token}" if token else "")

    # what happens in the hall

    def call(
        self,
        number: str,
        counter: int,
        *,
        times: int = 1,
        ago_s: float = 0,
        language: str | None = None,
    ) -> None:
        """Call a number to a counter, or call it again."""
        info = self.counters[counter - 1]
        at = datetime.now(UTC) - timedelta(seconds=ago_s)
        ref = CounterRef(info.id, info.number)
        call = Call(f"call-{number}-{counter}", number, "ho-tich", ref, info.zone, at, times)
        self.calls = [call, *(one for one in self.calls if one.number != number)][:20]
        self.current[info.id] = TicketBrief(number, "called")
        kind: Kind = "called" if times == 1 else "recalled"
        self.change(kind, number, "called", info, ChangedCall(call.call_id, times), language)

    def notice(self, vi: str, en: str, *, urgent: bool = False, until: str | None = None) -> None:
        """Put up a manager's notice, the newest first, and push them all."""
        text = {"vi": vi, "en": en}
        one = {"text": text, "audience": "hall", "urgent": urgent, "until": until}
        self.notices = [one | {"id": f"n{len(self.notices) + 1}"}, *self.notices]
        self.push_notices()

    def push_notices(self) -> None:
        """Push the notices as they are now."""
        self._emit("notices", {"centre": "binh-duong", "notices": self.notices})

    def give_back(self, number: str) -> None:
        """Undo a call: the number waits again."""
        self.calls = [one for one in self.calls if one.number != number]
        self.current = {id_: one for id_, one in self.current.items() if one.number != number}
        self.change("returned", number, "waiting")

    def change(
        self,
        kind: Kind,
        number: str,
        state: State,
        counter: CounterInfo | None = None,
        call: ChangedCall | None = None,
        language: str | None = None,
    ) -> None:
        """Write one event and push it, unless the line is cut."""
        self.seq += 1
        opened: CounterState = "open"
        ticket = ChangedTicket(
            f"id-{number}", number, "ho-tich", state, counter.zone if counter else None
        )
        changed = ChangedCounter(counter.id, counter.number, opened) if counter else None
        now = datetime.now(UTC)
        message = msgspec.to_builtins(
            Change("binh-duong", self.seq, now, kind, ticket, call, changed)
        )
        if language:
            message["call"]["language"] = language
        self._emit("change", message)

    def cut(self) -> None:
        """Hang up on every screen."""
        for sid, _ in list(self.socket.manager.get_participants("/", "binh-duong")):
            self.socket.disconnect(sid)

    def _emit(self, event: str, message: Any) -> None:
        if not self.silent:
            self.socket.emit(event, message, room="binh-duong")

    def _pulse(self) -> None:
        while not self._stop.wait(0.5):
            if not self.pulsing:
                continue
            self._emit("pulse", msgspec.to_builtins(Pulse("binh-duong", self.seq)))

    # what the page asks

    def _connect(self, sid: str, environ: dict[str, Any], auth: dict[str, str] | None) -> None:
        if (auth or {}).get("token") not in self.tokens or self.silent:
            raise socketio.exceptions.ConnectionRefusedError("unauthenticated")

    def _watch(self, sid: str, asked: dict[str, Any]) -> dict[str, Any] | None:
        if self.silent:
            return None
        self.watches += 1
        self.socket.enter_room(sid, asked["centre"])
        if self.notices:
            self.socket.start_background_task(self.push_notices)
        return {"board": msgspec.to_builtins(self.board())}

    def _refused(self) -> Response | None:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if given in self.tokens:
            return None
        return Response('{"code":"unauthenticated"}', 401, mimetype="application/problem+json")

    def _centre(self, centre: str) -> Response:
        return self._refused() or jsonify(msgspec.to_builtins(self.info()) | {"voice": self.voice})

    def _heartbeat(self) -> Response:
        self.beats.append(request.get_json())
        body = {"now": datetime.now(UTC).isoformat()}
        return self._refused() or Response(json.dumps(body), self.beat_status)

    def _manifest(self) -> Response:
        return jsonify(tones.manifest(missing=self.missing_clips))

    def _clip(self, name: str) -> Response:
        self.clip_requests.append(name)
        time.sleep(self.clip_delay_s)
        return Response(tones.tone(tones.length_ms(name)), mimetype="audio/wav")

    def _board(self, centre: str) -> Response:
        return self._refused() or jsonify(msgspec.to_builtins(self.board()))

    def info(self) -> CentreInfo:
        """The centre as `GET /centres/{centre}` tells it."""
        services = [
            ServiceInfo(id_, prefix, Name(vi, en), 15, 8, True) for id_, prefix, vi, en in SERVICES
        ]
        return CentreInfo(
            id="binh-duong",
            name=Name(
                "Trung tâm Phục vụ hành chính công phường Lái Thiêu",
                "Lai Thieu Ward Public Administration Service Centre",
            ),
            kind="point",
            timezone="Asia/Ho_Chi_Minh",
            address="",
            version=1,
            day=self.day,
            open=self.opens_at is None,
            tickets=self.opens_at is None,
            opens_at=self.opens_at,
            closes_at=None,
            services=services,
            counters=self.counters,
            zones=self.zones,
            simulation=self.simulation,
        )

    def board(self) -> Board:
        """The board as `watch` and `GET board` tell it."""
        loads = [
            ServiceLoad(id_, Name(vi, en), 4, 1, likely, likely)
            for (id_, _, vi, en), likely in zip(SERVICES, self.likely_s, strict=True)
        ]
        counters = [
            Counter(one.id, one.number, "open", one.services, self.current.get(one.id))
            for one in self.counters
        ]
        now = datetime.now(UTC)
        return Board("binh-duong", self.day, self.seq, now, self.calls, loads, counters)
