"""A centre's log of some business days, for a planner who replays them from the file alone.

One JSON object a line: first the centre as it is configured now, in the words of its file, then
each event. What people typed (`why`, `note`), who asked and the chain's hashes stay behind: a
column or word is told only if it is listed here.
"""

import math
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from typing import Any, Final

import msgspec

from server.domain.calendar import DAYS, Hours, Session
from server.domain.centre import Centre, Counter, Service
from server.domain.chain import Event
from server.domain.ticket import instant
from server.service.book import Book, unknown_centre
from server.service.ports import Store, Tx

FORMAT: Final = "layso-log"
VERSION: Final = 1
PAGE: Final = 1000
"""Events read in one go; the memory that an export takes does not depend on its length."""

TOLD_COLUMNS: Final = frozenset(
    (
        "id", "centre", "day", "number", "service", "priority", "state", "counter", "pinned_to",
        "t_ref_ms", "issued_ms", "called_ms", "started_ms", "ended_ms", "cause", "source",
        "language", "procedure", "call_id", "times", "outcome", "dossiers", "behind", "ready_ms",
        "expected_s", "likely_s", "high_s", "since_ms", "pause_code",
    )
)  # fmt: skip
WITHHELD_COLUMNS: Final = frozenset(("track", "note", "seq"))
_TOLD_WORDS: Final = frozenset(
    (
        "undone", "number_before", "version", "calls", "checked_in", "stepped_back",
        "from_centre", "advice", "reason",
    )
)  # fmt: skip

_encode = msgspec.json.Encoder().encode


def export(
    store: Store, centre: str, first_day: str, last_day: str, *, page: int = PAGE
) -> Iterator[bytes]:
    """Read the log of these business days, a line at a time.

    Numbers handed in after their day was over come last. What happens while it is read is left
    out. Only events of these days are read, in one short snapshot for each page.

    Args:
        store: Read only; whoever writes goes on.
        centre: Whose log.
        first_day: `YYYY-MM-DD`.
        last_day: The same day or a later one.
        page: How many events to read in one go.

    Raises:
        Refusal: `unknown_centre`, before the first line.
    """
    known, after, end, newest = store.read(lambda tx: _span(tx, centre, first_day, last_day))
    yield _line(header(known, first_day, last_day))
    for event in _events(store, centre, after, end, page):
        if first_day <= event.day <= last_day:
            yield _line(shown(event))
    for event in store.read(lambda tx: tx.late_events(centre, first_day, last_day, end, newest)):
        yield _line(shown(event))


def _span(tx: Tx, centre: str, first_day: str, last_day: str) -> tuple[Centre, int, int, int]:
    """The centre, the seqs after which and up to which these days lie, and the newest of all."""
    ledger = tx.ledger(centre)
    if ledger is None:
        raise unknown_centre(centre)
    known = Book().centre(tx, centre, ledger.version)
    if ledger.day < first_day:
        return known, ledger.seq, ledger.seq, ledger.seq
    after, end = tx.closed_days_end(centre, first_day, last_day)
    return known, after, ledger.seq if ledger.day <= last_day else end, ledger.seq


def _events(store: Store, centre: str, after: int, end: int, page: int) -> Iterator[Event]:
    """The events after one seq up to another; old ones may have been dropped from the log."""
    while after < end:
        events = store.read(partial(_page, centre, after, min(page, end - after)))
        yield from (event for event in events if event.seq <= end)
        after = events[-1].seq if events else end


def _page(centre: str, after: int, limit: int, tx: Tx) -> list[Event]:
    return tx.events_after(centre, after, limit)


def _line(value: Any) -> bytes:
    return _encode(value) + b"\n"


def shown(event: Event) -> dict[str, Any]:
    """One event as its line says it; `data.set` holds the columns that it changed."""
    data = msgspec.json.decode(event.data)
    told = {name: data[name] for name in data if name in _TOLD_WORDS}
    if "set" in data:
        told["set"] = {name: data["set"][name] for name in data["set"] if name in TOLD_COLUMNS}
    return {
        "seq": event.seq,
        "at": instant(event.at_ms).isoformat(timespec="milliseconds"),
        "day": event.day,
        "kind": event.kind,
        "ticket": event.ticket,
        "counter": event.counter,
        "data": told,
    }


def header(centre: Centre, first_day: str, last_day: str) -> dict[str, Any]:
    """The first line: what the file is, and the centre in the words of its own file."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "centre": {
            "id": centre.id,
            "name": centre.name._asdict(),
            "kind": centre.kind,
            **_hours(centre.hours),
            "simulation": centre.simulation,
            "services": [_service(service) for service in centre.services.values()],
            "counters": [_counter(counter) for counter in centre.counters.values()],
            "policy": _policy(centre),
        },
        "from": first_day,
        "to": last_day,
    }


def _hours(hours: Hours) -> dict[str, Any]:
    return {
        "timezone": hours.timezone,
        "hours": [_session(session) for session in hours.sessions],
        "tickets_from_min": hours.tickets_from_min,
        "lunch_tickets": hours.lunch_tickets,
        "closed_dates": sorted(day.isoformat() for day in hours.closed_dates),
    }


def _session(session: Session) -> dict[str, str]:
    return {
        "days": ",".join(DAYS[day] for day in sorted(session.days)),
        "open": _clock(session.open_min),
        "close": _clock(session.close_min),
    }


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _service(service: Service) -> dict[str, Any]:
    return {
        "id": service.id,
        "prefix": service.prefix,
        "name": service.name._asdict(),
        "target_wait_min": service.target_wait_min,
        "typical_service_min": service.typical_service_min,
        "anywhere": service.anywhere,
        **({} if service.daily_limit is None else {"daily_limit": service.daily_limit}),
        "retired": service.retired,
    }


def _counter(counter: Counter) -> dict[str, Any]:
    return {
        "id": counter.id,
        "number": counter.number,
        "name": counter.name._asdict(),
        "services": list(counter.own),
        "zone": counter.zone,
        "retired": counter.retired,
    }


def _policy(centre: Centre) -> dict[str, Any]:
    """Every weight is told; JSON has no infinity, which is the patience of one preset."""
    policy = centre.policy
    patient = math.isinf(policy.patience_min)
    return {
        "preset": "strict-by-law" if patient else "balanced",
        "beta": policy.beta,
        "gamma": policy.gamma,
        **({} if patient else {"patience_min": policy.patience_min}),
        **asdict(centre.rules),
        "priority": [
            {"group": group, **weight._asdict()} for group, weight in policy.weights.items()
        ],
    }
