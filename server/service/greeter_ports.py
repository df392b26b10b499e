"""What the use cases of a greeter need of the rows: tickets by number, and print orders."""

from typing import NamedTuple, Protocol

from server.domain.ticket import Ticket


class PrintRow(NamedTuple):
    """A paper that somebody asked a kiosk for.

    `device` is the kiosk's token id; `papers` counts those that may have been out when it was
    asked for. `outcome` is null until the kiosk has told it.
    """

    id: str
    centre: str
    device: str
    ticket: str
    papers: int
    asked_ms: int
    asked_by: str
    fetched_ms: int | None
    ended_ms: int | None
    outcome: str | None
    reason: str


class Greeting(Protocol):
    """Tickets by what is on their paper, and the papers asked for, in one transaction."""

    def newest_tickets(self, centre: str, day: str, part: str, limit: int) -> list[Ticket]:
        """The newest of a day whose number holds `part` (upper case, no wildcards)."""
        ...

    def print_order(self, order: str) -> PrintRow | None:
        """The order of this id, of whatever centre."""
        ...

    def save_print_order(self, row: PrintRow) -> None:
        """Store an order over what was known of it."""
        ...

    def print_orders_since(self, centre: str, asked_ms: int) -> list[PrintRow]:
        """A centre's orders that were asked for at that moment or later, newest first."""
        ...

    def print_orders_of(self, ticket: str) -> list[PrintRow]:
        """Every order for one ticket, oldest first."""
        ...

    def forget_print_orders(self, before_ms: int) -> int:
        """Drop the orders asked for before that moment; how many went."""
        ...
