"""How long to wait for one device's answer: long for one that lives, briefly for a dead one.

A dead panel costs its whole time-out at each try. On a bus with many of them the others, and
those that come back, would wait for their turn far too long. Pure: told what happened.
"""

from collections import deque
from typing import Final

BRIEF_S: Final = 0.1
FULL_EVERY: Final = 8
FULL_EVERY_IF_KNOWN: Final = 24


class Patience:
    """What is known of one device's answers.

    Args:
        full_s: What the config allows it.
    """

    def __init__(self, full_s: float) -> None:
        self._full_s = full_s
        self._slowest_s = 0.0
        self._silent = 0

    def next_s(self, *, hurry: bool = False) -> float:
        """How long its next answer may take.

        Args:
            hurry: Others on the wire have just been silent, so that this one may be too.
        """
        in_doubt = hurry or self._silent > 0
        # One that was never heard, or became slower, gets its whole time now and then.
        every = FULL_EVERY_IF_KNOWN if self._slowest_s else FULL_EVERY
        if not in_doubt or self._silent % every == every - 1:
            return self._full_s
        return min(self._full_s, max(BRIEF_S, 2 * self._slowest_s))

    def answered(self, after_s: float) -> None:
        """It answered, `after_s` after it had been asked."""
        self._silent = 0
        self._slowest_s = max(after_s, 0.98 * self._slowest_s)

    def was_silent(self) -> None:
        """It did not answer in time."""
        self._silent += 1


class Doubt:
    """Whether a wire has just had so many requests unanswered that the next may be one too."""

    LOOKS_AT = 8
    ENOUGH = 3

    def __init__(self) -> None:
        self._silent: deque[bool] = deque(maxlen=self.LOOKS_AT)

    def __bool__(self) -> bool:
        return sum(self._silent) >= self.ENOUGH

    def heard(self, answered: bool) -> None:
        """One request more was answered, or was not."""
        self._silent.append(not answered)
