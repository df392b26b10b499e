"""What leads to a citizen is kept for a month: then their words go, and the ways to their number.

Nothing else that is kept leads to anybody. Notes and devices' answers go with their day or after
72 h, in the use cases that keep them; the log holds none of it, so it stays whole.
"""

from datetime import timedelta
from typing import Final

from server.domain.ticket import milliseconds
from server.service.ports import Clock, Store
from server.service.visit_ports import Forgotten

KEPT_DAYS: Final = 30


class Retention:
    """Takes from old tickets what leads to a citizen. Safe from any thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def anonymise(self, days: int = KEPT_DAYS) -> Forgotten:
        """Forget the words of ratings and the links of tickets that are so many days old.

        Figures stay as they were: scores, reasons, times. May be repeated.
        """
        before_ms = milliseconds(self._clock.now() - timedelta(days=days))
        return self._store.run("", lambda tx: tx.forget_people(before_ms))
