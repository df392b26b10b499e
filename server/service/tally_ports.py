"""What the use cases need of the counts behind the lobby's rules: calls, numbers, latecomers."""

from collections.abc import Mapping
from typing import Protocol

from server.domain.ticket import IssuedToday, Ticket


class Tallies(Protocol):
    """The counts and lists of one transaction that the rules of the lobby look at."""

    # ---- calls let pass
    def count_call(self, centre: str, service: str, change: int) -> int:
        """Count one more call of a service, or one taken back, and return the count."""
        ...

    def calls(self, centre: str) -> Mapping[str, int]:
        """How often each service of the centre has been called; one never called is missing."""
        ...

    def set_back(self, centre: str) -> list[Ticket]:
        """The waiting tickets that came back to let calls pass, oldest first; few at any time."""
        ...

    # ---- numbers given out
    def count_issued(self, centre: str, day: str, service: str, change: int) -> IssuedToday:
        """Count one more number of a service on a day, or one that went, and return the count."""
        ...

    def issued(self, centre: str, day: str, service: str) -> IssuedToday:
        """How many numbers of a service were given out on a day, and that day's own limit."""
        ...

    def limit_day(self, centre: str, day: str, service: str, most: int | None) -> IssuedToday:
        """Set, or with None lift, a day's own limit of a service; the count so far."""
        ...

    # ---- people on their way
    def on_the_way(self, centre: str, after_ms: int) -> Mapping[str, int]:
        """How many in each service's regular queue are due later than this moment, if any."""
        ...

    def overdue_centres(self, before_ms: int) -> list[str]:
        """The centres where a waiting ticket was due before this moment and nobody came."""
        ...

    def overdue(self, centre: str, before_ms: int) -> list[Ticket]:
        """The centre's waiting tickets that were due before this moment, oldest first."""
        ...
