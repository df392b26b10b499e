"""Migrations make exactly the tables of the schema, on both databases."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from server.service.ports import StoreError
from server.storage import open_store
from server.storage.migrate import _config, engine_of, migrate, migration_state
from server.storage.schema import metadata


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'm.db'}"
    return str(request.getfixturevalue("postgres_url"))


def test_migrations_and_schema_agree(url: str) -> None:
    assert migration_state(url) == "empty"
    migrate(url)
    assert migration_state(url) == "current"
    migrate(url)
    with engine_of(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_newer_database_is_refused_in_one_line(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'm.db'}"
    migrate(url)
    with sqlite3.connect(tmp_path / "m.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'from-the-future'")
    assert migration_state(url) == "newer"
    with pytest.raises(StoreError, match="newer than this program"):
        migrate(url)


def test_an_unreachable_database_is_one_line() -> None:
    with pytest.raises(StoreError, match="cannot reach"):
        open_store("postgresql://nobody@127.0.0.1:9/none?connect_timeout=1")
    with pytest.raises(StoreError, match="'mysql:' is no database known here"):
        open_store("mysql://x")


def test_rows_from_before_the_lobby_rules_go_on(url: str) -> None:
    with engine_of(url).begin() as connection:
        command.upgrade(_config(connection), "0001")
        connection.execute(
            text(
                "INSERT INTO ticket (id, centre, day, number, service, priority, state, pinned_to, "
                "t_ref_ms, issued_ms, cause, source, language, times, seq) VALUES "
                "('1', 'c', 'd', 'H001', 'a', 'none', 'waiting', '', 5, 5, NULL, 'kiosk', 'vi', "
                "0, 1), "
                "('2', 'c', 'd', 'H002', 'a', 'none', 'cancelled', '', 5, 5, 'replaced', 'kiosk', "
                "'vi', 0, 1)"
            )
        )
        connection.execute(text("INSERT INTO undo VALUES ('c', 'q1', 'next', 5, '{}', NULL)"))
    migrate(url)
    store = open_store(url)
    found = store.read(lambda tx: tx.ticket("c", "1"))
    assert found is not None
    assert (found.behind, found.ready_ms, found.high_s, found.dossiers, found.seq) == (
            0, 0, None, None, 1,
        )  # fmt: skip
    assert store.read(lambda tx: tx.undo_row("c", "q1")) is None
    assert store.run("c", lambda tx: tx.count_issued("c", "d", "a", 1)) == (2, None)
    store.close()
    with engine_of(url).begin() as connection:
        command.downgrade(_config(connection), "0001")
        command.upgrade(_config(connection), "head")


def test_one_may_go_back_and_come_again(url: str) -> None:
    migrate(url)
    with engine_of(url).begin() as connection:
        connection.execute(text("INSERT INTO undo VALUES ('c', 'q1', 'next', 5, '{}', NULL)"))
        command.downgrade(_config(connection), "0001")
        assert connection.execute(text("SELECT COUNT(*) FROM undo")).scalar() == 0
    assert migration_state(url) == "older"
    migrate(url)
    with engine_of(url).connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
