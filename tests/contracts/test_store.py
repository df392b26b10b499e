"""One suite for every store: SQLite alone, SQLite under group commit, PostgreSQL."""

import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from server.domain.chain import GENESIS
from server.domain.ticket import Ledger
from server.service.ports import Operation, Pushed, Reply, Store, StoreError, Tx
from server.storage import open_store
from server.storage.migrate import migrate
from server.storage.sqlite import SqliteStore
from tests.fakes.ticket_rows import NOW_MS, put, ticket
from wire.errors import Refusal


def test_a_row_comes_back_as_it_went_in(store: Store) -> None:
    row = ticket(1, note="chờ ký", outcome="taken_in")
    store.run("c", lambda tx: put(tx, row))
    assert store.read(lambda tx: tx.ticket("c", row.id)) == row
    assert store.read(lambda tx: tx.ticket_by_track("track-1")) == row
    assert store.read(lambda tx: tx.ticket_by_number("c", "2026-11-23", "H001")) == row
    assert store.read(lambda tx: tx.ticket("other", row.id)) is None


def test_a_refused_command_leaves_nothing(store: Store) -> None:
    def refused(tx: Tx) -> None:
        put(tx, ticket(1))
        tx.append_outbox(Pushed("c", 1, b"{}"), 1)
        raise Refusal("day_full")

    told: list[list[Pushed]] = []
    store.on_commit.append(told.append)
    with pytest.raises(Refusal, match="day_full"):
        store.run("c", refused)
    assert store.read(lambda tx: (tx.ticket("c", "id-0001"), tx.queues("c"))) == (None, [])
    assert told == []


def test_listeners_hear_of_changes_after_the_commit(store: Store) -> None:
    seen: list[tuple[int, int]] = []

    def listen(pushed: list[Pushed]) -> None:
        stored = store.read(lambda tx: len(tx.outbox_after("c", 0, 10)))
        seen.append((len(pushed), stored))

    store.on_commit.append(listen)

    def write(tx: Tx) -> None:
        tx.append_outbox(Pushed("c", 1, b'{"a":1}'), 1)
        tx.append_outbox(Pushed("c", 2, b'{"a":2}'), 1)

    store.run("c", write)
    assert seen == [(2, 2)]
    assert store.read(lambda tx: tx.outbox_after("c", 1, 10)) == [Pushed("c", 2, b'{"a":2}')]


def test_heads_are_the_oldest_of_each_queue(store: Store) -> None:
    def fill(tx: Tx) -> None:
        for number in range(1, 7):
            put(tx, ticket(number))
        put(tx, ticket(10, priority="elderly"))
        put(tx, ticket(11, service="dat-dai"))
        put(tx, ticket(12, pinned_to="q1", t_ref_ms=1))
        put(tx, ticket(13, pinned_to="q2", t_ref_ms=1))
        put(tx, ticket(14, service="dat-dai", pinned_to="q1"))
        put(tx, ticket(15, state="cancelled", t_ref_ms=1))

    store.run("c", fill)
    found = store.read(lambda tx: tx.heads("c", ("ho-tich",), "q1", NOW_MS))
    assert {row.number for row in found} == {"H001", "H010", "H012", "H014"}
    several = store.read(lambda tx: tx.first_waiting("c", ("ho-tich",), "q9", 3, NOW_MS))
    assert sorted(row.number for row in several) == ["H001", "H002", "H003", "H010"]
    assert store.read(lambda tx: tx.heads("c", (), "q9", NOW_MS)) == []


def test_two_active_tickets_at_one_counter_cannot_be(store: Store) -> None:
    store.run("c", lambda tx: put(tx, ticket(1, state="called", counter="q1")))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.run("c", lambda tx: put(tx, ticket(2, state="serving", counter="q1")))
    held = store.read(lambda tx: tx.held_at("c", "q1"))
    assert held is not None
    assert held.number == "H001"


def test_a_number_is_unique_in_its_day(store: Store) -> None:
    store.run("c", lambda tx: put(tx, ticket(1)))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.run("c", lambda tx: put(tx, ticket(1, id="other", track=None)))
    store.run("c", lambda tx: put(tx, ticket(1, id="next-day", track=None, day="2026-11-24")))


def test_ordinals_count_for_each_prefix_and_day(store: Store) -> None:
    def draw(tx: Tx) -> list[int]:
        keys = [("2026-11-23", "H"), ("2026-11-23", "H"), ("2026-11-23", "A"), ("2026-11-24", "H")]
        return [tx.next_ordinal("c", day, prefix) for day, prefix in keys]

    assert store.run("c", draw) == [1, 2, 1, 1]


def test_operations_are_remembered(store: Store) -> None:
    operation = Operation("t:1 POST x", "key-1234", "digest")
    reply = Reply(201, '{"số":1}'.encode())
    store.run("c", lambda tx: tx.save_operation(operation, "c", reply, "id-1", 5))
    row = store.read(lambda tx: tx.operation("t:1 POST x", "key-1234"))
    assert row is not None
    assert (row.digest, row.status, row.body, row.ticket) == ("digest", 201, reply.body, "id-1")
    assert store.read(lambda tx: tx.operation("t:2 POST x", "key-1234")) is None
    store.run("", lambda tx: tx.forget(6, 0))
    assert store.read(lambda tx: tx.operation("t:1 POST x", "key-1234")) is None


def test_the_lock_lets_one_command_in_at_a_time(store: Store) -> None:
    store.run("c", lambda tx: tx.save_ledger(Ledger("c", "d", 0, GENESIS, 1, 0)))

    def step(tx: Tx) -> None:
        ledger = tx.ledger("c")
        assert ledger is not None
        tx.save_ledger(ledger._replace(seq=ledger.seq + 1))

    def many() -> None:
        for _ in range(40):
            store.run("c", step)

    threads = [threading.Thread(target=many) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ledger = store.read(lambda tx: tx.ledger("c"))
    assert ledger is not None
    assert ledger.seq == 200


def test_one_operation_at_two_centres_at_once_is_stored_once_and_seen_by_the_other(
    store: Store,
) -> None:
    both = threading.Barrier(2)
    found: list[str] = []

    def command(centre: str) -> None:
        def work(tx: Tx) -> str:
            row = tx.operation("t:1 POST home/redirects", "key-000001")
            if row is not None:
                return f"known from {row.digest}"
            with contextlib.suppress(threading.BrokenBarrierError):
                both.wait(timeout=0.5)  # One writer lets nobody else in: then go on alone.
            operation = Operation("t:1 POST home/redirects", "key-000001", centre)
            tx.save_operation(operation, centre, Reply(200, b"{}"), None, NOW_MS)
            return centre

        found.append(store.run(centre, work))

    threads = [threading.Thread(target=command, args=(name,)) for name in ("here", "there")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = sorted(found, key=len)
    assert second == f"known from {first}"


def test_a_lock_that_is_never_let_go_is_an_error_and_not_a_wait(postgres_url: str) -> None:
    migrate(postgres_url)
    store = open_store(postgres_url)
    with psycopg.connect(postgres_url) as other:
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended('c', 0))")
        begun = time.monotonic()
        with pytest.raises(StoreError, match="lock timeout"):
            store.run("c", lambda tx: tx.next_ordinal("c", "2026-11-23", "H"))
        assert time.monotonic() - begun < 8
        assert store.run("d", lambda tx: tx.next_ordinal("d", "2026-11-23", "H")) == 1
    assert store.run("c", lambda tx: tx.next_ordinal("c", "2026-11-23", "H")) == 1
    # Nor is it kept by a machine that died in the middle of a command.
    assert store.read(lambda tx: tx.one("SHOW idle_in_transaction_session_timeout")) == ("10s",)
    store.close()


def test_a_closed_day_lets_go_of_older_links(store: Store) -> None:
    def fill(tx: Tx) -> None:
        put(tx, ticket(1, day="2026-11-22"))
        put(tx, ticket(2))
        tx.close_day("c", "2026-11-23", 7, "head")

    store.run("c", fill)
    tracks = store.read(lambda tx: [tx.ticket_by_id(f"id-000{n}") for n in (1, 2)])
    assert [row.track for row in tracks if row] == [None, "track-2"]


def test_a_snapshot_does_not_see_a_later_commit(store: Store) -> None:
    store.run("c", lambda tx: put(tx, ticket(1)))

    def twice(tx: Tx) -> tuple[int, int]:
        first = len(tx.open_tickets("c"))
        writer = threading.Thread(target=store.run, args=("c", lambda w: put(w, ticket(2))))
        writer.start()
        writer.join()
        return first, len(tx.open_tickets("c"))

    assert store.read(twice) == (1, 1)
    assert store.read(lambda tx: len(tx.open_tickets("c"))) == 2


GROUP_COMMIT = """
import sys
from gevent import monkey
monkey.patch_all()
from pathlib import Path
import gevent
from server.domain.chain import GENESIS
from server.domain.ticket import Ledger
from server.storage.sqlite import SqliteStore
from wire.errors import Refusal

store = SqliteStore(Path(sys.argv[1]), gevent=True)
commits = []
store.on_commit.append(lambda pushed: commits.append([p.seq for p in pushed]))
store.run("c", lambda tx: tx.save_ledger(Ledger("c", "d", 0, GENESIS, 1, 0)))

def step(refuse):
    def work(tx):
        from server.service.ports import Pushed
        ledger = tx.ledger("c")
        tx.save_ledger(ledger._replace(seq=ledger.seq + 1))
        tx.append_outbox(Pushed("c", ledger.seq + 1, b"{}"), 0)
        if refuse:
            raise Refusal("day_full")
        return ledger.seq + 1
    try:
        return store.run("c", work)
    except Refusal:
        return None

jobs = [gevent.spawn(step, n % 3 == 0) for n in range(300)]
gevent.joinall(jobs)
done = sorted(job.value for job in jobs if job.value)
assert done == list(range(1, 201)), done[:5]
assert sum(commits, []) == list(range(1, 201))
assert len(commits) < 100, "commits were not grouped"
store.close()
print("grouped", len(commits))
"""


def test_group_commit_answers_each_after_one_shared_commit(tmp_path: Path) -> None:
    file = tmp_path / "group.db"
    migrate(f"sqlite:///{file}")
    done = subprocess.run(
        [sys.executable, "-c", GROUP_COMMIT, str(file)], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    with sqlite3.connect(file) as connection:
        assert connection.execute("SELECT seq FROM ledger").fetchone() == (200,)


GOES_ON = """
import sys
from gevent import monkey
monkey.patch_all()
from pathlib import Path
import gevent
from server.service.ports import Pushed, StoreError
from server.storage.sqlite import SqliteStore

store = SqliteStore(Path(sys.argv[1]), gevent=True)

def deaf(pushed):
    raise OSError("nobody listens")

def write(seq):
    return store.run("c", lambda tx: tx.append_outbox(Pushed("c", seq, b"{}"), 0) or seq)

class Broken:
    def __init__(self, real):
        self._real, self.broken = real, 3
    def execute(self, sql, *args):
        if self.broken and sql in ("COMMIT", "ROLLBACK"):
            self.broken -= 1
            raise {"COMMIT": MemoryError, "ROLLBACK": __import__("sqlite3").OperationalError}[sql]
        return self._real.execute(sql, *args)
    def __getattr__(self, name):
        return getattr(self._real, name)

store.on_commit.append(deaf)
with gevent.Timeout(20):
    assert [write(1), write(2)] == [1, 2]
    store._group._connection = Broken(store._group._connection)
    lost = 0
    for seq in (3, 4, 5, 6):
        try:
            write(seq)
        except StoreError:
            lost += 1
    assert lost in (2, 3), lost
    assert store.read(lambda tx: len(tx.outbox_after("c", 0, 9))) == 6 - lost
print("went on")
"""


def test_the_writer_outlives_failing_commits_and_listeners(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'group.db'}")
    done = subprocess.run(
        [sys.executable, "-c", GOES_ON, str(tmp_path / "group.db")],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout == "went on\n", done.stderr


def test_one_writer_with_full_sync_and_wal(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path / 'x.db'}")
    store = SqliteStore(tmp_path / "x.db")

    def pragma(name: str) -> Callable[[Tx], object]:
        return lambda tx: (tx.one(f"PRAGMA {name}") or (None,))[0]

    assert store.run("c", pragma("synchronous")) == 2
    assert store.run("c", pragma("journal_mode")) == "wal"
    with pytest.raises(Exception, match="readonly"):
        store.read(lambda tx: tx.execute("DELETE FROM ticket"))
    store.close()
