"""The printer's own thread: one slip after the other, and its health in between."""

import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from edge.pulse import PULSE
from kiosk.errors import PrinterError
from kiosk.journal import Entry, Journal, PaperState
from kiosk.ports import Paper, Printer, PrinterStatus, PrintReceipt, TicketSlip
from wire.units import Seconds

log = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 5.0
BUSY_LOOK_EVERY_S: Final = 30.0
"""While citizens are waiting for paper, near-end must still be noticed."""
JOIN_S: Final = 15.0
"""A slip over a slow serial line takes its time on top of its time limit."""
SLIP_TIMEOUT_S: Final = Seconds(5.0)

SetSlip = Callable[[Entry], TicketSlip]


@dataclass
class PrintJob:
    """One paper to come; `done` is set once its outcome is in the journal."""

    ticket_id: str
    done: threading.Event = field(default_factory=threading.Event)


class PrintQueue:
    """Prints what is queued in the journal, in order, from one thread.

    Args:
        printer: Used from this queue's thread only.
        journal: Learns each step before and after it happens.
        set_slip: Lays a ticket out for this printer's paper.
    """

    def __init__(self, printer: Printer, journal: Journal, set_slip: SetSlip) -> None:
        self._printer = printer
        self._journal = journal
        self._set_slip = set_slip
        self._jobs: queue.SimpleQueue[PrintJob | None] = queue.SimpleQueue()
        self._status = PrinterStatus("unknown", "unknown")
        self._unsettled: list[tuple[str, PaperState, str, bool]] = []
        self._looked_s = 0.0
        self._thread = threading.Thread(target=self._run, name="printer", daemon=True)
        self.printed = 0
        self.failed = 0
        self.unknown = 0

    @property
    def status(self) -> PrinterStatus:
        """What the printer last said of itself."""
        return self._status

    def start(self) -> None:
        """Begin to print."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the slip in hand, then stop. Safe to repeat."""
        self._jobs.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=JOIN_S)
        self._printer.close()

    def put(self, ticket_id: str) -> PrintJob:
        """Queue the paper of a ticket that the journal holds as queued."""
        job = PrintJob(ticket_id)
        self._jobs.put(job)
        return job

    def _run(self) -> None:
        self._look()
        while True:
            PULSE.beat()
            try:
                job = self._jobs.get(timeout=max(0.0, self._looks_in_s()))
            except queue.Empty:
                self._look()
                continue
            if job is None:
                return
            self.do(job)
            if self._looks_in_s() < LOOK_EVERY_S - BUSY_LOOK_EVERY_S:
                self._look()

    def do(self, job: PrintJob) -> None:
        """Print one paper to its end, whatever happens. The printer's own thread calls it."""
        try:
            self._print(job)
        except Exception:
            # Whatever it was, the next citizen's slip must still come out.
            log.exception("the slip of %s broke off", job.ticket_id)
            self._settle(job, "unknown", "internal", paper_moved=True)
        finally:
            job.done.set()

    def _looks_in_s(self) -> float:
        return self._looked_s + LOOK_EVERY_S - time.monotonic()

    def _look(self) -> None:
        self._looked_s = time.monotonic()
        self._write_down()
        try:
            self._status = self._printer.status()
        except Exception:
            log.exception("the printer's status cannot be read")
            self._status = PrinterStatus("error", "unknown", detail="the driver failed")

    def _print(self, job: PrintJob) -> None:
        entry = self._journal.find(job.ticket_id)
        if entry is None:
            return
        self._write_down()
        try:
            slip = self._set_slip(entry)
        except Exception:
            log.exception("the slip of %s cannot be laid out", entry.number)
            self._settle(job, "failed", "layout", paper_moved=False)
            return
        try:
            self._journal.printing(job.ticket_id)
        except sqlite3.Error:
            # A full disk, for one. What is not durable is not printed.
            log.exception("%s is not printed, since that cannot be noted", entry.number)
            self._settle(job, "failed", "disk", paper_moved=False)
            return
        try:
            receipt = self._printer.print_slip(slip, timeout_s=SLIP_TIMEOUT_S)
        except PrinterError as error:
            log.warning("%s was not printed: %s", entry.number, error)
            self._settle(job, "failed", error.reason, paper_moved=False)
            self._status = _after_refusal(error)
            return
        moved = receipt.outcome != "failed" or receipt.bytes_sent > 0
        self._settle(job, receipt.outcome, receipt.reason, paper_moved=moved)
        self._learn(receipt)

    def _settle(self, job: PrintJob, paper: PaperState, reason: str, *, paper_moved: bool) -> None:
        self._unsettled.append((job.ticket_id, paper, reason, paper_moved))
        self._write_down()
        self.printed += paper == "printed"
        self.failed += paper == "failed"
        self.unknown += paper == "unknown"

    def _write_down(self) -> None:
        """Note how papers ended; what the disk does not take is tried again later."""
        while self._unsettled:
            ticket_id, paper, reason, paper_moved = self._unsettled[0]
            try:
                self._journal.printed(ticket_id, paper, reason, paper_moved=paper_moved)
            except sqlite3.Error:
                log.exception("how the slip of %s ended cannot be noted now", ticket_id)
                return
            self._unsettled.pop(0)

    def _learn(self, receipt: PrintReceipt) -> None:
        """A printed slip says that the printer is well; anything else is looked at."""
        if receipt.outcome != "printed":
            self._look()
        elif self._status.state == "error":
            self._status = PrinterStatus("ok", "ok")
            self._looked_s = 0.0  # near-end and cover are not known by that


def _after_refusal(error: PrinterError) -> PrinterStatus:
    paper: Paper = "out" if error.reason == "paper_out" else "unknown"
    return PrinterStatus(
        state="error",
        paper=paper,
        cover="open" if error.reason == "cover_open" else "unknown",
        detail=str(error),
    )
