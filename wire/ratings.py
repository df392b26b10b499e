"""Ratings: what citizens say of a visit, and the figures that are made of it."""

from datetime import date
from typing import Annotated

from msgspec import Meta, field

from wire.answers import Answer, Moment
from wire.requests import Body
from wire.words import Name, RatingReason

Score = Annotated[float, Meta(ge=1, le=5, multiple_of=1)]
Comment = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=500)]
Reasons = Annotated[list[RatingReason], Meta(max_length=5)]
Share = Annotated[float, Meta(ge=0, le=1)]


class RatingRequest(Body, frozen=True):
    """Rate a visit from 1 (very dissatisfied) to 5, with reasons that go with the score."""

    score: Score
    comment: Comment | None = None
    reasons: Reasons = field(default_factory=list)


class Rated(Answer, frozen=True):
    """What a rating became."""

    number: str
    score: int


class ToRate(Answer, frozen=True):
    """A ticket that a counter's tablet may ask about."""

    id: str
    number: str
    ended_at: Moment


class CounterRating(Answer, frozen=True):
    """What a counter's tablet may ask about now; null: nothing."""

    ticket: ToRate | None


class ServiceRatings(Answer, frozen=True):
    """One service's figures. `satisfied` is null where nobody rated."""

    service: str
    name: Name
    served: int
    rated: int
    satisfied: Share | None


class DayRatings(Answer, frozen=True):
    """One business day's figures."""

    day: str
    served: int
    rated: int
    satisfied: Share | None


class ReasonCount(Answer, frozen=True):
    """How often a reason was given."""

    reason: RatingReason
    count: int


class ScoreCount(Answer, frozen=True):
    """How often a score was given."""

    score: int
    count: int


class CommentGiven(Answer, frozen=True):
    """What somebody wrote; neither number nor hour, so that nobody is traced by it."""

    day: str
    service: str
    score: int
    text: str


class Ratings(Answer, frozen=True, rename={"from_": "from"}):
    """A centre's ratings of some days.

    `satisfied` is the share of scores 4 and 5 among all that were given, `response` the share of
    the served who rated; both null where there is nothing to divide by. `comments`, the newest
    100, are there for managers and admins only.
    """

    centre: str
    from_: date
    to: date
    served: int
    rated: int
    response: Share | None
    satisfied: Share | None
    scores: list[ScoreCount]
    services: list[ServiceRatings]
    days: list[DayRatings]
    reasons: list[ReasonCount]
    comments: list[CommentGiven]
