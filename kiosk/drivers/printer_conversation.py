"""One TCP connection to a printer: bytes out, replies in, every wait inside one deadline."""

import select
import socket
import time
from typing import Final

from kiosk import escpos
from kiosk.drivers.printer_replies import Condition, ProcessId, RealTime, Replies, Reply
from kiosk.errors import PrinterUnreachable

_PIECE: Final = 4096
_QUESTIONS: Final = (escpos.STATUS_OFFLINE, escpos.STATUS_PAPER, escpos.STATUS_PRINTER)


class Conversation:
    """An open connection.

    Args:
        host, port: The printer's raw port.
        deadline: Monotonic time after which nothing waits any more.

    Raises:
        PrinterUnreachable: nobody accepted the connection in time.
    """

    def __init__(self, host: str, port: int, deadline: float, *, connect_s: float) -> None:
        self.deadline = deadline
        self.bytes_sent = 0
        self.ended = False
        self._replies = Replies()
        self._heard: list[Reply] = []
        timeout_s = max(0.01, min(connect_s, deadline - time.monotonic()))
        try:
            self._socket = socket.create_connection((host, port), timeout=timeout_s)
        except OSError as error:
            reason = "no answer" if isinstance(error, TimeoutError) else error.strerror or error
            raise PrinterUnreachable(f"no printer at {host}:{port}: {reason}") from error
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes) -> bool:
        """Send all of it; False when the connection broke or the deadline passed on the way."""
        view = memoryview(data)
        while view and not self.ended:
            left_s = self.deadline - time.monotonic()
            if left_s <= 0:
                return False
            readable, writable, _ = select.select([self._socket], [self._socket], [], left_s)
            if readable:
                self._receive()
            if writable and not self.ended:
                view = view[self._push(view[:_PIECE]) :]
        return not view

    def ask(self, wait_s: float) -> Condition:
        """Ask DLE EOT 2, 4 and 1, one after the other, so that no answer is taken for another.

        After a question without an answer the rest are not asked: a silent printer is silent.
        """
        answers: list[int | None] = [None, None, None]
        until = min(self.deadline, time.monotonic() + wait_s)
        for index, question in enumerate(_QUESTIONS):
            self._forget_late_answers()
            if not self._send_question(question):
                break
            answers[index] = self._real_time(until)
            if answers[index] is None:
                break
        return Condition(offline=answers[0], paper=answers[1], printer=answers[2])

    def wait_for(self, four: bytes, wait_s: float) -> bool:
        """Whether the process id `four` comes within `wait_s` seconds."""
        until = min(self.deadline, time.monotonic() + wait_s)
        while True:
            if ProcessId(four) in self._heard:
                return True
            if not self._listen(until):
                return ProcessId(four) in self._heard

    def finish(self) -> None:
        """Say goodbye so that what was sent still arrives, then let go."""
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self.ended = True
        self._socket.close()

    def _send_question(self, question: bytes) -> bool:
        sent_before = self.bytes_sent
        done = self.send(question)
        self.bytes_sent = sent_before  # questions move no paper
        return done

    def _forget_late_answers(self) -> None:
        self._heard = [reply for reply in self._heard if not isinstance(reply, RealTime)]

    def _real_time(self, until: float) -> int | None:
        while True:
            for reply in self._heard:
                if isinstance(reply, RealTime):
                    return reply.byte
            if not self._listen(until):
                return None

    def _listen(self, until: float) -> bool:
        """Take in what comes next; False when nothing came until then."""
        left_s = until - time.monotonic()
        if left_s <= 0 or self.ended:
            return False
        readable, _, _ = select.select([self._socket], [], [], left_s)
        return bool(readable) and self._receive()

    def _receive(self) -> bool:
        try:
            data = self._socket.recv(_PIECE)
        except BlockingIOError:
            return True
        except OSError:
            data = b""
        if not data:
            self.ended = True
            return False
        self._heard.extend(self._replies.feed(data))
        return True

    def _push(self, piece: memoryview) -> int:
        try:
            sent = self._socket.send(piece)
        except BlockingIOError:
            return 0
        except OSError:
            self.ended = True
            return 0
        self.bytes_sent += sent
        return sent
