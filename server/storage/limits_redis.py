"""Rate limits in Redis, shared by every worker and host; local while Redis is away."""

import logging
import time
from typing import Any, Final

import redis

from server.service.limits import Limiter, wait_s

_LOG = logging.getLogger(__name__)
_TIMEOUT_S: Final = 0.3
_REST_S: Final = 2.0

_HIT: Final = """
local hits = redis.call('INCR', KEYS[1])
if hits == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return {hits, redis.call('PTTL', KEYS[1])}
"""

_GIVE_BACK: Final = """
local hits = tonumber(redis.call('GET', KEYS[1]) or '0')
if hits > 0 then redis.call('DECR', KEYS[1]) end
return hits
"""


class RedisLimiter:
    """Counts in Redis; falls back to `local` for two seconds whenever Redis does not answer.

    Args:
        url: `redis://…`; nothing is connected before the first hit.
        local: Counts meanwhile, so that a lost Redis loosens the limits but lifts none.
    """

    def __init__(self, url: str, local: Limiter) -> None:
        self._redis: Any = redis.Redis.from_url(
            url, socket_timeout=_TIMEOUT_S, socket_connect_timeout=_TIMEOUT_S
        )
        self._local = local
        self._away_until = 0.0

    def hit(self, key: str, limit: int, window_s: int) -> int:
        """Count one hit; see `Limiter.hit`."""
        answer = self._ask(_HIT, key, window_s * 1000)
        if answer is None:
            return self._local.hit(key, limit, window_s)
        hits, remaining_ms = answer
        return 0 if hits <= limit else wait_s(remaining_ms)

    def give_back(self, key: str) -> None:
        """Take one hit back; see `Limiter.give_back`."""
        if self._ask(_GIVE_BACK, key) is None:
            self._local.give_back(key)

    def close(self) -> None:
        """Close the connections; the limiter is not used afterwards."""
        self._redis.close()

    def _ask(self, script: str, key: str, *args: int) -> Any:
        if time.monotonic() < self._away_until:
            return None
        try:
            return self._redis.eval(script, 1, f"layso:limit:{key}", *args)
        except redis.RedisError as error:
            self._away_until = time.monotonic() + _REST_S
            _LOG.warning("Redis does not answer (%s); limits count in this process", error)
            return None
