"""Reading the opening hours of a centre file."""

import itertools
import re
from datetime import date
from zoneinfo import ZoneInfo

from server.domain.calendar import DAYS, Hours, Session
from wire.checks import Table, did_you_mean


def read_hours(head: Table) -> Hours:
    """Read the hours, closed dates and ticket times of the [centre] table, noting faults."""
    timezone = head.text("timezone", "Asia/Ho_Chi_Minh")
    try:
        ZoneInfo(timezone)
    except (ValueError, OSError, LookupError):
        head.fault("timezone", f"'{timezone}' is no time zone; such as Asia/Ho_Chi_Minh")
        timezone = "UTC"
    sessions = [_session(table) for table in head.tables("hours")]
    _no_overlap(head, sessions)
    return Hours(
        timezone=timezone,
        sessions=tuple(sessions),
        closed_dates=_dates(head),
        tickets_from_min=head.integer(
            "tickets_from_min", 0, low=0, high=720, what="whole minutes before a session"
        ),
        lunch_tickets=head.flag("lunch_tickets", False),
    )


def _dates(head: Table) -> frozenset[date]:
    days = set()
    for text in head.texts("closed_dates", what='a list of days such as "2027-02-05"'):
        try:
            days.add(date.fromisoformat(text))
        except ValueError:
            head.fault("closed_dates", f"'{text}' is no day; write it as 2027-02-05")
    return frozenset(days)


def _session(table: Table) -> Session:
    known = len(table.faults)
    days = _days(table)
    opens = _clock(table, "open")
    closes = _clock(table, "close")
    if closes <= opens and len(table.faults) == known:
        table.fault("close", "must be later than open")
    table.finish()
    return Session(days, opens, closes)


def _days(table: Table) -> frozenset[int]:
    found: set[int] = set()
    text = table.text("days")
    parts = [part for part in map(str.strip, text.split(",")) if part]
    if not parts and isinstance(table.given("days"), str):
        table.fault("days", "names no day; write it as mon-fri, or sat,sun")
    for part in parts:
        first, _, last = part.partition("-")
        ends = (first, last or first)
        if any(end not in DAYS for end in ends):
            bad = next(end for end in ends if end not in DAYS)
            hint = did_you_mean(bad, DAYS)
            table.fault("days", f"'{bad}' is none of {', '.join(DAYS)}{hint}")
            continue
        low, high = DAYS.index(ends[0]), DAYS.index(ends[1])
        if low > high:
            table.fault("days", f"'{part}' runs backwards; write mon-fri, or sat,sun")
        found.update(range(low, high + 1))
    return frozenset(found)


def _clock(table: Table, key: str) -> int:
    text = table.text(key)
    match = re.fullmatch(r"([01][0-9]|2[0-3]):([0-5][0-9])", text)
    if text == "24:00" and key == "close":
        return 24 * 60
    if not match:
        if isinstance(table.given(key), str):
            table.fault(key, f"'{text}' is no time of day; write it as 07:30")
        return 0
    return int(match[1]) * 60 + int(match[2])


def _no_overlap(head: Table, sessions: list[Session]) -> None:
    for weekday in range(7):
        spans = sorted((s.open_min, s.close_min) for s in sessions if weekday in s.days)
        for (_, close), (opens, _) in itertools.pairwise(spans):
            if opens < close:
                head.fault("hours", f"sessions overlap on {DAYS[weekday]}")
                return
