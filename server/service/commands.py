"""How every command runs: operation id, lock, day, decision, rows, answer, in one transaction."""

import time
from collections.abc import Callable
from functools import partial
from typing import Any, Final

import msgspec

from server.domain.calendar import business_day
from server.domain.centre import Centre
from server.domain.ticket import Ticket, milliseconds
from server.service import tickets, undo
from server.service.advice import Adviser
from server.service.answers import SEES_TRACK, counter_answer, standing_of, ticket_answer
from server.service.book import Book, unknown_centre
from server.service.day import begin_day
from server.service.hand_in import remembered
from server.service.learned import Learned
from server.service.pacing import Standing
from server.service.ports import Caller, Clock, Operation, Reply, Store, Tx
from server.service.redirect import VOID_AFTER_MS, void
from server.service.waits import Waits
from server.service.work import CentreWork
from wire.answers import Counter
from wire.answers import Ticket as TicketAnswer
from wire.errors import Refusal

_encode = msgspec.json.Encoder().encode

REMEMBERED_MS: Final = 72 * 3600 * 1000
RELAYED_MS: Final = 3600 * 1000

AT_COUNTER: Final = frozenset({"clerk", "manager", "pad"})
"""Whose actions on a ticket are commands of its counter, and can be taken back there."""

FOLLOWS: Final = frozenset({"recall", "hold-reason"})
"""What is no command that undo means: the one before it stays the last."""

Change = Callable[[CentreWork, Ticket], Ticket]


class CentreCommands:
    """What all commands on a centre share. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each command.
        random: Gives that many random bytes.
        public_url: What track links begin with.
        book: The centres as configured, shared with the readings.
        elapsed: Seconds on a clock that only goes forward, for what is learnt and the waits.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        random: Callable[[int], bytes],
        public_url: str,
        *,
        book: Book | None = None,
        elapsed: Callable[[], float] = time.monotonic,
    ) -> None:
        self.book = book or Book()
        self.learned = Learned(store, self.book, elapsed)
        self.waits = Waits(store, self.book, self.learned, clock, elapsed)
        self.adviser = Adviser(store, self.book, self.waits, clock, elapsed)
        self.on_advice_taken: list[Callable[[str], None]] = []
        self._store = store
        self._clock = clock
        self._random = random
        self._track = public_url.rstrip("/") + "/t/"

    def run(
        self,
        caller: Caller,
        centre: str,
        operation: Operation | None,
        decide: Callable[[CentreWork], Any],
        *,
        created: bool = False,
    ) -> Reply:
        """Run one command on a centre and answer it after its commit.

        A repeated operation answers 200 with the body stored the first time, changing nothing.
        """
        self.waits.of(centre)

        def work(tx: Tx) -> Reply:
            if operation is not None:
                row = tx.operation(operation.scope, operation.key)
                if row is not None:
                    return remembered(row, operation)
            command = self.begin(tx, centre, caller.id)
            answer = _encode(decide(command))
            command.finish()
            reply = Reply(201 if created else 200, answer)
            if operation is not None:
                tx.save_operation(operation, centre, reply, command.subject, command.now_ms)
            return reply

        return self._store.run(centre, work)

    def begin(self, tx: Tx, centre: str, actor: str) -> CentreWork:
        """Open a command's work on a centre, on the business day of this moment.

        Raises:
            Refusal: `unknown_centre`.
        """
        ledger = tx.ledger(centre)
        if ledger is None:
            raise unknown_centre(centre)
        now_ms = milliseconds(self._clock.now())
        known = self.book.centre(tx, centre, ledger.version)
        learnt, pacing = self.learned.last(centre), self.waits.last(centre)
        command = CentreWork(tx, known, ledger, now_ms, actor, ledger.day, learnt, pacing)
        begin_day(command)
        return command

    def change(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        action: str,
        change: Change,
        operation: Operation | None,
    ) -> Reply:
        """Run one action on one ticket; its counter can take it back."""

        def decide(command: CentreWork) -> TicketAnswer:
            found = tickets.find(command, ticket)
            changed = change(command, found)
            if action in FOLLOWS:
                undo.follow(command, changed)
            else:
                place = changed.counter or found.counter
                if place is not None and caller.role in AT_COUNTER:
                    undo.remember(command, place, action)
            return self.answer(command, caller, changed)

        return self.run(caller, centre, operation, decide)

    def answer(self, command: CentreWork, caller: Caller, ticket: Ticket) -> TicketAnswer:
        """A ticket as this caller may see it."""
        standing = standing_of(command.pacing, command.tx, ticket, command.now_ms)
        return self.shown(command, caller.role in SEES_TRACK, ticket, standing)

    def newly_issued(self, command: CentreWork, ticket: Ticket) -> TicketAnswer:
        """A ticket that was just issued, with its link and what is told of its wait."""
        standing = command.standings.get(ticket.id) or standing_of(
            command.pacing, command.tx, ticket, command.now_ms
        )
        return self.shown(command, True, ticket, standing)

    def shown(
        self, command: CentreWork, with_track: bool, ticket: Ticket, standing: Standing | None
    ) -> TicketAnswer:
        """A ticket with where it stands, and its link where the caller may have it."""
        url = self._track + ticket.track if with_track and ticket.track else None
        return ticket_answer(ticket, command.centre, standing, url)

    def counter(self, command: CentreWork, counter: str) -> Counter:
        """A counter as the API answers it."""
        held = command.tx.held_at(command.centre.id, counter)
        return counter_answer(command.centre, command.counter_row(counter), held)

    def counters_changed(self, centre: str) -> None:
        """Make what is told of a centre's waits, and advised, fresh: its counters changed."""
        self.waits.forget(centre)
        self.adviser.forget(centre)

    def end_days(self) -> int:
        """Begin the new business day of every centre whose day has ended; how many did."""
        now = self._clock.now()

        def ended(tx: Tx) -> list[str]:
            found = []
            for centre in tx.centres():
                ledger = tx.ledger(centre)
                assert ledger is not None
                zone = self.book.centre(tx, centre, ledger.version).hours.timezone
                if ledger.day < business_day(now, zone):
                    found.append(centre)
            return found

        centres = self._store.read(ended)
        for centre in centres:
            self._store.run(centre, partial(self._end_day, centre))
        return len(centres)

    def _end_day(self, centre: str, tx: Tx) -> None:
        self.begin(tx, centre, "day").finish()

    def void_overdue(self) -> int:
        """End the tickets of people who did not come from another centre; how many there were."""
        before_ms = milliseconds(self._clock.now()) - VOID_AFTER_MS
        centres = self._store.read(lambda tx: tx.overdue_centres(before_ms))
        return sum(self._store.run(centre, partial(self._void, centre)) for centre in centres)

    def _void(self, centre: str, tx: Tx) -> int:
        work = self.begin(tx, centre, "void")
        count = void(work)
        work.finish()
        return count

    def known(self, *centres: str) -> list[Centre]:
        """These centres as they apply today.

        Raises:
            Refusal: `unknown_centre`.
        """

        def ask(tx: Tx) -> list[Centre]:
            found = []
            for centre in centres:
                ledger = tx.ledger(centre)
                if ledger is None:
                    raise unknown_centre(centre)
                found.append(self.book.centre(tx, centre, ledger.version))
            return found

        return self._store.read(ask)

    def forget_old(self) -> int:
        """Drop what was kept for 72 h or has long been relayed; how many rows went."""
        now_ms = milliseconds(self._clock.now())

        def work(tx: Tx) -> int:
            gone = tx.forget(now_ms - REMEMBERED_MS, now_ms - RELAYED_MS)
            return gone + tx.forget_print_orders(now_ms - REMEMBERED_MS)

        return self._store.run("", work)


def own_counter(caller: Caller, ticket: Ticket) -> None:
    """Refuse a pad that speaks of another counter's ticket.

    Raises:
        Refusal: `forbidden`.
    """
    if caller.role == "pad" and ticket.counter != caller.counter:
        raise Refusal("forbidden", "A pad may act on its own counter's ticket only.")
