"""One thread for each wire: it alone talks to the panels there, one after the other.

Changed panels come first, so that a call never waits for a round of refreshes, and a dead
neighbour costs it one time-out at most.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from display.errors import PanelError
from display.ports import Panel

REFRESH_S: Final = 5.0
RETRY_S: Final = 2.0
FIRST_RETRY_S: Final = 0.2
BLINK_S: Final = 5.0
DEAD_AFTER: Final = 2

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Frame:
    """What a panel is told: its text, and the moment (monotonic) until which it blinks."""

    text: str
    blink_until: float = 0.0


class Slot:
    """One panel, what it should show, and what is known of it. Shared under the worker's lock."""

    def __init__(self, counter: str, driver: str, panel: Panel) -> None:
        self.counter = counter
        self.driver = driver
        self.panel = panel
        self.wanted: Frame | None = None
        self.sent: tuple[str, bool] | None = None
        self.sent_at: datetime | None = None
        self.reply_ms: int | None = None
        self.failures = 0
        self.trouble = ""
        self.detail = ""
        self.frames_total = 0
        self.failures_total = 0
        self.next_try = 0.0

    @property
    def dead(self) -> bool:
        """Whether it failed more than once in a row."""
        return self.failures >= DEAD_AFTER

    def blinking(self, now: float) -> bool:
        """Whether it should blink at this moment."""
        return self.panel.blinks and self.wanted is not None and now < self.wanted.blink_until

    def changed(self, now: float) -> bool:
        """Whether it should show something else than it last confirmed."""
        return self.wanted is not None and self.sent != (self.wanted.text, self.blinking(now))

    def due_at(self, now: float) -> float:
        """When it is its turn: now after a change (unless it is failing), else to refresh."""
        if self.wanted is None:
            return float("inf")
        if self.failures == 0 and self.changed(now):
            return now
        if self.sent is not None and self.sent[1]:
            return min(self.next_try, self.wanted.blink_until)
        return self.next_try


class WireWorker:
    """Serves the panels of one wire.

    Args:
        wire: The wire's name, for the thread and the log.
        slots: Its panels.
        clock: Monotonic seconds.
    """

    def __init__(
        self, wire: str, slots: Sequence[Slot], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._slots = list(slots)
        self._clock = clock
        self._turn = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name=f"wire {wire}", daemon=True)

    def start(self) -> None:
        """Begin to serve."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the frame in hand and free the wire. The panels keep their text."""
        with self._turn:
            self._stopping = True
            self._turn.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        for slot in self._slots:
            slot.panel.close()

    def want(self, slot: Slot, text: str, *, call: bool) -> None:
        """Have `slot` show `text` from now on; blink for a while if it is a `call`."""
        with self._turn:
            old = slot.wanted
            blink_until = self._clock() + BLINK_S if call else 0.0
            if not call and old is not None and old.text == text:
                return
            slot.wanted = Frame(text, blink_until)
            self._turn.notify()

    def _run(self) -> None:
        while True:
            with self._turn:
                if self._stopping:
                    return
                slot = self._next(self._clock())
                if slot is None:
                    continue
                assert slot.wanted is not None
                text, blink = slot.wanted.text, slot.blinking(self._clock())
            self._serve(slot, text, blink)

    def _next(self, now: float) -> Slot | None:
        """The panel whose turn it is; waits, and returns None, while it is nobody's."""
        due = [slot for slot in self._slots if slot.due_at(now) <= now]
        if due:
            return min(due, key=lambda slot: (not slot.changed(now), slot.due_at(now)))
        soonest = min(slot.due_at(now) for slot in self._slots)
        self._turn.wait(timeout=None if soonest == float("inf") else soonest - now)
        return None

    def _serve(self, slot: Slot, text: str, blink: bool) -> None:
        began = self._clock()
        trouble: PanelError | None = None
        try:
            slot.panel.show(text.ljust(slot.panel.text_length), blink=blink)
        except PanelError as error:
            trouble = error
        except Exception as error:
            log.exception("the driver '%s' failed", slot.driver)
            trouble = PanelError(f"{type(error).__name__}: {error}")
        with self._turn:
            now = self._clock()
            if trouble is not None:
                self._failed(slot, trouble, now)
            else:
                self._confirmed(slot, text, blink, began, now)

    def _confirmed(self, slot: Slot, text: str, blink: bool, began: float, now: float) -> None:
        if slot.dead:
            log.warning("panel of %s answers again", slot.counter)
        slot.sent = (text, blink)
        slot.sent_at = datetime.now(UTC)
        slot.reply_ms = round(1000 * (now - began))
        slot.failures = 0
        slot.trouble = slot.detail = ""
        slot.frames_total += 1
        slot.next_try = now + REFRESH_S

    def _failed(self, slot: Slot, trouble: PanelError, now: float) -> None:
        slot.failures += 1
        slot.failures_total += 1
        slot.trouble, slot.detail = trouble.trouble, str(trouble)
        slot.next_try = now + (RETRY_S if slot.dead else FIRST_RETRY_S)
        if slot.failures == DEAD_AFTER:
            log.warning("panel of %s (%s) is dead: %s", slot.counter, slot.panel.place, trouble)
