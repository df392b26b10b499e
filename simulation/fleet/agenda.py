"""What happens when: actions by due time, run by a few threads on the real clock."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

WORKERS = 6
_log = logging.getLogger(__name__)


class Agenda:
    """Runs actions once they are due.

    `after` may be called from any thread, also by an action. An action that raises is logged
    and counted in `failures`; the others go on. Not restartable.
    """

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopped = False
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="fleet")
        self._thread = threading.Thread(target=self._run, name="agenda", daemon=True)
        self.failures = 0

    def start(self) -> None:
        """Begin to run what is due."""
        self._thread.start()

    def stop(self) -> None:
        """Run nothing more, and return once what was running has ended."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        self._thread.join()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def after(self, delay_s: float, action: Callable[[], None]) -> None:
        """Run `action` in `delay_s` seconds; nothing happens once stopped."""
        with self._changed:
            item = (time.monotonic() + delay_s, next(self._order), action)
            heapq.heappush(self._due, item)
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._stopped and (wait_s := self._wait_s()) != 0:
                    self._changed.wait(wait_s)
                if self._stopped:
                    return
                _, _, action = heapq.heappop(self._due)
            self._pool.submit(self._guarded, action)

    def _wait_s(self) -> float | None:
        """Seconds until something is due: 0 for now, None while there is nothing."""
        if not self._due:
            return None
        return max(0.0, self._due[0][0] - time.monotonic())

    def _guarded(self, action: Callable[[], None]) -> None:
        try:
            action()
        except Exception:  # noqa: BLE001 - one person's trouble must not stop the others
            self.failures += 1
            _log.exception("an action failed")
