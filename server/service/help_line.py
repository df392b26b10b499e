"""Calls for help: one record for each kiosk and counter, from `called` over `coming` to `clear`.

They are no part of a centre's log and have no seq: nobody asks later who called for help.
"""

from collections.abc import Callable
from typing import Final

from server.domain.centre import Centre
from server.domain.ticket import instant
from server.service.answers import counter_ref
from server.service.beside import BesideTheLog, Now
from server.service.book import Book
from server.service.device_ports import HelpRow
from server.service.ports import Caller, Clock, Operation, Reply, Store
from server.service.work import known_counter
from wire.errors import FieldFault, Refusal
from wire.help import CounterCaller, HelpCall, HelpCalls, HelpRequest, KioskCaller

FORGOTTEN_MS: Final = 30 * 60_000
"""A call that nobody answered for so long, or that somebody came for and nobody cleared."""


def _over(now: Now, row: HelpRow) -> bool:
    """Whether nobody calls in this record any more."""
    if row.state == "clear" or row.day != now.day:
        return True
    return now.ms - (row.coming_ms or row.called_ms) >= FORGOTTEN_MS


class HelpLine(BesideTheLog):
    """Everything about calls for help. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each question.
        random: Gives that many random bytes.
        book: The centres as configured.
    """

    def __init__(
        self, store: Store, clock: Clock, random: Callable[[int], bytes], book: Book
    ) -> None:
        super().__init__(store, clock, book)
        self._random = random

    def call(
        self, caller: Caller, centre: str, body: HelpRequest, operation: Operation | None
    ) -> Reply:
        """Ask for somebody to come; who calls already keeps the record there is.

        Raises:
            Refusal: `unknown_centre`, `unknown_counter`; `forbidden` for a kiosk that names a
                counter, a pad that names another's, a person who names none.
        """
        counter = _counter_of(caller, body)
        fresh = self._random(8).hex()

        def decide(now: Now) -> HelpCall:
            if counter is not None:
                known_counter(now.centre, counter)
            token = caller.id.removeprefix("t:")
            key = f"kiosk {token}" if counter is None else f"counter {counter}"
            row = next((row for row in now.tx.help_rows(centre) if row.caller == key), None)
            if row is None or _over(now, row):
                row = HelpRow(
                    centre, key, fresh, "called", now.day, now.ms, None,
                    name=caller.name if counter is None else "",
                    kiosk=caller.kiosk if counter is None else None, counter=counter,
                )  # fmt: skip
                now.tx.save_help(row)
            return _answer(now.centre, row)

        return self._run(centre, operation, decide)

    def coming(self, centre: str, call: str, operation: Operation | None) -> Reply:
        """Say that somebody is on the way; repeating it changes nothing.

        Raises:
            Refusal: `unknown_centre`, `unknown_help`; `invalid_transition` where nobody calls
                any more.
        """

        def decide(now: Now) -> HelpCall:
            row = _find(now, call)
            if _over(now, row):
                detail = "This call for help is over."
                raise Refusal("invalid_transition", detail, from_state="clear", action="coming")
            if row.state == "called":
                row = row._replace(state="coming", coming_ms=now.ms)
                now.tx.save_help(row)
            return _answer(now.centre, row)

        return self._run(centre, operation, decide)

    def clear(self, caller: Caller, centre: str, call: str, operation: Operation | None) -> Reply:
        """End a call; repeating it changes nothing. A kiosk and a pad end their own only.

        Raises:
            Refusal: `unknown_centre`, `unknown_help`, `forbidden`.
        """

        def decide(now: Now) -> HelpCall:
            row = _find(now, call)
            own = f"kiosk {caller.id.removeprefix('t:')}", f"counter {caller.counter}"
            if caller.role in ("kiosk", "pad") and row.caller not in own:
                raise Refusal("forbidden", "A device may take back its own call only.")
            if row.state != "clear":
                row = row._replace(state="clear")
                now.tx.save_help(row)
            return _answer(now.centre, row)

        return self._run(centre, operation, decide)

    def calls(self, centre: str) -> HelpCalls:
        """Everybody who calls now, who called first before the others.

        Raises:
            Refusal: `unknown_centre`.
        """

        def ask(now: Now) -> HelpCalls:
            rows = [row for row in now.tx.help_rows(centre) if not _over(now, row)]
            return HelpCalls(centre, [_answer(now.centre, row) for row in rows])

        return self._read(centre, ask)


def _counter_of(caller: Caller, body: HelpRequest) -> str | None:
    """The counter that calls; None for a kiosk."""
    if caller.role == "kiosk":
        if body.counter is not None:
            raise _refused("is not for a kiosk, which calls for itself")
        return None
    if caller.role == "pad":
        if body.counter not in (None, caller.counter):
            raise _refused("is another counter than the pad's own")
        return caller.counter
    if body.counter is None:
        raise _refused("is missing: a desk says where help is wanted")
    return body.counter


def _refused(message: str) -> Refusal:
    fault = FieldFault("counter", message)
    return Refusal("forbidden", f"The counter {message}.", errors=(fault,))


def _find(now: Now, call: str) -> HelpRow:
    for row in now.tx.help_rows(now.centre.id):
        if row.id == call:
            return row
    raise Refusal("unknown_help", "There is no such call for help.")


def _answer(centre: Centre, row: HelpRow) -> HelpCall:
    place = counter_ref(centre, row.counter)
    return HelpCall(
        id=row.id,
        caller=CounterCaller(place) if place else KioskCaller(row.kiosk or 0, row.name),
        state=row.state,
        called_at=instant(row.called_ms),
        coming_at=instant(row.coming_ms) if row.coming_ms is not None else None,
    )
