"""Rate limits in the database: for several workers on PostgreSQL without Redis."""

from typing import Final

from server.service.limits import wait_s
from server.service.ports import Clock, Store, Tx

_HIT: Final = """
INSERT INTO rate (key, window_end_ms, hits) VALUES (:key, :end_ms, 1)
ON CONFLICT (key) DO UPDATE SET
  hits = CASE WHEN rate.window_end_ms <= :now_ms THEN 1 ELSE rate.hits + 1 END,
  window_end_ms = CASE WHEN rate.window_end_ms <= :now_ms
                       THEN :end_ms ELSE rate.window_end_ms END
RETURNING hits, window_end_ms
"""
_GIVE_BACK: Final = "UPDATE rate SET hits = hits - 1 WHERE key = :key AND hits > 0"
_FORGET: Final = "DELETE FROM rate WHERE window_end_ms <= :now_ms"
_FORGET_EVERY_MS: Final = 60_000


class SqlLimiter:
    """Counts in the table `rate`; every process that shares the database shares the counts.

    Each key is its own lock, so that one device never waits for another's count.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._forget_at_ms = 0

    def hit(self, key: str, limit: int, window_s: int) -> int:
        """Count one hit; see `Limiter.hit`."""
        now_ms = int(self._clock.now().timestamp() * 1000)
        self._forget(now_ms)
        params = {"key": key, "now_ms": now_ms, "end_ms": now_ms + window_s * 1000}

        def work(tx: Tx) -> tuple[int, int]:
            row = tx.one(_HIT, params)
            return (row[0], row[1]) if row else (0, now_ms)

        hits, end_ms = self._store.run(key, work)
        return 0 if hits <= limit else wait_s(end_ms - now_ms)

    def give_back(self, key: str) -> None:
        """Take one hit back; see `Limiter.give_back`."""
        self._store.run(key, lambda tx: tx.execute(_GIVE_BACK, {"key": key}))

    def _forget(self, now_ms: int) -> None:
        if now_ms >= self._forget_at_ms:
            self._forget_at_ms = now_ms + _FORGET_EVERY_MS
            self._store.run("rate", lambda tx: tx.execute(_FORGET, {"now_ms": now_ms}))
