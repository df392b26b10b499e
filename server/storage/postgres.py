"""PostgreSQL: one advisory transaction lock for each centre, the same rows and statements.

`FOR UPDATE SKIP LOCKED` is not used: it breaks first come, first served under load.
Source: postgresql.org, "Advisory Lock Functions".
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import psycopg
from psycopg_pool import ConnectionPool, PoolTimeout

from server.service.ports import Pushed, StoreError, Tx
from server.storage.rows import Rows
from server.storage.sql import for_psycopg

T = TypeVar("T")

LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"
POOL_SIZE: Final = 12

# A host that dies in the middle of a command would keep its centre locked for hours.
BOUNDS: Final = (
    "SELECT set_config('lock_timeout', '5s', false), "
    "set_config('idle_in_transaction_session_timeout', '10s', false)"
)


def _bound(connection: psycopg.Connection[tuple[Any, ...]]) -> None:
    connection.execute(BOUNDS)


class PostgresTx(Rows):
    """The rows of one open transaction."""

    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._cursor = connection.cursor()
        self.pushed: list[Pushed] = []

    def one(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        self._cursor.execute(for_psycopg(sql), params)
        return self._cursor.fetchone()

    def all(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        self._cursor.execute(for_psycopg(sql), params)
        return self._cursor.fetchall()

    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        self._cursor.execute(for_psycopg(sql), params)
        return self._cursor.rowcount


class PostgresStore:
    """A PostgreSQL database, shared by any number of processes."""

    def __init__(self, url: str) -> None:
        self.on_commit: list[Callable[[list[Pushed]], None]] = []
        self._pool = ConnectionPool(
            url,
            min_size=1,
            max_size=POOL_SIZE,
            timeout=5,
            open=False,
            kwargs={"autocommit": True, "application_name": "layso-server"},
            configure=_bound,
            check=ConnectionPool.check_connection,
        )
        try:
            self._pool.open(wait=True, timeout=5)
        except (psycopg.Error, PoolTimeout) as error:
            self._pool.close()
            raise StoreError(f"cannot reach the PostgreSQL server: {error}") from error

    def run(self, centre: str, work: Callable[[Tx], T]) -> T:
        """Run `work` under the centre's advisory lock, in one transaction.

        A row that another centre's command has just written, such as the same operation's, is
        seen by neither lock: `work` then runs once more and decides knowing of it.

        Raises:
            StoreError: the database failed, or somebody held the lock for too long.
        """

        def locked(connection: psycopg.Connection[tuple[Any, ...]]) -> tuple[T, list[Pushed]]:
            tx = PostgresTx(connection)
            with connection.transaction():
                connection.execute(LOCK, (centre,))
                result = work(tx)
            return result, tx.pushed

        try:
            result, pushed = self._with_connection(locked)
        except psycopg.errors.UniqueViolation:
            result, pushed = self._with_connection(locked)
        if pushed:
            for listener in self.on_commit:
                listener(pushed)
        return result

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one snapshot, without a lock."""

        def snapshot(connection: psycopg.Connection[tuple[Any, ...]]) -> T:
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                return work(PostgresTx(connection))

        return self._with_connection(snapshot)

    def _with_connection(self, use: Callable[[psycopg.Connection[tuple[Any, ...]]], T]) -> T:
        try:
            with self._pool.connection() as connection:
                return use(connection)
        except (psycopg.OperationalError, psycopg.InternalError, PoolTimeout) as error:
            raise StoreError(f"the database failed: {error}") from error

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()
