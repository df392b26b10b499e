"""Alembic, driven from the program: bring a database up to date, or say where it stands."""

from pathlib import Path
from typing import Final, Literal

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from server.service.ports import StoreError

_SCRIPTS: Final = Path(__file__).parent / "migrations"

MigrationState = Literal["empty", "older", "current", "newer"]


def engine_of(url: str) -> sa.Engine:
    """A short-lived engine for schema work; `url` as in LAYSO_DATABASE_URL.

    Tables change in one transaction, on SQLite too: a power cut leaves the old ones whole.
    """
    for prefix in ("postgresql://", "postgres://"):
        if url.startswith(prefix):
            url = "postgresql+psycopg://" + url.removeprefix(prefix)
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    if engine.dialect.name == "sqlite":  # Its driver makes tables outside of any transaction else.
        sa.event.listen(engine, "connect", lambda raw, _: setattr(raw, "isolation_level", None))
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN"))
    return engine


def _config(connection: sa.Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def migration_state(url: str) -> MigrationState:
    """Say how the database stands to this code.

    Raises:
        StoreError: The database cannot be reached.
    """
    try:
        with engine_of(url).connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except sa.exc.SQLAlchemyError as error:
        raise StoreError(f"cannot open the database: {_first_line(error)}") from error
    scripts = ScriptDirectory.from_config(_config())
    if found is None:
        return "empty"
    if found == scripts.get_current_head():
        return "current"
    known = {script.revision for script in scripts.walk_revisions()}
    return "older" if found in known else "newer"


def migrate(url: str) -> None:
    """Create or upgrade every table. Repeating it changes nothing.

    Raises:
        StoreError: The database cannot be reached, or is newer than this code.
    """
    if migration_state(url) == "newer":
        raise StoreError(
            "the database is newer than this program; install the newer version, "
            "or restore a backup made by this one"
        )
    try:
        with engine_of(url).begin() as connection:
            command.upgrade(_config(connection), "head")
    except sa.exc.SQLAlchemyError as error:
        raise StoreError(f"cannot migrate the database: {_first_line(error)}") from error


def _first_line(error: Exception) -> str:
    return str(error).splitlines()[0]
