"""Told waits beside what came, on every store: which calls count, and what reading them costs."""

from server.domain.accuracy import Accuracy
from server.service.ports import CallRow, Store, Tx
from server.service.wait_ports import CallKey, DayAccuracy
from server.storage.sqlite import SqliteStore
from server.storage.wait_rows import CALLED_AFTER, CALLED_ON, LAST_CALLED
from tests.fakes.ticket_rows import NOW_MS, put, ticket

DAY = "2026-11-23"


def call(tx: Tx, number: int, *, day: str = DAY, calls: int = 1, **fields: object) -> None:
    """A ticket that was told ten minutes and then called, so many times."""
    told = {"expected_s": 600, "likely_s": 660, "high_s": 900, "t_ref_ms": 1000, **fields}
    row = ticket(number, day=day, state="called", counter=f"q{number}", **told)
    row = row._replace(call_id=f"call-{number}-{calls - 1}", called_ms=NOW_MS + number)
    put(tx, row)
    for nth in range(calls):
        tx.insert_call(
            CallRow("c", f"call-{number}-{nth}", day, row.id, row.number, row.service,
                    f"q{number}", NOW_MS + number + nth, 1, "{}", 0)
        )  # fmt: skip


def test_only_first_calls_from_the_place_of_issue_count(store: Store) -> None:
    def fill(tx: Tx) -> None:
        call(tx, 1)
        call(tx, 2, expected_s=None, likely_s=None, high_s=None)
        call(tx, 3, source="redirect")
        call(tx, 4, t_ref_ms=NOW_MS + 1)

    store.run("c", fill)
    found = store.read(lambda tx: tx.called_on("c", DAY))
    assert [bool(one.told) for one in found] == [True, False, False, False]
    assert found[0].told is not None
    assert found[0].told[1:] == (600, 660, 900)


def test_reading_goes_on_where_it_stopped_in_the_order_of_calls(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for number in range(1, 7):
            call(tx, number, day="2026-11-22" if number < 3 else DAY)
        tx.insert_call(CallRow("other", "x", DAY, "t", "H009", "h", "q1", NOW_MS, 1, "{}", 0))

    store.run("c", fill)
    keys = [one.key.call_id for one in store.read(lambda tx: tx.last_called("c", 4))]
    assert keys == ["call-3-0", "call-4-0", "call-5-0", "call-6-0"]
    after = CallKey("2026-11-22", NOW_MS + 2, "call-2-0")
    keys = [one.key.call_id for one in store.read(lambda tx: tx.called_after("c", after, 3))]
    assert keys == ["call-3-0", "call-4-0", "call-5-0"]
    last = CallKey(DAY, NOW_MS + 6, "call-6-0")
    assert store.read(lambda tx: tx.called_after("c", last, 3)) == []


def test_calls_are_found_by_index_however_many_are_stored(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for number in range(3000):
            at_ms, day = NOW_MS + number, f"2026-11-{1 + number // 150:02d}"
            row = CallRow("c", f"x{number:05d}", day, "t", "H001", "h", "q1", at_ms, 1, "{}", 0)
            tx.insert_call(row)

    store.run("c", fill)
    for sql, params in (
        (CALLED_AFTER, ("c", "2026-11-20", 5, "x", 9)),
        (LAST_CALLED, ("c", 50)),
        (CALLED_ON, ("c", "2026-11-05")),
    ):
        said = plan_of(store, sql, params)
        assert "call_newest" in said, said
        assert "SCAN call" not in said, said
        assert "Seq Scan on call" not in said, said


def plan_of(store: Store, sql: str, params: tuple[object, ...]) -> str:
    if isinstance(store, SqliteStore):
        plan = store.read(lambda tx: tx.all("EXPLAIN QUERY PLAN " + sql, params))
        return "\n".join(row[3] for row in plan)
    store.run("", lambda tx: tx.execute("ANALYZE call"))
    return "\n".join(row[0] for row in store.read(lambda tx: tx.all("EXPLAIN " + sql, params)))


def test_a_days_accuracy_is_kept_once(store: Store) -> None:
    first = DayAccuracy(DAY, Accuracy(9, 120, 90, 0.92))
    second = DayAccuracy("2026-11-24", Accuracy(5, 60, 50, 0.8))
    for row in (first, second, first):
        store.run("c", lambda tx, row=row: tx.save_accuracy("c", row))
    assert store.read(lambda tx: tx.accuracies("c", 9)) == [second, first]
    assert store.read(lambda tx: tx.accuracies("c", 1)) == [second]
    assert store.read(lambda tx: tx.accuracies("other", 9)) == []
