"""How often somebody may ask: fixed windows that open at the first hit."""

import hashlib
import math
from typing import Final, Protocol

from server.service.ports import Clock

_KEYS_MOST: Final = 50_000


class Limiter(Protocol):
    """Counts hits under a key, in a window that opens at the first hit after the last window.

    A driver must count every hit exactly once however many processes share it, where it is
    shared, and must forget a key once its window is over. It may lose its counts on restart.
    """

    def hit(self, key: str, limit: int, window_s: int) -> int:
        """Count one hit; whole seconds to wait, or 0 when this hit is within the limit."""

    def give_back(self, key: str) -> None:
        """Take one hit back: it turned out not to count. Unknown keys change nothing."""


def limit_key(kind: str, whom: str) -> str:
    """A key that tells nothing of whom it is about: names and addresses are hashed."""
    return f"{kind}:{hashlib.sha256(whom.encode()).hexdigest()[:32]}"


def wait_s(remaining_ms: int) -> int:
    """Whole seconds to wait, at least one."""
    return max(1, math.ceil(remaining_ms / 1000))


class MemoryLimiter:
    """Counts in this process alone: for one worker, and while Redis is away."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, list[int]] = {}

    def hit(self, key: str, limit: int, window_s: int) -> int:
        """Count one hit; see `Limiter.hit`."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        window = self._windows.get(key)
        if window is None or window[0] <= now_ms:
            if len(self._windows) >= _KEYS_MOST:
                self._forget(now_ms)
            window = self._windows[key] = [now_ms + window_s * 1000, 0]
        window[1] += 1
        return 0 if window[1] <= limit else wait_s(window[0] - now_ms)

    def give_back(self, key: str) -> None:
        """Take one hit back; see `Limiter.give_back`."""
        window = self._windows.get(key)
        if window is not None and window[1] > 0:
            window[1] -= 1

    def _forget(self, now_ms: int) -> None:
        live = {key: window for key, window in self._windows.items() if window[0] > now_ms}
        # A flood of made-up keys must not eat the memory: past the bound, start afresh.
        self._windows = live if len(live) < _KEYS_MOST else {}
