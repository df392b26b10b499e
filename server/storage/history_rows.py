"""The rows of days gone by: what was served lately, and the log of some days.

The cost of each statement depends on the rows asked for, never on how many are stored.
"""

from typing import Final

from server.domain.chain import Event
from server.domain.learning import Served
from server.storage.sql import select
from server.storage.statements import Statements

RECENT_SERVICES: Final = select(
    "ticket",
    Served._fields,
    "centre = ? AND service = ? AND state = 'served' AND cause IS NULL "
    "AND called_ms IS NOT NULL AND started_ms IS NOT NULL ORDER BY ended_ms DESC LIMIT ?",
)
_OF_CLOSED_DAY: Final = "centre = ? AND day {} ? ORDER BY day DESC LIMIT 1"
_CLOSED_BEFORE: Final = select("day_head", ("seq",), _OF_CLOSED_DAY.format("<"))
_CLOSED_UP_TO: Final = select("day_head", ("seq",), _OF_CLOSED_DAY.format("<="))
_LATE_TICKETS: Final = select(
    "ticket", ("seq",), "centre = ? AND day >= ? AND day <= ? AND seq > ? AND seq <= ?"
)
LATE_EVENTS: Final = select(
    "event", Event._fields, f"centre = ? AND seq IN ({_LATE_TICKETS}) ORDER BY seq"
)


class HistoryRows(Statements):
    """The methods of `service.ports.Tx` that look back."""

    def recent_services(self, centre: str, service: str, limit: int) -> list[Served]:
        return [Served._make(row) for row in self.all(RECENT_SERVICES, (centre, service, limit))]

    def closed_days_end(self, centre: str, before_day: str, up_to_day: str) -> tuple[int, int]:
        before = self.one(_CLOSED_BEFORE, (centre, before_day))
        up_to = self.one(_CLOSED_UP_TO, (centre, up_to_day))
        return before[0] if before else 0, up_to[0] if up_to else 0

    def late_events(
        self, centre: str, first_day: str, last_day: str, after: int, up_to: int
    ) -> list[Event]:
        rows = self.all(LATE_EVENTS, (centre, centre, first_day, last_day, after, up_to))
        return [Event._make(row) for row in rows]
