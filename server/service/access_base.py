"""What the use cases of access share: the store, the clock, randomness and a short memory."""

import base64
import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from server.service.access_ports import AccessRows
from server.service.ports import Clock, Store

Kept = TypeVar("Kept")

REMEMBERED_MS: Final = 1_000
"""How long an answer about a token or session is believed without asking again."""

_REMEMBERED_MOST: Final = 10_000


def fingerprint(secret: str) -> str:
    """The SHA-256 under which a secret of full entropy is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


class Memory(Generic[Kept]):
    """Keeps answers for a second, so that a busy device costs one look-up and not hundreds."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[int, Kept]] = {}

    def get(self, key: str, now_ms: int) -> tuple[int, Kept] | None:
        """What was kept under `key`, with its end, or None when it is too old."""
        kept = self._kept.get(key)
        return kept if kept is not None and kept[0] > now_ms else None

    def keep(self, key: str, now_ms: int, value: Kept) -> Kept:
        """Keep `value` for a second and return it."""
        if len(self._kept) >= _REMEMBERED_MOST:
            self._kept.clear()
        self._kept[key] = (now_ms + REMEMBERED_MS, value)
        return value

    def clear(self) -> None:
        """Forget everything, because something was revoked here."""
        self._kept.clear()


class AccessBase:
    """The parts that devices and people are both made of.

    Args:
        store: Where rows live.
        rows: How rows are read and written.
        clock: Says what time it is.
        random_bytes: Draws secrets; cryptographically strong.
        secret_key: At least 32 bytes, the same in every process of a server; signs
            socket tokens.
        off_hub: Runs slow hashing away from the event loop; called with a function of no
            arguments, returns its result.
    """

    def __init__(
        self,
        store: Store,
        rows: AccessRows,
        clock: Clock,
        random_bytes: Callable[[int], bytes],
        *,
        secret_key: bytes,
        off_hub: Callable[[Callable[[], object]], object] = lambda work: work(),
    ) -> None:
        self._store = store
        self._rows = rows
        self._clock = clock
        self._random_bytes = random_bytes
        self._secret_key = secret_key
        self._off_hub = off_hub

    def seal(self, text: str) -> str:
        """A hash that only this server can make: what is behind it cannot be found by trying."""
        return hmac.new(self._secret_key, b"seal:" + text.encode(), hashlib.sha256).hexdigest()

    def _now_ms(self) -> int:
        return int(self._clock.now().timestamp() * 1000)

    def _secret(self, size: int = 32) -> str:
        return base64.urlsafe_b64encode(self._random_bytes(size)).rstrip(b"=").decode()

    def _new_id(self) -> str:
        return self._random_bytes(8).hex()
