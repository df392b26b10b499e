"""Every command on a centre, by name."""

from typing import Any

from server.domain.ticket import Ticket
from server.service import counters, tickets, undo
from server.service.advice import service_ref
from server.service.commands import own_counter
from server.service.day_limit import limit_today
from server.service.desk_commands import DeskCommands
from server.service.hand_in import hand_in
from server.service.issue import check_request, issue
from server.service.ports import Caller, Operation, Reply
from server.service.redirect import check_elsewhere, check_in, redirect, with_place
from server.service.take_advice import matching, take
from server.service.work import CentreWork, known_counter
from wire.answers import Counter, DayLimit, NextAnswer, Redirected, UndoAnswer
from wire.answers import Ticket as TicketAnswer
from wire.oversight import AdviceTaken
from wire.requests import (
    AdviceRequest,
    CallRequest,
    FinishRequest,
    HoldRequest,
    IssueRequest,
    LateRequest,
    LimitRequest,
    NextRequest,
    PauseRequest,
    PriorityRequest,
    ReceiveRequest,
    RedirectRequest,
    ResumeRequest,
    TransferRequest,
    UndoRequest,
)


class Lobby(DeskCommands):
    """The commands. Each answers after its commit; `operation` makes it safe to repeat.

    All refuse an unknown centre, counter or ticket, an operation id used with another body, and
    what the life-cycle table does not allow; a refused command changed nothing.
    """

    # ---- issuing
    def issue(
        self, caller: Caller, centre: str, body: IssueRequest, operation: Operation | None
    ) -> Reply:
        """Issue a ticket, or take in a number that a kiosk gave out by itself.

        Raises:
            Refusal: `unknown_service`, `centre_closed`, `day_full`, `number_outside_band`,
                `number_taken`, `id_taken`, `superseded`, `idempotency_mismatch`.
        """
        check_request(caller, body)

        def decide(work: CentreWork) -> TicketAnswer:
            if body.number is None:
                ticket = issue(work, caller, body, self._random(32))
            else:
                assert operation is not None
                ticket = hand_in(work, caller, body, operation, self._random(48))
            work.subject = ticket.id
            return self.newly_issued(work, ticket)

        return self.run(caller, centre, operation, decide, created=True)

    def receive(
        self,
        caller: Caller,
        centre: str,
        counter: str,
        body: ReceiveRequest,
        operation: Operation | None,
    ) -> Reply:
        """Take a person who stands at the desk: issue, call and start in one command."""

        def decide(work: CentreWork) -> TicketAnswer:
            ticket = counters.receive(work, caller, counter, body, self._random(48))
            undo.remember(work, counter, "receive")
            return self.answer(work, caller, ticket)

        return self.run(caller, centre, operation, decide)

    def redirect(
        self, caller: Caller, centre: str, body: RedirectRequest, operation: Operation | None
    ) -> Reply:
        """Issue a number of another centre to somebody who stands in this one.

        Raises:
            Refusal: `unknown_centre`, `unknown_service`, `centre_closed`, `day_full`,
                `invalid_body`.
        """
        check_elsewhere(centre, body)
        home = self.known(centre, body.to)[0]

        def decide(work: CentreWork) -> Redirected:
            ticket = redirect(work, home, body, self._random(32))
            return with_place(self.newly_issued(work, ticket), work, ticket)

        return self.run(caller, body.to, operation, decide, created=True)

    def limit_service(
        self,
        caller: Caller,
        centre: str,
        service: str,
        body: LimitRequest,
        operation: Operation | None,
    ) -> Reply:
        """Limit the numbers of a service for today alone.

        Raises:
            Refusal: `unknown_service`.
        """

        def decide(work: CentreWork) -> DayLimit:
            most = None if body.limit is None else int(body.limit)
            return limit_today(work, service, most)

        return self.run(caller, centre, operation, decide)

    # ---- counters
    def take_advice(
        self, caller: Caller, centre: str, body: AdviceRequest, operation: Operation | None
    ) -> Reply:
        """Open a counter, lend it to a service for today, or end that loan, advised or not.

        Afterwards `on_advice_taken` is called with the centre.

        Raises:
            Refusal: `unknown_counter`, `unknown_service`, `invalid_body`.
        """
        advised = matching(self.adviser.board(centre).advice, body)

        def decide(work: CentreWork) -> AdviceTaken:
            service = take(work, body, advised)
            named = service_ref(work.centre, service) if service else None
            return AdviceTaken(self.counter(work, body.counter), body.kind, named, advised)

        reply = self.run(caller, centre, operation, decide)
        self.counters_changed(centre)
        for tell in self.on_advice_taken:
            tell(centre)
        return reply

    def open_counter(
        self, caller: Caller, centre: str, counter: str, body: Any, operation: Operation | None
    ) -> Reply:
        """Open a counter; repeating it changes nothing."""
        return self._set_counter(caller, centre, counter, "open", None, operation)

    def pause_counter(
        self,
        caller: Caller,
        centre: str,
        counter: str,
        body: PauseRequest,
        operation: Operation | None,
    ) -> Reply:
        """Pause a counter that has no ticket, with the code of the break."""
        return self._set_counter(caller, centre, counter, "paused", body.code, operation)

    def close_counter(
        self, caller: Caller, centre: str, counter: str, body: Any, operation: Operation | None
    ) -> Reply:
        """Close a counter that has no ticket."""
        return self._set_counter(caller, centre, counter, "closed", None, operation)

    def _set_counter(
        self,
        caller: Caller,
        centre: str,
        counter: str,
        state: Any,
        code: str | None,
        operation: Operation | None,
    ) -> Reply:
        def decide(work: CentreWork) -> Counter:
            counters.set_state(work, counter, state, code)
            before = work.counter_before
            if before is None or before.state != state:  # The code of a break is no command.
                undo.remember(work, counter, state)
            return self.counter(work, counter)

        reply = self.run(caller, centre, operation, decide)
        self.counters_changed(centre)
        return reply

    def call_next(
        self,
        caller: Caller,
        centre: str,
        counter: str,
        body: NextRequest,
        operation: Operation | None,
    ) -> Reply:
        """End what the counter has and call the best waiting ticket, in one transaction.

        Raises:
            Refusal: `unknown_counter`, `counter_not_open`, `counter_moved_on`, `too_early`,
                `invalid_transition`.
        """

        def decide(work: CentreWork) -> NextAnswer:
            random = self._random(16)
            called, finished, reason = counters.call_next(work, counter, body, random)
            undo.remember(work, counter, "next")
            return NextAnswer(
                self.answer(work, caller, called) if called else None,
                self.answer(work, caller, finished) if finished else None,
                reason,
            )

        return self.run(caller, centre, operation, decide)

    def undo(
        self,
        caller: Caller,
        centre: str,
        counter: str,
        body: UndoRequest,
        operation: Operation | None,
    ) -> Reply:
        """Take back the counter's last command, by compensating events.

        Raises:
            Refusal: `unknown_counter`, `nothing_to_undo`, `counter_moved_on`.
        """

        def decide(work: CentreWork) -> UndoAnswer:
            known_counter(work.centre, counter)
            action, changed = undo.undo(work, counter, body.seen)
            answers = [self.answer(work, caller, ticket) for ticket in changed]
            return UndoAnswer(action, answers, self.counter(work, counter))

        reply = self.run(caller, centre, operation, decide)
        self.counters_changed(centre)
        return reply

    # ---- one ticket
    def call(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: CallRequest,
        operation: Operation | None,
    ) -> Reply:
        """Call one ticket out of order, with its reason."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            random = self._random(16)
            return counters.call_chosen(work, found, body, random)

        return self.change(caller, centre, ticket, "call", change, operation)

    def recall(
        self, caller: Caller, centre: str, ticket: str, body: Any, operation: Operation | None
    ) -> Reply:
        """Say the call once more."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            own_counter(caller, found)
            return tickets.recall(work, found)

        return self.change(caller, centre, ticket, "recall", change, operation)

    def start(
        self, caller: Caller, centre: str, ticket: str, body: Any, operation: Operation | None
    ) -> Reply:
        """The person is at the counter."""
        return self.change(caller, centre, ticket, "start", tickets.start, operation)

    def finish(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: FinishRequest,
        operation: Operation | None,
    ) -> Reply:
        """The person is served."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            return tickets.finish(work, found, body)

        return self.change(caller, centre, ticket, "finish", change, operation)

    def no_show(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: LateRequest,
        operation: Operation | None,
    ) -> Reply:
        """Nobody came, and the centre's patience is over."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            own_counter(caller, found)
            return tickets.no_show(work, found, body)

        return self.change(caller, centre, ticket, "no-show", change, operation)

    def hold(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: HoldRequest,
        operation: Operation | None,
    ) -> Reply:
        """The person fetches something and comes back."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            return tickets.hold(work, found, body)

        return self.change(caller, centre, ticket, "hold", change, operation)

    def resume(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: ResumeRequest,
        operation: Operation | None,
    ) -> Reply:
        """The person is back."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            return tickets.resume(work, caller, found, body)

        return self.change(caller, centre, ticket, "resume", change, operation)

    def return_(
        self, caller: Caller, centre: str, ticket: str, body: Any, operation: Operation | None
    ) -> Reply:
        """Back to waiting, with the place it had."""
        return self.change(caller, centre, ticket, "return", tickets.return_, operation)

    def check_in(
        self, caller: Caller, centre: str, ticket: str, body: Any, operation: Operation | None
    ) -> Reply:
        """Somebody who was on the way from another centre is here."""
        return self.change(caller, centre, ticket, "check-in", check_in, operation)

    def cancel(
        self, caller: Caller, centre: str, ticket: str, body: Any, operation: Operation | None
    ) -> Reply:
        """The person does not want to wait any more."""
        return self.change(caller, centre, ticket, "cancel", tickets.cancel, operation)

    def transfer(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: TransferRequest,
        operation: Operation | None,
    ) -> Reply:
        """To another service or to one counter, on the same number."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            return tickets.transfer(work, found, body)

        return self.change(caller, centre, ticket, "transfer", change, operation)

    def set_priority(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: PriorityRequest,
        operation: Operation | None,
    ) -> Reply:
        """To another priority group, with a reason."""

        def change(work: CentreWork, found: Ticket) -> Ticket:
            return tickets.set_priority(work, found, body)

        return self.change(caller, centre, ticket, "priority", change, operation)
