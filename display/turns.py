"""Whose turn it is on a wire, and when a panel counts as dead. Pure: handed the time.

Changed panels come first, so that a call never waits for a round of refreshes. What else hangs
on the wire takes turns with the panels. Dead panels come last: each costs its time-out, and
together they must not keep the living from their refresh.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Protocol

from display.errors import PanelError
from display.ports import Panel

REFRESH_S: Final = 4.0  # so that a late turn on a full wire still is a frame every 5 s
RETRY_S: Final = 2.0
FIRST_RETRY_S: Final = 0.2
BLINK_S: Final = 5.0
SETTLE_S: Final = 0.02
"""One press ends a ticket and calls the next: the dashes in between are not worth the wire's time,
which the called number would wait for (35 ms at 9600 baud)."""
DEAD_AFTER: Final = 2
OVERDUE_S: Final = 8.0
DEAD_BEHIND_S: Final = 6.0
NEVER: Final = float("inf")


class Guest(Protocol):
    """Something on a panel's wire that is no panel, such as a pad that must be asked."""

    def due_at(self, now: float) -> float:
        """When it wants its next turn, monotonic seconds; infinity for never."""

    def serve(self) -> None:
        """Take the turn, in the wire's thread, as briefly as it can (0.1 s); must not raise."""

    def close(self) -> None:
        """Free what it holds. Safe to repeat."""


@dataclass(frozen=True)
class Frame:
    """What a panel is told: its text, since when, and until when it blinks (monotonic)."""

    text: str
    since: float = 0.0
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
        self._known_at: float | None = None

    @property
    def dead(self) -> bool:
        """Whether it failed more than once in a row."""
        return self.failures >= DEAD_AFTER

    def overdue(self, now: float) -> bool:
        """Whether nothing was heard of it for too long, however often it could be asked."""
        return self._known_at is not None and now - self._known_at > OVERDUE_S

    def blinking(self, now: float) -> bool:
        """Whether it should blink at this moment."""
        return self.panel.blinks and self.wanted is not None and now < self.wanted.blink_until

    def changed(self, now: float) -> bool:
        """Whether it should show something else than it last confirmed."""
        return self.wanted is not None and self.sent != (self.wanted.text, self.blinking(now))

    def urgent(self, now: float) -> bool:
        """Whether people look at a number that is not the one they should see."""
        return self.changed(now) and not self.dead and self.due_at(now) <= now

    def due_at(self, now: float) -> float:
        """When it is its turn: at once after a change (unless it is failing), else to refresh."""
        if self.wanted is None:
            return NEVER
        if self.failures > 0:
            return self.next_try
        if self.changed(now):
            return self._changed_since()
        blinks = self.sent is not None and self.sent[1]
        return min(self.next_try, self.wanted.blink_until) if blinks else self.next_try

    def _changed_since(self) -> float:
        assert self.wanted is not None
        only_to_rest = self.sent is not None and self.sent[0] == self.wanted.text and self.sent[1]
        return self.wanted.blink_until if only_to_rest else self.wanted.since

    def want(self, text: str, now: float, *, call: bool) -> bool:
        """Show `text` from now on, and blink for a while if it is a `call`; whether it is news."""
        if not call and self.wanted is not None and self.wanted.text == text:
            return False
        since, blink_until = (now, now + BLINK_S) if call else (now + SETTLE_S, 0.0)
        self.wanted = Frame(text, since, blink_until)
        if self._known_at is None:
            self._known_at = now
        return True

    def confirmed(self, text: str, blink: bool, began: float, now: float, at: datetime) -> None:
        """It shows `text`, as it was told from `began` to `now`."""
        self.sent = (text, blink)
        self.sent_at = at
        self.reply_ms = round(1000 * (now - began))
        self.failures = 0
        self.trouble = self.detail = ""
        self.frames_total += 1
        self.next_try = began + REFRESH_S
        self._known_at = now

    def failed(self, trouble: PanelError, now: float) -> None:
        """Nobody knows what it shows."""
        self.failures += 1
        self.failures_total += 1
        self.trouble, self.detail = trouble.trouble, str(trouble)
        self.next_try = now + (RETRY_S if self.dead else FIRST_RETRY_S)


Turn = Slot | Guest


def next_turn(
    slots: Sequence[Slot], guests: Sequence[Guest], now: float, *, guest_before: bool
) -> tuple[Turn | None, float]:
    """Whose turn it is now, or None and the moment at which it will be somebody's.

    Args:
        slots: The panels of the wire.
        guests: What else is on it.
        now: Monotonic seconds.
        guest_before: Whether the last turn was a guest's; then panels that are due go first.
    """
    due = [slot for slot in slots if slot.due_at(now) <= now]
    waiting = [guest for guest in guests if guest.due_at(now) <= now]
    urgent = [slot for slot in due if slot.urgent(now)]
    if urgent:
        return min(urgent, key=lambda slot: (slot.failures, slot.due_at(now))), now
    if waiting and not (guest_before and due):
        return min(waiting, key=lambda guest: guest.due_at(now)), now
    if due:
        return min(due, key=lambda slot: slot.due_at(now) + _behind_s(slot)), now
    everybody: list[Turn] = [*slots, *guests]
    return None, min((one.due_at(now) for one in everybody), default=NEVER)


def _behind_s(slot: Slot) -> float:
    return DEAD_BEHIND_S if slot.dead else 0.0
