"""Storage and use cases, put together the same way for the server and for its commands."""

import fcntl
import os
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Final

from server.config import ServerConfig
from server.service.access import Access
from server.service.audit import AuditLog
from server.service.book import Book
from server.service.by_link import ByLink
from server.service.centres import Centres
from server.service.configuration import Configurations
from server.service.desk_readings import DeskReadings
from server.service.figures import Figures
from server.service.finding import TicketFinder
from server.service.heartbeats import Heartbeats
from server.service.help_line import HelpLine
from server.service.limits import Limiter, MemoryLimiter
from server.service.lobby import Lobby
from server.service.notice_board import NoticeBoard
from server.service.offers import Offering
from server.service.ports import Store, StoreError
from server.service.prints import PrintOrders
from server.service.procedure_edits import ProcedureEdits
from server.service.ratings import RatingDesk
from server.service.readings import Readings
from server.service.retention import Retention
from server.service.seats import SeatPlan
from server.storage import access_rows, open_store
from wire.checks import Fault, FaultyFile

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

VERSION = version("layso")


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True)
class Parts:
    """What routes, sockets and commands work with. `close` lets go of the database."""

    store: Store
    access: Access
    lobby: Lobby
    readings: Readings
    figures: Figures
    offers: Offering
    centres: Centres
    configurations: Configurations
    procedure_edits: ProcedureEdits
    limiter: Limiter
    heartbeats: Heartbeats
    help_line: HelpLine
    notice_board: NoticeBoard
    seats: SeatPlan
    desk: DeskReadings
    finder: TicketFinder
    prints: PrintOrders
    audit: AuditLog
    retention: Retention
    by_link: ByLink
    ratings: RatingDesk

    def close(self) -> None:
        """Finish what is under way."""
        self.store.close()


def open_parts(
    config: ServerConfig, *, gevent: bool = False, registry: "CollectorRegistry | None" = None
) -> Parts:
    """Open the database and build every use case on it.

    Args:
        config: The settings.
        gevent: Whether this process serves under gevent.
        registry: Where the time of every transaction is noted, if anywhere.

    Raises:
        StoreError: the database cannot be opened.
        FaultyFile: the secret key cannot be read.
    """
    key = read_secret_key(config)
    store = open_store(config.database_url, gevent=gevent)
    if registry is not None:
        from server.measured_store import MeasuredStore

        store = MeasuredStore(store, registry)
    clock, book = SystemClock(), Book()
    lobby = Lobby(store, clock, os.urandom, config.public_url, book=book)
    heartbeats = Heartbeats(store, clock, book, shared=not config.on_sqlite)
    waits, public_url = lobby.waits, config.public_url
    readings = Readings(store, clock, book, lobby.waits, config.public_url, VERSION)
    return Parts(
        store=store,
        access=Access(
            store, access_rows, clock, os.urandom, secret_key=key, off_hub=_off_hub(gevent)
        ),
        lobby=lobby,
        readings=readings,
        figures=Figures(store, clock, book, lobby.waits),
        offers=Offering(store, clock, book, lobby.waits),
        centres=Centres(store, clock, lobby.begin),
        configurations=Configurations(store, clock, lobby.begin),
        procedure_edits=ProcedureEdits(store, clock, lobby.begin, off_hub=_off_hub(gevent)),
        limiter=_limiter(config, store, clock),
        heartbeats=heartbeats,
        help_line=HelpLine(store, clock, os.urandom, book),
        notice_board=NoticeBoard(store, clock, os.urandom),
        seats=SeatPlan(store, clock, book),
        desk=DeskReadings(store, clock, book, lobby.waits),
        finder=TicketFinder(store, clock, book, waits, public_url),
        prints=PrintOrders(store, clock, os.urandom, book, waits, public_url, heartbeats.devices),
        audit=AuditLog(store, clock),
        retention=Retention(store, clock),
        by_link=ByLink(lobby, readings.tables),
        ratings=RatingDesk(lobby, store, clock, book),
    )


def _off_hub(gevent: bool) -> Callable[[Callable[[], object]], object]:
    """Where slow work runs: in a thread under gevent, so that the loop goes on."""
    if not gevent:
        return lambda work: work()
    from gevent import get_hub

    return lambda work: get_hub().threadpool.apply(work)


def _limiter(config: ServerConfig, store: Store, clock: SystemClock) -> Limiter:
    memory = MemoryLimiter(clock)
    if config.redis_url:
        from server.storage.limits_redis import RedisLimiter

        return RedisLimiter(config.redis_url, memory)
    if not config.on_sqlite:  # Other processes, here or on other hosts, may share it.
        from server.storage.limits_sql import SqlLimiter

        return SqlLimiter(store, clock)
    return memory


def make_data_dir(config: ServerConfig) -> None:
    """Make the data folder, for its owner only; raises FaultyFile where that cannot be."""
    folder = config.data_dir
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        probe = folder / f".probe-{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        reason = error.strerror or str(error)
        message = f"cannot write to {folder} ({reason}); name a folder this account may write to"
        raise FaultyFile([Fault("LAYSO_DATA_DIR", message)]) from error


def make_secret_key(config: ServerConfig) -> None:
    """Make the secret key, readable by its owner only; one that is there is kept.

    It is there as a whole or not at all, wherever the power is cut, and durable once this returns.

    Raises:
        FaultyFile: it cannot be made, such as on a full disk; repeat it once there is room.
    """
    path = config.secret_key_file
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.path.lexists(path):
            _write_secret_key(path)
    except OSError as error:
        raise _key_fault(config, f"cannot be made: {error.strerror}") from error


def _write_secret_key(path: Path) -> None:
    draft = path.with_name(f".{path.name}.new")
    with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # Of two processes the second keeps the first one's key.
        if os.path.lexists(path):
            return
        os.fchmod(file.fileno(), 0o600)
        file.truncate()  # A draft that was cut off.
        file.write(secrets.token_urlsafe(48).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
        draft.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def read_secret_key(config: ServerConfig) -> bytes:
    """The secret key; raises FaultyFile where there is none or it is too short."""
    try:
        key = config.secret_key_file.read_bytes().strip()
    except FileNotFoundError as error:
        raise _key_fault(config, "is not there; run `layso-server init`") from error
    except OSError as error:
        raise _key_fault(config, f"cannot be read: {error.strerror}") from error
    if len(key) < 32:
        message = "holds no key of 32 characters or more; restore it from a copy, "
        raise _key_fault(config, f"{message}or delete it and run `layso-server init`")
    return key


def _key_fault(config: ServerConfig, message: str) -> FaultyFile:
    return FaultyFile([Fault("LAYSO_SECRET_KEY_FILE", f"{config.secret_key_file} {message}")])


def prepare_database(config: ServerConfig) -> None:
    """Make an empty SQLite database ready, and refuse one that this code does not fit.

    Raises:
        StoreError: with what to do.
    """
    if config.on_sqlite and not stands_at_head(config):
        from server.storage.migrate import migrate, migration_state

        if migration_state(config.database_url) == "empty":
            migrate(config.database_url)
    check_database(config)


def check_database(config: ServerConfig) -> None:
    """Raise StoreError with what to do unless the tables are those of this code."""
    if stands_at_head(config):
        return
    from server.storage.migrate import migration_state

    state = migration_state(config.database_url)
    if state != "current":
        raise StoreError(_WHAT_TO_DO[state])


_WHAT_TO_DO: Final = {
    "empty": "the database is not initialised; run `layso-server init`",
    "older": "the database is older than this program; back it up, then run `layso-server migrate`",
    "newer": "the database is newer than this program; install the newer version, "
    "or restore a backup made by this one",
}


def stands_at_head(config: ServerConfig) -> bool:
    """Say cheaply whether the tables are current: Alembic takes half a second to load."""
    found = _sqlite_revisions(config) if config.on_sqlite else _postgres_revisions(config)
    return found == [(newest_revision(),)]


REVISIONS: Final = "SELECT version_num FROM alembic_version"


def _sqlite_revisions(config: ServerConfig) -> list[tuple[str]]:
    path = Path(config.database_url.removeprefix("sqlite:///"))
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as file:
            return file.execute(REVISIONS).fetchall()
    except sqlite3.Error:
        return []


def _postgres_revisions(config: ServerConfig) -> list[tuple[str]]:
    import psycopg

    try:
        with psycopg.connect(config.database_url, connect_timeout=5) as connection:
            return connection.execute(REVISIONS).fetchall()
    except psycopg.Error:
        return []


def newest_revision() -> str:
    """The revision that the newest migration's file is named after."""
    folder = files("server.storage") / "migrations" / "versions"
    names = [entry.name for entry in folder.iterdir() if entry.name.endswith(".py")]
    return max(names).partition("_")[0]
