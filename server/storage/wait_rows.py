"""The rows of `service.wait_ports`: told waits beside what came, and each day's accuracy."""

from typing import Any, Final

from server.domain.accuracy import Accuracy
from server.service.wait_ports import Called, CallKey, DayAccuracy, TicketTold
from server.storage.sql import select, upsert
from server.storage.statements import Statements

# A call that was no first one, or was told nothing, stays as a row without a ticket: readers
# remember how far they have come, and that must not depend on how many such calls there are.
_CALLED: Final = (
    "SELECT c.day, c.called_ms, c.call_id, t.issued_ms, t.expected_s, t.likely_s, t.high_s "
    "FROM (SELECT day, called_ms, call_id, ticket FROM call WHERE {}) c "
    "LEFT JOIN ticket t ON t.id = c.ticket AND t.call_id = c.call_id "
    "AND t.likely_s IS NOT NULL AND t.t_ref_ms = t.issued_ms "
    "AND t.source <> 'redirect' ORDER BY c.day, c.called_ms, c.call_id"
)
CALLED_AFTER: Final = _CALLED.format(
    "centre = ? AND (day, called_ms, call_id) > (?, ?, ?) ORDER BY day, called_ms, call_id LIMIT ?"
)
LAST_CALLED: Final = _CALLED.format(
    "centre = ? ORDER BY day DESC, called_ms DESC, call_id DESC LIMIT ?"
)
CALLED_ON: Final = _CALLED.format("centre = ? AND day = ?")
_ACCURACY: Final = ("day", *Accuracy._fields)


class WaitRows(Statements):
    """The methods of `service.wait_ports.ToldWaits`."""

    def _called(self, sql: str, params: tuple[Any, ...]) -> list[Called]:
        return [
            Called(CallKey(*row[:3]), TicketTold(*row[3:]) if row[3] is not None else None)
            for row in self.all(sql, params)
        ]

    def called_after(self, centre: str, after: CallKey, limit: int) -> list[Called]:
        return self._called(CALLED_AFTER, (centre, *after, limit))

    def last_called(self, centre: str, limit: int) -> list[Called]:
        return self._called(LAST_CALLED, (centre, limit))

    def called_on(self, centre: str, day: str) -> list[Called]:
        return self._called(CALLED_ON, (centre, day))

    def save_accuracy(self, centre: str, row: DayAccuracy) -> None:
        sql = upsert("day_accuracy", ("centre", *_ACCURACY), ("centre", "day"))
        self.execute(sql, (centre, row.day, *row.accuracy))

    def accuracies(self, centre: str, limit: int) -> list[DayAccuracy]:
        sql = select("day_accuracy", _ACCURACY, "centre = ? ORDER BY day DESC LIMIT ?")
        return [DayAccuracy(row[0], Accuracy(*row[1:])) for row in self.all(sql, (centre, limit))]
