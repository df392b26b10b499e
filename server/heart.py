"""Signs of life of a process that serves: to the service manager, or to the parent of workers."""

import logging
from collections.abc import Callable
from typing import Final

import gevent

log = logging.getLogger(__name__)

SIGN_EVERY_S: Final = 2.0
"""How often a worker tells its parent that it lives."""

SIGN: Final = "alive"
"""The line that it says it with."""


class Heart:
    """Beats in the serving loop itself, so that a loop which hangs falls silent.

    Args:
        every_s: Seconds from beat to beat; None: nobody waits for them, and it never beats.
        missing: Names what died or hangs in this process; no beat while there is anything.
        tell: Gives one sign of life.
    """

    def __init__(
        self, every_s: float | None, missing: Callable[[], list[str]], tell: Callable[[], None]
    ) -> None:
        self._every_s = every_s
        self._missing = missing
        self._tell = tell
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        if self._every_s is not None:
            self._greenlet = gevent.spawn(self._run, self._every_s)

    def stop(self) -> None:
        """Beat no more. Safe to repeat."""
        if self._greenlet is not None:
            self._greenlet.kill()

    def _run(self, every_s: float) -> None:
        while True:
            missing = self._missing()
            if missing:
                log.error("does not move: %s", ", ".join(missing))
            else:
                self._tell()
            gevent.sleep(every_s)
