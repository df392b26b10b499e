"""The rows of `service.desk_ports`: notes by ticket, seats by counter, visits of a day."""

from typing import Final

from server.service.desk_ports import CallReason, NoteRow, SeatRow, Visit
from server.storage.sql import select, upsert
from server.storage.statements import Statements

SAVE_NOTE: Final = upsert("ticket_note", NoteRow._fields, ("ticket",))
SEATS: Final = select("seat", SeatRow._fields, "centre = ? AND day = ? ORDER BY counter")
SAVE_SEAT: Final = upsert("seat", SeatRow._fields, ("centre", "counter"))
COLLEAGUES: Final = select(
    "person",
    ("id", "name"),
    "centre = ? AND role IN ('clerk', 'manager') AND disabled_ms IS NULL ORDER BY name",
)
CALLS_OF: Final = select(
    "call", CallReason._fields, "ticket = ? AND centre = ? AND hidden = 0 ORDER BY called_ms"
)
CALLED_BY: Final = "SELECT 1 FROM call WHERE ticket = ? AND centre = ? AND called_ms <= ? LIMIT 1"
VISITS: Final = select("ticket", Visit._fields, "centre = ? AND day = ? AND counter = ?")


class DeskTables(Statements):
    """The methods of `service.desk_ports.DeskRows`."""

    def note(self, ticket: str) -> str | None:
        row = self.one("SELECT text FROM ticket_note WHERE ticket = ?", (ticket,))
        return row[0] if row else None

    def save_note(self, row: NoteRow) -> None:
        self.execute(SAVE_NOTE, row)

    def drop_note(self, ticket: str) -> None:
        self.execute("DELETE FROM ticket_note WHERE ticket = ?", (ticket,))

    def seats(self, centre: str, day: str) -> list[SeatRow]:
        return [SeatRow._make(row) for row in self.all(SEATS, (centre, day))]

    def save_seat(self, row: SeatRow) -> None:
        self.execute(SAVE_SEAT, row)

    def leave_seats(self, centre: str, counter: str = "", person: str = "") -> int:
        sql = "DELETE FROM seat WHERE centre = ? AND (counter = ? OR person = ?)"
        return self.execute(sql, (centre, counter, person))

    def colleagues(self, centre: str) -> list[tuple[str, str]]:
        return [(row[0], row[1]) for row in self.all(COLLEAGUES, (centre,))]

    def calls_of(self, centre: str, ticket: str) -> list[CallReason]:
        return [CallReason._make(row) for row in self.all(CALLS_OF, (ticket, centre))]

    def called_by(self, centre: str, ticket: str, at_ms: int) -> bool:
        return self.one(CALLED_BY, (ticket, centre, at_ms)) is not None

    def visits(self, centre: str, day: str, counter: str) -> list[Visit]:
        return [Visit._make(row) for row in self.all(VISITS, (centre, day, counter))]
