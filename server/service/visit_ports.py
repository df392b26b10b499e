"""What the use cases need of what citizens say of their own visit. No part of a centre's log."""

from typing import NamedTuple, Protocol

from server.domain.ticket import Ticket


class VisitRow(NamedTuple):
    """One visit beside its ticket: how often it stepped back, the call somebody is coming to."""

    ticket: str
    centre: str
    steps_back: int = 0
    coming_call: str | None = None


class RatingRow(NamedTuple):
    """One rating. `reasons` are words of the closed list, blank-separated; `place` is where."""

    ticket: str
    centre: str
    day: str
    service: str
    counter: str | None
    score: int
    reasons: str
    comment: str | None
    place: str
    at_ms: int


class RatingCount(NamedTuple):
    """How many ratings of a day and service gave this score with these reasons."""

    day: str
    service: str
    score: int
    reasons: str
    given: int


class CommentRow(NamedTuple):
    """What somebody wrote with a rating."""

    day: str
    service: str
    score: int
    comment: str


class Forgotten(NamedTuple):
    """What was taken from old tickets."""

    comments: int
    links: int
    visits: int


class Visits(Protocol):
    """The rows of visits and ratings, in one transaction."""

    def visit(self, ticket: str) -> VisitRow | None:
        """What is kept of a visit beside its ticket; None while nothing has been said."""
        ...

    def save_visit(self, row: VisitRow) -> None:
        """Keep it, in place of what was kept before."""
        ...

    def coming(self, centre: str) -> list[str]:
        """The called tickets of a centre whose people said that they are coming, by id."""
        ...

    def next_in_turn(
        self, ticket: Ticket, after: tuple[int, str], limit: int, now_ms: int
    ) -> list[Ticket]:
        """The first of a ticket's queue behind a place that may be called now.

        Args:
            ticket: Names the queue: its service, priority group and pinned counter.
            after: Moment and number of the place.
            limit: How many at most.
            now_ms: The present moment.
        """
        ...

    def rating(self, ticket: str) -> RatingRow | None:
        """The rating of a ticket, if it has one."""
        ...

    def save_rating(self, row: RatingRow) -> None:
        """Keep a ticket's rating; it must have none."""
        ...

    def rating_counts(self, centre: str, first: str, last: str) -> list[RatingCount]:
        """The ratings of some days, ends included, counted."""
        ...

    def comments(self, centre: str, first: str, last: str, limit: int) -> list[CommentRow]:
        """What was written on some days, ends included, the newest first."""
        ...

    def served_of(self, centre: str, first: str, last: str) -> dict[tuple[str, str], int]:
        """How many tickets were served, by day and service; ends included."""
        ...

    def last_served_at(
        self, centre: str, counter: str, services: tuple[str, ...], since_ms: int
    ) -> Ticket | None:
        """The ticket of these services that a counter served last, ended since a moment."""
        ...

    def forget_people(self, before_ms: int) -> Forgotten:
        """Take the words, links and steps of citizens from tickets and ratings older than this."""
        ...
