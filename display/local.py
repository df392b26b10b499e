"""The agent's own page and local API: what every panel shows now, and whether that is sure."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

from flask import Flask, Response, jsonify, render_template, send_from_directory

from display.errors import PanelSilent
from display.turns import Slot
from display.voice.local import voice_blueprint, voice_metrics
from display.voice.loudspeaker import Loudspeaker
from display.wanted import Status, Views
from edge.health import Metric, health_blueprint
from edge.link import LinkState
from edge.web import serve_look
from look import STATIC_DIR
from look.catalogue import LANGUAGES, words

PAGE_DIR: Final = Path(__file__).parent / "page"
WAITING: Final = "not reached lately: the wire waits for others that do not answer"
PanelState = Literal["ok", "stale", "dead"]


@dataclass(frozen=True)
class PanelReport:
    """One panel in /api/panels. The first five are the contract's; the rest is for the page."""

    counter: str
    driver: str
    text: str
    sent_at: str | None
    state: PanelState
    number: int | None
    status: Status
    blink: bool
    length: int
    answers: bool
    place: str
    reply_ms: int | None
    trouble: str
    detail: str
    frames_total: int
    failures_total: int

    @classmethod
    def of(cls, slot: Slot, views: Views | None, *, stale: bool) -> "PanelReport":
        """What is known of `slot`; `stale` when the server's truth may be another by now."""
        view = (views or {}).get(slot.counter)
        missing: Status = "unknown" if views is None else "absent"
        text, blink = slot.sent or ("", False)
        length = slot.panel.text_length
        state: PanelState = "stale" if stale or slot.sent is None else "ok"
        dead = slot.dead or slot.overdue(time.monotonic())
        return cls(
            counter=slot.counter,
            driver=slot.driver,
            text=text or " " * length,
            sent_at=_local_iso(slot.sent_at),
            state="dead" if dead else state,
            number=view.number if view else None,
            status=view.status if view else missing,
            blink=blink,
            length=length,
            answers=slot.panel.answers,
            place=slot.panel.place,
            reply_ms=slot.reply_ms,
            trouble=slot.trouble or (PanelSilent.trouble if dead else ""),
            detail=slot.detail or (WAITING if dead else ""),
            frames_total=slot.frames_total,
            failures_total=slot.failures_total,
        )


def _local_iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone().isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class LocalState:
    """/api/state: the link, the centre's name and zone, and the speed of a simulated day."""

    link: LinkState
    name: dict[str, str] | None
    timezone: str | None
    simulation: float | None


Report = Callable[[], list[PanelReport]]
Metrics = Callable[[], list[Metric]]


def create_local(
    report: Report,
    state: Callable[[], LocalState],
    *,
    token: str,
    loudspeaker: Loudspeaker | None = None,
    more: Metrics = list,
) -> Flask:
    """The app of the local page.

    Args:
        report: What every panel shows now.
        state: The link, and whose panels these are.
        token: The agent's token, which opens /metrics to a monitor elsewhere.
        loudspeaker: Says the calls, where the agent has one.
        more: What else /metrics tells.
    """
    app = Flask(__name__, static_folder=None, template_folder=str(PAGE_DIR))
    serve_look(app, STATIC_DIR)
    app.register_blueprint(
        health_blueprint(
            lambda: {"link": state().link, "panels": _by_state(report())},
            lambda: [
                *_metrics(report(), state().link),
                *voice_metrics(loudspeaker),
                *more(),
            ],
            token=token,
        )
    )

    app.register_blueprint(voice_blueprint(loudspeaker))

    @app.get("/api/panels")
    def panels() -> Response:
        return jsonify([asdict(panel) for panel in report()])

    @app.get("/api/state")
    def local_state() -> Response:
        return jsonify(asdict(state()))

    @app.get("/")
    def index() -> str:
        catalogue = {language: words(language, "display") for language in LANGUAGES}
        return render_template("index.html", catalogue=catalogue, words=catalogue["vi"])

    @app.get("/page/<path:name>")
    def page(name: str) -> Response:
        return send_from_directory(PAGE_DIR, name)

    return app


def _by_state(panels: list[PanelReport]) -> dict[str, int]:
    return {"ok": 0, "stale": 0, "dead": 0} | Counter(panel.state for panel in panels)


def _metrics(panels: list[PanelReport], link: str) -> list[Metric]:
    states: list[tuple[Any, float]] = [
        ({"state": state}, count) for state, count in _by_state(panels).items()
    ]
    frames: list[tuple[Any, float]] = [({"counter": p.counter}, p.frames_total) for p in panels]
    failed: list[tuple[Any, float]] = [({"counter": p.counter}, p.failures_total) for p in panels]
    up = float(link == "up")
    return [
        Metric("layso_display_link_up", "Whether the server is heard.", "gauge", [({}, up)]),
        Metric("layso_display_panels", "Panels by state.", "gauge", states),
        Metric("layso_display_frames_total", "Frames a panel confirmed.", "counter", frames),
        Metric("layso_display_failures_total", "Frames it did not confirm.", "counter", failed),
    ]
