"""How many numbers one kiosk gives in a row, so that a masher does not drain the paper. Pure."""


class TokenBucket:
    """Full at first; each press takes one, and they come back at a steady rate.

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

    def take(self, now_s: float) -> float:
        """Take one: 0 when it was there, else after how many seconds to come again."""
        back = max(0.0, now_s - self._at_s) * self._per_s
        self._left = min(self._burst, self._left + back)
        self._at_s = now_s
        if self._left >= 1.0:
            self._left -= 1.0
            return 0.0
        return (1.0 - self._left) / self._per_s
