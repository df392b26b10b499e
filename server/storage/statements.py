"""The three ways to run a statement, which a database gives and every row method is built on."""

from abc import ABC, abstractmethod
from typing import Any


class Statements(ABC):
    """One open transaction's connection."""

    @abstractmethod
    def one(self, sql: str, params: Any = ()) -> tuple[Any, ...] | None:
        """Run a statement and return its first row."""

    @abstractmethod
    def all(self, sql: str, params: Any = ()) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows."""

    @abstractmethod
    def execute(self, sql: str, params: Any = ()) -> int:
        """Run a statement and return how many rows it changed."""
