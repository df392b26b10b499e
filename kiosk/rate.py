"""How many numbers one kiosk gives in a row, so that a masher does not drain the paper."""

import threading
from typing import Literal

By = Literal["touch", "key", "program"]
"""Who presses: a finger on the page or on a key, or another program over the local HTTP."""


class TokenBucket:
    """Full at first; each press takes one, and they come back at a steady rate. Pure.

    Args:
        burst: How many may be taken at once, ≥ 1.
        per_minute: How many come back in a minute, > 0.
        now_s: Monotonic seconds at the start.
    """

    def __init__(self, burst: int, per_minute: float, now_s: float) -> None:
        self._burst = float(burst)
        self._per_s = per_minute / 60.0
        self._left = self._burst
        self._at_s = now_s

    def wait_s(self, now_s: float) -> float:
        """After how many seconds one may be taken; 0 when it is there."""
        back = max(0.0, now_s - self._at_s) * self._per_s
        self._left = min(self._burst, self._left + back)
        self._at_s = now_s
        return 0.0 if self._left >= 1.0 else (1.0 - self._left) / self._per_s

    def take(self, now_s: float) -> float:
        """Take one: 0 when it was there, else after how many seconds to come again."""
        wait_s = self.wait_s(now_s)
        if not wait_s:
            self._left -= 1.0
        return wait_s


class Turns:
    """One bucket for all that press, and a smaller one for fingers. Safe from several threads.

    A queue in front of a kiosk takes a number every few seconds; what is faster is a child or
    somebody who takes numbers for a whole bus.
    """

    def __init__(self, all_together: TokenBucket, fingers: TokenBucket) -> None:
        self._all = all_together
        self._fingers = fingers
        self._lock = threading.Lock()

    def take(self, by: By, now_s: float) -> float:
        """Take a turn: 0 when there was one, else after how many seconds to come again."""
        buckets = [self._all] if by == "program" else [self._all, self._fingers]
        with self._lock:
            wait_s = max(bucket.wait_s(now_s) for bucket in buckets)
            if not wait_s:
                for bucket in buckets:
                    bucket.take(now_s)
            return wait_s
