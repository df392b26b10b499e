"""What the holder of a track link may do about their own visit: step back, come, cancel, rate.

Nobody at a desk presses these keys, so none of them is a counter's last command; undo of a
command that the citizen has built on is refused, as after any other change of the ticket.
"""

from collections.abc import Callable

from server.domain.lifecycle import transition
from server.domain.ticket import Ticket
from server.domain.turns import STEP_BACK, STEPS_BACK_MOST, place_after_step_back
from server.service import tickets
from server.service.answers import standing_of
from server.service.commands import CentreCommands
from server.service.ports import Caller, Operation, Reply
from server.service.procedures import ProcedureTables
from server.service.public import public_ticket, visit_of
from server.service.ratings import rate
from server.service.snapshot import Snapshot
from server.service.work import CentreWork
from wire.errors import Refusal
from wire.ratings import RatingRequest
from wire.visits import PublicTicket

Change = Callable[[CentreWork, Ticket], Ticket]

CITIZEN = Caller(id="link", role="hall", centre=None)
"""Who acts in the log where the holder of a link did."""


class ByLink:
    """The commands of whoever holds a link. Safe from any thread or greenlet.

    All refuse what the life-cycle table does not allow; a refused command changed nothing.

    Args:
        commands: What all commands on a centre share.
        tables: The procedures, for the answers.
        on_coming: Called with the centre after somebody said that they are coming.
    """

    def __init__(self, commands: CentreCommands, tables: ProcedureTables) -> None:
        self._commands = commands
        self._tables = tables
        self.on_coming: list[Callable[[str], None]] = []

    def step_back(self, centre: str, ticket: str, operation: Operation | None) -> Reply:
        """Let three turns pass and keep the number.

        Raises:
            Refusal: `invalid_transition`, `no_steps_left`, `idempotency_mismatch`.
        """
        return self._run(centre, ticket, operation, step_back)

    def coming(self, centre: str, ticket: str, operation: Operation | None) -> Reply:
        """Say that one is on the way to the counter; repeating it changes nothing.

        Raises:
            Refusal: `invalid_transition`, `idempotency_mismatch`.
        """
        reply = self._run(centre, ticket, operation, coming)
        for tell in self.on_coming:
            tell(centre)
        return reply

    def cancel(self, centre: str, ticket: str, operation: Operation | None) -> Reply:
        """Give the number up.

        Raises:
            Refusal: `invalid_transition`, `idempotency_mismatch`.
        """
        return self._run(centre, ticket, operation, tickets.cancel)

    def rate(
        self, centre: str, ticket: str, body: RatingRequest, operation: Operation | None
    ) -> Reply:
        """Rate one's own visit.

        Raises:
            Refusal: `rating_closed`, `already_rated`, `idempotency_mismatch`.
        """

        def change(work: CentreWork, found: Ticket) -> Ticket:
            rate(work, found, body, "phone")
            return found

        return self._run(centre, ticket, operation, change)

    def _run(self, centre: str, ticket: str, operation: Operation | None, change: Change) -> Reply:
        def decide(work: CentreWork) -> PublicTicket:
            changed = change(work, tickets.find(work, ticket))
            snap = Snapshot(work.tx, work.centre, work.ledger, work.day)
            standing = standing_of(work.pacing, work.tx, changed, work.now_ms)
            return public_ticket(snap, self._tables, changed, standing, work.now_ms)

        return self._commands.run(CITIZEN, centre, operation, decide)


def step_back(work: CentreWork, ticket: Ticket) -> Ticket:
    """Let the next three of one's queue go first; a call is taken back, its counter is free.

    Raises:
        Refusal: `invalid_transition`; `no_steps_left` after the third time.
    """
    row = transition("step-back", ticket.state)
    visit = visit_of(work.tx, ticket)
    if visit.steps_back >= STEPS_BACK_MOST:
        detail = f"{ticket.number} has stepped back {STEPS_BACK_MOST} times; that is the most."
        raise Refusal("no_steps_left", detail)
    if ticket.ready_ms > work.now_ms:
        detail = f"{ticket.number} is on the way from another centre and is not called yet."
        raise Refusal("invalid_transition", detail, from_state=ticket.state, action="step-back")
    waits = ticket.state == "waiting"
    queue = ticket if waits else ticket._replace(pinned_to="")
    place = (ticket.t_ref_ms, ticket.number) if waits else (-1, "")
    following = work.tx.next_in_turn(queue, place, STEP_BACK, work.now_ms)
    calls = work.tx.calls(work.centre.id).get(ticket.service, 0)
    stands = place_after_step_back(
        ticket.t_ref_ms,
        [other.t_ref_ms for other in following],
        work.tx.waiting_before(ticket) if waits else 0,
        max(0, ticket.behind - calls),
        calls,
    )
    work.tx.save_visit(visit._replace(steps_back=visit.steps_back + 1))
    changes = {**tickets.BACK_TO_WAITING, "pinned_to": queue.pinned_to, **stands._asdict()}
    tickets.take_call_back(work, ticket)
    counter = ticket.counter
    return work.move(ticket, row.kind, changes, counter=counter, stepped_back=STEP_BACK)


def coming(work: CentreWork, ticket: Ticket) -> Ticket:
    """Note that who was called is on the way to the counter; the next call begins anew.

    Raises:
        Refusal: `invalid_transition` for anything but a called ticket.
    """
    if ticket.state != "called":
        detail = f"A ticket that is {ticket.state} is not called to a counter now."
        raise Refusal("invalid_transition", detail, from_state=ticket.state, action="coming")
    visit = visit_of(work.tx, ticket)
    if visit.coming_call != ticket.call_id:
        work.tx.save_visit(visit._replace(coming_call=ticket.call_id))
    return ticket
