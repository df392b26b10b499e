"""What the server does by itself: end days, forget what is old. One greenlet each."""

import logging
from collections.abc import Callable

import gevent

log = logging.getLogger(__name__)


class Timer:
    """Calls `work` again and again; a failure is logged and the next round comes anyway."""

    def __init__(self, name: str, every_s: float, work: Callable[[], object]) -> None:
        self._name = name
        self._every_s = every_s
        self._work = work
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin; the first round comes after one interval."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """End, also in the middle of waiting."""
        if self._greenlet is not None:
            self._greenlet.kill(timeout=2)

    def _run(self) -> None:
        while True:
            gevent.sleep(self._every_s)
            try:
                self._work()
            except Exception:  # The next round may find the database back.
                log.exception("timer %s failed", self._name)
