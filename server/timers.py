"""What the server does by itself: end days, forget what is old. One greenlet each."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Final

import gevent

log = logging.getLogger(__name__)


ROUND_S: Final = 60.0
"""A round that takes longer hangs."""


class Timer:
    """Calls `work` again and again; a failure is logged and the next round comes anyway.

    Args:
        name: What the log calls it.
        every_s: Seconds from the end of a round to the next one.
        work: One round.
        at_once: Whether the first round comes with the start, not after one interval.
    """

    def __init__(
        self, name: str, every_s: float, work: Callable[[], object], *, at_once: bool = False
    ) -> None:
        self.name = name
        self._wait_s = 0.0 if at_once else every_s
        self._moved_at = monotonic()
        self._every_s = every_s
        self._work = work
        self._greenlet: gevent.Greenlet[..., None] | None = None

    @property
    def hangs(self) -> bool:
        """Whether it should have come round long ago. A round that failed has come round."""
        return monotonic() - self._moved_at > self._every_s + ROUND_S

    def start(self) -> None:
        """Begin."""
        self._moved_at = monotonic()
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """End, also in the middle of waiting."""
        if self._greenlet is not None:
            self._greenlet.kill(timeout=2)

    def _run(self) -> None:
        while True:
            gevent.sleep(self._wait_s)
            self._wait_s = self._every_s
            try:
                self._work()
            except Exception:  # The next round may find the database back.
                log.exception("timer %s failed", self.name)
            self._moved_at = monotonic()
