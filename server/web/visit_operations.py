"""The routes about one's own visit, by its link, and about ratings."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from server.domain.rating import DISPLEASED, PLEASED, SATISFIED_FROM
from server.web import visit_handlers
from server.web.operation import ApiOperation, roles
from wire import ratings, requests, visits

_TRACK: Final = "/track/{track}"


def _rating_schema(scores: list[int], reasons: frozenset[str]) -> dict[str, Any]:
    comment = msgspec.json.schema(ratings.Comment)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["score"],
        "properties": {
            "score": {"enum": scores},
            "comment": {"anyOf": [comment, {"type": "null"}]},
            "reasons": {"type": "array", "maxItems": 5, "items": {"enum": sorted(reasons)}},
        },
    }


_RATING_SCHEMA: Final[Mapping[str, Any]] = {
    "oneOf": [
        _rating_schema(list(range(1, SATISFIED_FROM)), DISPLEASED),
        _rating_schema(list(range(SATISFIED_FROM, 6)), PLEASED),
    ]
}


def _by_link(
    name: str, path: str, summary: str, use_case: str, refusals: tuple[str, ...], **more: Any
) -> ApiOperation:
    return ApiOperation(
        name=name,
        method="POST",
        path=f"{_TRACK}/{path}",
        summary=summary,
        door="open",
        body=more.pop("body", requests.Empty),
        answer=visits.PublicTicket,
        refusals=("unknown_track", "idempotency_mismatch", *refusals),
        run=visit_handlers.by_link(use_case),
        **more,
    )


BY_LINK: Final = (
    _by_link(
        "step_back", "step-back", "Let three turns pass and keep the number", "step_back",
        ("invalid_transition", "no_steps_left"),
    ),
    _by_link(
        "coming", "coming", "Say that one is on the way to the counter", "coming",
        ("invalid_transition",),
    ),
    _by_link("cancel_own", "cancel", "Give one's number up", "cancel", ("invalid_transition",)),
    _by_link(
        "rate_own", "rating", "Rate one's own visit, once, within a day of its end", "rate",
        ("rating_closed", "already_rated"), body=ratings.RatingRequest,
        body_schema=_RATING_SCHEMA,
    ),
)  # fmt: skip

RATINGS: Final = (
    ApiOperation(
        name="get_counter_rating",
        method="GET",
        path="/centres/{centre}/counters/{counter}/rating",
        summary="The ticket that a counter's tablet may ask about now, or null",
        roles=roles("hall"),
        answer=ratings.CounterRating,
        run=visit_handlers.get_counter_rating,
    ),
    ApiOperation(
        name="rate_ticket",
        method="POST",
        path="/centres/{centre}/tickets/{ticket}/rating",
        summary="Hand in a rating: from a counter's tablet, or a kiosk that read the slip",
        roles=roles("hall kiosk"),
        body=ratings.RatingRequest,
        body_schema=_RATING_SCHEMA,
        answer=ratings.Rated,
        refusals=("rating_closed", "already_rated"),
        run=visit_handlers.rate_ticket,
    ),
    ApiOperation(
        name="get_ratings",
        method="GET",
        path="/centres/{centre}/ratings",
        summary="How satisfied people were, how many said so, and why, by service and day",
        roles=roles("manager admin integration"),
        query=visit_handlers.RatingsQuery,
        answer=ratings.Ratings,
        run=visit_handlers.get_ratings,
    ),
)
