"""What became of a press, and which presses are one wish. Pure: handed the time.

A press that got no answer in time may still have been done. The next press of that key therefore
asks again with the same operation key: the server does it once, or tells what it did. Only once
the board has shown the counter's truth is the old press over.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final, Literal

from display.pads.ports import PadKey
from display.wanted import CounterView

Result = Literal[
    "called", "nobody", "recalled", "no_show", "help_called", "late",
    "away", "unsure", "not_open", "too_early", "no_ticket", "wrong_state",
    "busy", "refused", "forbidden", "fault",
]  # fmt: skip

DONE: Final[frozenset[Result]] = frozenset(
    {"called", "nobody", "recalled", "no_show", "help_called", "late"}
)
"""All else is a fault, shown and sounded."""

OF_CODE: Final[dict[str, Result]] = {
    "counter_not_open": "not_open",
    "too_early": "too_early",
    "invalid_transition": "wrong_state",
    "unknown_ticket": "no_ticket",
    "too_many_requests": "busy",
    "unauthenticated": "refused",
    "forbidden": "forbidden",
}
"""What the server's refusals mean at a pad; any other is a `fault`."""

SEEN: Final[frozenset[PadKey]] = frozenset({"next", "recall", "no_show"})
"""The keys whose effect the board shows at the counter."""

FORGOTTEN_S: Final = 10.0
"""The server is heard for so long, and shows nothing of the press: it was not done."""


@dataclass(frozen=True)
class Outcome:
    """How a press ended: the number it was about, if any, and words for whoever repairs it."""

    result: Result
    number: str | None = None
    detail: str = ""

    @property
    def done(self) -> bool:
        """Whether it did what the key says."""
        return self.result in DONE


@dataclass(frozen=True)
class Unanswered:
    """A press that may have been done, and the counter as it was then."""

    key: PadKey
    operation: str
    before: CounterView | None
    at_s: float


@dataclass
class Wishes:
    """Which presses of a pad are one wish.

    Args:
        quiet_s: After an answer, presses of the same key within it are the wish just granted.
        fresh: Makes an operation key.
    """

    quiet_s: float
    fresh: Callable[[], str]
    unanswered: dict[PadKey, Unanswered] = field(default_factory=dict)
    _deaf_until_s: dict[PadKey, float] = field(default_factory=dict)

    def folds(self, key: PadKey, at_s: float) -> bool:
        """Whether a press at this moment belongs to the one before it."""
        return at_s < self._deaf_until_s.get(key, float("-inf"))

    def operation(self, key: PadKey) -> str:
        """The operation key for a press: that of the unanswered one, if it is the same wish."""
        open_one = self.unanswered.get(key)
        return open_one.operation if open_one is not None else self.fresh()

    def ended(
        self,
        key: PadKey,
        operation: str,
        outcome: Outcome,
        before: CounterView | None,
        now_s: float,
    ) -> None:
        """Take note of how a press ended; `before` is the counter as it was when it began."""
        # What was pressed while it was asked for is the same wish, granted or not.
        self._deaf_until_s[key] = now_s + (self.quiet_s if outcome.done else 0.0)
        open_one = self.unanswered.get(key)
        again = open_one is not None and open_one.operation == operation
        if outcome.result == "unsure":
            if not again:
                self.unanswered[key] = Unanswered(key, operation, before, now_s)
        elif again and outcome.result != "away":
            # One that did not even reach the server may still have been done the time before.
            del self.unanswered[key]

    def heard(
        self, view: CounterView | None, up_since_s: float | None, now_s: float
    ) -> PadKey | None:
        """Judge the unanswered presses by what the server says; the key of one that was done.

        Args:
            view: The counter as the board has it; None before the first board.
            up_since_s: Since when the link is up; None while it is not.
            now_s: Monotonic seconds.
        """
        if up_since_s is None or view is None:
            return None
        done: PadKey | None = None
        for key, open_one in list(self.unanswered.items()):
            if key in SEEN and open_one.before is not None and _moved(open_one.before, view):
                del self.unanswered[key]
                self._deaf_until_s[key] = now_s + self.quiet_s
                done = key
            elif now_s - max(up_since_s, open_one.at_s) > FORGOTTEN_S:
                del self.unanswered[key]
        return done


def _moved(before: CounterView, now: CounterView) -> bool:
    return (before.ticket, before.ticket_state, before.call) != (
        now.ticket, now.ticket_state, now.call,
    )  # fmt: skip
