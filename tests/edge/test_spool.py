"""The outbox: in order, once, and still there after anything."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge.database import Database, DatabaseUnusable
from edge.spool import Spool


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database(tmp_path / "data" / "agent.db")
    yield made
    made.close()


def test_first_in_first_out(database: Database) -> None:
    spool = Spool(database)
    for n in range(3):
        spool.put(f"key-{n}", "ticket", {"n": n, "name": "Hộ tịch"})
    assert [item.key for item in spool.pending()] == ["key-0", "key-1", "key-2"]
    first = spool.first()
    assert first is not None
    assert first.body == {"n": 0, "name": "Hộ tịch"}
    spool.done("key-0")
    spool.done("key-0")
    second = spool.first()
    assert second is not None
    assert second.key == "key-1"
    assert spool.count() == 2


def test_the_same_key_is_kept_once(database: Database) -> None:
    spool = Spool(database)
    spool.put("key", "ticket", {"n": 1})
    spool.put("key", "ticket", {"n": 2})
    (item,) = spool.pending()
    assert item.body == {"n": 1}


def test_a_body_that_was_sent_stays(database: Database) -> None:
    spool = Spool(database)
    spool.put("key", "ticket", {"n": 1})
    spool.settle("key", {"n": 2})
    spool.tried("key")
    spool.settle("key", {"n": 3})
    (item,) = spool.pending()
    assert (item.body, item.tries) == ({"n": 2}, 1)


def test_the_refused_do_not_hold_up_the_rest(database: Database) -> None:
    spool = Spool(database)
    spool.put("one", "ticket", {})
    spool.put("two", "ticket", {})
    spool.refuse("one", "number_outside_band")
    assert [item.key for item in spool.pending()] == ["two"]
    assert [(item.key, item.refused) for item in spool.refused()] == [
        ("one", "number_outside_band")
    ]


def test_it_goes_with_its_transaction(database: Database) -> None:
    spool = Spool(database)

    def break_off() -> None:
        with database.transaction():
            spool.put("key", "ticket", {})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        break_off()
    assert spool.count() == 0


def test_it_outlives_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "agent.db"
    program = (
        "import os, sys, pathlib\n"
        "from edge.database import Database\n"
        "from edge.spool import Spool\n"
        "Spool(Database(pathlib.Path(sys.argv[1]))).put('key', 'ticket', {'n': 1})\n"
        "os.kill(os.getpid(), 9)\n"
    )
    run = subprocess.run([sys.executable, "-c", program, str(path)], check=False)
    assert run.returncode == -9
    database = Database(path)
    assert [item.key for item in Spool(database).pending()] == ["key"]
    database.close()


def test_one_agent_to_a_folder(database: Database) -> None:
    with pytest.raises(DatabaseUnusable, match="another agent runs on this data folder"):
        Database(database.path)


def test_every_commit_reaches_the_disk(database: Database) -> None:
    assert [tuple(row) for row in database.rows("PRAGMA synchronous")] == [(2,)]
    assert [tuple(row) for row in database.rows("PRAGMA journal_mode")] == [("wal",)]


def test_faults_say_what_to_do(tmp_path: Path) -> None:
    garbage = tmp_path / "agent.db"
    garbage.write_bytes(b"not a database at all, sorry" * 100)
    with pytest.raises(DatabaseUnusable, match="damaged"):
        Database(garbage)
    occupied = tmp_path / "file"
    occupied.write_text("")
    with pytest.raises(DatabaseUnusable) as error:
        Database(occupied / "agent.db")
    assert "\n" not in str(error.value)
    assert os.fspath(occupied) in str(error.value)
