"""Talking with a printer over any wire: bytes out, replies in, every wait inside one deadline.

Answers look alike, so each is given to the oldest question that is still owed one: a late
answer is not taken for the next question's. Only where fewer come than are owed, and then
none for a while, were the earlier ones lost.
"""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from kiosk import escpos
from kiosk.drivers.printer_replies import (
    AutomaticStatus,
    Condition,
    PaperSensor,
    ProcessId,
    RealTime,
    Replies,
    Reply,
    automatic_condition,
    sensor_condition,
)
from kiosk.drivers.printer_wire import Wire, WireEnded
from kiosk.errors import PrinterError

LOST_S: Final[dict[type[Reply], float]] = {RealTime: 2.0, PaperSensor: 60.0}
"""An answer that has not come in this time is taken for lost. GS r is answered in turn: while
the printer is stopped its answers wait, too."""

QUIET_S: Final = 0.06
"""After so long without a further answer the last one belongs to the last question."""


@dataclass(eq=False)
class Asked:
    """A question whose answer has not come, or has."""

    lost_at: float
    byte: int | None = None


class Conversation:
    """What is said and heard over one open wire.

    Args:
        wire: Open.
        deadline: Monotonic time after which nothing waits any more; may be set anew.
    """

    def __init__(self, wire: Wire, deadline: float) -> None:
        self.wire = wire
        self.deadline = deadline
        self.bytes_sent = 0
        self.ended = False
        self.heard_at = 0.0
        self.automatic: Condition | None = None
        self._replies = Replies()
        self._ids: set[bytes] = set()
        self._sensor: int | None = None
        self._latest: int | None = None
        self._owed: dict[type[Reply], deque[Asked]] = {RealTime: deque(), PaperSensor: deque()}

    def begin(self, deadline: float) -> None:
        """Begin the next slip or question, and take in what came since the last."""
        self.deadline = deadline
        self.bytes_sent = 0
        self._ids.clear()
        while not self.ended and self._turn(memoryview(b""), time.monotonic())[1]:
            pass

    @property
    def trouble(self) -> PrinterError | None:
        """What the printer last said by itself that stops it, if it did."""
        return None if self.automatic is None else self.automatic.trouble

    def send(self, data: bytes) -> bool:
        """Send all of it; False when the wire ended, the deadline passed or trouble came."""
        view = memoryview(data)
        while view and not self.ended and self.trouble is None:
            if time.monotonic() >= self.deadline:
                return False
            taken, _ = self._turn(view, self.deadline)
            self.bytes_sent += taken
            view = view[taken:]
        return not view

    def ask(self, wait_s: float) -> Condition:
        """Ask DLE EOT 2, 4 and 1, one after the other; after a fault also 3, which one it is.

        After a question without an answer the rest are not asked: a silent printer is silent.
        """
        until = min(self.deadline, time.monotonic() + wait_s)
        condition = Condition()
        for name, question in escpos.QUESTIONS:
            byte = self._answer(question, RealTime, until)
            if byte is None:
                return condition
            condition = replace(condition, **{name: byte})
        if condition.faulty:
            cause = self._answer(escpos.STATUS_FAULT, RealTime, until)
            condition = replace(condition, fault=cause)
        if self.automatic is not None:
            self.automatic = condition  # newer than what it last said by itself
        return condition

    def ask_sensor(self, wait_s: float) -> Condition:
        """Ask GS r 1, which is answered once all that was sent before is worked off."""
        until = min(self.deadline, time.monotonic() + wait_s)
        self._sensor = None
        self._answer(escpos.PAPER_SENSOR, PaperSensor, until)
        # Even a late answer shows that the printer works off what it is sent.
        return Condition() if self._sensor is None else sensor_condition(self._sensor)

    def watch_sensor(self) -> Asked:
        """Await the answer to a GS r 1 that goes out with the slip."""
        return self._owe(PaperSensor)

    def wait_until(self, what: Callable[[], bool], wait_s: float) -> bool:
        """Whether `what` comes true within `wait_s` seconds; trouble ends the wait."""
        until = min(self.deadline, time.monotonic() + wait_s)
        while not what():
            if self.ended or self.trouble is not None or time.monotonic() >= until:
                return False
            self._turn(memoryview(b""), until)
        return True

    def has_id(self, four: bytes) -> bool:
        """Whether the printer said that all before the process id `four` is printed."""
        return four in self._ids

    def close(self) -> None:
        """Let go of the wire. Safe to repeat."""
        self.ended = True
        self.wire.close()

    def _answer(self, question: bytes, kind: type[Reply], until: float) -> int | None:
        if not self.wire.two_way:
            return None
        asked = self._owe(kind)  # the answer may come while the question goes
        self._latest = None
        if not self._send_question(question):
            asked.lost_at = 0.0
        while asked.byte is None and not self.ended and time.monotonic() < until:
            self._turn(memoryview(b""), min(until, time.monotonic() + QUIET_S))
            if self._is_quiet_after_answer():
                self._owed[RealTime].clear()
                return self._latest
        return asked.byte

    def _is_quiet_after_answer(self) -> bool:
        return self._latest is not None and time.monotonic() - self.heard_at >= QUIET_S

    def _owe(self, kind: type[Reply]) -> Asked:
        asked = Asked(time.monotonic() + LOST_S[kind])
        self._owed[kind].append(asked)
        return asked

    def _send_question(self, question: bytes) -> bool:
        """Questions move no paper and do not count as sent; trouble does not stop them."""
        view = memoryview(question)
        while view and not self.ended and time.monotonic() < self.deadline:
            view = view[self._turn(view, self.deadline)[0] :]
        return not view

    def _turn(self, out: memoryview, until: float) -> tuple[int, bytes]:
        try:
            taken, came = self.wire.turn(out, until)
        except WireEnded as end:
            self.ended = True
            return end.maybe_taken, b""
        for reply in self._replies.feed(came):
            self._take(reply)
        if came:
            self.heard_at = time.monotonic()
        return taken, came

    def _take(self, reply: Reply) -> None:
        match reply:
            case ProcessId(four):
                self._ids.add(four)
            case AutomaticStatus(four):
                self.automatic = automatic_condition(four)
            case RealTime(byte):
                self._latest = byte
                self._settle(RealTime, byte)
            case PaperSensor(byte):
                self._sensor = byte
                self._settle(PaperSensor, byte)

    def _settle(self, kind: type[Reply], byte: int) -> None:
        owed, now = self._owed[kind], time.monotonic()
        while owed and owed[0].lost_at < now:
            owed.popleft()
        if owed:
            owed.popleft().byte = byte
