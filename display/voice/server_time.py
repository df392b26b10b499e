"""What time it is at the server, from what it says, carried by this machine's tick counter.

A small computer's own clock may be anywhere, and may jump; a call's age must not. Every word
with a time is at most as late as the server's clock when it comes in; the newest few are kept, so
that a tick counter that runs a little fast does not add up over days.
"""

import time
from collections import deque
from collections.abc import Callable
from datetime import datetime
from typing import Final

KEPT: Final = 16
BEHIND_S: Final = 15.0
"""No change comes in so late. One that seems to was made after the server's clock was set back:
until that clock is there again, its changes all bear the latest time it had reached."""


class ServerTime:
    """Seconds since 1970 as the server counts them; the machine's own before it said anything.

    Args:
        ticks_s: Monotonic seconds.
        wall_s: The machine's own clock.
    """

    def __init__(
        self,
        ticks_s: Callable[[], float] = time.monotonic,
        wall_s: Callable[[], float] = time.time,
    ) -> None:
        self._ticks_s = ticks_s
        self._zeros_s: deque[float] = deque(maxlen=KEPT)
        self._own_s = wall_s() - ticks_s()

    def board(self, as_of: str) -> None:
        """A board came in: what was known before may be another server's."""
        self._zeros_s.clear()
        self.change(as_of)

    def change(self, at: str) -> None:
        """A change came in, as soon as it happened."""
        zero_s = datetime.fromisoformat(at).timestamp() - self._ticks_s()
        if self._zeros_s and zero_s < max(self._zeros_s) - BEHIND_S:
            self._zeros_s.clear()
        self._zeros_s.append(zero_s)

    def now_s(self) -> float:
        """The present moment."""
        return self._ticks_s() + max(self._zeros_s, default=self._own_s)
