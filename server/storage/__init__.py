"""Tables, unit of work, outbox and migrations, on SQLite and PostgreSQL."""

from pathlib import Path

from server.service.ports import Store, StoreError


def is_sqlite(url: str) -> bool:
    """Say whether a database URL names a SQLite file."""
    return url.startswith("sqlite:///")


def sqlite_path(url: str) -> Path:
    """The file that a SQLite URL names."""
    return Path(url.removeprefix("sqlite:///"))


def open_store(url: str, *, gevent: bool = False) -> Store:
    """Open the database a URL names: `sqlite:///FILE` or `postgresql://…`.

    Args:
        url: As in LAYSO_DATABASE_URL. The tables must be there already.
        gevent: Run SQLite's commands in one greenlet with group commit.

    Raises:
        StoreError: It cannot be opened, or the URL names no database that is known here.
    """
    if is_sqlite(url):
        from server.storage.sqlite import SqliteStore

        return SqliteStore(sqlite_path(url), gevent=gevent)
    if url.startswith(("postgresql://", "postgres://")):
        from server.storage.postgres import PostgresStore

        return PostgresStore(url)
    scheme = url.partition(":")[0]
    raise StoreError(
        f"'{scheme}:' is no database known here; use sqlite:///FILE or postgresql://USER@HOST/NAME"
    )
