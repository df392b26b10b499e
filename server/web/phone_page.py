"""The citizen's phone: one ticket by its link, packed small, unknown to search engines."""

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
from flask import Blueprint, request
from werkzeug.wrappers import Response

from server.web.addresses import client_address
from server.web.handlers import read_track
from server.web.languages import language_of, remember
from server.web.services import Services
from server.web.smaller import smaller
from server.web.templates import page
from wire.errors import Refusal


def phone_blueprint(services: Services) -> Blueprint:
    """The route `/t/{track}`."""
    blueprint = Blueprint("phone", __name__)

    def track(track: str) -> Response:
        address = client_address(request.environ, services.trusted_proxies)
        try:
            ticket = read_track(services, track, address)
        except Refusal as refusal:
            if refusal.code != "unknown_track":
                raise
            response = _page(services, track, None, None)
            response.status_code = 404
        else:
            known = services.readings.track_ticket(track)
            response = _page(services, track, ticket, known[0] if known else None)
        response.vary.update(("Accept-Language", "Cookie"))
        response = smaller(request, response)
        response.headers["X-Robots-Tag"] = "noindex, nofollow"
        response.headers["Referrer-Policy"] = "no-referrer"
        return remember(request, response, secure=services.secure_cookies)

    blueprint.add_url_rule(
        "/t/<track>", "track", track, methods=["GET"], provide_automatic_options=False
    )
    return blueprint


def _page(services: Services, track: str, ticket: object, centre_id: str | None) -> Response:
    centre = services.readings.centre(centre_id) if centre_id else None
    return page(
        "track.html",
        language_of(request),
        areas=("web", "rating"),
        ticket=msgspec.to_builtins(ticket),
        centre=msgspec.to_builtins(centre.name) if centre else None,
        track=track,
        accuracy=services.readings.last_accuracy(centre_id) if centre_id else None,
        zone=centre.timezone if centre else None,
        hhmm=_clock_of(centre.timezone if centre else "UTC"),
        now=datetime.now(UTC).isoformat(),
    )


def _clock_of(timezone: str) -> Callable[[str], str]:
    zone = ZoneInfo(timezone)
    return lambda text: datetime.fromisoformat(text).astimezone(zone).strftime("%H:%M")
