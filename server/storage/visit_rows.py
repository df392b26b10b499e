"""The rows of `service.visit_ports.Visits`."""

from typing import Final

from server.domain.ticket import Ticket
from server.service.visit_ports import CommentRow, Forgotten, RatingCount, RatingRow, VisitRow
from server.storage.sql import insert, select, upsert
from server.storage.statements import Statements

_TICKET: Final = ", ".join(Ticket._fields)
VISIT: Final = select("visit", VisitRow._fields, "ticket = ?")
SAVE_VISIT: Final = upsert("visit", VisitRow._fields, ("ticket",))
COMING: Final = (
    "SELECT t.id FROM ticket t JOIN visit v ON v.ticket = t.id WHERE t.centre = ? "
    "AND t.state IN ('called', 'serving') AND t.state = 'called' AND v.coming_call = t.call_id "
    "ORDER BY t.id"
)
NEXT_IN_TURN: Final = (
    f"SELECT {_TICKET} FROM ticket WHERE centre = ? AND service = ? AND priority = ? "
    "AND pinned_to = ? AND state = 'waiting' AND (t_ref_ms, number) > (?, ?) AND ready_ms <= ? "
    "AND behind <= COALESCE((SELECT c.calls FROM called_count c "
    "WHERE c.centre = ticket.centre AND c.service = ticket.service), 0) "
    "ORDER BY t_ref_ms, number LIMIT ?"
)
RATING: Final = select("rating", RatingRow._fields, "ticket = ?")
SAVE_RATING: Final = insert("rating", RatingRow._fields)
RATING_COUNTS: Final = (
    "SELECT day, service, score, reasons, COUNT(*) FROM rating "
    "WHERE centre = ? AND day >= ? AND day <= ? GROUP BY day, service, score, reasons"
)
COMMENTS: Final = select(
    "rating",
    CommentRow._fields,
    "centre = ? AND day >= ? AND day <= ? AND comment IS NOT NULL "
    "ORDER BY at_ms DESC, ticket LIMIT ?",
)
SERVED_OF: Final = (
    "SELECT day, service, COUNT(*) FROM ticket WHERE centre = ? AND day >= ? AND day <= ? "
    "AND state = 'served' GROUP BY day, service"
)
# The index of finished tickets goes by service; a counter has few of them.
LAST_SERVED_AT: Final = (
    f"SELECT {_TICKET} FROM ticket WHERE centre = ? AND state = 'served' AND cause IS NULL "
    "AND service = ? AND ended_ms >= ? AND counter = ? ORDER BY ended_ms DESC, seq DESC LIMIT 1"
)

FORGET_COMMENTS: Final = "UPDATE rating SET comment = NULL WHERE comment IS NOT NULL AND at_ms < ?"
FORGET_LINKS: Final = "UPDATE ticket SET track = NULL WHERE track IS NOT NULL AND issued_ms < ?"
FORGET_VISITS: Final = (
    "DELETE FROM visit WHERE ticket IN "
    "(SELECT v.ticket FROM visit v JOIN ticket t ON t.id = v.ticket WHERE t.issued_ms < ?)"
)


class VisitRows(Statements):
    """The methods of `service.visit_ports.Visits`."""

    def visit(self, ticket: str) -> VisitRow | None:
        row = self.one(VISIT, (ticket,))
        return VisitRow._make(row) if row else None

    def save_visit(self, row: VisitRow) -> None:
        self.execute(SAVE_VISIT, row)

    def coming(self, centre: str) -> list[str]:
        return [row[0] for row in self.all(COMING, (centre,))]

    def next_in_turn(
        self, ticket: Ticket, after: tuple[int, str], limit: int, now_ms: int
    ) -> list[Ticket]:
        queue = (ticket.centre, ticket.service, ticket.priority, ticket.pinned_to)
        rows = self.all(NEXT_IN_TURN, (*queue, *after, now_ms, limit))
        return [Ticket._make(row) for row in rows]

    def rating(self, ticket: str) -> RatingRow | None:
        row = self.one(RATING, (ticket,))
        return RatingRow._make(row) if row else None

    def save_rating(self, row: RatingRow) -> None:
        self.execute(SAVE_RATING, row)

    def rating_counts(self, centre: str, first: str, last: str) -> list[RatingCount]:
        return [RatingCount._make(row) for row in self.all(RATING_COUNTS, (centre, first, last))]

    def comments(self, centre: str, first: str, last: str, limit: int) -> list[CommentRow]:
        rows = self.all(COMMENTS, (centre, first, last, limit))
        return [CommentRow._make(row) for row in rows]

    def served_of(self, centre: str, first: str, last: str) -> dict[tuple[str, str], int]:
        rows = self.all(SERVED_OF, (centre, first, last))
        return {(day, service): count for day, service, count in rows}

    def last_served_at(
        self, centre: str, counter: str, services: tuple[str, ...], since_ms: int
    ) -> Ticket | None:
        found = [
            Ticket._make(row)
            for service in services
            for row in self.all(LAST_SERVED_AT, (centre, service, since_ms, counter))
        ]
        return max(found, key=lambda ticket: (ticket.ended_ms or 0, ticket.seq), default=None)

    def forget_people(self, before_ms: int) -> Forgotten:
        statements = (FORGET_COMMENTS, FORGET_LINKS, FORGET_VISITS)
        return Forgotten(*(self.execute(sql, (before_ms,)) for sql in statements))
