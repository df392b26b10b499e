"""A printer that speaks ESC/POS, over whatever wire: when a slip counts as printed, and when not.

Before the first byte of a slip the printer is asked how it is, so that a refusal moves no paper.
After that there are three ends: it said that the slip is out, it said what went wrong, or
nobody knows. A slip is never sent again here.
"""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Protocol

from kiosk import escpos
from kiosk.drivers.printer_conversation import Conversation
from kiosk.drivers.printer_replies import Condition
from kiosk.drivers.printer_wire import Wire
from kiosk.errors import PrinterError, PrinterFault, PrinterUnreachable
from kiosk.ports import SLIP_S, STATUS_S, Outcome, PrinterStatus, PrintReceipt, TicketSlip
from kiosk.printer_profile import Profile
from wire.units import Dots, Seconds

ASK_S: Final = 0.4
"""How long a printer may take to say how it is before it counts as silent."""

LOOK_S: Final = 0.5
"""While a slip is printing, how often the printer is asked whether something went wrong."""

FRESH_S: Final = 6.0
"""A printer that tells of trouble by itself and was heard so lately need not be asked."""

HURRY_S: Final = 0.3
"""How long opening may take while the last try failed: citizens are waiting."""

_UNFINISHED: Final = bytes(9216 + 8)
"""Ends whatever picture a broken slip left open (the largest band); elsewhere NUL does nothing."""


class OpenWire(Protocol):
    """Opens the way to the printer before a monotonic time."""

    def __call__(self, until: float) -> Wire:
        """The open wire, or PrinterUnreachable with what an operator can do."""
        ...


@dataclass(frozen=True)
class _Ending:
    outcome: Outcome
    reason: str = ""


class EscposPrinter:
    """A `Printer` over a wire.

    Args:
        open_wire: Called when a wire is needed, again after it ended.
        profile: What this model can do.
        keeps_open: Whether the wire is held between slips, or opened for each.
    """

    def __init__(self, open_wire: OpenWire, profile: Profile, *, keeps_open: bool) -> None:
        self._open_wire = open_wire
        self._profile = profile
        self._keeps_open = keeps_open
        self._talk: Conversation | None = None
        # Not from 1: a late id of the run before must not confirm this one's first slip.
        self._slips = secrets.randbelow(10_000)
        self._gives_ids = True
        self._reachable = True
        self._unfinished = False

    @property
    def paper_dots(self) -> Dots:
        """As the profile says."""
        return self._profile.paper_dots

    def print_slip(self, slip: TicketSlip, *, timeout_s: Seconds = SLIP_S) -> PrintReceipt:
        """See `Printer.print_slip`."""
        deadline = time.monotonic() + timeout_s
        try:
            talk, before = self._met(deadline, fresh_will_do=True)
            self._refuse(before)
            ending = self._print(talk, slip, before)
            self._unfinished = self._may_be_broken(ending)
            sent = talk.bytes_sent
        finally:
            self._settle()
        return PrintReceipt(ending.outcome, sent, datetime.now(UTC), reason=ending.reason)

    def status(self, *, timeout_s: Seconds = STATUS_S) -> PrinterStatus:
        """See `Printer.status`."""
        try:
            _, condition = self._met(time.monotonic() + timeout_s)
        except PrinterUnreachable as error:
            return PrinterStatus("error", "unknown", detail=str(error))
        finally:
            self._settle()
        return condition.status()

    def close(self) -> None:
        """Let go of the wire; the next call opens it again."""
        talk, self._talk = self._talk, None
        if talk is not None:
            talk.close()

    def _met(
        self, deadline: float, *, fresh_will_do: bool = False
    ) -> tuple[Conversation, Condition]:
        """The open conversation, and how the printer is.

        A wire that was held may have ended unseen; then nothing was sent and it is opened anew.
        """
        while True:
            held = self._talk is not None
            talk = self._talk = self._talk or self._opened(deadline)
            talk.begin(deadline)
            if fresh_will_do and self._is_fresh(talk):
                assert talk.automatic is not None
                return talk, talk.automatic
            condition = self._ask(talk, ASK_S)
            if not talk.ended:
                return talk, condition.filled(talk.automatic)
            self.close()
            if not held:
                raise PrinterUnreachable("the printer hung up when it was asked how it is")

    def _opened(self, deadline: float) -> Conversation:
        until = deadline if self._reachable else min(deadline, time.monotonic() + HURRY_S)
        self._reachable = False
        wire = self._open_wire(until)
        self._reachable = True
        talk = Conversation(wire, deadline)
        if self._profile.automatic and wire.two_way:
            talk.send(escpos.AUTOMATIC_STATUS)
        return talk

    def _is_fresh(self, talk: Conversation) -> bool:
        heard_lately = time.monotonic() - talk.heard_at < FRESH_S
        return heard_lately and not talk.ended and talk.automatic is not None

    def _ask(self, talk: Conversation, wait_s: float) -> Condition:
        if self._profile.ask == "real_time":
            return talk.ask(wait_s)
        if self._profile.ask == "paper_sensor":
            return talk.ask_sensor(wait_s)
        return Condition()

    def _refuse(self, before: Condition) -> None:
        if before.trouble is not None:
            raise before.trouble
        if before.silent and self._profile.ask == "paper_sensor":
            # GS r is answered in turn: while the printer is stopped it says nothing at all.
            raise PrinterFault("the printer does not answer: off line, cover open or paper out")

    def _print(self, talk: Conversation, slip: TicketSlip, before: Condition) -> _Ending:
        data = self._bytes(slip)
        talk.deadline += talk.wire.sending_s(len(data))
        if self._unfinished and not self._finished_last(talk):
            raise PrinterUnreachable("the printer takes no more bytes")
        confirm = "none" if before.silent else self._profile.confirm
        if confirm == "process_id" and not self._gives_ids:
            confirm = "status"
        request, is_out = self._question_of(talk, confirm)
        # A printer that answers nothing would print the request of an id as letters.
        if not talk.send(data + request):
            return self._broken(talk)
        if before.silent:
            return _Ending(self._profile.silent, "silent")
        if confirm == "none":
            return _Ending(self._profile.silent, "unconfirmed")
        return self._confirmed(talk, is_out, learns=confirm == "process_id")

    def _bytes(self, slip: TicketSlip) -> bytes:
        profile = self._profile
        settings = escpos.AUTOMATIC_STATUS if profile.automatic else b""
        spare_dots = profile.head_dots - profile.paper_dots
        if spare_dots > 0:
            settings += escpos.print_area(spare_dots // 2, profile.paper_dots)
        return escpos.slip_bytes(
            slip, cutter=profile.cutter, tail_rows=profile.tail_rows, after_reset=settings
        )

    def _may_be_broken(self, ending: _Ending) -> bool:
        """Whether the slip may have ended in the middle; nobody tells of a mute printer."""
        mute = self._profile.ask == "nothing" or ending.reason == "unconfirmed"
        return ending.outcome != "printed" and not mute

    def _finished_last(self, talk: Conversation) -> bool:
        """Let the printer come to the end of a picture that broke off, as blank paper."""
        talk.deadline += talk.wire.sending_s(len(_UNFINISHED))
        done = talk.send(_UNFINISHED)
        talk.bytes_sent = 0
        self._unfinished = not done
        return done

    def _question_of(
        self, talk: Conversation, confirm: str
    ) -> tuple[bytes, Callable[[], bool] | None]:
        """What goes out behind the slip, and how its answer is known."""
        if confirm == "process_id":
            self._slips = (self._slips + 1) % 10_000
            four = b"%04d" % self._slips
            return escpos.process_id_request(four), lambda: talk.has_id(four)
        if confirm == "paper_sensor":
            asked = talk.watch_sensor()
            return escpos.PAPER_SENSOR, lambda: asked.byte is not None
        return b"", None

    def _broken(self, talk: Conversation) -> _Ending:
        if talk.bytes_sent == 0:
            words = "hung up before the slip began" if talk.ended else "takes no bytes"
            raise talk.trouble or PrinterUnreachable(f"the printer {words}")
        if talk.trouble is not None:
            return _failed(talk.trouble)
        # Part of the slip may be on paper, so nobody may call it unprinted.
        return _Ending("unknown", "interrupted")

    def _confirmed(
        self, talk: Conversation, is_out: Callable[[], bool] | None, *, learns: bool
    ) -> _Ending:
        """Wait for the printer's word; while it prints, look out for trouble."""
        while is_out is not None and not talk.ended:
            # The last question keeps its share of the time.
            left_s = talk.deadline - ASK_S - time.monotonic()
            if left_s <= 0:
                break
            if talk.wait_until(is_out, min(LOOK_S, left_s)):
                return _Ending("printed")
            trouble = talk.trouble or self._ask_aside(talk).trouble
            if trouble is not None:
                return _failed(trouble)
        return self._by_status(talk, learns=learns)

    def _ask_aside(self, talk: Conversation) -> Condition:
        """Ask while it prints, where questions are answered out of turn."""
        return talk.ask(ASK_S / 2) if self._profile.ask == "real_time" else Condition()

    def _by_status(self, talk: Conversation, *, learns: bool) -> _Ending:
        after = self._ask(talk, ASK_S)
        trouble = after.trouble or talk.trouble
        if trouble is not None:
            return _failed(trouble)
        if after.silent or talk.ended:
            return _Ending("unknown", "no_answer")
        if learns:
            # Healthy, yet no id in all that time: this model has none; do not wait again.
            self._gives_ids = False
        return _Ending("printed", "by_status")

    def _settle(self) -> None:
        """Between slips: hold the wire, or let go of it."""
        if self._talk is not None and (self._talk.ended or not self._keeps_open):
            self.close()


def _failed(trouble: PrinterError) -> _Ending:
    return _Ending("failed", trouble.reason)
