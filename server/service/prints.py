"""Papers that staff ask a kiosk for: asked, fetched, told of, and never printed twice.

An order is no change of its ticket and no part of the centre's log. The kiosk is rung for over
its live link and fetches what is its own, as often as it likes: an order stays in the answer
until the kiosk has told how it ended. What nobody fetched in time has expired, by the clock
alone, so that nothing has to run for it.
"""

import re
from collections.abc import Callable, Mapping
from typing import Final

from server.domain.lifecycle import OPEN
from server.domain.ticket import Ticket, instant
from server.service.answers import standing_of, ticket_answer
from server.service.beside import BesideTheLog, Now
from server.service.book import Book
from server.service.greeter_ports import PrintRow
from server.service.ports import Caller, Clock, Operation, Reply, Store
from server.service.waits import Waits
from wire.devices import Device, Trouble
from wire.errors import Refusal
from wire.prints import (
    FETCH_WITHIN_S,
    PRINT_ID,
    TELL_WITHIN_S,
    PrintEnd,
    PrintOrder,
    PrintRequest,
    PrintsNow,
    PrintState,
    PrintTask,
    PrintTasks,
)

SHOWN_MS: Final = 10 * 60_000
"""For so long an order is among those that staff are shown."""

TOLD_LATE_MS: Final = 2 * 3_600_000
"""For so long a kiosk that fetched an order is asked how it ended."""

NOT_READY: Final[frozenset[Trouble]] = frozenset(
    {"silent", "paper_out", "cover_open", "printer_error"}
)
_PAPER_AT_ISSUE: Final = frozenset({"kiosk", "offline", "redirect"})
_IS_ORDER: Final = re.compile(PRINT_ID).fullmatch
_FETCH_WITHIN_MS: Final = int(FETCH_WITHIN_S * 1000)
_TELL_WITHIN_MS: Final = int(TELL_WITHIN_S * 1000)


class PrintOrders(BesideTheLog):
    """Everything about papers asked for. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: Read once for each question.
        random: Gives that many random bytes.
        book: The centres as configured.
        waits: The table of waits, for what a slip says.
        public_url: What track links begin with.
        devices: Every device of a centre, and how it is.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        random: Callable[[int], bytes],
        book: Book,
        waits: Waits,
        public_url: str,
        devices: Callable[[str], list[Device]],
    ) -> None:
        super().__init__(store, clock, book)
        self._random = random
        self._waits = waits
        self._track = public_url.rstrip("/") + "/t/"
        self._devices = devices

    def ask(
        self,
        caller: Caller,
        centre: str,
        ticket: str,
        body: PrintRequest,
        operation: Operation | None,
    ) -> Reply:
        """Ask a kiosk for a ticket's paper; one that is still on its way there is not doubled.

        Raises:
            Refusal: `unknown_centre`, `unknown_ticket`, `unknown_device`; `printer_not_ready`,
                saying why; `invalid_transition` for a ticket that has ended or is of another day.
        """
        fresh = self._random(8).hex()
        devices = self._devices(centre)

        def decide(now: Now) -> PrintOrder:
            found = now.tx.ticket(centre, ticket)
            if found is None:
                raise Refusal("unknown_ticket", f"{centre} has no ticket '{ticket}'.")
            _check_printable(now, found)
            _check_ready(devices, body.device)
            earlier = now.tx.print_orders_of(found.id)
            on_its_way = [row for row in earlier if _is_at(row, body.device, now.ms)]
            row = on_its_way[0] if on_its_way else PrintRow(
                fresh, centre, body.device, found.id, _papers(found, earlier, now.ms), now.ms,
                caller.id, None, None, None, "",
            )  # fmt: skip
            if not on_its_way:
                now.tx.save_print_order(row)
            return _answer(row, found, _kiosks(now), now.ms)

        return self._run(centre, operation, decide)

    def fetch(self, caller: Caller, centre: str, operation: Operation | None) -> Reply | PrintTasks:
        """Hand a kiosk everything it has to print or to tell of; asking again changes nothing.

        Raises:
            Refusal: `unknown_centre`.
        """
        device = caller.id.removeprefix("t:")
        pacing = self._waits.of(centre)
        if operation is None and not self._read(centre, lambda now: _open_at(now, device)):
            return PrintTasks([])

        def decide(now: Now) -> PrintTasks:
            tasks = []
            for row in _open_at(now, device):
                found = now.tx.ticket(centre, row.ticket)
                if row.fetched_ms is None:
                    row = row._replace(fetched_ms=now.ms)
                    if found is None or found.state not in OPEN:
                        row = row._replace(ended_ms=now.ms, outcome="failed", reason="ended")
                    now.tx.save_print_order(row)
                if found is None or row.outcome is not None:
                    continue
                standing = standing_of(pacing, now.tx, found, now.ms)
                answer = ticket_answer(found, now.snap.centre, standing)
                link = self._track + found.track if found.track else ""
                late = now.ms - row.asked_ms > _FETCH_WITHIN_MS
                tasks.append(PrintTask(row.id, answer, link, row.papers, late))
            return PrintTasks(tasks)

        return self._run(centre, operation, decide)

    def end(
        self, caller: Caller, centre: str, order: str, body: PrintEnd, operation: Operation | None
    ) -> Reply:
        """Take in how a paper ended; the first word counts, repeating it changes nothing.

        Raises:
            Refusal: `unknown_centre`, `unknown_print` also for another kiosk's.
        """
        device = caller.id.removeprefix("t:")

        def decide(now: Now) -> PrintOrder:
            row = _order(now, order)
            if row.device != device:
                raise _unknown()
            if row.outcome is None:
                row = row._replace(ended_ms=now.ms, outcome=body.outcome, reason=body.reason)
                now.tx.save_print_order(row)
            return _shown(now, row)

        return self._run(centre, operation, decide)

    def order(self, centre: str, order: str) -> PrintOrder:
        """One order as it is now.

        Raises:
            Refusal: `unknown_centre`, `unknown_print`.
        """
        return self._read(centre, lambda now: _shown(now, _order(now, order)))

    def orders(self, centre: str) -> PrintsNow:
        """The orders of the last ten minutes, newest first.

        Raises:
            Refusal: `unknown_centre`.
        """

        def ask(now: Now) -> PrintsNow:
            rows = now.tx.print_orders_since(centre, now.ms - SHOWN_MS)
            kiosks = _kiosks(now) if rows else {}
            return PrintsNow(
                centre, [_answer(row, _ticket(now, row), kiosks, now.ms) for row in rows]
            )

        return self._read(centre, ask)


def _check_printable(now: Now, ticket: Ticket) -> None:
    if ticket.state not in OPEN or ticket.day != now.snap.day:
        detail = f"{ticket.number} is {ticket.state}, of {ticket.day}: nobody waits with it."
        raise Refusal("invalid_transition", detail, from_state=ticket.state, action="print")


def _check_ready(devices: list[Device], wanted: str) -> None:
    device = next((one for one in devices if one.id == wanted and one.role == "kiosk"), None)
    if device is None:
        raise Refusal("unknown_device", f"This centre has no kiosk '{wanted}'.")
    stopping = [trouble for trouble in device.trouble if trouble in NOT_READY]
    if stopping:
        said = stopping[0].replace("_", " ")
        raise Refusal("printer_not_ready", f"Kiosk {device.kiosk} cannot print now: {said}.")


def _kiosks(now: Now) -> Mapping[str, int]:
    """The number of every kiosk of the centre, by the id of its token."""
    return {one.id: one.kiosk or 0 for one in now.tx.devices(now.snap.centre.id)}


def _is_at(row: PrintRow, device: str, now_ms: int) -> bool:
    """Whether this very paper is still on its way to that kiosk."""
    return row.device == device and _state(row, now_ms)[0] == "waiting"


def _papers(ticket: Ticket, earlier: list[PrintRow], now_ms: int) -> int:
    """How many papers of a ticket may be out: what is not known to have failed counts."""
    at_issue = int(ticket.source in _PAPER_AT_ISSUE)
    return at_issue + sum(_state(row, now_ms)[0] != "failed" for row in earlier)


def _open_at(now: Now, device: str) -> list[PrintRow]:
    """What a kiosk has to deal with, oldest first: not fetched in vain, or not told of yet."""
    rows = now.tx.print_orders_since(now.snap.centre.id, now.ms - TOLD_LATE_MS)
    return [
        row
        for row in reversed(rows)
        if row.device == device
        and row.outcome is None
        and (row.fetched_ms is not None or now.ms - row.asked_ms <= _FETCH_WITHIN_MS)
    ]


def _state(row: PrintRow, now_ms: int) -> tuple[PrintState, str]:
    """How an order stands at this moment, and why."""
    if row.outcome is not None:
        return row.outcome, row.reason  # type: ignore[return-value]  # checked when it was told
    if row.fetched_ms is None:
        expired = now_ms - row.asked_ms > _FETCH_WITHIN_MS
        return ("failed", "expired") if expired else ("waiting", "")
    silent = now_ms - row.fetched_ms > _TELL_WITHIN_MS
    return ("unknown", "silent") if silent else ("waiting", "")


def _unknown() -> Refusal:
    return Refusal("unknown_print", "There is no such order.")


def _order(now: Now, order: str) -> PrintRow:
    row = now.tx.print_order(order) if _IS_ORDER(order) else None
    if row is None or row.centre != now.snap.centre.id:
        raise _unknown()
    return row


def _ticket(now: Now, row: PrintRow) -> Ticket:
    found = now.tx.ticket(row.centre, row.ticket)
    assert found is not None
    return found


def _shown(now: Now, row: PrintRow) -> PrintOrder:
    return _answer(row, _ticket(now, row), _kiosks(now), now.ms)


def _answer(row: PrintRow, ticket: Ticket, kiosks: Mapping[str, int], now_ms: int) -> PrintOrder:
    state, reason = _state(row, now_ms)
    return PrintOrder(
        id=row.id,
        ticket=row.ticket,
        number=ticket.number,
        device=row.device,
        kiosk=kiosks.get(row.device, 0),
        state=state,
        reason=reason,
        copy=row.papers > 0,
        asked_at=instant(row.asked_ms),
    )
