"""What a long-running program tells the service manager that started it: sd_notify(3).

Datagrams to the socket that `NOTIFY_SOCKET` names. Without one, nothing is told and nothing fails.
"""

import os
import socket
from collections.abc import Mapping
from typing import Final

_PER_WATCHDOG: Final = 3
"""Signs of life within one watchdog time, so that one that is late does not count as death."""


class Notifier:
    """Tells the service manager how this process is. Safe from any thread.

    Args:
        address: The manager's socket; a leading `@` is an abstract name. Empty: nobody listens.
        watchdog_s: How long the manager waits for a sign of life, in seconds; None: it does not.
    """

    def __init__(self, address: str, watchdog_s: float | None) -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        self.every_s = None if watchdog_s is None else watchdog_s / _PER_WATCHDOG
        """How often to say `alive`, in seconds; None: nobody waits for it."""

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> "Notifier":
        """What the manager said when it started this very process."""
        microseconds = environ.get("WATCHDOG_USEC", "")
        meant = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        watched = meant and microseconds.isdigit() and int(microseconds) > 0
        address = environ.get("NOTIFY_SOCKET", "")
        return cls(address, int(microseconds) / 1e6 if address and watched else None)

    def ready(self) -> None:
        """The program does its work now."""
        self._tell("READY=1")

    def alive(self, status: str = "") -> None:
        """It still does; `status` is one line for `systemctl status`."""
        self._tell("WATCHDOG=1" + (f"\nSTATUS={status}" if status else ""))

    def stopping(self) -> None:
        """It was asked to end and is ending."""
        self._tell("STOPPING=1")

    def _tell(self, words: str) -> None:
        if not self._address:
            return
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as to_manager:
            # A manager that does not read now must not hold up what it started: the word is lost.
            to_manager.setblocking(False)
            try:
                to_manager.sendto(words.encode(), self._address)
            except OSError as error:
                if not isinstance(error, BlockingIOError):
                    self._address = ""  # It went away, and nobody is told any more.
