"""Whether every thread that an agent lives by still moves.

A thread beats once a round of its loop. One that has died, or has not come round for a minute,
will not heal by itself: then the agent gives the service manager no more signs of life, and is
started again. One pulse a process, as there is one manager to tell.
"""

import threading
import time
from collections.abc import Callable
from typing import Final

ROUND_S: Final = 60.0
"""Longer than any round takes: a long slip on a slow line, a server that answers at the last."""


class Pulse:
    """Who has beaten, and when. Safe from any thread.

    Args:
        now: Monotonic seconds.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._beats: dict[threading.Thread, float] = {}

    def beat(self) -> None:
        """The calling thread has come round; from now on it must come again."""
        self._beats[threading.current_thread()] = self._now()

    def missing(self) -> list[str]:
        """The names of threads that died or hang, sorted; empty when all is well."""
        late = self._now() - ROUND_S
        beats = list(self._beats.items())
        return sorted(one.name for one, at in beats if at < late or not one.is_alive())


PULSE: Final = Pulse()
