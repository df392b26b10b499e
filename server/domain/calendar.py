"""A centre's calendar: sessions, when numbers are handed out, closed dates, the business day.

All moments are aware; the day is the centre's own calendar day in its own time zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_LOOK_AHEAD_DAYS: Final = 370


@dataclass(frozen=True, slots=True)
class Session:
    """One span of opening hours on some weekdays; minutes since local midnight, close ≤ 1440."""

    days: frozenset[int]
    open_min: int
    close_min: int


@dataclass(frozen=True, slots=True)
class Hours:
    """When a centre is open. No sessions means always open, closed dates apart."""

    timezone: str
    sessions: Sequence[Session] = ()
    closed_dates: frozenset[date] = frozenset()
    tickets_from_min: int = 0
    lunch_tickets: bool = False


@dataclass(frozen=True, slots=True)
class Opening:
    """What the calendar says of one moment.

    `opens_at` is set while no numbers are handed out: when they will be again, or None where no
    session is known in the coming year. `closes_at` is the end of the session under way, and
    `resumes_at` the beginning of the next one of this day.
    """

    open: bool
    tickets: bool
    opens_at: datetime | None
    closes_at: datetime | None
    resumes_at: datetime | None = None


def business_day(moment: datetime, timezone: str) -> str:
    """The centre's calendar day of a moment, as `YYYY-MM-DD`."""
    return moment.astimezone(ZoneInfo(timezone)).date().isoformat()


def day_end(day: str, timezone: str) -> datetime:
    """The midnight that ends a business day."""
    following = date.fromisoformat(day) + timedelta(days=1)
    return datetime.combine(following, time(), ZoneInfo(timezone))


def opening(hours: Hours, moment: datetime) -> Opening:
    """Say whether the centre is open, and whether it hands out numbers, at this moment."""
    zone = ZoneInfo(hours.timezone)
    local = moment.astimezone(zone)
    if not hours.sessions:
        closed = local.date() in hours.closed_dates
        reopens = _next_open_day(hours, local) if closed else None
        return Opening(not closed, not closed, reopens, None)
    spans = _spans(hours, local.date(), zone)
    under_way = next((span for span in spans if span[0] <= local < span[1]), None)
    coming = next((span for span in spans if local < span[0]), None)
    resumes = coming[0] if coming else None
    if under_way:
        return Opening(True, True, None, under_way[1], resumes)
    early = timedelta(minutes=hours.tickets_from_min)
    lunch = hours.lunch_tickets and coming is not None and coming is not spans[0]
    if coming and (lunch or local >= coming[0] - early):
        return Opening(False, True, None, None, resumes)
    opens = coming[0] if coming else _next_session(hours, local, zone)
    return Opening(False, False, opens, None, resumes)


def open_s_between(hours: Hours, start: datetime, end: datetime) -> float:
    """Seconds between two moments in which the centre was open; 0 where the end is not later.

    Waits are told and measured in this time: who waits over lunch does not wait for a counter.
    """
    if end <= start:
        return 0.0
    zone = ZoneInfo(hours.timezone)
    if not hours.sessions:
        return (end - start).total_seconds()
    day, last = start.astimezone(zone).date(), end.astimezone(zone).date()
    found = 0.0
    while day <= last:
        for opens, closes in _spans(hours, day, zone):
            found += max(0.0, (min(end, closes) - max(start, opens)).total_seconds())
        day += timedelta(days=1)
    return found


def open_s_left(hours: Hours, now: datetime) -> float | None:
    """Seconds that the centre is still open on this day; None where it never closes."""
    if not hours.sessions:
        return None
    zone = ZoneInfo(hours.timezone)
    local = now.astimezone(zone)
    return open_s_between(hours, local, _at(local.date(), 24 * 60, zone))


def last_closing(hours: Hours, now: datetime) -> datetime | None:
    """When the centre closes for good on this day; None where it does not open, or not close."""
    zone = ZoneInfo(hours.timezone)
    spans = _spans(hours, now.astimezone(zone).date(), zone)
    return spans[-1][1] if spans else None


def numbers_after_today(hours: Hours, now: datetime) -> datetime | None:
    """When the first number of a later day is handed out; None where no such day is known."""
    zone = ZoneInfo(hours.timezone)
    local = now.astimezone(zone)
    if not hours.sessions:
        return _next_open_day(hours, local)
    opens = _next_session(hours, local, zone)
    if opens is None:
        return None
    early = opens - timedelta(minutes=hours.tickets_from_min)
    return max(early, _at(opens.date(), 0, zone))


def _spans(hours: Hours, day: date, zone: ZoneInfo) -> list[tuple[datetime, datetime]]:
    if day in hours.closed_dates:
        return []
    return sorted(
        (_at(day, session.open_min, zone), _at(day, session.close_min, zone))
        for session in hours.sessions
        if day.weekday() in session.days
    )


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    if minutes >= 24 * 60:
        return datetime.combine(day + timedelta(days=1), time(), zone)
    return datetime.combine(day, time(minutes // 60, minutes % 60), zone)


def _next_session(hours: Hours, local: datetime, zone: ZoneInfo) -> datetime | None:
    for offset in range(1, _LOOK_AHEAD_DAYS):
        spans = _spans(hours, local.date() + timedelta(days=offset), zone)
        if spans:
            return spans[0][0]
    return None


def _next_open_day(hours: Hours, local: datetime) -> datetime | None:
    for offset in range(1, _LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=offset)
        if day not in hours.closed_dates:
            return datetime.combine(day, time(), ZoneInfo(hours.timezone))
    return None
