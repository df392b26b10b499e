"""One thread for each wire: it alone talks to what hangs there, one after the other."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Final

from display.errors import PanelError
from display.turns import DEAD_AFTER, Guest, Slot, next_turn
from edge.pulse import PULSE

log = logging.getLogger(__name__)

IDLE_S: Final = 10.0
"""Comes round so often, also with nothing to do: a thread that does not move counts as dead."""


class WireWorker:
    """Serves the panels of one wire, and whatever else is on it.

    Args:
        wire: The wire's name, for the thread and the log.
        slots: Its panels.
        guests: What else must be served there, such as pads.
        clock: Monotonic seconds.
    """

    def __init__(
        self,
        wire: str,
        slots: Sequence[Slot],
        guests: Sequence[Guest] = (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._slots = list(slots)
        self._guests = list(guests)
        self._clock = clock
        self._turn = threading.Condition()
        self._stopping = False
        self._guest_before = False
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
        for guest in self._guests:
            guest.close()

    def want(self, slot: Slot, text: str, *, call: bool) -> None:
        """Have `slot` show `text` from now on; blink for a while if it is a `call`."""
        with self._turn:
            if slot.want(text, self._clock(), call=call):
                self._turn.notify()

    def wake(self) -> None:
        """A guest wants its turn earlier than it said."""
        with self._turn:
            self._turn.notify()

    def _run(self) -> None:
        while True:
            PULSE.beat()
            with self._turn:
                if self._stopping:
                    return
                now = self._clock()
                turn, at = next_turn(
                    self._slots, self._guests, now, guest_before=self._guest_before
                )
                if turn is None:
                    self._turn.wait(timeout=min(at - now, IDLE_S))
                    continue
                self._guest_before = not isinstance(turn, Slot)
                frame = self._frame(turn, now) if isinstance(turn, Slot) else None
            if isinstance(turn, Slot):
                assert frame is not None
                self._serve(turn, *frame)
            else:
                self._serve_guest(turn)

    def _serve_guest(self, guest: Guest) -> None:
        try:
            guest.serve()
        except Exception:  # it must not, and must not take the panels with it if it does
            log.exception("a device on the panels' wire failed")

    def _frame(self, slot: Slot, now: float) -> tuple[str, bool]:
        assert slot.wanted is not None
        return slot.wanted.text, slot.blinking(now)

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
            was_dead = slot.dead
            now = self._clock()
            if trouble is not None:
                slot.failed(trouble, now)
            else:
                slot.confirmed(text, blink, began, now, datetime.now(UTC))
        if was_dead and not slot.dead:
            log.warning("panel of %s answers again", slot.counter)
        elif trouble is not None and slot.failures == DEAD_AFTER:
            log.warning("panel of %s (%s) is dead: %s", slot.counter, slot.panel.place, trouble)
