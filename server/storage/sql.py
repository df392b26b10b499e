"""SQL text as it is written here, and as each driver wants it.

Statements use `?` with a tuple or `:name` with a mapping. SQLite takes both as they are;
psycopg wants `%s` and `%(name)s`. No statement holds a literal question mark, colon or percent
sign outside its placeholders.
"""

import re
from abc import ABC, abstractmethod
from functools import lru_cache
from typing import Any

_NAMED = re.compile(r"(?<![:\w]):([a-z_][a-z0-9_]*)")


@lru_cache(maxsize=512)
def for_psycopg(sql: str) -> str:
    """The same statement with psycopg's placeholders."""
    return _NAMED.sub(r"%(\1)s", sql.replace("?", "%s"))


def insert(table: str, columns: tuple[str, ...]) -> str:
    """An INSERT of these columns, by position."""
    marks = ", ".join("?" * len(columns))
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"


def upsert(table: str, columns: tuple[str, ...], key: tuple[str, ...]) -> str:
    """An INSERT that replaces the row of the same key."""
    changes = ", ".join(f"{name} = excluded.{name}" for name in columns if name not in key)
    return f"{insert(table, columns)} ON CONFLICT ({', '.join(key)}) DO UPDATE SET {changes}"


def select(table: str, columns: tuple[str, ...], where: str) -> str:
    """A SELECT of these columns."""
    return f"SELECT {', '.join(columns)} FROM {table} WHERE {where}"


def marks(count: int) -> str:
    """So many placeholders for an IN list; never empty, as no database takes an empty list."""
    return ", ".join("?" * max(1, count))


class Statements(ABC):
    """What a database gives to the rows: to run one statement."""

    @abstractmethod
    def one(self, sql: str, params: Any = ()) -> tuple[Any, ...] | None:
        """Run a statement and return its first row."""

    @abstractmethod
    def all(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""

    @abstractmethod
    def execute(self, sql: str, params: Any = ()) -> int:
        """Run a statement and return how many rows it changed."""
