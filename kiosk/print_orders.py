"""Papers that staff ask this kiosk for: rung for over the live link, fetched, printed, told of.

The ring may be lost and the answer too: an order stays with the server until its end was told,
so that fetching again loses nothing, and the order book keeps it from being printed twice.
"""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import msgspec

from edge.client import ServerClient
from edge.clock import TrustedClock
from edge.errors import ServerRefused, ServerUnreachable
from edge.pulse import PULSE
from kiosk.journal import Attempt, Entry, Journal
from kiosk.order_book import Ended, OrderBook
from kiosk.press import online_entry
from kiosk.printing import PrintJob, PrintQueue
from wire.prints import PrintOrder, PrintTask, PrintTasks

log = logging.getLogger(__name__)

ANSWER_S: Final = 3.0
RETRY_S: Final = 1.0
SOON_S: Final = 0.3
LOOK_EVERY_S: Final = 5.0
"""How often orders are asked for while the live link, which rings for them, is down."""

_NOT_FINAL: Final = frozenset({401, 403, 408, 425, 429})
_ISSUED_BY_KIOSK: Final = frozenset({"kiosk", "offline", "redirect"})


class PrintOrders:
    """The thread that prints for staff.

    Args:
        centre: The kiosk's own.
        client: Shared with others that do not close it.
        rung: Whether the live link is up, which rings for orders.
        reachable: Whether the server answers.
        kiosk: This kiosk's number, as far as it is known.
        clock, journal, printing: As presses use them.
    """

    def __init__(
        self,
        *,
        centre: str,
        client: ServerClient,
        rung: Callable[[], bool],
        reachable: Callable[[], bool],
        kiosk: Callable[[], int | None],
        clock: TrustedClock,
        journal: Journal,
        printing: PrintQueue,
    ) -> None:
        self._path = f"/api/v1/centres/{centre}"
        self._client = client
        self._rung = rung
        self._reachable = reachable
        self._kiosk = kiosk
        self._clock = clock
        self._journal = journal
        self._printing = printing
        self._book = OrderBook(journal)
        self._due = True  # an earlier run may have left something open
        self._looked_s = 0.0
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="orders", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after what is in hand; what is not told stays in the book. Safe to repeat."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=ANSWER_S + 1)

    def on_prints(self, told: dict[str, Any]) -> None:
        """The centre's orders, as the link tells them: ours are worth fetching."""
        mine = self._kiosk()
        for one in told.get("orders", ()):
            order = msgspec.convert(one, PrintOrder)
            if order.state == "waiting" and mine in (None, order.kiosk):
                self._due = True
                self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            PULSE.beat()
            try:
                pause_s = self._step()
            except Exception:
                log.exception("printing for staff broke off")
                pause_s = LOOK_EVERY_S
            self._wake.wait(pause_s)
            self._wake.clear()

    def _step(self) -> float:
        """Tell and fetch what there is; for how long there is nothing more to do."""
        if not self._reachable():
            return RETRY_S
        try:
            if not all([self._tell(ended) for ended in self._book.untold()]):
                return LOOK_EVERY_S
            if not self._is_due():
                return LOOK_EVERY_S
            self._due, self._looked_s = False, time.monotonic()
            self._do(self._fetch())
        except ServerUnreachable as error:
            log.info("orders for papers: %s", error)
            self._due = True
            return RETRY_S
        if self._book.untold():
            return 0.0
        return SOON_S if self._due else LOOK_EVERY_S

    def _is_due(self) -> bool:
        waited_s = time.monotonic() - self._looked_s
        return self._due or (not self._rung() and waited_s >= LOOK_EVERY_S)

    def _fetch(self) -> list[PrintTask]:
        try:
            reply = self._client.post(f"{self._path}/print-tasks", {}, timeout_s=ANSWER_S)
            return msgspec.convert(reply.body, PrintTasks).tasks
        except ServerRefused as error:
            log.warning("the server hands out no orders: %s", error)
        except msgspec.ValidationError as error:
            log.error("the server's orders are not understood: %s", error)
        return []

    def _do(self, tasks: list[PrintTask]) -> None:
        """Print what is new, one after the other."""
        begun = [(task, job) for task in tasks if (job := self._begin(task)) is not None]
        for task, job in begun:
            while not job.done.wait(0.2):
                if self._stopping.is_set():
                    return  # The next start finds out what the journal knows.
            self._ended(task)

    def _begin(self, task: PrintTask) -> PrintJob | None:
        """Take an order in and queue its paper; None where there is nothing to be printed."""
        if self._book.knows(task.id):
            return None
        if task.late:
            self._book.refuse(task.id, task.ticket.id, "expired")
            return None
        by_kiosk = task.ticket.source in _ISSUED_BY_KIOSK
        try:
            if not self._book.begin(task.id, self._entry(task), issued_by_kiosk=by_kiosk):
                self._due = True  # its other paper is on its way: after that one
                return None
        except sqlite3.Error:
            # What is not durable is not printed.
            log.exception("the order for %s cannot be noted", task.ticket.number)
            self._tell(Ended(task.id, "failed", "disk"))
            return None
        log.info("a paper of %s for staff", task.ticket.number)
        return self._printing.put(task.ticket.id)

    def _entry(self, task: PrintTask) -> Entry:
        ticket = task.ticket
        made = Attempt(
            "", ticket.id, ticket.service, ticket.priority, ticket.language, "",
            procedure=ticket.procedure,
        )  # fmt: skip
        entry = online_entry(made, ticket, task.track_url, self._clock)
        return replace(entry, papers=task.papers)

    def _ended(self, task: PrintTask) -> None:
        entry = self._journal.find(task.ticket.id)
        assert entry is not None
        try:
            self._book.end(task.id, entry.paper, entry.reason)
        except sqlite3.Error:
            log.exception("how the paper of %s ended cannot be noted", task.ticket.number)
            self._tell(Ended(task.id, "unknown", "disk"))

    def _tell(self, ended: Ended) -> bool:
        """Tell the server how an order ended; False where it is to be told again."""
        body = {"outcome": ended.outcome, "reason": ended.reason}
        try:
            self._client.post(
                f"{self._path}/prints/{ended.id}/end",
                body,
                key=f"end-{ended.id}",
                timeout_s=ANSWER_S,
            )
        except ServerRefused as error:
            log.warning("how the paper of an order ended is not taken: %s", error)
            if error.problem.status in _NOT_FINAL:
                return False
        self._book.told(ended.id)
        return True
