"""A slip printer made of code: it answers DLE EOT, ASB, GS r, GS ( H and GS I, prints to a list,
and can get into any trouble at any step.

It reads the byte stream by itself and shares nothing with the drivers; `Paper` is our reading
of what would be on the paper. `PrinterEmulator` is one on TCP; the PTY and USB ones stand in
`printer_outlets.py`. The language is kept honest by `receiptio`, a status client nobody here wrote.
"""

import re
import socket
import threading
import time
from dataclasses import dataclass, field

REAL_TIME = re.compile(rb"\x10\x04([\x01-\x04])")
TROUBLES = ("paper_out", "cover_open", "fault", "offline")


class HungUp(Exception):
    """The cable is out, or the printer is off."""


@dataclass
class Paper:
    """One slip: rows of dots (bytes, 1 is black), and whether it was cut."""

    width: int = 72
    rows: list[bytes] = field(default_factory=list)
    cut: bool = False
    raw: bytes = b""
    stray: bytes = b""


class Stream:
    """Takes bytes in any pieces; makes paper and answers."""

    def __init__(self, printer: "EmulatedPrinter") -> None:
        self.printer = printer
        self.paper = Paper(printer.width)
        self.pending = b""
        self.reset_settings()
        self.commands = {
            b"\x10\x04": self.question,
            b"\x10\x05": lambda data: self.fixed(data, 3),
            b"\x1b@": self.reset,
            b"\x1ba": lambda data: self.arg(data, lambda n: setattr(self, "centred", n == 1)),
            b"\x1bJ": lambda data: self.arg(data, self.feed_rows),
            b"\x1b\x06": lambda data: self.fixed(data, 3),
            b"\x1dV": lambda data: self.arg(data, self.cut),
            b"\x1da": lambda data: self.arg(data, self.automatic),
            b"\x1dr": self.sensor,
            b"\x1dI": self.identity,
            b"\x1dL": lambda data: self.area(data, "left"),
            b"\x1dW": lambda data: self.area(data, "wide"),
            b"\x1dv": self.raster,
            b"\x1d(": self.process_id,
        }

    def reset_settings(self) -> None:
        self.centred = False
        self.left = 0
        self.wide = self.printer.width * 8
        self.printer.asb = False

    def take(self, data: bytes) -> bytes:
        """Feed bytes; the printer's answers."""
        if self.printer.trouble:
            return self.put_by(data)
        if self.pending and REAL_TIME.fullmatch(data[-3:]) and len(data) < 16:
            self.pending += data[:-3]
            return self.question(data[-3:])[1]  # even in the middle of a picture
        self.pending += data
        answers = b""
        while self.pending and not self.printer.trouble:
            used, answer = self.step(self.pending)
            if used == 0:
                return answers
            taken, self.pending = self.pending[:used], self.pending[used:]
            if taken[:2] not in (b"\x10\x04", b"\x1da", b"\x1dr", b"\x1b\x06") and taken != b"\0":
                self.paper.raw += taken
            answers += answer
        if self.pending:
            late, self.pending = self.pending, b""
            answers += self.put_by(late)
        return answers

    def put_by(self, data: bytes) -> bytes:
        """A printer that is stopped keeps what comes for later, and answers what is urgent."""
        self.pending += REAL_TIME.sub(b"", data)
        return b"".join(self.printer.real_time(n[0]) for n in REAL_TIME.findall(data))

    def step(self, data: bytes) -> tuple[int, bytes]:
        """(bytes used, answer); 0 used while the command is not whole."""
        if data[0] == 0:
            return 1, b""
        if len(data) < 2:
            return 0, b""
        command = self.commands.get(data[:2])
        if command is None:
            self.paper.stray += data[:1]
            return 1, b""
        return command(data)

    def fixed(self, data: bytes, length: int) -> tuple[int, bytes]:
        return (length, b"") if len(data) >= length else (0, b"")

    def question(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 3:
            return 0, b""
        self.printer.reached("question")
        return 3, self.printer.real_time(data[2])

    def reset(self, data: bytes) -> tuple[int, bytes]:
        if self.paper.raw:
            self.paper = Paper(self.printer.width)
        if self.paper not in self.printer.papers:
            self.printer.papers.append(self.paper)
        self.reset_settings()
        return 2, b""

    def arg(self, data: bytes, act: object) -> tuple[int, bytes]:
        if len(data) < 3:
            return 0, b""
        return 3, act(data[2]) or b""  # type: ignore[operator]

    def area(self, data: bytes, name: str) -> tuple[int, bytes]:
        if len(data) < 4:
            return 0, b""
        setattr(self, name, data[2] + 256 * data[3])
        return 4, b""

    def automatic(self, bits: int) -> bytes:
        self.printer.asb = bits != 0 and self.printer.gives_automatic
        return self.printer.automatic_status() if self.printer.asb else b""

    def sensor(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 3:
            return 0, b""
        if self.paper.cut:
            self.printer.reached("confirm")
        if self.printer.trouble:
            return 3, b""
        near = 0x03 if self.printer.near_end else 0
        return 3, bytes([near]) if self.printer.gives_sensor else b""

    def identity(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 3:
            return 0, b""
        names = {0x42: b"_EPSON\0", 0x43: b"_TM-T20II\0"}
        return 3, names.get(data[2], b"\x20")

    def feed_rows(self, rows: int) -> None:
        self.paper.rows += [bytes(self.paper.width)] * rows

    def cut(self, _mode: int) -> None:
        self.printer.reached("cut")
        self.paper.cut = self.printer.trouble == ""

    def raster(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 8:
            return 0, b""
        wide, high = data[4] + 256 * data[5], data[6] + 256 * data[7]
        end = 8 + wide * high
        if len(data) < end:
            return 0, b""
        assert data[2:4] == b"0\0", "plain density only"
        assert wide <= self.wide // 8, "wider than the paper"
        assert high <= 128, "higher than the buffer"
        left = self.left // 8 + ((self.wide // 8 - wide) // 2 if self.centred else 0)
        for top in range(8, end, wide):
            row = bytes(left) + data[top : top + wide]
            self.paper.rows.append(row.ljust(self.paper.width, b"\0"))
        self.printer.reached("band")
        return end, b""

    def process_id(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 11:
            return 0, b""
        assert data[2:7] == b"H\x06\x00\x30\x30", data[:11]
        self.printer.reached("confirm")
        if not self.printer.gives_ids or self.printer.trouble:
            return 11, b""
        return 11, b"\x37\x22" + data[7:11] + b"\x00"


class EmulatedPrinter:
    """The printer behind whatever socket. Set `trouble`, or the flags, to be another printer.

    `gives_*` is what this model can do; `silent` answers nothing; `black_hole` reads nothing;
    `prints_for_s` is how long a slip takes; `strike` is (step, condition): what befalls it
    when that step is reached (question, band, cut, confirm), `strike_after` times over.
    """

    def __init__(self, width: int = 72) -> None:
        self.width = width
        self.trouble = ""
        self.near_end = False
        self.silent = False
        self.black_hole = False
        self.unplugged = False
        self.gives_ids = True
        self.gives_sensor = True
        self.gives_automatic = True
        self.gives_real_time = True
        self.asb = False
        self.answer_pause_s = 0.0
        self.prints_for_s = 0.0
        self.split_answers = False
        self.strike: tuple[str, str] | None = None
        self.strike_after = 1
        self.papers: list[Paper] = []
        self.unasked = b""
        self.stream = Stream(self)

    def printed(self) -> list[Paper]:
        """The papers with something on them, oldest first."""
        return [paper for paper in self.papers if paper.raw]

    def whole(self) -> int:
        """How many slips came out to the end."""
        return sum(paper.cut for paper in self.papers)

    def befall(self, condition: str) -> None:
        """Be in this condition from now on; `ok` ends every other."""
        if condition == "near_end":
            self.near_end = True
        elif condition in ("silent", "black_hole", "unplugged"):
            setattr(self, condition, True)
        elif condition == "ok":
            self.trouble, self.near_end = "", False
            self.silent = self.black_hole = self.unplugged = False
        else:
            assert condition in TROUBLES, condition
            self.trouble = condition
        self.pulled(self.unplugged)
        if self.asb:
            self.unasked += self.automatic_status()

    def pulled(self, out: bool) -> None:
        """The plug is out, or in again."""

    def reached(self, step: str) -> None:
        """One more step is done."""
        if self.strike is None or self.strike[0] != step:
            return
        self.strike_after -= 1
        if self.strike_after <= 0:
            (_, condition), self.strike = self.strike, None
            self.befall(condition)

    def feed(self, data: bytes) -> bytes:
        """Bytes arrive; what the printer answers, or HungUp."""
        answers = self.stream.take(data)
        if self.unplugged:
            raise HungUp
        return answers if not self.silent else b""

    def real_time(self, n: int) -> bytes:
        """The answer to DLE EOT n."""
        if not self.gives_real_time:
            return b""
        causes = {"cover_open": 0x04, "paper_out": 0x20, "fault": 0x40}
        end = 0x60 if self.trouble == "paper_out" else 0
        near = 0x0C if self.near_end or end else 0
        answers = {
            1: 0x12 | (0x08 if self.trouble else 0),
            2: 0x12 | causes.get(self.trouble, 0),
            3: 0x12 | (0x08 if self.trouble == "fault" else 0),
            4: 0x12 | end | near,
        }
        return bytes([answers[n]])

    def automatic_status(self) -> bytes:
        """The four bytes of ASB."""
        if self.silent:
            return b""
        first = 0x10 | (0x08 if self.trouble else 0) | (0x20 if self.trouble == "cover_open" else 0)
        end = 0x0C if self.trouble == "paper_out" else 0
        near = 0x03 if self.near_end or end else 0
        return bytes([first, 0x08 if self.trouble == "fault" else 0, end | near, 0])

    def unasked_now(self) -> bytes:
        """What it says by itself, once."""
        said, self.unasked = self.unasked, b""
        return said

    def pieces(self, answers: bytes) -> list[bytes]:
        """The answers as they travel, after the time they take."""
        if self.answer_pause_s and answers:
            time.sleep(self.answer_pause_s)
        if b"\x37\x22" in answers:
            time.sleep(self.prints_for_s)
        if self.split_answers:
            return [answers[i : i + 1] for i in range(len(answers))]
        return [answers] if answers else []


class PrinterEmulator(EmulatedPrinter):
    """On TCP, at a free port of `host` unless one is named.

    `hang_up_after_bytes` cuts a connection after so many bytes.
    """

    def __init__(self, width: int = 72, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__(width)
        self.hang_up_after_bytes: int | None = None
        self._ended = threading.Event()
        self._one_at_a_time = threading.Lock()
        self._host = host
        self._socket: socket.socket | None = None
        self.port = port
        self._listen()
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Switch it off."""
        self._ended.set()
        for thread in self._threads:
            thread.join(5)
        if self._socket is not None:
            self._socket.close()

    def pulled(self, out: bool) -> None:
        """See `EmulatedPrinter.pulled`: nobody listens while the plug is out."""
        if out and self._socket is not None:
            listening, self._socket = self._socket, None
            listening.close()
        elif not out and self._socket is None:
            self._listen()

    def _listen(self) -> None:
        end = time.monotonic() + 2
        while True:
            try:
                listening = socket.create_server((self._host, self.port), backlog=5)
                break
            except OSError:  # the last one is still being waited on
                if time.monotonic() > end:
                    raise
                time.sleep(0.02)
        listening.settimeout(0.05)
        self.port = listening.getsockname()[1]
        self._socket = listening

    def _accept(self) -> None:
        while not self._ended.is_set():
            listening = self._socket
            if listening is None:
                time.sleep(0.01)
                continue
            try:
                connection, _ = listening.accept()
            except OSError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        taken = 0
        connection.settimeout(0.02)
        with self._one_at_a_time, connection:
            self.asb, self.unasked = False, b""
            while not self._ended.is_set() and not self.unplugged:
                if self.black_hole:
                    time.sleep(0.02)
                    continue
                try:
                    connection.sendall(self.unasked_now())
                    data = connection.recv(1024)
                    taken += len(data)
                    if not data or self._answered(connection, data, taken):
                        return
                except TimeoutError:
                    continue
                except (OSError, HungUp):
                    return

    def _answered(self, connection: socket.socket, data: bytes, taken: int) -> bool:
        """Take the bytes and answer them; whether that was the last of this connection."""
        answers = self.feed(data)
        if self.hang_up_after_bytes is not None and taken >= self.hang_up_after_bytes:
            return True
        for piece in self.pieces(answers):
            connection.sendall(piece)
        return False
