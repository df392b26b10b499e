"""Tickets put straight into a store, past every rule."""

from server.domain.ticket import Ticket
from server.service.ports import Tx

NOW_MS = 10_000


def ticket(number: int, **changes: object) -> Ticket:
    """A waiting ticket of centre `c`, the n-th of its queue, with these columns changed."""
    base = Ticket(
        f"id-{number:04d}", "c", "2026-11-23", f"H{number:03d}", "ho-tich", "none", "waiting",
        None, "", 1000 + number, 1000, None, None, None, None, "kiosk", "vi", None,
        f"track-{number}", None, 0, None, None, seq=number,
    )  # fmt: skip
    return base._replace(**changes)  # type: ignore[arg-type]


def put(tx: Tx, row: Ticket) -> None:
    """Store a ticket and count it in its queue."""
    tx.insert_ticket(row)
    if row.state == "waiting":
        tx.add_waiting(row.centre, row.service, row.priority, row.pinned_to, 1)
