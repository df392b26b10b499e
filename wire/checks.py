"""Reading a TOML table with every fault collected, each with its key and a suggestion.

A `Table` hands out typed values and remembers what is wrong; `finish` names the keys nobody
asked for. The reader goes on after a fault, so that one run shows them all.
"""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wire.errors import LaySoError


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong in a file: where, and what would be right."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


class FaultyFile(LaySoError):
    """A file was refused as a whole; `faults` lists everything that is wrong with it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("\n".join(map(str, faults)))
        self.faults = tuple(faults)


def nearest(word: str, known: Iterable[str], likeness: float = 0.6) -> str:
    """The known word that is nearest to this one; "" where none is at least so like it."""
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=likeness)
    return near[0] if near else ""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The tail of a message: the nearest known word, or nothing."""
    near = nearest(word, known)
    return f"; did you mean '{near}'?" if near else ""


def parse_toml(text: str) -> dict[str, Any]:
    """Parse TOML, or raise `FaultyFile` with the line that is malformed."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise FaultyFile([Fault("", f"not valid TOML: {error}")]) from error


class Table:
    """One table of a file, read key by key.

    Args:
        data: The parsed table.
        where: Its name in messages, such as `counter[2]`; empty for the file itself.
        faults: The list that faults are added to, shared by all tables of a file.
    """

    def __init__(self, data: Mapping[str, Any], where: str, faults: list[Fault]) -> None:
        self._data = data
        self.where = where
        self._asked: set[str] = set()
        self.faults = faults

    def path(self, key: str) -> str:
        """How messages name this key."""
        return f"{self.where}.{key}" if self.where else key

    def fault(self, key: str, message: str) -> None:
        """Note that the value of `key` is wrong."""
        self.faults.append(Fault(self.path(key), message))

    def _get(self, key: str, kind: type | tuple[type, ...], what: str, required: bool) -> Any:
        self._asked.add(key)
        if key not in self._data:
            if required:
                self.fault(key, f"is missing; give {what}")
            return None
        value = self._data[key]
        wrong_bool = isinstance(value, bool) and kind is not bool
        if wrong_bool or not isinstance(value, kind):
            self.fault(key, f"must be {what}, not {value!r}")
            return None
        return value

    def text(
        self,
        key: str,
        default: str | None = None,
        *,
        pattern: str | None = None,
        what: str = "a text",
        choices: Sequence[str] = (),
    ) -> str:
        """A text, matching `pattern` whole or being one of `choices`; "" after a fault."""
        value = self._get(key, str, what, default is None)
        if value is None:
            return default or ""
        if choices and value not in choices:
            known = ", ".join(choices)
            self.fault(key, f"'{value}' is not one of {known}{did_you_mean(value, choices)}")
            return default or ""
        if pattern and not re.fullmatch(pattern, value):
            self.fault(key, f"must be {what}, not '{value}'")
            return default or ""
        return str(value)

    def number(
        self, key: str, default: float | None = None, *, low: float, high: float, what: str
    ) -> float:
        """A number with low ≤ n ≤ high; `low` after a fault."""
        value = self._get(key, (int, float), what, default is None)
        if value is None:
            return low if default is None else default
        if not low <= value <= high:
            self.fault(key, f"must be {what} from {low:g} to {high:g}, not {value:g}")
            return low
        return float(value)

    def integer(
        self, key: str, default: int | None = None, *, low: int, high: int, what: str
    ) -> int:
        """A whole number with low ≤ n ≤ high; `low` after a fault."""
        value = self._get(key, int, what, default is None)
        if value is None:
            return low if default is None else default
        if not low <= value <= high:
            self.fault(key, f"must be {what} from {low} to {high}, not {value}")
            return low
        return int(value)

    def flag(self, key: str, default: bool) -> bool:
        """true or false."""
        value = self._get(key, bool, "true or false", False)
        return default if value is None else bool(value)

    def texts(
        self, key: str, *, required: bool = False, what: str = "a list of texts"
    ) -> list[str]:
        """A list of texts, without repeats; empty after a fault."""
        value = self._get(key, list, what, required)
        if value is None:
            return []
        if not all(isinstance(item, str) for item in value):
            self.fault(key, f"must be {what}, not {value!r}")
            return []
        if len(set(value)) != len(value):
            self.fault(key, "names the same thing twice; leave one")
        return list(dict.fromkeys(value))

    def table(self, key: str, *, required: bool = False, what: str = "a table") -> "Table | None":
        """A table inside this one, or None where it is absent or faulty."""
        value = self._get(key, dict, what, required)
        return None if value is None else Table(value, self.path(key), self.faults)

    def tables(self, key: str) -> list["Table"]:
        """An array of tables inside this one; empty where it is absent or faulty."""
        value = self._get(key, list, "a list of tables", False)
        if value is None:
            return []
        if not all(isinstance(item, dict) for item in value):
            self.fault(key, "must be a list of tables")
            return []
        return [
            Table(item, f"{self.path(key)}[{index}]", self.faults)
            for index, item in enumerate(value, start=1)
        ]

    def has(self, key: str) -> bool:
        """Whether the table names `key`; an empty list is as good as none."""
        return key in self._data and self._data[key] != []

    def given(self, key: str) -> Any:
        """What the file has under `key`, of whatever kind, unchecked; None where it is absent."""
        return self._data.get(key)

    def rest(self) -> dict[str, Any]:
        """The keys nobody has asked for yet, for a driver's own options; they count as asked."""
        rest = {key: value for key, value in self._data.items() if key not in self._asked}
        self._asked.update(rest)
        return rest

    def finish(self) -> None:
        """Note every key that nobody asked for, with the nearest one that exists."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, f"is not known here{did_you_mean(key, self._asked)}")


def refuse_if_faulty(faults: Sequence[Fault]) -> None:
    """Raise `FaultyFile` when there is any fault."""
    if faults:
        raise FaultyFile(faults)
