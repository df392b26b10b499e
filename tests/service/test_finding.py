"""Finding a ticket of today by the digits somebody reads out, on both databases."""

import pytest

from server.service.finding import FOUND_MOST, TicketFinder
from server.service.ports import Store, Tx
from server.storage.greeter_rows import NEWEST_TICKETS
from server.storage.sqlite import SqliteStore
from tests.fakes.small_centre import CENTRE, SmallCentre
from tests.fakes.ticket_rows import put, ticket


@pytest.fixture
def centre(store: Store) -> SmallCentre:
    return SmallCentre(store)


def found(centre: SmallCentre, text: str = "") -> list[str]:
    finder = TicketFinder(
        centre.store, centre.clock, centre.lobby.book, centre.lobby.waits, "http://localhost"
    )
    return [one.number for one in finder.find(CENTRE, text)]


def test_digits_alone_find_the_newest_first_in_any_state(centre: SmallCentre) -> None:
    first = centre.issue()
    for service in ("dat-dai", "ho-tich"):
        centre.clock.forward(seconds=1)
        centre.issue(service)
    centre.act("cancel", first)
    assert found(centre, "001") == ["A001", "H001"]
    assert found(centre, "h0") == ["H002", "H001"]
    assert found(centre, "H002") == ["H002"]
    assert found(centre) == ["H002", "A001", "H001"]
    assert found(centre, "999") == []


def test_no_more_than_twenty_and_none_of_yesterday(centre: SmallCentre) -> None:
    for _ in range(FOUND_MOST + 3):
        centre.clock.forward(seconds=1)
        centre.issue()
    assert found(centre)[0] == "H023"
    assert len(found(centre)) == FOUND_MOST
    centre.clock.forward(days=1)
    assert found(centre) == []
    centre.issue()
    assert found(centre) == ["H001"]


def test_a_found_ticket_carries_its_link_and_where_it_stands(centre: SmallCentre) -> None:
    centre.issue()
    centre.issue()
    finder = TicketFinder(
        centre.store, centre.clock, centre.lobby.book, centre.lobby.waits, "http://localhost"
    )
    (one,) = finder.find(CENTRE, "H002")
    assert one.ahead == 1
    assert str(one.track_url).startswith("http://localhost/t/")


def test_the_search_reads_one_day_however_many_are_stored(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for day in range(1, 9):
            for n in range(300):
                row = ticket(day * 1000 + n)
                put(tx, row._replace(number=f"H{n:03d}", day=f"2026-11-{day:02d}"))

    store.run("c", fill)
    params = ("c", "2026-11-04", "%02%", 20)
    if isinstance(store, SqliteStore):
        plan = str(store.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + NEWEST_TICKETS, params)))
        assert "ticket_newest (centre=? AND day=?)" in plan
        assert "TEMP B-TREE" not in plan
        return
    store.run("", lambda tx: tx.execute("ANALYZE ticket"))
    plan = str(store.read(lambda tx: tx.all("EXPLAIN " + NEWEST_TICKETS, params)))
    assert "Index Cond: ((centre = 'c'::text) AND (day = '2026-11-04'::text))" in plan
    assert "Seq Scan" not in plan
