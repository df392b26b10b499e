"""The rows of `service.greeter_ports`: tickets by number, newest first, and print orders."""

from typing import Final

from server.domain.ticket import Ticket
from server.service.greeter_ports import PrintRow
from server.storage.sql import select, upsert
from server.storage.statements import Statements

NEWEST_TICKETS: Final = select(
    "ticket",
    Ticket._fields,
    "centre = ? AND day = ? AND number LIKE ? ORDER BY issued_ms DESC, number DESC LIMIT ?",
)
PRINT_ORDER: Final = select("print_order", PrintRow._fields, "id = ?")
SAVE_PRINT_ORDER: Final = upsert("print_order", PrintRow._fields, ("id",))
PRINT_ORDERS_SINCE: Final = select(
    "print_order", PrintRow._fields, "centre = ? AND asked_ms >= ? ORDER BY asked_ms DESC, id"
)
PRINT_ORDERS_OF: Final = select("print_order", PrintRow._fields, "ticket = ? ORDER BY asked_ms, id")


class GreeterRows(Statements):
    """The methods of `service.greeter_ports.Greeting`."""

    def newest_tickets(self, centre: str, day: str, part: str, limit: int) -> list[Ticket]:
        rows = self.all(NEWEST_TICKETS, (centre, day, f"%{part}%", limit))
        return [Ticket._make(row) for row in rows]

    def print_order(self, order: str) -> PrintRow | None:
        row = self.one(PRINT_ORDER, (order,))
        return PrintRow._make(row) if row is not None else None

    def save_print_order(self, row: PrintRow) -> None:
        self.execute(SAVE_PRINT_ORDER, row)

    def print_orders_since(self, centre: str, asked_ms: int) -> list[PrintRow]:
        return [PrintRow._make(row) for row in self.all(PRINT_ORDERS_SINCE, (centre, asked_ms))]

    def print_orders_of(self, ticket: str) -> list[PrintRow]:
        return [PrintRow._make(row) for row in self.all(PRINT_ORDERS_OF, (ticket,))]

    def forget_print_orders(self, before_ms: int) -> int:
        return self.execute("DELETE FROM print_order WHERE asked_ms < ?", (before_ms,))
