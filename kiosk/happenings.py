"""What keys and scanners did, for the touch page to show: a short memory and a wait for news.

A waiting page holds a thread of the local web server. There is one wait for each page and few
altogether; whoever comes beyond that is answered at once and asks again later.
"""

import threading
import time
from collections import deque
from typing import Any, Final

WAITERS: Final = 3
HOLD_S: Final = 20.0
KEPT: Final = 32
FRESH_S: Final = 15.0
"""News older than this is told to nobody: who pressed has gone."""


class Happenings:
    """Numbered from 1 in this run. Safe to use from several threads."""

    def __init__(self) -> None:
        self._ring: deque[tuple[float, dict[str, Any]]] = deque(maxlen=KEPT)
        self._seq = 0
        self._turn = threading.Condition()
        self._waiting: dict[str, object] = {}
        self._closed = False

    def add(self, kind: str, **what: Any) -> None:
        """Let the pages know; `what` is made of what JSON knows."""
        with self._turn:
            self._seq += 1
            news = {"seq": self._seq, "kind": kind, **what}
            self._ring.append((time.monotonic(), news))
            self._turn.notify_all()

    def after(self, seq: int | None, *, page: str = "", hold_s: float = HOLD_S) -> dict[str, Any]:
        """What came after `seq`, waiting for it up to `hold_s` seconds.

        Args:
            seq: The last one the page has seen; None, or one of an earlier run, begins now.
            page: Which page asks: a second wait of the same one ends its first.
            hold_s: Seconds, ≥ 0.

        Returns:
            `{"seq", "happenings"}`, the latter empty when nothing came.
        """
        with self._turn:
            if seq is None or seq > self._seq:
                return {"seq": self._seq, "happenings": []}
            if not self._since(seq):
                self._wait(seq, page, hold_s)
            return {"seq": self._seq, "happenings": self._since(seq)}

    def close(self) -> None:
        """Answer everybody who waits; nobody waits from now on."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def _since(self, seq: int) -> list[dict[str, Any]]:
        oldest = time.monotonic() - FRESH_S
        return [news for at, news in self._ring if news["seq"] > seq and at >= oldest]

    def _wait(self, seq: int, page: str, hold_s: float) -> None:
        if page not in self._waiting and len(self._waiting) >= WAITERS:
            return
        mine = object()
        self._waiting[page] = mine
        self._turn.notify_all()  # the page's earlier wait, if any, ends
        until = time.monotonic() + hold_s
        while self._seq == seq and not self._closed and self._waiting.get(page) is mine:
            if not self._turn.wait(until - time.monotonic()):
                break
        if self._waiting.get(page) is mine:
            del self._waiting[page]
