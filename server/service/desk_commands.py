"""What a desk does to a ticket beside its life cycle: notes for the colleague who has it next."""

from server.domain.ticket import Ticket
from server.service import tickets
from server.service.commands import CentreCommands
from server.service.desk_ports import NoteRow
from server.service.ports import Caller, Operation, Reply
from server.service.reasons import check_words
from server.service.work import CentreWork
from wire.desk import Note
from wire.requests import HoldReasonRequest, NoteRequest


class DeskCommands(CentreCommands):
    """The desk's own commands; they are safe to repeat as all are."""

    def note(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: NoteRequest,
        operation: Operation | None,
    ) -> Reply:
        """Note something of a ticket for the rest of its day, or take the note away.

        A note is no event and no part of the log: it is gone with the day.

        Raises:
            Refusal: `unknown_centre`, `unknown_ticket`; `looks_personal`.
        """
        text = (body.text or "").strip()
        check_words(text=text)

        def decide(work: CentreWork) -> Note:
            found = tickets.find(work, ticket)
            if text:
                work.tx.save_note(NoteRow(found.id, centre, found.day, text))
            else:
                work.tx.drop_note(found.id)
            return Note(found.id, text or None)

        return self.run(caller, centre, operation, decide)

    def set_hold_reason(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: HoldReasonRequest,
        operation: Operation | None,
    ) -> Reply:
        """Say what a ticket on hold waits for; undo still means the hold.

        Raises:
            Refusal: `unknown_centre`, `unknown_ticket`; `invalid_transition`, `looks_personal`.
        """

        def change(work: CentreWork, found: Ticket) -> Ticket:
            return tickets.set_hold_reason(work, found, body)

        return self.change(caller, centre, ticket, "hold-reason", change, operation)
