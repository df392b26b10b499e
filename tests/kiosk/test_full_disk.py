"""A disk that is full, or fails: a clear error, no paper that is not durable, and on again."""

import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.ballast import Ballast
from edge.database import Database
from tests.campaigns.lossy_disk import LossyConnection, LossyDisk, Power
from tests.campaigns.power_cuts import World
from tests.kiosk.kiosk_stage import Kiosk

A_LITTLE_BYTES = 3_000


@pytest.fixture
def world() -> Iterator[World]:
    """A kiosk's world whose disk the test fills."""
    made = World(1)
    yield made
    made.disk.room_bytes = None
    made.leave()


def used_bytes(world: World) -> int:
    return sum(len(file.seen) for file in world.disk.files.values())


def test_a_failed_commit_leaves_no_transaction_open(tmp_path: Path) -> None:
    disk = LossyDisk()
    database = Database(
        tmp_path / "x.db", "CREATE TABLE note (text TEXT)",
        opener=lambda path: LossyConnection(disk, Power(), path),
    )  # fmt: skip
    disk.room_bytes = 0
    with pytest.raises(Exception, match="full"), database.transaction():
        database.run("INSERT INTO note VALUES ('lost')")
    disk.room_bytes = None
    with database.transaction():
        database.run("INSERT INTO note VALUES ('kept')")
    assert [row[0] for row in database.rows("SELECT text FROM note")] == ["kept"]
    database.close()


@pytest.mark.parametrize("mood", ["ok", "refused", "lost after"])
def test_no_number_and_no_paper_while_the_disk_is_full(world: World, mood: str) -> None:
    kiosk = world.start()
    kiosk.meet()
    world.wire.mood = mood
    for room_bytes in range(used_bytes(world), used_bytes(world) + 60_000, A_LITTLE_BYTES):
        world.disk.room_bytes = room_bytes
        try:
            answer = kiosk.touch("ho-tich")
        except sqlite3.OperationalError:
            continue  # the local page makes an answer of it
        durable = kiosk.journal.find(answer.ticket.id)
        assert durable is not None
        papers = [paper for paper in world.printer.papers if paper.ticket == answer.ticket.id]
        assert len(papers) == (answer.outcome == "printed")
        assert not any(paper.marked for paper in papers)
    world.disk.room_bytes = None
    world.wire.mood = "ok"
    kiosk.meet()
    kiosk.hand_in.hand_in_all()
    assert kiosk.touch("ho-tich").outcome == "printed"
    known = kiosk.known()
    assert {paper.ticket for paper in world.printer.papers} <= set(known)
    assert {ticket["id"] for ticket in world.server.waiting()} == set(known)


def test_a_number_that_could_not_be_kept_is_found_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = world.start()
    kiosk.meet()
    issue = world.server.issue

    def issue_and_fill(key: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        world.disk.room_bytes = 0
        return issue(key, body)

    monkeypatch.setattr(world.server, "issue", issue_and_fill)
    with pytest.raises(sqlite3.OperationalError, match="full"):
        kiosk.touch("ho-tich")
    world.disk.room_bytes = None
    assert world.printer.papers == []
    assert kiosk.hand_in.hand_in_all()
    assert list(kiosk.known().values()) == ["H001"]
    assert [entry.number for entry in kiosk.journal.unprinted()] == ["H001"]


def test_paper_that_moved_on_a_full_disk_is_noted_when_there_is_room(world: World) -> None:
    kiosk = world.start()
    kiosk.meet()

    def full_once_the_paper_moves() -> None:
        world.disk.room_bytes = 0

    world.printer.step = full_once_the_paper_moves
    ticket = kiosk.touch("ho-tich").ticket
    world.printer.step = lambda: None
    world.disk.room_bytes = None
    kiosk.touch("dat-dai")
    entry = kiosk.journal.find(ticket.id)
    assert entry is not None
    assert (entry.paper, entry.papers) == ("printed", 1)


def test_the_ballast_is_let_go_when_the_disk_is_full(tmp_path: Path) -> None:
    disk = LossyDisk()
    ballast = Ballast(tmp_path / "ballast", 100_000)
    database = Database(
        tmp_path / "x.db", "CREATE TABLE note (text TEXT)",
        opener=lambda path: LossyConnection(disk, Power(), path), ballast=ballast,
    )  # fmt: skip
    file = tmp_path / "ballast"
    assert file.stat().st_blocks * 512 >= 100_000
    disk.room_bytes = 0
    with pytest.raises(Exception, match="full"), database.transaction():
        database.run("INSERT INTO note VALUES ('lost')")
    assert not file.exists()
    disk.room_bytes = None
    database.close()
    ballast.let_go()
    ballast.keep()
    assert ballast.kept


def test_a_nearly_full_disk_gets_no_ballast(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 10**15)
    ballast.keep()
    assert list(tmp_path.iterdir()) == []


PROGRAM = """
import resource, sqlite3, sys
from pathlib import Path
from edge.database import Database
database = Database(Path(sys.argv[1]), "CREATE TABLE IF NOT EXISTS note (text TEXT)")
size = Path(sys.argv[1] + "-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 5000, resource.RLIM_INFINITY))
kept = 0
for _ in range(5):
    try:
        with database.transaction():
            database.run("INSERT INTO note VALUES (?)", ("x" * 1000,))
        kept += 1
    except sqlite3.Error:
        pass
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
with database.transaction():
    database.run("INSERT INTO note VALUES ('after')")
print(kept + 1, database.row("SELECT count(*) FROM note")[0])
"""


def test_a_real_file_that_may_not_grow(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(tmp_path / "x.db")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    kept, rows = map(int, done.stdout.split())
    assert kept == rows
    assert 1 <= kept < 6


def test_the_agent_keeps_ballast(kiosk: Kiosk, tmp_path: Path) -> None:
    assert (tmp_path / "data" / "ballast").stat().st_size == 4_000_000
