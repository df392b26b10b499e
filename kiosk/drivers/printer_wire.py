"""What carries a printer's bytes, both ways; which words they are is not its business.

A wire never waits longer than it is told, and says `WireEnded` where its device went away.
"""

import errno
import os
import select
import time
from typing import Final, Protocol

PIECE_BYTES: Final = 4096
_BUSY: Final = frozenset({errno.EAGAIN, errno.EWOULDBLOCK, errno.EINTR})


class WireEnded(Exception):
    """The other end hung up, was unplugged or switched off.

    `maybe_taken` counts the bytes of the last turn that may have arrived all the same.
    """

    def __init__(self, reason: str, maybe_taken: int = 0) -> None:
        super().__init__(reason)
        self.maybe_taken = maybe_taken


class Wire(Protocol):
    """An open way to one printer, used from the printer's own thread."""

    @property
    def two_way(self) -> bool:
        """Whether the printer can be heard at all."""
        ...

    def turn(self, out: memoryview, until: float) -> tuple[int, bytes]:
        """Give what the wire takes of `out` and take what has come.

        Args:
            out: Bytes to send; may be empty, to listen only.
            until: Monotonic time at which this returns even if nothing happened.

        Returns:
            How many bytes of `out` were taken, and what came; it returns at the first of both.

        Raises:
            WireEnded: the device is gone. What was taken before may have arrived.
        """
        ...

    def sending_s(self, count: int) -> float:
        """How many seconds the wire itself needs for so many bytes."""
        ...

    def close(self) -> None:
        """Let go, so that what was taken still arrives where the device allows it."""
        ...


class DescriptorWire:
    """A wire over a file descriptor that does not block: a socket, a serial port, a device."""

    two_way = True

    def __init__(self, descriptor: int, *, silence_ends: bool = True) -> None:
        self.descriptor = descriptor
        self._silence_ends = silence_ends

    def turn(self, out: memoryview, until: float) -> tuple[int, bytes]:
        """See `Wire.turn`."""
        wait_s = max(0.0, until - time.monotonic())
        listens = [self.descriptor] if self.two_way else []
        speaks = [self.descriptor] if out and self.room() else []
        if out and not speaks:
            wait_s = min(wait_s, 0.005)  # nothing wakes us when a device has room again
        try:
            readable, writable, _ = select.select(listens, speaks, [], wait_s)
        except (OSError, ValueError) as error:
            raise WireEnded(str(error)) from error
        came = self._read() if readable else b""
        taken = self._write(out[: self.room()]) if writable else 0
        return taken, came

    def room(self) -> int:
        """How many bytes may be given at once just now."""
        return PIECE_BYTES

    def sending_s(self, count: int) -> float:
        """See `Wire.sending_s`; too little to count."""
        del count
        return 0.0

    def close(self) -> None:
        """See `Wire.close`."""
        descriptor, self.descriptor = self.descriptor, -1
        if descriptor >= 0:
            os.close(descriptor)

    def _read(self) -> bytes:
        try:
            data = os.read(self.descriptor, PIECE_BYTES)
        except OSError as error:
            if error.errno in _BUSY:
                return b""
            raise WireEnded(error.strerror or str(error)) from error
        if not data:
            if self._silence_ends:
                raise WireEnded("it hung up")
            time.sleep(0.005)  # such a device is always readable; do not spin
        return data

    def _write(self, piece: memoryview) -> int:
        try:
            return os.write(self.descriptor, piece)
        except OSError as error:
            if error.errno in _BUSY:
                return 0
            raise WireEnded(error.strerror or str(error)) from error
