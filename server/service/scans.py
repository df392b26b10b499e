"""A slip held under a scanner: the ticket behind its code, checked in if it was on its way here."""

from server.domain.ticket import Ticket
from server.service.commands import CentreCommands
from server.service.ports import Caller, Operation, Reply
from server.service.ratings import may_be_rated
from server.service.redirect import check_in
from server.service.work import CentreWork
from wire.errors import Refusal
from wire.scans import Scanned


def unknown_slip() -> Refusal:
    """The refusal for a code that leads to no ticket of this centre's day."""
    return Refusal("unknown_ticket", "No ticket of this centre and day has this code.")


def scan(
    commands: CentreCommands, caller: Caller, centre: str, track: str, operation: Operation | None
) -> Reply:
    """Read the ticket behind a track token, in whatever state; check in whom the centre expects.

    Raises:
        Refusal: `unknown_centre`, `unknown_ticket` (also of another centre, or another day),
            `idempotency_mismatch`.
    """

    def decide(work: CentreWork) -> Scanned:
        ticket = work.tx.ticket_by_track(track)
        if ticket is None or ticket.centre != centre or ticket.day != work.day:
            raise unknown_slip()
        expected = _expected(ticket)
        if expected:
            ticket = check_in(work, ticket)
        answer = commands.answer(work, caller, ticket)
        can_rate = may_be_rated(work.tx, ticket, work.now_ms)
        return Scanned(answer, checked_in=expected, can_rate=can_rate)

    return commands.run(caller, centre, operation, decide)


def _expected(ticket: Ticket) -> bool:
    """Whether somebody from another centre is waited for who has not checked in."""
    return ticket.source == "redirect" and ticket.state == "waiting" and ticket.ready_ms > 0
