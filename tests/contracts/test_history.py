"""Looking back, on every store: what was served lately, at a cost that history does not raise."""

from server.domain.chain import Event
from server.domain.learning import Served
from server.domain.ticket import Ticket
from server.service.ports import Store, Tx
from server.storage.history_rows import LATE_EVENTS, RECENT_SERVICES
from server.storage.sqlite import SqliteStore


def finished(number: int, **changes: object) -> Ticket:
    at = number * 1000
    base = Ticket(
        f"id-{number:04d}", "c", "2026-11-23", f"H{number:04d}", "ho-tich", "none", "served",
        "q1", "", at, at, at + 10, at + 20, at + 500, None, "kiosk", "vi", None, None, None, 1,
        None, None, seq=number,
    )  # fmt: skip
    return base._replace(**changes)  # type: ignore[arg-type]


def test_the_newest_services_come_first_and_only_what_clerks_finished(store: Store) -> None:
    rows = [
        finished(1),
        finished(2),
        finished(3),
        finished(4, cause="day_end"),
        finished(5, state="no_show"),
        finished(6, state="cancelled", cause="undone"),
        finished(7, state="serving", ended_ms=None),
        finished(8, service="dat-dai"),
        finished(9, centre="d"),
        finished(10, started_ms=None),
    ]

    def fill(tx: Tx) -> None:
        for row in rows:
            tx.insert_ticket(row)

    store.run("c", fill)
    found = store.read(lambda tx: tx.recent_services("c", "ho-tich", 2))
    assert found == [Served(3000, 3010, 3020, 3500), Served(2000, 2010, 2020, 2500)]
    assert len(store.read(lambda tx: tx.recent_services("c", "ho-tich", 300))) == 3
    assert store.read(lambda tx: tx.recent_services("c", "none", 300)) == []


def test_services_are_found_by_index_however_many_are_stored(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for number in range(1, 3000):
            tx.insert_ticket(finished(number, state="served" if number % 3 else "cancelled"))

    store.run("c", fill)
    params = ("c", "ho-tich", 300)
    if isinstance(store, SqliteStore):
        plan = store.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + RECENT_SERVICES, params))
        lines = [row[3] for row in plan]
    else:
        store.run("", lambda tx: tx.execute("ANALYZE ticket"))
        plan = store.read(lambda tx: tx.all("EXPLAIN " + RECENT_SERVICES, params))
        lines = [row[0] for row in plan]
    assert any("ticket_finished" in line for line in lines), lines
    assert not any("SORT" in line.upper() or "TEMP B-TREE" in line for line in lines), lines


def test_a_days_place_in_the_log_is_known_by_its_head(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for day, seq in (("2026-11-20", 40), ("2026-11-23", 90), ("2026-11-24", 130)):
            tx.close_day("c", day, seq, "head")
        tx.close_day("d", "2026-11-23", 7, "head")

    store.run("c", fill)
    asked = {
        ("2026-11-23", "2026-11-23"): (40, 90),
        ("2026-11-21", "2026-11-22"): (40, 40),
        ("2026-11-20", "2026-11-24"): (0, 130),
        ("2026-11-25", "2026-11-30"): (130, 130),
    }
    for (first, last), found in asked.items():
        assert store.read(lambda tx, a=first, b=last: tx.closed_days_end("c", a, b)) == found  # type: ignore[misc]  # bound at once


def test_late_events_are_found_by_the_days_own_tickets(store: Store) -> None:
    def event(seq: int, ticket: str, day: str) -> Event:
        return Event("c", seq, 0, day, "issued", ticket, None, "t:k", "{}", "hash")

    monday, tuesday = "2026-11-23", "2026-11-24"

    def fill(tx: Tx) -> None:
        for number in range(1, 2000):
            day = tuesday if number % 2 else monday
            tx.insert_ticket(finished(number, day=day))
            tx.append_event(event(number, f"id-{number:04d}", day))

    store.run("c", fill)
    late = store.read(lambda tx: tx.late_events("c", monday, monday, 1989, 1996))
    assert [(e.seq, e.day) for e in late] == [(n, monday) for n in (1990, 1992, 1994, 1996)]
    params = ("c", "c", monday, monday, 1990, 1999)
    if isinstance(store, SqliteStore):
        plan = store.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + LATE_EVENTS, params))
        searches = [row[3] for row in plan if "SEARCH" in row[3] or "SCAN" in row[3]]
        assert ["seq=?" in searches[0], "day>? AND day<?" in searches[1]] == [True, True], searches
