"""Ratings: taken in once a visit, asked for at the counter, and counted.

They are no part of a centre's log: what somebody thought of a visit moves no ticket, and what
they wrote must be able to go.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, timedelta
from typing import Final, NamedTuple, TypeVar

from server.domain.rating import (
    AT_COUNTER_MS,
    SATISFIED_FROM,
    is_asked_at_counter,
    is_open,
    reasons_of,
    share,
)
from server.domain.ticket import Ticket, instant, milliseconds
from server.service import tickets
from server.service.answers import name
from server.service.book import Book
from server.service.commands import CentreCommands
from server.service.ports import Caller, Clock, Operation, Reply, Store, Tx
from server.service.snapshot import Snapshot, snapshot_of
from server.service.visit_ports import CommentRow, RatingCount, RatingRow
from server.service.work import CentreWork, known_counter
from wire.errors import FieldFault, Refusal
from wire.ratings import (
    CommentGiven,
    CounterRating,
    DayRatings,
    Rated,
    RatingRequest,
    Ratings,
    ReasonCount,
    ScoreCount,
    ServiceRatings,
    ToRate,
)
from wire.words import RatingPlace

DAYS_USUAL: Final = 7
DAYS_MOST: Final = 366
COMMENTS_MOST: Final = 100
SCORES: Final = (5, 4, 3, 2, 1)
READS_COMMENTS: Final = frozenset({"manager", "admin"})

T = TypeVar("T")


def rate(work: CentreWork, ticket: Ticket, body: RatingRequest, place: RatingPlace) -> Rated:
    """Keep the one rating of a visit.

    Raises:
        Refusal: `rating_closed` before it was served and a day after, `already_rated`;
            `invalid_body` for a reason that does not go with the score.
    """
    score = int(body.score)
    strange = [reason for reason in body.reasons if reason not in reasons_of(score)]
    if strange:
        fault = FieldFault("reasons", f"{strange[0]} does not go with a score of {score}")
        raise Refusal("invalid_body", "The visit was not rated.", errors=(fault,))
    if work.tx.rating(ticket.id) is not None:
        raise Refusal("already_rated", f"{ticket.number} has been rated; once is enough.")
    if not is_open(ticket.state, ticket.ended_ms, work.now_ms):
        detail = f"{ticket.number} may be rated once it was served, for 24 hours."
        raise Refusal("rating_closed", detail)
    comment = (body.comment or "").strip() or None
    work.tx.save_rating(
        RatingRow(
            ticket.id,
            ticket.centre,
            ticket.day,
            ticket.service,
            ticket.counter,
            score,
            " ".join(sorted(set(body.reasons))),
            comment,
            place,
            work.now_ms,
        )
    )
    return Rated(ticket.number, score)


def may_be_rated(tx: Tx, ticket: Ticket, now_ms: int) -> bool:
    """Whether a ticket was served within a day and has no rating."""
    return is_open(ticket.state, ticket.ended_ms, now_ms) and tx.rating(ticket.id) is None


class RatingDesk:
    """Ratings by devices, and the figures. Safe from any thread or greenlet.

    Args:
        commands: What all commands on a centre share.
        store: Read on snapshots.
        clock: The present moment.
        book: The centres as configured.
    """

    def __init__(self, commands: CentreCommands, store: Store, clock: Clock, book: Book) -> None:
        self._commands = commands
        self._store = store
        self._clock = clock
        self._book = book

    def rate(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: RatingRequest,
        operation: Operation | None,
    ) -> Reply:
        """Take a rating in from a kiosk, or from a counter's tablet while it may ask.

        Raises:
            Refusal: `unknown_centre`, `unknown_ticket`, `rating_closed`, `already_rated`,
                `invalid_body`.
        """

        def decide(work: CentreWork) -> Rated:
            found = tickets.find(work, ticket)
            if caller.role == "kiosk":
                return rate(work, found, body, "kiosk")
            if found.ended_ms is None or work.now_ms > found.ended_ms + 2 * AT_COUNTER_MS:
                detail = f"{found.number} is not asked about at a counter now."
                raise Refusal("rating_closed", detail)
            return rate(work, found, body, "counter")

        return self._commands.run(caller, centre, operation, decide)

    def at_counter(self, centre: str, counter: str) -> CounterRating:
        """The ticket that a counter's tablet may ask about now.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`.
        """

        def ask(snap: Snapshot) -> CounterRating:
            known_counter(snap.centre, counter)
            now_ms = milliseconds(self._clock.now())
            services = snap.centre.counters[counter].services
            since_ms = now_ms - AT_COUNTER_MS
            ended = snap.tx.last_served_at(centre, counter, services, since_ms)
            if ended is None or not may_be_rated(snap.tx, ended, now_ms):
                return CounterRating(None)
            assert ended.ended_ms is not None
            held = snap.tx.held_at(centre, counter)
            called_ms = held.called_ms if held else None
            serving = held is not None and held.state == "serving"
            if not is_asked_at_counter(ended.ended_ms, called_ms, serving, now_ms):
                return CounterRating(None)
            return CounterRating(ToRate(ended.id, ended.number, instant(ended.ended_ms)))

        return self._read(centre, ask)

    def figures(
        self, caller: Caller, centre: str, first: date | None, last: date | None
    ) -> Ratings:
        """What the ratings of some days come to.

        Args:
            caller: Comments are for managers and admins only.
            centre: Which centre.
            first: The first business day; by default the last seven. At most 366 are counted.
            last: The last one; by default today.

        Raises:
            Refusal: `unknown_centre`.
        """

        def ask(snap: Snapshot) -> Ratings:
            today = date.fromisoformat(snap.day)
            end = min(last or today, today)
            begin = first or end - timedelta(days=min(DAYS_USUAL - 1, end.toordinal() - 1))
            begin = max(begin, date.fromordinal(max(1, end.toordinal() - DAYS_MOST + 1)))
            days = (begin.isoformat(), end.isoformat())
            served = snap.tx.served_of(centre, *days)
            counts = snap.tx.rating_counts(centre, *days)
            reads = caller.role in READS_COMMENTS
            comments = snap.tx.comments(centre, *days, COMMENTS_MOST) if reads else []
            return _figures(snap, begin, end, served, counts, comments)

        return self._read(centre, ask)

    def coming(self, centre: str) -> list[str]:
        """The called tickets whose people said that they are coming, by id.

        Raises:
            Refusal: `unknown_centre`.
        """
        return self._read(centre, lambda snap: snap.tx.coming(centre) if snap.begun else [])

    def _read(self, centre: str, ask: Callable[[Snapshot], T]) -> T:
        now = self._clock.now()
        return self._store.read(lambda tx: ask(snapshot_of(tx, self._book, now, centre)))


class _Sum(NamedTuple):
    """How many rated, and how many of them were satisfied."""

    rated: int = 0
    pleased: int = 0

    @property
    def satisfied(self) -> float | None:
        return share(self.pleased, self.rated)


def _sums(counts: Sequence[RatingCount], of: Callable[[RatingCount], str]) -> dict[str, _Sum]:
    """What ratings come to, one pass for all days or services: a year has very many of them."""
    found: dict[str, _Sum] = {}
    for row in counts:
        rated, pleased = found.get(of(row), _Sum())
        pleased += row.given if row.score >= SATISFIED_FROM else 0
        found[of(row)] = _Sum(rated + row.given, pleased)
    return found


def _counted(pairs: Iterable[tuple[T, int]]) -> Counter[T]:
    found: Counter[T] = Counter()
    for key, count in pairs:
        found[key] += count
    return found


def _figures(
    snap: Snapshot,
    begin: date,
    end: date,
    served: dict[tuple[str, str], int],
    counts: Sequence[RatingCount],
    comments: Sequence[CommentRow],
) -> Ratings:
    total = sum(served.values())
    whole = _sums(counts, lambda row: "").get("", _Sum())
    scores = _counted((row.score, row.given) for row in counts)
    reasons = _counted((one, row.given) for row in counts for one in row.reasons.split())
    most = sorted(reasons.items(), key=lambda pair: (-pair[1], pair[0]))
    return Ratings(
        centre=snap.centre.id,
        from_=begin,
        to=end,
        served=total,
        rated=whole.rated,
        response=share(min(whole.rated, total), total),
        satisfied=whole.satisfied,
        scores=[ScoreCount(score, scores[score]) for score in SCORES],
        services=_by_service(snap, served, counts),
        days=_by_day(served, counts),
        reasons=[ReasonCount(reason, count) for reason, count in most],  # type: ignore[arg-type]  # written from the closed list
        comments=[CommentGiven(*row) for row in comments],
    )


def _by_service(
    snap: Snapshot, served: dict[tuple[str, str], int], counts: Sequence[RatingCount]
) -> list[ServiceRatings]:
    ended = _counted((service, count) for (_, service), count in served.items())
    sums = _sums(counts, lambda row: row.service)
    found = []
    for service in snap.centre.services.values():
        mine = sums.get(service.id, _Sum())
        if ended[service.id] or mine.rated or not service.retired:
            label, count = name(service.name), ended[service.id]
            found.append(ServiceRatings(service.id, label, count, mine.rated, mine.satisfied))
    return found


def _by_day(served: dict[tuple[str, str], int], counts: Sequence[RatingCount]) -> list[DayRatings]:
    """The days on which somebody was served or rated, oldest first."""
    ended = _counted((day, count) for (day, _), count in served.items())
    sums = _sums(counts, lambda row: row.day)
    found = []
    for day in sorted(ended.keys() | sums.keys()):
        mine = sums.get(day, _Sum())
        found.append(DayRatings(day, ended[day], mine.rated, mine.satisfied))
    return found
