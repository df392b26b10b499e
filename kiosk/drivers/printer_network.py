"""A printer on the network (raw TCP, usually port 9100).

Each slip has a connection of its own: such printers close idle ones, and may be shared.
"""

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from kiosk import escpos
from kiosk.drivers.printer_conversation import Conversation
from kiosk.errors import PrinterError, PrinterUnreachable
from kiosk.ports import SLIP_S, STATUS_S, Outcome, PrinterStatus, PrintReceipt, TicketSlip
from kiosk.printer_profile import Profile, read_profile
from wire.checks import Table
from wire.units import Dots, Seconds

ASK_S: Final = 0.4
"""How long a printer may take to say how it is before it counts as silent."""

LOOK_S: Final = 0.5
"""While a slip is printing, how often the printer is asked whether something went wrong."""


def open_printer(options: Table, *, data_dir: Path) -> "NetworkPrinter":
    """Read the options; nothing is opened before the first slip. Faults are added to the table."""
    host = options.text("host", what="the printer's address", pattern=r"\S+")
    port = options.integer("port", 9100, low=1, high=65535, what="a TCP port")
    connect_s = options.number("connect_s", 1.0, low=0.1, high=5, what="seconds")
    profile = read_profile(options)
    options.finish()
    return NetworkPrinter(host, port, profile, connect_s=connect_s)


@dataclass(frozen=True)
class _Ending:
    outcome: Outcome
    reason: str = ""


class NetworkPrinter:
    """A `Printer` over TCP."""

    def __init__(self, host: str, port: int, profile: Profile, *, connect_s: float = 1.0) -> None:
        self._host = host
        self._port = port
        self._profile = profile
        self._connect_s = connect_s
        self._slips = 0
        self._gives_ids = True

    @property
    def paper_dots(self) -> Dots:
        """As the profile says."""
        return self._profile.paper_dots

    def print_slip(self, slip: TicketSlip, *, timeout_s: Seconds = SLIP_S) -> PrintReceipt:
        """See `Printer.print_slip`."""
        talk = self._connect(time.monotonic() + timeout_s)
        try:
            ending = self._print(talk, slip)
        finally:
            talk.finish()
        return PrintReceipt(
            ending.outcome, talk.bytes_sent, datetime.now(UTC), reason=ending.reason
        )

    def status(self, *, timeout_s: Seconds = STATUS_S) -> PrinterStatus:
        """See `Printer.status`."""
        try:
            talk = self._connect(time.monotonic() + timeout_s)
        except PrinterUnreachable as error:
            return PrinterStatus("error", "unknown", detail=str(error))
        try:
            return talk.ask(timeout_s).status()
        finally:
            talk.finish()

    def close(self) -> None:
        """Nothing is kept open between slips."""

    def _connect(self, deadline: float) -> Conversation:
        return Conversation(self._host, self._port, deadline, connect_s=self._connect_s)

    def _print(self, talk: Conversation, slip: TicketSlip) -> _Ending:
        before = talk.ask(ASK_S)
        if before.trouble is not None:
            raise before.trouble
        four = self._next_id()
        wants_id = self._wants_id and not before.silent
        data = escpos.slip_bytes(
            slip, cutter=self._profile.cutter, tail_rows=self._profile.tail_rows
        )
        # A printer that answers nothing would print the request of an id as letters.
        sent = talk.send(data + (escpos.process_id_request(four) if wants_id else b""))
        if not sent:
            return self._broken(talk)
        if before.silent:
            return _Ending(self._profile.silent, "silent")
        return self._confirmed(talk, four if wants_id else None)

    @property
    def _wants_id(self) -> bool:
        return self._profile.confirm == "process_id" and self._gives_ids

    def _next_id(self) -> bytes:
        self._slips = (self._slips + 1) % 10_000
        return b"%04d" % self._slips

    def _broken(self, talk: Conversation) -> _Ending:
        if talk.bytes_sent == 0:
            raise PrinterUnreachable(f"{self._host}:{self._port} hung up before the slip began")
        # Part of the slip may be on paper, so nobody may call it unprinted.
        return _Ending("unknown", "interrupted")

    def _confirmed(self, talk: Conversation, four: bytes | None) -> _Ending:
        """Wait for the printer's word; while it prints, look out for trouble."""
        if self._profile.confirm == "none":
            return _Ending(self._profile.silent, "unconfirmed")
        while four is not None and not talk.ended:
            # The last question keeps its share of the time.
            left_s = talk.deadline - ASK_S - time.monotonic()
            if left_s <= 0:
                break
            if talk.wait_for(four, min(LOOK_S, left_s)):
                return _Ending("printed")
            trouble = talk.ask(ASK_S / 2).trouble
            if trouble is not None:
                return _failed(trouble)
        return self._by_status(talk, asked_for_id=four is not None)

    def _by_status(self, talk: Conversation, *, asked_for_id: bool) -> _Ending:
        after = talk.ask(ASK_S)
        if after.trouble is not None:
            return _failed(after.trouble)
        if after.silent:
            return _Ending("unknown", "no_answer")
        if asked_for_id:
            # Healthy, yet no id in all that time: this model has none; do not wait again.
            self._gives_ids = False
        return _Ending("printed", "by_status")


def _failed(trouble: PrinterError) -> _Ending:
    return _Ending("failed", trouble.reason)
