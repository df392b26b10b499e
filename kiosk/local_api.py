"""The kiosk's own HTTP, for its touch page, its keys and whoever tests it. Loopback by default.

Shapes (JSON; faults are `application/problem+json` with a stable `code` and, for people, a
`message` {"vi","en"}):

POST /api/press {"service", "priority"?, "language"?, "procedure"?}      answers within 2 s,
                                                               whatever happens
    200 {"ticket": {"id", "number", "service", "priority", "issued_at", "zone": Name or null,
                    "counters": [1, 2], "ahead": n or null,
                    "wait": {"likely_s", "high_s"} or null, "track_url"},
         "outcome": "printed" | "failed" | "unknown" | "printing",
         "mode": "online" | "offline",
         "message": {"vi", "en"}}              what to tell the citizen, e.g. that paper is out
    404 unknown_service · 409 centre_closed (also "opens_at") · 409 day_full
    422 invalid_body · 429 too_many_requests (Retry-After) · 503 unavailable
    A 200 always means that the number is valid and durable, whatever the paper did. Of the
    procedure only the form of its code is checked: nobody is refused a number for its sake.

GET /api/offer?service=ID&priority=none     before a number is taken; answers within 0.8 s
    200 the server's `Offers` ("wait", "fits", "closes_at", "opens_next", "left", "offers": […]),
        or {"wait": null, "fits": true, "offers": []} while it does not answer · 422

POST /api/redirect {"service", "to", "language"?, "procedure"?}     another centre's, printed here
    200 as a press, with "centre": Name at the top, and in the ticket "address", "due_at" (called
        from then on) and "void_at" (no longer valid); no zone, no counters
    409 the other centre does not give one: centre_closed, day_full, … · 503 the server is away
    422 · 429. After any of them a number may be taken here as ever.

GET /api/tickets/{id}          the same body as the press; `outcome` is the final one once the
                               paper is out ("printing" until then); 404 unknown_ticket
POST /api/tickets/{id}/copy    prints it once more, marked as a copy when a paper may be out
                               already; 200 the same body, 404, 409 invalid_transition (still
                               printing), 429
GET /api/tickets/{id}/qr.svg   the slip's QR; black on white, quiet zone included

GET /api/procedures            the centre's procedures as the server said them: "centre", "version",
                               "procedures"; kept on disk. The ETag is the version, which is
                               "procedures" in the view: ask again when that changes
POST /api/scan {"text"}        what a scanner read; the same text within 5 s counts once
    200 {"kind": "age_group", "elderly": bool}   a citizen's card; nothing else of it is kept
        {"kind": "ticket", …a press's answer…}   one of today's: printed once more, as a copy
        {"kind": "checked_in", "ticket": {"id", "number", "service", "state", "counter",
                                          "counters", "zone"}}    now it is in the queue here
        {"kind": "state", "ticket": {…}}         not to be printed: over, being served, …;
                                                 "can_rate" in it: the visit may be rated now
        {"kind": "unknown"}                      no code that is known here
    422 · 429 · 503 unavailable (another kiosk's ticket, and the server is away)

GET /api/happenings?after=N&page=ID    what keys and the scanner did after N; waits up to 20 s
    200 {"seq": n, "happenings": [{"seq", "kind", …}]}; without `after` it begins now, at once
        "pressed"  {"answer": a press's answer}
        "refused"  {"service", "code", "retry_s" or null, "message"}
        "scanned"  {"scan": as POST /api/scan answers, or {"kind": "refused", "code", "retry_s",
                    "message"}}
    One wait a page (`page`: any name of its own), three altogether; beyond that the answer
    comes at once. News is told for 15 s, and nothing of a card is in it but "elderly".

GET /api/state                 {"link": "up"|"down"|"connecting",
                                "printer": {"state": "ok"|"warn"|"error"|"unknown",
                                            "paper": "ok"|"low"|"out"|"unknown",
                                            "cover": "closed"|"open"|"unknown"},
                                "outbox": n, "refused": n, "clock_trusted": bool,
                                "band": {"from", "to", "left", "by_service": {ID: left}} or null,
                                "keys": [{"service", "place", "trouble",
                                          "light": "on"|"off"|"blink"|"fast"}],
                                "scanner": what is wrong with it, "" while it is well}

GET /api/view                  everything the touch page shows; poll every 2 s with If-None-Match
                               (304 while nothing changed). Kept on disk, so that it is there from
                               a cold start with the server away.
    {"ready": bool,            false: no number can be had (this kiosk has never reached its
                               server); only a plain error can be shown
     "centre": CentreInfo of the wire or null   id, name, services (id, name, prefix, anywhere),
                               zones, counters, open, tickets, opens_at, closes_at, simulation
     "board": {SERVICE: {"waiting", "open_counters", "likely_s", "high_s"}}
                               empty while offline: an old wait is never shown as live
     "procedures": VERSION      of the table at /api/procedures; "" while there is none
    "calls": [{"number", "counter": 3}]   the newest three calls of the hall; empty as above
     "offline": bool,          true: numbers come from the kiosk's own band
     "link", "printer": as in /api/state,
     "clock": {"now": ISO 8601 in the centre's zone, "trusted": bool},
     "languages": ["vi", "en"], "language": "vi",
     "help": "clear" | "called" | "coming",   this kiosk's call for help
     "scanner": "none" | "serial" | "keyboard",     the page listens to it where it types
     "guide": {"speech": bool,  whether sentences can be spoken here
               "keys": {"previous", "next", "choose", "repeat", "volume"}}
                               the pad's keys as browsers name them
     "unprinted": [{"id", "number", "outcome", "issued_at"}]}
                               today's numbers whose paper is not known to be out, newest first

The ETag does not cover `clock.now`: between two changes the page's own clock carries on.

POST /api/help, /api/help/clear     calls a member of staff: see `kiosk.help_api`
POST /api/rate                      rates a visit whose slip was scanned: see `kiosk.rating`
GET /api/say?text=…&language=vi    a sentence as audio/wav (`kiosk/guide.py`); 422 · 503

GET /  the touch page · GET /touch/… its files · GET /logo the centre's own, 404 without one
GET /look/… the shared look · /healthz, /metrics
"""

import hashlib
import io
import json
import logging
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec
import segno
from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from edge.web import serve_look
from kiosk.answers import (
    OfferRequest,
    PressAnswer,
    PressRefused,
    PressRequest,
    RedirectPress,
    Wording,
)
from kiosk.picture import Picture
from kiosk.press import Press
from kiosk.redirect import Redirects
from kiosk.touch import touch_blueprint
from kiosk.view import View
from look import STATIC_DIR
from wire.errors import Problem

log = logging.getLogger(__name__)

_JSON: Final = "application/json"

Asked = TypeVar("Asked", PressRequest, RedirectPress)


def create_local(
    press: Press,
    redirects: Redirects,
    view: View,
    picture: Picture,
    words: Wording,
    logo: Path | None = None,
) -> Flask:
    """The app that the touch page talks to; health is added by the composition root."""
    app = Flask(__name__, static_folder=None)
    serve_look(app, STATIC_DIR)
    app.register_blueprint(touch_blueprint(logo, view.page))
    _commands(app, press, redirects)
    _readings(app, press, view)
    _procedures(app, picture)

    @app.errorhandler(PressRefused)
    def refused(refusal: PressRefused) -> Response:
        return _refusal(refusal, words)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        # A full disk, for one: the citizen must see an error in time, not a dead page.
        log.exception("a request broke off", exc_info=error)
        return _refusal(PressRefused("unavailable", 503), words)

    @app.errorhandler(HTTPException)
    def failed(error: HTTPException) -> Response:
        code = {404: "not_found", 405: "method_not_allowed", 413: "body_too_large"}
        status = error.code or 500
        problem = Problem(
            code=code.get(status, "forbidden" if status == 403 else "bad_request"),
            title=error.name,
            status=status,
            detail=error.description or "",
        )
        return Response(
            msgspec.json.encode(problem), status, content_type="application/problem+json"
        )

    return app


def _commands(app: Flask, press: Press, redirects: Redirects) -> None:
    @app.post("/api/press")
    def take_number() -> Response:
        return _answer(press.press(_body(PressRequest)))

    @app.get("/api/offer")
    def offer() -> Response:
        offered = redirects.offer(_query())
        answer = Response(msgspec.json.encode(offered), content_type=_JSON)
        answer.headers["Cache-Control"] = "no-store"
        return answer

    @app.post("/api/redirect")
    def redirect() -> Response:
        return _answer(redirects.redirect(_body(RedirectPress)))

    @app.post("/api/tickets/<ticket_id>/copy")
    def copy(ticket_id: str) -> Response:
        return _answer(press.copy(ticket_id))


def _readings(app: Flask, press: Press, view: View) -> None:
    @app.get("/api/tickets/<ticket_id>")
    def ticket(ticket_id: str) -> Response:
        return _answer(press.answer(ticket_id))

    @app.get("/api/tickets/<ticket_id>/qr.svg")
    def qr(ticket_id: str) -> Response:
        picture = io.BytesIO()
        code = segno.make_qr(press.answer(ticket_id).ticket.track_url)
        code.save(picture, kind="svg", border=4, dark="#000", light="#fff", omitsize=True)
        return Response(picture.getvalue(), content_type="image/svg+xml")

    @app.get("/api/state")
    def state() -> Response:
        return Response(msgspec.json.encode(view.state()), content_type=_JSON)

    @app.get("/api/view")
    def page() -> Response:
        shown = view.page()
        answer = Response(msgspec.json.encode(shown), content_type=_JSON)
        answer.set_etag(_etag(shown))
        answer.headers["Cache-Control"] = "no-cache"
        return answer.make_conditional(request)  # type: ignore[return-value]


def _procedures(app: Flask, picture: Picture) -> None:
    @app.get("/api/procedures")
    def procedures() -> Response:
        version, body = picture.procedures
        answer = Response(body, content_type=_JSON)
        answer.set_etag(version or "none")
        answer.headers["Cache-Control"] = "no-cache"
        return answer.make_conditional(request)  # type: ignore[return-value]


def _query() -> OfferRequest:
    try:
        return msgspec.convert(request.args.to_dict(), OfferRequest)
    except msgspec.ValidationError as error:
        raise PressRefused("invalid_body", 422, detail=str(error)) from error


def _body(kind: type[Asked]) -> Asked:
    try:
        return msgspec.json.decode(request.get_data(), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        status = 422 if isinstance(error, msgspec.ValidationError) else 400
        code = "invalid_body" if status == 422 else "bad_request"
        raise PressRefused(code, status, detail=str(error)) from error


def _answer(answer: PressAnswer) -> Response:
    return Response(msgspec.json.encode(answer), content_type=_JSON)


def _refusal(refusal: PressRefused, words: Wording) -> Response:
    body: dict[str, Any] = msgspec.to_builtins(
        Problem(
            code=refusal.code,
            title=refusal.code.replace("_", " ").capitalize(),
            status=refusal.status,
            detail=refusal.detail,
        )
    )
    body["message"] = msgspec.to_builtins(words.refusal(refusal))
    if refusal.opens_at is not None:
        body["opens_at"] = refusal.opens_at.isoformat()
    answer = Response(
        msgspec.json.encode(body), refusal.status, content_type="application/problem+json"
    )
    if refusal.retry_after_s:
        answer.headers["Retry-After"] = str(max(1, round(refusal.retry_after_s + 0.5)))
    return answer


def _etag(shown: dict[str, Any]) -> str:
    steady = {**shown, "clock": shown["clock"]["trusted"]}
    return hashlib.sha256(json.dumps(steady, sort_keys=True).encode()).hexdigest()[:16]
