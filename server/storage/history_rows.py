"""The rows of days gone by: what was served lately, and the log of some days.

The cost of each statement depends on the rows asked for, never on how many are stored.
"""

from typing import Final

from server.domain.learning import Served
from server.storage.sql import select
from server.storage.statements import Statements

RECENT_SERVICES: Final = select(
    "ticket",
    Served._fields,
    "centre = ? AND service = ? AND state = 'served' AND cause IS NULL "
    "AND called_ms IS NOT NULL AND started_ms IS NOT NULL ORDER BY ended_ms DESC LIMIT ?",
)


class HistoryRows(Statements):
    """The methods of `service.ports.Tx` that look back."""

    def recent_services(self, centre: str, service: str, limit: int) -> list[Served]:
        return [Served._make(row) for row in self.all(RECENT_SERVICES, (centre, service, limit))]
