"""A slip printer on TCP: it answers DLE EOT and GS ( H, prints to a list, and can be in trouble.

It reads the byte stream by itself and shares nothing with the drivers; `Paper` is our reading
of what would be on the paper.
"""

import re
import socket
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Paper:
    """What one connection printed: rows of dots (bytes, 1 is black), and whether it was cut."""

    width: int = 72
    rows: list[bytes] = field(default_factory=list)
    cut: bool = False
    raw: bytes = b""
    stray: bytes = b""


class Stream:
    """Takes bytes in any pieces; makes paper and answers."""

    def __init__(self, printer: "PrinterEmulator") -> None:
        self.printer = printer
        self.paper = Paper()
        self.centred = False
        self.pending = b""

    def take(self, data: bytes) -> bytes:
        """Feed bytes; the printer's answers."""
        if self.printer.stopped:
            # A printer that cannot print still answers real-time questions as they arrive.
            asked = re.findall(rb"\x10\x04([\x01\x02\x04])", data)
            return b"".join(self.printer.real_time(n[0]) for n in asked)
        self.pending += data
        answers = b""
        while self.pending and not self.printer.stopped:
            used, answer = self.step(self.pending)
            if used == 0:
                return answers
            taken, self.pending = self.pending[:used], self.pending[used:]
            if not taken.startswith(b"\x10\x04"):
                self.paper.raw += taken
            answers += answer
        return answers

    def step(self, data: bytes) -> tuple[int, bytes]:
        """(bytes used, answer); 0 used while the command is not whole."""
        if len(data) < 2:
            return 0, b""
        commands = {
            b"\x10\x04": self.question,
            b"\x1b@": self.reset,
            b"\x1ba": lambda rest: self.arg(rest, lambda n: setattr(self, "centred", n == 1)),
            b"\x1bJ": lambda rest: self.arg(rest, self.feed),
            b"\x1dV": lambda rest: self.arg(rest, lambda _: setattr(self.paper, "cut", True)),
            b"\x1dv": self.raster,
            b"\x1d(": self.process_id,
        }
        command = commands.get(data[:2])
        if command is None:
            self.paper.stray += data[:1]
            return 1, b""
        return command(data)

    def question(self, data: bytes) -> tuple[int, bytes]:
        return (3, self.printer.real_time(data[2])) if len(data) > 2 else (0, b"")

    def reset(self, data: bytes) -> tuple[int, bytes]:
        self.centred = False
        return 2, b""

    def arg(self, data: bytes, act: object) -> tuple[int, bytes]:
        if len(data) < 3:
            return 0, b""
        act(data[2])  # type: ignore[operator]
        return 3, b""

    def feed(self, rows: int) -> None:
        self.paper.rows += [bytes(self.paper.width)] * rows

    def raster(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 8:
            return 0, b""
        wide = data[4] + 256 * data[5]
        high = data[6] + 256 * data[7]
        end = 8 + wide * high
        if len(data) < end:
            return 0, b""
        assert data[2:4] == b"0\0", "plain density only"
        assert wide <= self.paper.width, "wider than the paper"
        assert high <= 128, "higher than the buffer"
        left = (self.paper.width - wide) // 2 if self.centred else 0
        for top in range(8, end, wide):
            row = bytes(left) + data[top : top + wide]
            self.paper.rows.append(row.ljust(self.paper.width, b"\0"))
        self.printer.after_raster()
        return end, b""

    def process_id(self, data: bytes) -> tuple[int, bytes]:
        if len(data) < 11:
            return 0, b""
        assert data[2:7] == b"H\x06\x00\x30\x30", data[:11]
        if not self.printer.gives_ids:
            return 11, b""
        return 11, b"\x37\x22" + data[7:11] + b"\x00"


class PrinterEmulator:
    """Listens on a free port. Set `trouble`, or the flags, to be another printer.

    `trouble`: "" | paper_out | cover_open | fault. `stop_after_rasters` runs out of paper
    in the middle of a slip; `prints_for_s` is how long a slip takes; `hang_up_after_bytes`
    cuts the line; `silent` answers nothing; `black_hole` never reads a byte.
    """

    def __init__(self, width: int = 72) -> None:
        self.width = width
        self.trouble = ""
        self.near_end = False
        self.silent = False
        self.black_hole = False
        self.gives_ids = True
        self.answer_pause_s = 0.0
        self.prints_for_s = 0.0
        self.split_answers = False
        self.stop_after_rasters: int | None = None
        self.hang_up_after_bytes: int | None = None
        self.papers: list[Paper] = []
        self.stopped = False
        self._ended = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=5)
        self._socket.settimeout(0.05)
        self.port = self._socket.getsockname()[1]
        self._threads = [threading.Thread(target=self._listen, daemon=True)]
        self._threads[0].start()

    def close(self) -> None:
        """Switch it off."""
        self._ended.set()
        for thread in self._threads:
            thread.join(5)
        self._socket.close()

    def printed(self) -> list[Paper]:
        """The papers with something on them, oldest first."""
        return [paper for paper in self.papers if paper.raw]

    def real_time(self, n: int) -> bytes:
        """The answer to DLE EOT n."""
        if self.silent:
            return b""
        offline = 0x08 if self.trouble else 0
        answers = {
            1: 0x12 | offline,
            2: 0x12 | {"cover_open": 0x04, "paper_out": 0x20, "fault": 0x40}.get(self.trouble, 0),
            4: 0x12
            | (0x60 if self.trouble == "paper_out" else 0)
            | (0x0C if self.near_end or self.trouble == "paper_out" else 0),
        }
        return bytes([answers[n]])

    def after_raster(self) -> None:
        """One more band is on paper."""
        if self.stop_after_rasters is not None:
            self.stop_after_rasters -= 1
            if self.stop_after_rasters <= 0:
                self.trouble, self.stopped = "paper_out", True

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._socket.accept()
            except TimeoutError:
                continue
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        stream = Stream(self)
        stream.paper.width = self.width
        self.papers.append(stream.paper)
        taken = 0
        connection.settimeout(0.05)
        with connection:
            if self.black_hole:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
                self._ended.wait()
                return
            while not self._ended.is_set():
                try:
                    data = connection.recv(1024)
                except TimeoutError:
                    continue
                except OSError:
                    return
                if not data:
                    return
                answers = stream.take(data)
                taken += len(data)
                if self.hang_up_after_bytes is not None and taken >= self.hang_up_after_bytes:
                    return
                self._answer(connection, b"" if self.silent else answers)

    def _answer(self, connection: socket.socket, answers: bytes) -> None:
        if self.answer_pause_s and answers:
            time.sleep(self.answer_pause_s)
        if b"\x37\x22" in answers:
            time.sleep(self.prints_for_s)
        pieces = [answers[i : i + 1] for i in range(len(answers))]
        try:
            for piece in pieces if self.split_answers else [answers]:
                connection.sendall(piece)
        except OSError:
            return
