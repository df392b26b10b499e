"""The rows of one SQLite transaction."""

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from server.service.ports import Pushed
from server.storage.rows import Rows


class SqliteTx(Rows):
    """The rows of one open transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        self._run = connection.execute
        self.pushed: list[Pushed] = []

    def one(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        return self._run(sql, params).fetchone()

    def all(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
        return self._run(sql, params).fetchall()

    def execute(self, sql: str, params: Sequence[Any] | Mapping[str, Any] = ()) -> int:
        return self._run(sql, params).rowcount
