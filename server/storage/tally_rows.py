"""The rows of `service.tally_ports`: counts by key, and the few tickets that wait for something."""

from typing import Final, cast

from server.domain.ticket import IssuedToday, Ticket
from server.storage.statements import Statements

COUNT_CALL: Final = (
    "INSERT INTO called_count (centre, service, calls) VALUES (?, ?, ?) "
    "ON CONFLICT (centre, service) DO UPDATE SET calls = called_count.calls + excluded.calls "
    "RETURNING calls"
)
COUNT_ISSUED: Final = (
    "INSERT INTO issued_count (centre, day, service, issued) VALUES (?, ?, ?, ?) "
    "ON CONFLICT (centre, day, service) "
    "DO UPDATE SET issued = issued_count.issued + excluded.issued RETURNING issued, most"
)
LIMIT_DAY: Final = (
    "INSERT INTO issued_count (centre, day, service, issued, most) VALUES (?, ?, ?, 0, ?) "
    "ON CONFLICT (centre, day, service) DO UPDATE SET most = excluded.most RETURNING issued, most"
)
SET_BACK: Final = (
    "SELECT " + ", ".join(Ticket._fields) + " FROM ticket "
    "WHERE centre = ? AND state = 'waiting' AND behind > 0 ORDER BY t_ref_ms, number"
)
# CASE keeps the planner from walking a centre's whole queue: all who are on their way are few.
_OVERDUE: Final = (
    "FROM ticket WHERE state = 'waiting' AND ready_ms > 0 AND ready_ms < ? AND source = 'redirect'"
)
OVERDUE_CENTRES: Final = f"SELECT DISTINCT centre {_OVERDUE} ORDER BY centre"
OVERDUE: Final = (
    f"SELECT {', '.join(Ticket._fields)} {_OVERDUE} "
    "AND CASE WHEN centre = ? THEN 1 ELSE 0 END = 1 ORDER BY ready_ms, number"
)
ON_THE_WAY: Final = (
    "SELECT service, COUNT(*) FROM ticket WHERE state = 'waiting' AND ready_ms > 0 "
    "AND ready_ms > ? AND CASE WHEN centre = ? AND priority = 'none' AND pinned_to = '' "
    "THEN 1 ELSE 0 END = 1 GROUP BY service"
)
ISSUED: Final = "SELECT issued, most FROM issued_count WHERE centre = ? AND day = ? AND service = ?"


class TallyRows(Statements):
    """The methods of `service.tally_ports.Tallies`."""

    def count_call(self, centre: str, service: str, change: int) -> int:
        row = self.one(COUNT_CALL, (centre, service, change))
        assert row is not None
        return cast(int, row[0])

    def calls(self, centre: str) -> dict[str, int]:
        return dict(self.all("SELECT service, calls FROM called_count WHERE centre = ?", (centre,)))

    def set_back(self, centre: str) -> list[Ticket]:
        return [Ticket._make(row) for row in self.all(SET_BACK, (centre,))]

    def count_issued(self, centre: str, day: str, service: str, change: int) -> IssuedToday:
        row = self.one(COUNT_ISSUED, (centre, day, service, change))
        assert row is not None
        return IssuedToday._make(row)

    def issued(self, centre: str, day: str, service: str) -> IssuedToday:
        row = self.one(ISSUED, (centre, day, service))
        return IssuedToday._make(row) if row else IssuedToday(0, None)

    def limit_day(self, centre: str, day: str, service: str, most: int | None) -> IssuedToday:
        row = self.one(LIMIT_DAY, (centre, day, service, most))
        assert row is not None
        return IssuedToday._make(row)

    def on_the_way(self, centre: str, after_ms: int) -> dict[str, int]:
        return dict(self.all(ON_THE_WAY, (after_ms, centre)))

    def overdue_centres(self, before_ms: int) -> list[str]:
        return [row[0] for row in self.all(OVERDUE_CENTRES, (before_ms,))]

    def overdue(self, centre: str, before_ms: int) -> list[Ticket]:
        return [Ticket._make(row) for row in self.all(OVERDUE, (before_ms, centre))]
