"""Opening hours, lunch, closed dates, days and midnights in the centre's own zone."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from server.domain.calendar import (
    Hours,
    Session,
    business_day,
    day_end,
    last_closing,
    numbers_after_today,
    open_s_between,
    open_s_left,
    opening,
)

VN = "Asia/Ho_Chi_Minh"
WEEKDAYS = frozenset(range(5))
MORNING = Session(WEEKDAYS, 450, 690)
AFTERNOON = Session(WEEKDAYS, 810, 1020)


def at(text: str, zone: str = VN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def hours(**options: object) -> Hours:
    return Hours(VN, (MORNING, AFTERNOON), **options)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("moment", "is_open", "tickets"),
    [
        ("2026-11-23 07:29:59", False, False),
        ("2026-11-23 07:30:00", True, True),
        ("2026-11-23 11:29:59", True, True),
        ("2026-11-23 11:30:00", False, False),
        ("2026-11-23 13:30:00", True, True),
        ("2026-11-23 17:00:00", False, False),
        ("2026-11-22 09:00:00", False, False),
    ],
)
def test_sessions_open_and_close_to_the_second(moment: str, is_open: bool, tickets: bool) -> None:
    state = opening(hours(), at(moment))
    assert (state.open, state.tickets) == (is_open, tickets)


def test_numbers_before_the_door_opens() -> None:
    early = hours(tickets_from_min=30)
    assert not opening(early, at("2026-11-23 06:59:59")).tickets
    before = opening(early, at("2026-11-23 07:00:00"))
    assert (before.open, before.tickets) == (False, True)
    assert not opening(early, at("2026-11-23 12:00:00")).tickets
    assert opening(early, at("2026-11-23 13:00:00")).tickets


def test_lunch_tickets_are_given_between_two_sessions_only() -> None:
    lunch = hours(lunch_tickets=True)
    assert opening(lunch, at("2026-11-23 12:00")).tickets
    assert not opening(lunch, at("2026-11-23 06:00")).tickets
    assert not opening(lunch, at("2026-11-23 17:30")).tickets


def test_when_it_opens_again_skips_weekends_and_closed_dates() -> None:
    closed = hours(closed_dates=frozenset({date(2026, 11, 23)}))
    assert opening(closed, at("2026-11-20 18:00")).opens_at == at("2026-11-24 07:30")
    assert opening(closed, at("2026-11-23 09:00")).opens_at == at("2026-11-24 07:30")
    assert opening(hours(), at("2026-11-23 12:00")).opens_at == at("2026-11-23 13:30")


def test_no_hours_means_always_open_but_for_closed_dates() -> None:
    always = Hours(VN, closed_dates=frozenset({date(2027, 2, 5)}))
    assert opening(always, at("2026-11-22 03:00")).tickets
    shut = opening(always, at("2027-02-05 10:00"))
    assert not shut.tickets
    assert shut.opens_at == at("2027-02-06 00:00")


def test_a_session_until_midnight() -> None:
    night = Hours(VN, (Session(frozenset(range(7)), 1200, 1440),))
    assert opening(night, at("2026-11-23 23:59:59")).open
    assert not opening(night, at("2026-11-24 00:00:00")).open


def test_the_business_day_is_the_centres_own() -> None:
    late = datetime(2026, 11, 23, 17, 0, tzinfo=ZoneInfo("UTC"))
    assert business_day(late, VN) == "2026-11-24"
    assert business_day(late, "UTC") == "2026-11-23"
    assert day_end("2026-11-23", VN) == at("2026-11-24 00:00")


OFFICE = hours(closed_dates=frozenset({date(2026, 11, 25)}))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=ZoneInfo(VN))


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (local(23, 8), local(23, 8, 20), 20),
        (local(23, 7), local(23, 7, 40), 10),
        (local(23, 11, 20), local(23, 13, 40), 20),
        (local(23, 16, 50), local(24, 7, 35), 15),
        (local(24, 16), local(26, 8), 90),
        (local(23, 8), local(23, 8), 0),
        (local(23, 9), local(23, 8), 0),
    ],
)
def test_waits_are_measured_in_opening_time(start: datetime, end: datetime, minutes: int) -> None:
    assert open_s_between(OFFICE, start, end) == minutes * 60


def test_a_house_that_never_closes_waits_by_the_clock() -> None:
    always = Hours(VN)
    assert open_s_between(always, local(23, 8), local(24, 8)) == 86_400
    assert open_s_left(always, local(23, 8)) is None


def test_what_is_left_of_the_day() -> None:
    assert open_s_left(OFFICE, local(23, 6)) == 450 * 60
    assert open_s_left(OFFICE, local(23, 11)) == 240 * 60
    assert open_s_left(OFFICE, local(23, 17)) == 0
    assert open_s_left(OFFICE, local(25, 9)) == 0


def test_the_last_closing_of_a_day() -> None:
    assert last_closing(OFFICE, local(23, 6)) == local(23, 17)
    assert last_closing(OFFICE, local(23, 23)) == local(23, 17)
    assert last_closing(OFFICE, local(25, 9)) is None
    assert last_closing(Hours(VN), local(23, 9)) is None


def test_the_first_numbers_after_today() -> None:
    assert numbers_after_today(hours(tickets_from_min=30), local(23, 6)) == local(24, 7)
    assert numbers_after_today(hours(tickets_from_min=720), local(23, 6)) == local(24, 0)
    assert numbers_after_today(OFFICE, local(24, 18)) == local(26, 7, 30)
    assert numbers_after_today(Hours(VN), local(23, 9)) == local(24, 0)
    never = Hours(VN, (Session(frozenset(), 450, 690),))
    assert numbers_after_today(never, local(23, 9)) is None
