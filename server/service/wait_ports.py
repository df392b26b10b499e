"""What is kept of the waits that people were told, to learn from and to be measured by."""

from typing import NamedTuple, Protocol

from server.domain.accuracy import Accuracy


class CallKey(NamedTuple):
    """Where a call stands among its centre's: by day, moment and id."""

    day: str
    called_ms: int
    call_id: str


class TicketTold(NamedTuple):
    """When a ticket was issued and what it was told then. `expected_s` is the bare replay's."""

    issued_ms: int
    expected_s: int
    likely_s: int
    high_s: int


class Called(NamedTuple):
    """One call, and what its ticket was told.

    `told` is None where the wait that came says nothing about it: for tickets told nothing,
    transferred, sent back, on their way from elsewhere, or called before.
    """

    key: CallKey
    told: TicketTold | None


class DayAccuracy(NamedTuple):
    """How good what was told was on one business day."""

    day: str
    accuracy: Accuracy


class ToldWaits(Protocol):
    """The part of a transaction that remembers told waits. The cost is by calls asked for."""

    def called_after(self, centre: str, after: CallKey, limit: int) -> list[Called]:
        """The first calls after this one, oldest first."""
        ...

    def last_called(self, centre: str, limit: int) -> list[Called]:
        """The newest calls, oldest of them first."""
        ...

    def called_on(self, centre: str, day: str) -> list[Called]:
        """Every call of one day, oldest first."""
        ...

    def save_accuracy(self, centre: str, row: DayAccuracy) -> None:
        """Keep a day's accuracy, once the day has ended."""
        ...

    def accuracies(self, centre: str, limit: int) -> list[DayAccuracy]:
        """The newest days' accuracy, newest first."""
        ...
