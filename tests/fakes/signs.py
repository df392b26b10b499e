"""Signs at the far end of a bus of PTYs, decoded without any code of the agent's."""

import os
import select
import threading
from collections.abc import Callable
from pathlib import Path


class FarEnd:
    """A device that hears the bus and may answer. `hear` says what to answer to what came."""

    def __init__(self, port: Path, hear: Callable[[bytearray], bytes]) -> None:
        self._device = os.open(port, os.O_RDWR | os.O_NOCTTY)
        self._stop, self._stopped = os.pipe()
        self._hear = hear
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        os.write(self._stopped, b"x")
        self._thread.join(timeout=5)
        for end in (self._device, self._stop, self._stopped):
            os.close(end)

    def _listen(self) -> None:
        heard = bytearray()
        while True:
            ready, _, _ = select.select([self._stop, self._device], [], [])
            if self._stop in ready:
                return
            heard += os.read(self._device, 4096)
            answer = self._hear(heard)
            if answer:
                os.write(self._device, answer)


class AlphaSigns:
    """Signs by address; each keeps its text and mode. Acknowledges if told to, answers reads."""

    def __init__(self, port: Path, *addresses: str, acknowledges: bool = False) -> None:
        self.texts = dict.fromkeys(addresses, "")
        self.modes = dict.fromkeys(addresses, "")
        self.refuses = 0
        self.acknowledges = acknowledges
        self._end = FarEnd(port, self._hear)
        self.stop = self._end.stop

    def _hear(self, heard: bytearray) -> bytes:
        answer = b""
        while (end := heard.find(b"\x04")) >= 0:
            packet, heard[: end + 1] = bytes(heard[:end]), b""
            answer += self._packet(packet)
        return answer

    def _packet(self, packet: bytes) -> bytes:
        # Five nulls wake a sign up wherever they come: what was for others lies before them.
        _, awake, rest = packet.rpartition(bytes(5) + b"\x01")
        head, _, body = rest.partition(b"\x02")
        if not awake or head[:1] not in (b"Z", b"f"):
            return b""
        command, etx, check = body.partition(b"\x03")
        if etx and int(check, 16) != (2 + sum(command) + 3) % 0x10000:
            return b"\x15\x50" if self.acknowledges else b""
        addressed = head[1:].decode()
        mine = [one for one in self.texts if addressed in (one, "00")]
        if command[:1] == b"A":
            for one in mine:
                self.texts[one] = command[5:].decode()
                self.modes[one] = command[4:5].decode()
            if not (mine and self.acknowledges):
                return b""
            return bytes([0x15, 0x40 | self.refuses]) if self.refuses else b"\x06\x40"
        return self._file(mine[0]) if mine and command[:1] == b"B" else b""

    def _file(self, sign: str) -> bytes:
        text = self.texts[sign].encode()
        body = b"\x02AA\x1b " + (self.modes[sign] or "b").encode() + text + b"\x03"
        return bytes(20) + b"\x01000" + body + f"{sum(body) % 0x10000:04X}".encode() + b"\x04"


class FrameSigns:
    """Signs that take `AA unit text sum 55` with six letters; `AA unit 06 sum 55` answers."""

    LENGTH = 10

    def __init__(self, port: Path, *units: int, replies: bool = True) -> None:
        self.texts = dict.fromkeys(units, "")
        self.replies = replies
        self._end = FarEnd(port, self._hear)
        self.stop = self._end.stop

    def _hear(self, heard: bytearray) -> bytes:
        answer = b""
        while len(heard) >= self.LENGTH:
            frame = bytes(heard[: self.LENGTH])
            if frame[0] != 0xAA or frame[9] != 0x55 or frame[8] != sum(frame[:8]) % 256:
                del heard[0]
                continue
            del heard[: self.LENGTH]
            if frame[1] in self.texts:
                self.texts[frame[1]] = frame[2:8].decode()
                reply = bytes([0xAA, frame[1], 6])
                answer += reply + bytes([sum(reply) % 256, 0x55]) if self.replies else b""
        return answer
