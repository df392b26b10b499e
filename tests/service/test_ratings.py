"""Ratings: one a visit, never before its end, counted honestly, comments for few."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from server.service.by_link import ByLink
from server.service.ports import Caller, Store
from server.service.ratings import RatingDesk
from server.service.retention import Retention
from server.service.verify import verify
from server.storage.sqlite import SqliteStore
from server.storage.visit_rows import SERVED_OF
from tests.fakes.small_centre import CENTRE, KIOSK, MANAGER, SmallCentre, decoded
from wire.errors import Refusal
from wire.ratings import RatingRequest, Ratings

HALL = Caller("t:hall", "hall", CENTRE)
INTEGRATION = Caller("t:integration", "integration", CENTRE)
TODAY = date(2026, 11, 23)


class Lobby:
    """A centre whose people rate."""

    def __init__(self, store: Store) -> None:
        self.centre = SmallCentre(store)
        self.centre.open("q1", "q2")
        commands, clock = self.centre.lobby, self.centre.clock
        self.desk = RatingDesk(commands, store, clock, commands.book)
        self.links = ByLink(commands, self.centre.readings.tables)

    def served(self, counter: str = "q1", service: str = "ho-tich") -> dict[str, Any]:
        """A ticket that a counter has served."""
        ticket = self.centre.issue(service)
        self.centre.next(counter)
        self.centre.act("finish", ticket)
        return ticket

    def rate(self, ticket: dict[str, Any], score: int, **more: Any) -> dict[str, Any]:
        """Rate it by its link."""
        body = RatingRequest(score, **more)
        return decoded(self.links.rate(CENTRE, ticket["id"], body, None))

    def refused(self, ticket: dict[str, Any], caller: Caller = KIOSK, **body: Any) -> str:
        """The code that a rating by a device is refused with."""
        with pytest.raises(Refusal) as refusal:
            self.by_device(ticket, caller, **body)
        return refusal.value.code

    def by_device(self, ticket: dict[str, Any], caller: Caller, **body: Any) -> dict[str, Any]:
        """Rate it at a device."""
        asked = RatingRequest(**({"score": 5} | body))
        return decoded(self.desk.rate(caller, CENTRE, ticket["id"], asked, None))

    def figures(self, caller: Caller = MANAGER, **days: date) -> Ratings:
        """The figures of these days."""
        return self.desk.figures(caller, CENTRE, days.get("first"), days.get("last"))


@pytest.fixture
def lobby(store: Store) -> Iterator[Lobby]:
    made = Lobby(store)
    yield made
    assert verify(store) == []


def test_one_rating_a_visit_once_it_was_served(lobby: Lobby) -> None:
    waiting = lobby.centre.issue()
    assert lobby.refused(waiting) == "rating_closed"
    lobby.centre.next("q1")
    assert lobby.refused(waiting) == "rating_closed"
    lobby.centre.act("finish", waiting)
    after = lobby.rate(waiting, 4, reasons=["quick"])
    assert (after["rating"], after["can"]) == ({"score": 4}, [])
    assert lobby.refused(waiting) == "already_rated"
    assert lobby.figures().rated == 1


def test_a_day_later_it_is_too_late(lobby: Lobby) -> None:
    early, late = lobby.served(), lobby.served()
    lobby.centre.clock.forward(hours=23, minutes=59)
    assert lobby.by_device(early, KIOSK) == {"number": "H001", "score": 5}
    lobby.centre.clock.forward(minutes=1)
    assert lobby.refused(late) == "rating_closed"


def test_a_reason_goes_with_its_score(lobby: Lobby) -> None:
    assert lobby.refused(lobby.served(), score=5, reasons=["long_wait"]) == "invalid_body"
    lobby.rate(lobby.served(), 1, reasons=["long_wait", "long_wait", "other"])
    assert [(r.reason, r.count) for r in lobby.figures().reasons] == [
        ("long_wait", 1),
        ("other", 1),
    ]


def test_the_shares_are_honest(lobby: Lobby) -> None:
    none = lobby.figures()
    assert (none.served, none.rated, none.response, none.satisfied) == (0, 0, None, None)
    assert [(s.service, s.satisfied) for s in none.services] == [
        ("ho-tich", None),
        ("dat-dai", None),
    ]
    for score in (5, 4, 2):
        lobby.rate(lobby.served(), score)
    lobby.served()
    lobby.served("q2", "dat-dai")
    found = lobby.figures()
    assert (found.served, found.rated, found.response) == (5, 3, 0.6)
    assert found.satisfied == 0.6667
    assert [(s.score, s.count) for s in found.scores] == [(5, 1), (4, 1), (3, 0), (2, 1), (1, 0)]
    by_service = [(s.service, s.served, s.rated, s.satisfied) for s in found.services]
    assert by_service == [("ho-tich", 4, 3, 0.6667), ("dat-dai", 1, 0, None)]
    assert [(d.day, d.served, d.rated) for d in found.days] == [("2026-11-23", 5, 3)]


def test_the_days_that_are_asked_for(lobby: Lobby) -> None:
    lobby.rate(lobby.served(), 5)
    lobby.centre.clock.forward(days=1)
    lobby.centre.open("q1")
    lobby.rate(lobby.served(), 1)
    assert (lobby.figures().from_, lobby.figures().to) == (date(2026, 11, 18), date(2026, 11, 24))
    assert [day.satisfied for day in lobby.figures().days] == [1.0, 0.0]
    assert lobby.figures(first=TODAY, last=TODAY).satisfied == 1.0
    assert lobby.figures(first=date(2026, 11, 24)).satisfied == 0.0
    backwards = lobby.figures(first=date(2027, 1, 1), last=TODAY)
    assert (backwards.rated, backwards.days) == (0, [])
    ancient = lobby.figures(first=date.min, last=date.min)
    assert (ancient.from_, ancient.to, ancient.rated) == (date.min, date.min, 0)
    assert lobby.figures(first=date.min, last=date.max).from_ == date(2025, 11, 24)


def test_a_year_of_ratings_is_counted_where_it_lies(lobby: Lobby, store: Store) -> None:
    """Rows of a year, and days times rows, would stop every desk of the server for seconds."""
    if isinstance(store, SqliteStore):
        span = (CENTRE, "2026-01-01", "2026-12-31")
        plan = str(store.read(lambda tx: tx.all(f"EXPLAIN QUERY PLAN {SERVED_OF}", span)))
        assert "ticket_served (centre=? AND day>? AND day<?)" in plan
        assert "TEMP B-TREE" not in plan
    for score, reasons in ((5, ["quick"]), (4, ["quick", "polite"]), (2, ["long_wait"])):
        lobby.rate(lobby.served(), score, reasons=reasons, comment=f"nói {score}")
    counts = store.read(lambda tx: tx.rating_counts(CENTRE, "2026-11-23", "2026-11-23"))
    assert sum(row.given for row in counts) == 3
    figures = lobby.figures()
    assert [(one.reason, one.count) for one in figures.reasons] == [
        ("quick", 2), ("long_wait", 1), ("polite", 1),
    ]  # fmt: skip
    assert {one.text for one in figures.comments} == {"nói 5", "nói 4", "nói 2"}


def test_comments_are_for_managers_and_in_no_log(lobby: Lobby, store: Store) -> None:
    text = "Anh ở quầy 1 rất tận tình"
    lobby.rate(lobby.served(), 5, comment=f"  {text} ")
    lobby.rate(lobby.served(), 5, comment="   ")
    [comment] = lobby.figures().comments
    assert (comment.text, comment.score, comment.service) == (text, 5, "ho-tich")
    assert lobby.figures(INTEGRATION).comments == []
    for table in ("event", "outbox", "operation", "ticket"):
        rows = store.read(lambda tx, name=table: tx.all(f"SELECT * FROM {name}"))  # type: ignore[misc]
        assert text not in str(rows)


def test_the_counter_asks_about_who_has_just_been_served(lobby: Lobby) -> None:
    def asked(counter: str = "q1") -> str | None:
        found = lobby.desk.at_counter(CENTRE, counter).ticket
        return found.number if found else None

    assert asked() is None
    first, second = lobby.centre.issue(), lobby.centre.issue()
    lobby.centre.next("q1")
    assert asked() is None
    lobby.centre.next("q1")  # Ends the first and calls the second.
    assert (asked(), asked("q2")) == ("H001", None)
    lobby.centre.act("start", second)
    assert asked() is None
    lobby.centre.act("finish", second)
    assert asked() == "H002"
    lobby.by_device(second, HALL)
    assert asked() is None
    assert lobby.refused(second, HALL) == "already_rated"
    lobby.centre.clock.forward(minutes=3)
    assert lobby.refused(first, HALL) == "rating_closed"
    assert lobby.by_device(first, KIOSK)["number"] == "H001"


def test_the_counter_stops_asking_after_a_minute_and_at_a_new_call(lobby: Lobby) -> None:
    lobby.served()
    lobby.centre.clock.forward(seconds=59)
    assert lobby.desk.at_counter(CENTRE, "q1").ticket is not None
    lobby.centre.issue()
    lobby.centre.next("q1")
    assert lobby.desk.at_counter(CENTRE, "q1").ticket is None
    lobby.centre.next("q1")
    lobby.centre.clock.forward(seconds=60)
    assert lobby.desk.at_counter(CENTRE, "q1").ticket is None
    with pytest.raises(Refusal) as refusal:
        lobby.desk.at_counter(CENTRE, "q9")
    assert refusal.value.code == "unknown_counter"


def test_who_is_coming_is_told_to_the_staff(lobby: Lobby) -> None:
    ticket = lobby.centre.issue()
    lobby.centre.next("q1")
    assert lobby.desk.coming(CENTRE) == []
    lobby.links.coming(CENTRE, ticket["id"], None)
    assert lobby.desk.coming(CENTRE) == [ticket["id"]]
    lobby.centre.act("start", ticket)
    assert lobby.desk.coming(CENTRE) == []


def test_after_a_month_words_and_links_are_gone_and_figures_stay(lobby: Lobby) -> None:
    clock = lobby.centre.clock
    retention = Retention(lobby.centre.store, clock)
    lobby.rate(lobby.served(), 2, comment="Chờ lâu quá")
    lobby.centre.issue()
    clock.forward(days=29, hours=23)
    assert retention.anonymise() == (0, 0, 0)
    before = lobby.figures(first=TODAY, last=TODAY)
    assert [one.text for one in before.comments] == ["Chờ lâu quá"]
    clock.forward(hours=2)
    assert retention.anonymise() == (1, 2, 0)
    after = lobby.figures(first=TODAY, last=TODAY)
    assert after == replace(before, comments=[])
    assert retention.anonymise() == (0, 0, 0)
