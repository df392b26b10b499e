"""Writes a log as `layso-server log export` does, of days that are made up or simulated."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from simulation.planning.hall import Hall
from simulation.planning.run import Outcome

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = "2026-11-23"


class LogWriter:
    """Collects events, in the order in which they are told, and writes them as lines."""

    def __init__(self, centre: Mapping[str, Any]) -> None:
        self._centre = centre
        self.lines: list[dict[str, Any]] = []
        self.day = MONDAY

    def at(self, clock: str | float) -> datetime:
        """A time of the day under way: `08:30`, or minutes since midnight."""
        if isinstance(clock, str):
            hour, minute = clock.split(":")
            clock = int(hour) * 60 + int(minute)
        midnight = datetime.fromisoformat(self.day).replace(tzinfo=ZONE)
        return midnight + timedelta(minutes=clock)

    def tell(
        self,
        clock: str | float,
        kind: str,
        ticket: str | None = None,
        counter: str | None = None,
        *,
        undone: str | None = None,
        **columns: Any,
    ) -> None:
        """One event; columns named `…_ms` are times of day too."""
        changed = {
            name: round(self.at(value).timestamp() * 1000) if name.endswith("_ms") else value
            for name, value in columns.items()
        }
        data = {"set": changed, **({"undone": undone} if undone else {})}
        self.lines.append(
            {
                "seq": len(self.lines) + 1,
                "at": self.at(clock).isoformat(timespec="milliseconds"),
                "day": self.day,
                "kind": kind,
                "ticket": ticket,
                "counter": counter,
                "data": data,
            }
        )

    def issue(
        self, clock: str | float, ticket: str, service: str = "ho-tich", priority: str = "none"
    ) -> None:
        """A number is taken."""
        self.tell(
            clock, "issued", ticket,
            service=service, priority=priority, state="waiting", issued_ms=clock,
        )  # fmt: skip

    def serve(self, ticket: str, counter: str, called: str, started: str, ended: str) -> None:
        """Somebody is called, begins, and is done."""
        self.tell(called, "called", ticket, counter, called_ms=called)
        self.tell(started, "started", ticket, counter, started_ms=started)
        self.tell(ended, "served", ticket, counter, ended_ms=ended)

    def add_day(self, hall: Hall, outcomes: Sequence[Outcome]) -> None:
        """A simulated day, as the server would have written it down."""
        clock = hall.sessions.clock
        told: list[tuple[float, str, tuple[Any, ...], dict[str, Any]]] = []
        for counter in hall.counters:
            told.append((clock(0.0) - 1.0, "counter_opened", (None, counter), {}))
        for person, called_min, counter, _ in outcomes:
            ticket, called = f"{self.day}-{person.id}", clock(called_min)
            row = {"service": person.service, "priority": person.group, "state": "waiting"}
            come = clock(person.at_min)
            told.append((come, "issued", (ticket,), {**row, "issued_ms": come}))
            told.append((called, "called", (ticket, counter), {"called_ms": called}))
            if person.absent:
                end = clock(called_min + 1.0)
                told.append((end, "no_show", (ticket, counter), {"ended_ms": end}))
                continue
            start = clock(called_min + person.walk_min)
            end = clock(called_min + person.walk_min + person.service_min)
            told.append((start, "started", (ticket, counter), {"started_ms": start}))
            told.append((end, "served", (ticket, counter), {"ended_ms": end}))
        for at, kind, about, columns in sorted(told, key=lambda one: one[0]):
            self.tell(at, kind, *about, **columns)
        for counter in hall.counters:
            self.tell(24 * 60.0 - 0.1, "counter_closed", None, counter)

    def write(self, path: Path, extra: Iterable[str] = ()) -> Path:
        """The file; `extra` lines come last."""
        days = sorted({line["day"] for line in self.lines}) or [MONDAY]
        head = {
            "format": "layso-log", "version": 1, "centre": self._centre,
            "from": days[0], "to": days[-1],
        }  # fmt: skip
        lines = [json.dumps(line, ensure_ascii=False) for line in [head, *self.lines]]
        path.write_text("\n".join([*lines, *extra]) + "\n", encoding="utf-8")
        return path


def centre_line(data: Mapping[str, Any]) -> dict[str, Any]:
    """A parsed centre file in the words of a log's first line."""
    services = [{**one, "retired": False} for one in data["service"]]
    counters = [{**one, "retired": False, "zone": None} for one in data["counter"]]
    return {
        **data["centre"],
        "timezone": "Asia/Ho_Chi_Minh",
        "simulation": None,
        "services": services,
        "counters": counters,
        "policy": {"no_show_after_s": 60, "undo_s": 10},
    }


SMALL = {
    "id": "thu-nghiem",
    "name": {"vi": "Trung tâm thử nghiệm", "en": "Test centre"},
    "kind": "point",
    "timezone": "Asia/Ho_Chi_Minh",
    "hours": [
        {"days": "mon,tue,wed,thu,fri", "open": "07:30", "close": "11:30"},
        {"days": "mon,tue,wed,thu,fri", "open": "13:30", "close": "17:00"},
    ],
    "simulation": None,
    "services": [
        {"id": "ho-tich", "prefix": "H", "name": {"vi": "Hộ tịch", "en": "Civil status"},
         "typical_service_min": 8.0, "retired": False},
        {"id": "dat-dai", "prefix": "A", "name": {"vi": "Đất đai", "en": "Land"},
         "typical_service_min": 12.0, "retired": False},
    ],
    "counters": [
        {"id": "q1", "number": 1, "name": {"vi": "Quầy 1", "en": "Counter 1"},
         "services": ["ho-tich"], "zone": None, "retired": False},
        {"id": "q2", "number": 2, "name": {"vi": "Quầy 2", "en": "Counter 2"},
         "services": ["ho-tich", "dat-dai"], "zone": None, "retired": False},
    ],
    "policy": {"beta": 0.5, "gamma": 0.5},
}  # fmt: skip
