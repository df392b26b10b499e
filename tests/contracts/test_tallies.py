"""Heads that may be called, and the counts behind the lobby's rules, on every store."""

import pytest

from server.service.ports import Store, Tx
from server.storage.rows import heads_query
from server.storage.sqlite import SqliteStore
from server.storage.tally_rows import ON_THE_WAY, OVERDUE, OVERDUE_CENTRES, SET_BACK
from tests.fakes.ticket_rows import NOW_MS, put, ticket


@pytest.mark.parametrize("set_back", [False, True])
def test_heads_are_found_by_index_however_many_are_stored(store: Store, set_back: bool) -> None:
    def fill(tx: Tx) -> None:
        for number in range(1, 3000):
            put(tx, ticket(number, state="waiting" if number % 3 else "served", track=None))
        tx.count_call("c", "ho-tich", 1)

    store.run("c", fill)
    services = ("ho-tich", "dat-dai")
    sql, params = heads_query("c", services, "q1", NOW_MS, set_back=set_back)
    assert_walks_the_queue(plan_of(store, sql, params))


def plan_of(store: Store, sql: str, params: tuple[object, ...]) -> list[str]:
    if isinstance(store, SqliteStore):
        plan = store.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + sql, params))
        return [row[3] for row in plan]
    store.run("", lambda tx: tx.execute("ANALYZE ticket"))
    return [row[0] for row in store.read(lambda tx: tx.all("EXPLAIN " + sql, params))]


def assert_walks_the_queue(plan: list[str]) -> None:
    """The index of those who wait gives the first in order: nothing is sorted, none is scanned."""
    said = "\n".join(plan)
    assert "INDEX ticket_waiting" in said or "Index Scan using ticket_waiting" in said, said
    bad = ("SCAN", "Seq Scan on ticket", "Sort", "TEMP B-TREE", "Bitmap Heap Scan on ticket")
    assert [line for line in plan if any(word in line for word in bad)] == [], said


def test_few_that_may_not_be_called_are_walked_past(store: Store) -> None:
    def fill(tx: Tx) -> None:
        put(tx, ticket(1, behind=2))
        put(tx, ticket(2, ready_ms=NOW_MS + 1))
        put(tx, ticket(3))
        put(tx, ticket(4, service="dat-dai", behind=1))
        put(tx, ticket(5, service="chung-thuc", ready_ms=NOW_MS))
        tx.count_call("c", "dat-dai", 1)
        tx.count_call("other", "ho-tich", 9)

    store.run("c", fill)
    services = ("ho-tich", "dat-dai", "chung-thuc")

    def heads(now_ms: int, *, set_back: bool = False) -> set[str]:
        found = store.read(lambda tx: tx.heads("c", services, "q1", now_ms, set_back=set_back))
        return {row.number for row in found}

    assert heads(NOW_MS) == {"H003", "H004", "H005"}
    assert heads(NOW_MS, set_back=True) == {"H001", "H004", "H005"}
    assert heads(NOW_MS - 1) == {"H003", "H004"}
    assert heads(NOW_MS + 1) == {"H002", "H004", "H005"}
    first = store.read(lambda tx: tx.first_waiting("c", services, "q1", 5, NOW_MS))
    assert sorted(row.number for row in first) == ["H003", "H004", "H005"]
    assert [row.number for row in store.read(lambda tx: tx.set_back("c"))] == ["H001", "H004"]
    store.run("c", lambda tx: [tx.count_call("c", "ho-tich", 1) for _ in range(2)])
    assert heads(NOW_MS) == {"H001", "H004", "H005"}


def test_calls_are_counted_up_and_back(store: Store) -> None:
    assert store.run("c", lambda tx: [tx.count_call("c", "a", n) for n in (1, 1, -1)]) == [1, 2, 1]
    store.run("c", lambda tx: tx.count_call("d", "a", 1))
    assert store.read(lambda tx: tx.calls("c")) == {"a": 1}
    assert store.read(lambda tx: tx.calls("e")) == {}


def test_numbers_given_out_are_counted_by_day_with_that_days_limit(store: Store) -> None:
    def step(tx: Tx) -> list[tuple[int, int | None]]:
        return [
            tx.count_issued("c", "2026-11-23", "a", 1),
            tx.limit_day("c", "2026-11-23", "a", 5),
            tx.count_issued("c", "2026-11-23", "a", 1),
            tx.limit_day("c", "2026-11-23", "a", None),
            tx.limit_day("c", "2026-11-24", "a", 3),
            tx.count_issued("c", "2026-11-23", "a", -1),
        ]

    counted = [(1, None), (1, 5), (2, 5), (2, None), (0, 3), (1, None)]
    assert store.run("c", step) == counted
    assert store.read(lambda tx: tx.issued("c", "2026-11-24", "a")) == (0, 3)
    assert store.read(lambda tx: tx.issued("c", "2026-11-23", "b")) == (0, None)


def test_overdue_are_those_on_their_way_alone(store: Store) -> None:
    def fill(tx: Tx) -> None:
        put(tx, ticket(1, source="redirect", ready_ms=500))
        put(tx, ticket(2, source="redirect", ready_ms=499))
        put(tx, ticket(3, source="redirect", ready_ms=499, state="called", counter="q1"))
        put(tx, ticket(4, ready_ms=1))
        put(tx, ticket(5, centre="d", source="redirect", ready_ms=1))

    store.run("c", fill)
    assert store.read(lambda tx: tx.overdue_centres(500)) == ["c", "d"]
    assert [row.number for row in store.read(lambda tx: tx.overdue("c", 500))] == ["H002"]
    assert store.read(lambda tx: tx.overdue_centres(1)) == []
    assert store.read(lambda tx: tx.on_the_way("c", 499)) == {"ho-tich": 1}
    assert store.read(lambda tx: tx.on_the_way("c", 0)) == {"ho-tich": 3}
    assert store.read(lambda tx: tx.on_the_way("e", 0)) == {}


def test_who_is_on_the_way_or_set_back_is_found_by_index(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for number in range(1, 3000):
            put(tx, ticket(number, track=None))

    store.run("c", fill)
    for sql, params, index in (
        (SET_BACK, ("c",), "ticket_set_back"),
        (OVERDUE, (5, "c"), "ticket_on_the_way"),
        (OVERDUE_CENTRES, (5,), "ticket_on_the_way"),
        (ON_THE_WAY, (5, "c"), "ticket_on_the_way"),
    ):
        plan = "\n".join(plan_of(store, sql, params))
        assert index in plan, plan
