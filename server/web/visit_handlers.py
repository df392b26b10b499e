"""What the operations about one's own visit, and about ratings, do once they are admitted."""

from collections.abc import Callable
from datetime import date
from typing import Any

import msgspec

from server.web.handlers import admit_link
from server.web.operation import Asked
from server.web.services import Services


class RatingsQuery(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"from_": "from"}
):
    """Which business days, ends included."""

    from_: date | None = None
    to: date | None = None


def by_link(use_case: str) -> Callable[[Services, Asked], Any]:
    """The handler that gives a command to whose link it is; limited like the question."""

    def run(services: Services, asked: Asked) -> Any:
        place = admit_link(services, asked.path["track"], asked.address)
        command = getattr(services.by_link, use_case)
        bodies = (asked.body,) if use_case == "rate" else ()
        return command(*place, *bodies, asked.operation)

    return run


def get_counter_rating(services: Services, asked: Asked) -> Any:
    """Read what a counter's tablet may ask about."""
    return services.ratings.at_counter(asked.centre, asked.path["counter"])


def rate_ticket(services: Services, asked: Asked) -> Any:
    """Take a rating in from a device."""
    return services.ratings.rate(
        asked.caller, asked.centre, asked.path["ticket"], asked.body, asked.operation
    )


def get_ratings(services: Services, asked: Asked) -> Any:
    """Read the figures."""
    query = asked.query
    return services.ratings.figures(asked.caller, asked.centre, query.from_, query.to)
