"""The kiosk agent's local API for the touch page, with every answer under a test's hand."""

import json
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Response, jsonify, request
from playwright.sync_api import Page, expect

from kiosk.touch import touch_blueprint
from simulation.dataset import procedures
from tests.browser.accessible import fails
from tests.browser.served import app_with_look, served

UPRIGHT = {"width": 1080, "height": 1920}
LYING = {"width": 1920, "height": 1080}
SIZES = {"upright": UPRIGHT, "lying": LYING}
ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
QR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 29 29">'
    '<rect width="29" height="29" fill="#fff"/>'
    '<path d="M2 2h7v7H2zM20 2h7v7h-7zM2 20h7v7H2zM11 11h7v7h-7z"/></svg>'
)
NAMES = [
    ("ho-tich", "H", "Hộ tịch", "Civil status"),
    ("chung-thuc", "C", "Chứng thực", "Certification"),
    ("dat-dai", "A", "Đất đai", "Land"),
    ("cong-an", "L", "Công an: căn cước, cư trú, xuất nhập cảnh, đăng ký xe", "Police: ID card"),
    ("bao-hiem", "T", "Bảo hiểm xã hội, bảo hiểm y tế", "Social and health insurance"),
    ("tra-ket-qua", "V", "Trả kết quả", "Collect results"),
    ("doanh-nghiep", "F", "Đăng ký doanh nghiệp, đầu tư", "Business registration, investment"),
    ("xay-dung", "J", "Xây dựng, nhà ở, hạ tầng", "Construction, housing and infrastructure"),
    ("giao-thong", "U", "Giao thông vận tải", "Transport"),
    ("noi-vu", "N", "Nội vụ, lao động, người có công", "Home affairs, labour and merit"),
    (
        "van-hoa",
        "M",
        "Văn hóa, thể thao, du lịch, thông tin",
        "Culture, sport, tourism, information",
    ),
    (
        "bao-tro",
        "P",
        "Bảo trợ xã hội, người có công, bảo hiểm",
        "Social protection, merit, insurance",
    ),
    ("van-xa", "X", "Giáo dục, y tế, văn hóa, nội vụ", "Education, health, culture, home affairs"),
]
WAITS = [(4, 720), (2, 360), (19, 2700), (7, 1080), (3, 540), (1, 180), (0, 0), (5, None)]

THUAN_AN = {
    "vi": "Chi nhánh Trung tâm Phục vụ hành chính công thành phố Thuận An",
    "en": "Thuan An Branch, Public Administration Service Centre",
}
ADDRESS = "Trụ sở UBND thành phố Thuận An, phường Lái Thiêu, thành phố Thuận An, tỉnh Bình Dương"


def shapes(names: Iterable[str], every_day: str) -> list[Any]:
    """Each name on an upright and on a lying panel; those not named for every day wait for --full.

    Args:
        names: What is shown.
        every_day: Blank-separated ids, such as "plain-lying".
    """
    return [
        pytest.param(
            name,
            size,
            id=f"{name}-{shape}",
            marks=[] if f"{name}-{shape}" in every_day.split() else pytest.mark.full,
        )
        for name in names
        for shape, size in SIZES.items()
    ]


def catalogue(*kept: str) -> list[dict[str, Any]]:
    """The project's own table of procedures as the agent serves it; of some services, or all."""
    told = {"true": True, "false": False}
    return [
        {
            "code": row.code, "name": {"vi": row.name_vi, "en": row.name_en or row.name_vi},
            "field": row.field_vi, "level": row.level, "on_the_spot": told.get(row.on_the_spot),
            "papers": [paper for paper in row.documents_vi.split("; ") if paper],
            "service": row.service,
        }
        for row in procedures()
        if not kept or row.service in kept
    ]  # fmt: skip


def offering(*, fits: bool = True, offers: bool = True) -> dict[str, Any]:
    """What the agent passes on before a number is taken: 45 minutes here, 13 in Thuận An."""
    there = {
        "centre": "branch-thuan-an", "name": THUAN_AN, "address": ADDRESS, "km": 3.24,
        "travel_s": 540, "wait_s": 240, "total_s": 780, "saved_s": 1920, "waiting": 2,
    }  # fmt: skip
    return {
        "centre": "binh-duong", "service": "dat-dai", "as_of": at("09:42"), "waiting": 19,
        "wait": {"likely_s": 2700, "high_s": 3600}, "fits": fits, "closes_at": at("17:00"),
        "left": None, "opens_next": "2026-11-24T07:30:00+07:00",
        "offers": [there] if offers else [],
    }  # fmt: skip


def at(clock: str) -> str:
    """A moment of the stage's day in the centre's zone."""
    return f"2026-11-23T{clock}:00+07:00"


def _touched() -> dict[str, Any]:
    """The body of a press, which must say that a finger made it."""
    body: dict[str, Any] = request.get_json()
    assert body.pop("by") == "touch", body
    return body


class TouchStage:
    """An agent that answers what it was told to, and counts the presses it got."""

    def __init__(self, services: int = 9, logo: Path | None = None) -> None:
        self.services = services
        self.ready = True
        self.tickets = True
        self.opened: bool | None = None
        self.opens_at: str | None = None
        self.clock: str | None = at("09:42")
        self.offline = False
        self.paper = "ok"
        self.printer = "ok"
        self.simulation: float | None = None
        self.outcomes = ["printed"]
        self.refusal: tuple[int, dict[str, Any], dict[str, str]] | None = None
        self.message = {"vi": "", "en": ""}
        self.number = "H047"
        self.zone: dict[str, str] | None = {"vi": "Khu A", "en": "Zone A"}
        self.counters = [3, 4]
        self.calls = [{"number": "H043", "counter": 3}, {"number": "C118", "counter": 6}]
        self.presses: list[dict[str, Any]] = []
        self.offer: dict[str, Any] = {"wait": None, "fits": True, "offers": []}
        self.offer_after_s = 0.0
        self.offers_asked: list[dict[str, str]] = []
        self.redirects: list[dict[str, Any]] = []
        self.anywhere = True
        self.closes_at: str | None = None
        self.resumes_at: str | None = None
        self.procedures = catalogue("ho-tich", "chung-thuc", "dat-dai")
        self.paused: set[str] = set()
        self.help = "clear"
        self.help_works = True
        self.helped: list[str] = []
        self.copies = 0
        self.scanner = "none"
        self.scans: list[str] = []
        self.ratings: list[dict[str, Any]] = []
        self.rates = True
        self.scan: dict[str, Any] = {"kind": "unknown"}
        self.news: list[dict[str, Any]] = []
        self.hold = threading.Event()
        self.hold.set()
        self.dead = False
        self.address = ""
        app = app_with_look(__name__)
        app.register_blueprint(touch_blueprint(logo))
        app.get("/api/procedures")(self._procedures)
        app.post("/api/help")(self._help)
        app.post("/api/help/clear")(self._no_help)
        app.get("/api/view")(self._view)
        app.get("/api/offer")(self._offer)
        app.post("/api/press")(self._press)
        app.post("/api/redirect")(self._redirect)
        app.get("/api/tickets/<id_>")(self._ticket)
        app.post("/api/tickets/<id_>/copy")(self._copy)
        app.get("/api/tickets/<id_>/qr.svg")(self._qr)
        app.post("/api/scan")(self._scan)
        app.post("/api/rate")(self._rate)
        app.get("/api/happenings")(self._happenings)
        self.app = app

    @contextmanager
    def open(self) -> Iterator["TouchStage"]:
        """Serve until the block ends."""
        with served(self.app) as self.address:
            yield self
            self.hold.set()

    def _view(self) -> Response:
        if self.dead:
            return Response(status=500)
        body = json.dumps(self.view(), ensure_ascii=False)
        answer = Response(body, mimetype="application/json")
        if self.clock:
            answer.set_etag(str(abs(hash(body))))
            answer.make_conditional(request)
        return answer

    def view(self) -> dict[str, Any]:
        """Everything the page shows, as the agent documents it."""
        now = self.clock or datetime.now(ZONE).isoformat()
        loads = {
            id_: {"waiting": n, "open_counters": 1, "likely_s": s, "high_s": s}
            for (id_, *_), (n, s) in zip(self._named(), WAITS * 2, strict=False)
        }
        for id_ in self.paused:
            loads[id_] |= {"open_counters": 0, "likely_s": None, "high_s": None}
        return {
            "ready": self.ready,
            "centre": self._centre() if self.ready else None,
            "board": {} if self.offline else loads,
            "procedures": f"v{len(self.procedures)}" if self.procedures else "",
            "help": self.help,
            "calls": [] if self.offline else self.calls,
            "offline": self.offline,
            "link": "down" if self.offline else "up",
            "printer": {"state": self.printer, "paper": self.paper, "cover": "closed"},
            "clock": {"now": now, "trusted": True},
            "languages": ["vi", "en"],
            "language": "vi",
            "scanner": self.scanner,
            "unprinted": [],
        }

    def _named(self) -> list[tuple[str, str, str, str]]:
        return NAMES[: self.services]

    def _centre(self) -> dict[str, Any]:
        services = [
            {
                "id": id_,
                "prefix": prefix,
                "name": {"vi": vi, "en": en},
                "target_wait_min": 15.0,
                "typical_service_min": 8.0,
                "anywhere": self.anywhere,
            }
            for id_, prefix, vi, en in self._named()
        ]
        return {
            "id": "binh-duong",
            "name": {
                "vi": "Trung tâm Phục vụ hành chính công phường Lái Thiêu",
                "en": "Lai Thieu Ward Public Administration Service Centre",
            },
            "timezone": "Asia/Ho_Chi_Minh",
            "services": services,
            "counters": [],
            "zones": [],
            "open": self.tickets if self.opened is None else self.opened,
            "tickets": self.tickets,
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
            "simulation": self.simulation,
            "resumes_at": self.resumes_at,
        }

    def _procedures(self) -> Response:
        version = f"v{len(self.procedures)}"
        return jsonify({"centre": "x", "version": version, "procedures": self.procedures})

    def _help(self) -> Response:
        self.helped.append("call")
        if not self.help_works:
            return Response(status=404)
        self.help = "called"
        return jsonify({"state": self.help})

    def _no_help(self) -> Response:
        self.helped.append("clear")
        self.help = "clear"
        return jsonify({"state": self.help})

    def _offer(self) -> Response:
        self.offers_asked.append(request.args.to_dict())
        time.sleep(self.offer_after_s)
        return jsonify(self.offer)

    def _redirect(self) -> Response:
        self.redirects.append(_touched())
        self.hold.wait(5)
        if self.refusal:
            status, body, headers = self.refusal
            return Response(json.dumps(body), status, headers, "application/problem+json")
        self.presses.append(self.redirects[-1])
        answer = self._answer()
        answer["centre"] = THUAN_AN
        answer["ticket"] |= {
            "number": "A012", "zone": None, "counters": [], "address": ADDRESS,
            "due_at": at("09:51"), "void_at": at("10:21"),
        }  # fmt: skip
        self.presses.pop()
        return jsonify(answer)

    def _press(self) -> Response:
        self.presses.append(_touched())
        self.hold.wait(5)
        if self.refusal:
            status, body, headers = self.refusal
            return Response(json.dumps(body), status, headers, "application/problem+json")
        return jsonify(self._answer())

    def tell(self, kind: str, **what: Any) -> None:
        """A piece of news from a key or a serial scanner."""
        self.news.append({"seq": len(self.news) + 1, "kind": kind, **what})

    def key(self, service: str = "ho-tich", **ticket: Any) -> None:
        """A physical key gave a number."""
        self.presses.append({"service": service})
        answer = self._answer()
        self.presses.pop()
        self.tell("pressed", answer={**answer, "ticket": answer["ticket"] | ticket})

    def _rate(self) -> tuple[Response, int]:
        self.ratings.append(request.get_json())
        return (jsonify({"state": "rated"}), 200) if self.rates else (jsonify({"code": "x"}), 503)

    def _scan(self) -> Response:
        self.scans.append(request.get_json()["text"])
        return jsonify(self.scan)

    def _happenings(self) -> Response:
        after = request.args.get("after", type=int)
        end = time.monotonic() + 1.5
        while after is not None and len(self.news) <= after and time.monotonic() < end:
            time.sleep(0.02)
        news = [] if after is None else self.news[after:]
        return jsonify({"seq": len(self.news), "happenings": news})

    def _answer(self) -> dict[str, Any]:
        asked = self.presses[-1]
        outcome = self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]
        online, told = not self.offline, asked["service"] not in self.paused
        return {
            "ticket": {
                "id": "0198-a",
                "number": self.number,
                "service": asked["service"],
                "priority": asked.get("priority", "none"),
                "issued_at": at("09:42"),
                "zone": self.zone,
                "counters": self.counters,
                "ahead": 4 if online else None,
                "wait": {"likely_s": 600, "high_s": 900} if online and told else None,
                "track_url": "http://127.0.0.1:8000/t/x",
            },
            "outcome": outcome,
            "mode": "online" if online else "offline",
            "message": self.message,
        }

    def _ticket(self, id_: str) -> Response:
        return jsonify(self._answer())

    def _copy(self, id_: str) -> Response:
        self.copies += 1
        self.outcomes = ["printed"]
        return jsonify(self._answer())

    def _qr(self, id_: str) -> Response:
        return Response(QR, mimetype="image/svg+xml")


@contextmanager
def upright(stage: TouchStage, page: Page, shown: str = "h1") -> Iterator[Page]:
    """The page on an upright panel, its time in the test's hand; no script may complain."""
    faults = fails(page)
    page.clock.install()
    page.set_viewport_size(UPRIGHT)
    page.goto(stage.address)
    expect(page.locator(shown).first).to_be_visible()
    yield page
    assert faults == []
