"""A scanner at the far end of a PTY, whose plug can be pulled."""

import os
import tty
from pathlib import Path


class SerialScanner:
    """`port` is the device file that the agent is told of."""

    def __init__(self, folder: Path) -> None:
        self.port = folder / "ttyACM0"
        self._ends: tuple[int, int] | None = None
        self.plug_in()

    def plug_in(self) -> None:
        """Give it its device file."""
        master, slave = os.openpty()
        tty.setraw(slave)
        self._ends = (master, slave)
        self.port.symlink_to(os.ttyname(slave))

    def unplug(self) -> None:
        """Take the device file away; reads on it fail. Safe to repeat."""
        if self._ends is None:
            return
        self.port.unlink()
        for end in self._ends:
            os.close(end)
        self._ends = None

    def send(self, data: bytes) -> None:
        """What the scanner sends."""
        assert self._ends is not None
        os.write(self._ends[0], data)
