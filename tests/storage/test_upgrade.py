"""A day's real rows of old releases, brought up to the tables of today: nothing of them is lost."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from server.domain.ticket import milliseconds
from server.service.verify import verify
from server.storage import is_sqlite, open_store, sqlite_path
from server.storage.migrate import _config, engine_of, migrate, migration_state
from server.storage.schema import metadata
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import SmallCentre
from tests.server_run.conftest import House
from tests.storage.make_old_day import CENTRE, CENTRE_FILE

OLD: Final = sorted((Path(__file__).parent / "old").glob("*.sql"))
FORGOTTEN: Final = frozenset({"undo"})
"""What a desk may take back is good for ten seconds, and kept as rows of the old shape."""

MOVES_ON: Final = frozenset({"alembic_version"})

Rows = dict[str, list[dict[str, Any]]]


class OldDay(NamedTuple):
    """A database at an old revision with a day in it, and a token of that day."""

    url: str
    token: str
    before: Rows


@pytest.fixture(params=[pytest.param(path, id=path.stem) for path in OLD])
def dump(request: pytest.FixtureRequest) -> Path:
    """What `make_old_day` wrote."""
    path = request.param
    assert isinstance(path, Path)
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def day(request: pytest.FixtureRequest, tmp_path: Path, dump: Path) -> OldDay:
    """The old day in either database."""
    url = f"sqlite:///{tmp_path / 'old.db'}"
    if request.param == "postgres":
        url = str(request.getfixturevalue("postgres_url"))
    with engine_of(url).begin() as connection:
        command.upgrade(_config(connection), dump.stem)
    script = dump.read_text(encoding="utf-8")
    if is_sqlite(url):
        with closing(sqlite3.connect(sqlite_path(url))) as database:
            database.executescript(script)
    else:
        with psycopg.connect(url) as postgres:
            postgres.execute(script)  # type: ignore[call-overload]  # it is no literal
    token = re.search(r"^-- token: (\S+)$", script, re.MULTILINE)
    assert token is not None
    return OldDay(url, token[1], rows(url))


def rows(url: str) -> Rows:
    """Every row of every table that there is."""
    found: Rows = {}
    with engine_of(url).connect() as connection:
        for name in sa.inspect(connection).get_table_names():
            table = sa.Table(name, sa.MetaData(), autoload_with=connection)
            found[name] = [dict(row) for row in connection.execute(sa.select(table)).mappings()]
    return found


def test_old_days_have_everything_in_them(day: OldDay) -> None:
    assert len(OLD) >= 2
    assert migration_state(day.url) == "older"
    full = {name for name, found in day.before.items() if found}
    assert {"centre", "ticket", "event", "operation", "call", "queue", "token", "person"} <= full
    states = {row["state"] for row in day.before["ticket"]}
    assert {"waiting", "called", "served", "on_hold", "cancelled"} <= states


def test_an_old_day_is_whole_after_the_upgrade(day: OldDay) -> None:
    migrate(day.url)
    assert migration_state(day.url) == "current"
    with engine_of(day.url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    after = rows(day.url)
    for name, old in day.before.items():
        if name in FORGOTTEN | MOVES_ON:
            continue
        columns = old[0].keys() if old else ()
        kept = [{column: row[column] for column in columns} for row in after[name]]
        assert sorted(map(repr, kept)) == sorted(map(repr, old)), name
    assert after["undo"] == []
    assert sum(row["issued"] for row in after["issued_count"]) == len(after["ticket"])
    store = open_store(day.url)
    assert verify(store) == []
    store.close()


def test_an_old_day_goes_on(day: OldDay) -> None:
    migrate(day.url)
    store, clock = open_store(day.url), HeldClock()
    last_ms = max(row["at_ms"] for row in day.before["event"])
    clock.forward(milliseconds=last_ms - milliseconds(clock.now()) + 60_000)
    centre = SmallCentre(store, clock, CENTRE_FILE)
    given = {row["number"] for row in day.before["ticket"]}
    highest = max(number for number in given if number.startswith("H"))
    new = centre.issue("ho-tich")
    assert new["number"] == f"H{int(highest[1:]) + 1:03}"
    waiting = [row["number"] for row in day.before["ticket"] if row["state"] == "waiting"]
    called = []
    for _ in range(len(waiting) + 1):
        called.append(centre.next("q2")["ticket"]["number"])
    assert sorted(called) == sorted([*waiting, new["number"]])
    assert centre.next("q2")["ticket"] is None
    assert verify(store) == []
    store.close()


@pytest.fixture
def program(tmp_path: Path, day: OldDay) -> Iterator[House]:
    """The installed program on that database."""
    house = House(tmp_path, {"LAYSO_DATABASE_URL": day.url})
    yield house
    for server in house.running:
        if server.process.poll() is None:
            server.stop()


def test_the_program_takes_an_old_day_over(program: House, day: OldDay) -> None:
    assert "older than this program" in program.refused("run")
    program.done("migrate")
    assert program.done("verify") == "the log is whole and fits the tables"
    server = program.serve()
    api = server.api(day.token)

    assert api.get(f"/centres/{CENTRE}/board")[0] == 200
    status, ticket = api.post(f"/centres/{CENTRE}/tickets", {"service": "ho-tich"})
    assert status == 201
    old = {(row["day"], row["number"]) for row in day.before["ticket"]}
    assert (ticket["day"], ticket["number"]) not in old
    api.close()
    assert program.done("verify") == "the log is whole and fits the tables"
