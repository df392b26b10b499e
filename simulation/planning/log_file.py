"""Reading a centre's log as `layso-server log export` writes it: the centre, then its events.

The first line describes the centre in the words of a centre file; each line after it is one
event. A line that is not so refuses the file, with the line's number.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec

from server.domain.centre import Centre
from server.domain.centre_file import centre_of
from wire.checks import Fault, FaultyFile

EXPORT_AGAIN: Final = "write the file again with layso-server log export"

Day = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")]
Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class Head(msgspec.Struct):
    """The first line. What else it says is left alone."""

    format: Literal["layso-log"]
    version: Literal[1]
    centre: dict[str, Any]


class Data(msgspec.Struct):
    """What an event keeps: the columns it changed, and whether it took a command back."""

    set: dict[str, Any] = {}
    undone: str | None = None


class Event(msgspec.Struct):
    """One line."""

    seq: int
    at: Moment
    day: Day
    kind: str
    ticket: str | None
    counter: str | None
    data: Data

    @property
    def at_ms(self) -> int:
        """When it was recorded."""
        return round(self.at.timestamp() * 1000)

    def moment_ms(self, column: str) -> int:
        """When it happened: what a column says, or when it was recorded."""
        value = self.data.set.get(column)
        return value if isinstance(value, int) and not isinstance(value, bool) else self.at_ms


@dataclass(frozen=True)
class Log:
    """A log, read whole."""

    centre: Centre
    events: Mapping[str, list[Event]]
    """By business day, in the order of the days."""


def read_log(path: Path) -> Log:
    """Read a log.

    Raises:
        FaultyFile: it cannot be read, or a line of it is malformed: which, and why.
    """
    try:
        with path.open("rb") as file:
            lines = _Lines(path, file)
            head = lines.head()
            centre = _centre(path, head)
            days: dict[str, list[Event]] = {}
            for event in lines.events():
                days.setdefault(event.day, []).append(event)
    except OSError as error:
        reason = error.strerror or str(error)
        raise FaultyFile([Fault(str(path), f"cannot be read ({reason})")]) from error
    if not days:
        raise FaultyFile([Fault(str(path), "has no event; export days on which people came")])
    return Log(centre, dict(sorted(days.items())))


class _Lines:
    """The lines of a log, each checked as it is read."""

    def __init__(self, path: Path, lines: Iterable[bytes]) -> None:
        self._path = path
        self._lines = enumerate(lines, start=1)
        self._event = msgspec.json.Decoder(Event)

    def head(self) -> Head:
        number, line = next(self._lines, (1, b""))
        try:
            return msgspec.json.decode(line, type=Head)
        except msgspec.DecodeError as error:
            why = f"is not the first line of a log of version 1: {_words(error)}"
            raise self._refused(number, why) from error

    def events(self) -> Iterator[Event]:
        for number, line in self._lines:
            if not line.strip():
                continue
            try:
                event = self._event.decode(line)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise self._refused(number, f"is no event: {_words(error)}") from error
            if fault := _fault(event):
                raise self._refused(number, fault)
            yield event

    def _refused(self, number: int, why: str) -> FaultyFile:
        return FaultyFile([Fault(f"{self._path}, line {number}", f"{why}; {EXPORT_AGAIN}")])


def _words(error: Exception) -> str:
    """A fault of msgspec's as one line: `$.seq` is the field."""
    return " ".join(str(error).split())


_ABOUT_COUNTERS: Final = frozenset(("counter_opened", "counter_paused", "counter_closed"))
_ISSUED: Final[Mapping[str, type]] = {
    "service": str,
    "priority": str,
    "state": str,
    "issued_ms": int,
}


def _fault(event: Event) -> str | None:
    """What an event lacks that its kind needs."""
    if event.kind in _ABOUT_COUNTERS:
        return None if event.counter else f"counter is missing on '{event.kind}'"
    if event.kind != "issued":
        return None
    if event.ticket is None:
        return "ticket is missing on 'issued'"
    for column, wanted in _ISSUED.items():
        if not isinstance(event.data.set.get(column), wanted):
            return f"data.set.{column} is missing on 'issued', or of another type"
    return None


def _centre(path: Path, head: Head) -> Centre:
    """The centre of the first line, read as its file would be; nothing is retired in a log."""
    place = {key: value for key, value in head.centre.items() if value is not None}
    data = {
        "service": [_left(one, "retired") for one in _rows(place.pop("services", []))],
        "counter": [_left(one, "retired", "zone") for one in _rows(place.pop("counters", []))],
        "policy": place.pop("policy", {}),
        "centre": place,
    }
    try:
        return centre_of(data)[0]
    except FaultyFile as error:
        faults = [Fault(f"{path}, line 1", f"{fault}; {EXPORT_AGAIN}") for fault in error.faults]
        raise FaultyFile(faults) from error


def _rows(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _left(row: Any, *names: str) -> Any:
    if not isinstance(row, dict):
        return row
    return {key: value for key, value in row.items() if key not in names}
