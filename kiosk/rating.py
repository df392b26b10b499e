"""A rating given at the kiosk by whoever holds their slip under the scanner; local HTTP as well.

POST /api/rate {"ticket": ID, "score": 1–5}     200 {"state": "rated"}
    409 already_rated · 409 rating_closed · 404 unknown_ticket · 422 · 429
    503 unavailable (the server is away: nothing was rated)
    Faults and their words as in `kiosk.local_api`. The same score twice counts once.
"""

import logging
from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response, jsonify, request
from msgspec import Meta

from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from kiosk.answers import PressRefused
from kiosk.contact import Contact
from wire.ids import UUID
from wire.requests import Body

log = logging.getLogger(__name__)

SERVER_S: Final = 1.5
_SAID: Final = {
    "already_rated": "press.already_rated",
    "rating_closed": "press.rating_closed",
}


class RateRequest(Body, frozen=True):
    """One touch on a score, for the slip that was scanned."""

    ticket: Annotated[str, Meta(pattern=UUID)]
    score: Annotated[int, Meta(ge=1, le=5)]


class Rating:
    """Hands ratings to the server; nothing of them is kept here.

    Args:
        centre: The kiosk's own.
        client: The server, as this kiosk.
        contact: Whether the server can be reached.
    """

    def __init__(self, *, centre: str, client: ServerClient, contact: Contact) -> None:
        self._path = f"/api/v1/centres/{centre}/tickets"
        self._client = client
        self._contact = contact

    def rate(self, ticket: str, score: int) -> None:
        """Rate a visit; the same score again is the same rating.

        Raises:
            PressRefused: it was rated before, may not be, or the server is away.
        """
        if not self._contact.reachable:
            raise PressRefused("unavailable", 503, said="press.rate_away")
        try:
            self._client.post(
                f"{self._path}/{ticket}/rating",
                {"score": score},
                key=f"rate.{ticket}.{score}",
                timeout_s=SERVER_S,
            )
        except ServerRefused as error:
            code, status = error.problem.code, error.problem.status
            if status not in (404, 409, 429):
                log.warning("the server refuses a rating: %s", error)
                raise PressRefused("unavailable", 503, said="press.rate_away") from error
            retry_s = error.retry_after_s or 0
            said = _SAID.get(code, "")
            raise PressRefused(code, status, said=said, retry_after_s=retry_s) from error
        except ServerUnreachable as error:
            log.warning("a rating went unanswered: %s", error)
            raise PressRefused("unavailable", 503, said="press.rate_away") from error


def rating_blueprint(rating: Rating) -> Blueprint:
    """The one route."""
    pages = Blueprint("rating", __name__)

    @pages.post("/api/rate")
    def rate() -> Response:
        try:
            asked = msgspec.json.decode(request.get_data(), type=RateRequest)
        except msgspec.ValidationError as error:
            raise PressRefused("invalid_body", 422, detail=str(error)) from error
        except msgspec.DecodeError as error:
            raise PressRefused("bad_request", 400) from error
        rating.rate(asked.ticket, asked.score)
        return jsonify({"state": "rated"})

    return pages
