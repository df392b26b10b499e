"""Handing in what was given out while the server was away, in order, until every one is taken.

Also finds out what became of online tries that a crash cut off.
"""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from edge.client import Reply, ServerClient
from edge.clock import Stamp, TrustedClock
from edge.errors import ServerRefused, ServerUnreachable
from edge.pulse import PULSE
from edge.spool import Item, Spool
from kiosk.journal import Attempt, Journal, with_paper
from kiosk.numbers import Numbers
from kiosk.picture import Picture
from kiosk.press import online_entry
from wire.answers import Ticket

log = logging.getLogger(__name__)

ANSWER_S: Final = 5.0
BACKOFF_S: Final = (0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
_NOT_FINAL: Final = frozenset({401, 403, 408, 425, 429})
"""Refusals of the moment or of the kiosk, not of the ticket: paper is out, so it is kept."""


class HandIn:
    """The thread that empties the outbox.

    Args:
        centre: Whose tickets these are.
        reachable: Whether the server answers; nothing is tried while it does not.
        look_elsewhere: Finds out about a try for another centre's number; False: not yet.
    """

    def __init__(
        self,
        *,
        centre: str,
        client: ServerClient,
        spool: Spool,
        journal: Journal,
        numbers: Numbers,
        picture: Picture,
        clock: TrustedClock,
        reachable: Callable[[], bool],
        look_elsewhere: Callable[[Attempt], bool],
    ) -> None:
        self._path = f"/api/v1/centres/{centre}/tickets"
        self._client = client
        self._spool = spool
        self._journal = journal
        self._numbers = numbers
        self._picture = picture
        self._clock = clock
        self._reachable = reachable
        self._look_elsewhere = look_elsewhere
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="hand-in", daemon=True)
        # A try of this run may be under way; only what an earlier run left open is looked into.
        self._left_open = journal.attempts()
        self._forgot_on = ""

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Stop after the try in hand; what is left stays in the outbox. Safe to repeat."""
        self._stopping.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(timeout=ANSWER_S + 1)

    def look_into(self, attempt: Attempt) -> None:
        """Find out, once the server answers, whether it made this ticket."""
        self._left_open.append(attempt)
        self._wake.set()

    def wake(self) -> None:
        """There may be something to do: a new item, or the server is back."""
        self._wake.set()

    def _run(self) -> None:
        fails = 0
        while not self._stopping.is_set():
            PULSE.beat()
            try:
                fails = 0 if self.hand_in_all() else fails + 1
                self._forget_once_a_day()
            except Exception:
                log.exception("handing in broke off")
                fails += 1
            pause_s = BACKOFF_S[min(fails, len(BACKOFF_S)) - 1] if fails else 5.0
            self._wake.wait(pause_s)
            if fails:
                # A wake-up in a bad moment is no reason to hurry.
                self._stopping.wait(0.1)
            self._wake.clear()

    def _forget_once_a_day(self) -> None:
        """Drop what the server has long had. Not at a start only: a kiosk may run for a year, and
        after a power cut it does not know the day before it has met its server."""
        if self._clock.trusted and self._today() != self._forgot_on:
            self._journal.forget_before(self._clock.now())
            self._forgot_on = self._today()

    def hand_in_all(self) -> bool:
        """Empty the outbox; False when the server did not take what it should. Its own thread
        calls it."""
        while not self._stopping.is_set() and self._reachable():
            PULSE.beat()
            if self._left_open:
                if not self._look_into(self._left_open[0]):
                    return False
                self._left_open.pop(0)
                continue
            item = self._spool.first()
            if item is None:
                return True
            if not self._clock.trusted:
                return True
            if not self._hand_in(item):
                return False
        return True

    def _hand_in(self, item: Item) -> bool:
        body = item.body
        if item.tries == 0:
            entry = self._journal.find(body["id"])
            if entry is not None:
                body = {**body, "issued_at": self._corrected(entry.stamp).isoformat()}
                self._spool.settle(item.key, body)
        self._spool.tried(item.key)
        try:
            reply = self._client.post(self._path, body, key=item.key, timeout_s=ANSWER_S)
        except ServerUnreachable as error:
            log.warning("%s not handed in yet: %s", body["number"], error)
            return False
        except ServerRefused as error:
            return self._refused(item, error)
        self._taken(item, reply)
        return True

    def _taken(self, item: Item, reply: Reply) -> None:
        with self._journal.database.transaction():
            self._spool.done(item.key)
            self._journal.handed(item.body["id"], "done")
            if item.body["number"].startswith("Z"):
                self._numbers.emergency_settled(str((reply.body or {}).get("day", "")))
        log.info("%s handed in", item.body["number"])

    def _refused(self, item: Item, error: ServerRefused) -> bool:
        if error.problem.status in _NOT_FINAL:
            log.warning("%s not handed in yet: %s", item.body["number"], error)
            return False
        log.error("%s is refused for good: %s", item.body["number"], error)
        with self._journal.database.transaction():
            self._spool.refuse(item.key, str(error))
            if item.body["number"].startswith("Z"):
                # Its paper is out today: the series does not begin again before tomorrow.
                self._numbers.emergency_settled(self._today())
            self._journal.handed(item.body["id"], "refused")
        return True

    @property
    def _zone(self) -> tzinfo:
        centre = self._picture.centre
        return ZoneInfo(centre.timezone) if centre else UTC

    def _corrected(self, stamp: Stamp) -> datetime:
        return self._clock.corrected(stamp, self._zone)

    def _today(self) -> str:
        return self._clock.now().astimezone(self._zone).date().isoformat()

    def _look_into(self, attempt: Attempt) -> bool:
        """A crash cut off an online try: keep its ticket if the server made one."""
        if attempt.going_to:
            return self._look_elsewhere(attempt)
        try:
            reply = self._client.get(f"{self._path}/{attempt.id}", timeout_s=ANSWER_S)
            ticket = msgspec.convert(reply.body, Ticket)
        except ServerUnreachable:
            return False
        except ServerRefused as error:
            if error.problem.status in _NOT_FINAL:
                return False
            self._journal.end(attempt.key)
            return True
        except msgspec.ValidationError as error:
            # Another release may understand it: kept for the next start, in nobody's way.
            log.error("what became of %s is not understood: %s", attempt.key, error)
            return True
        track_url = self._picture.track_url(attempt.track)
        entry = online_entry(attempt, ticket, track_url, self._clock)
        with self._journal.database.transaction():
            self._journal.end(attempt.key)
            if self._journal.find(entry.id) is None:
                self._journal.add(with_paper(entry, "failed", "interrupted"))
        log.warning("%s was given out just before a crash; it has no paper yet", entry.number)
        return True
