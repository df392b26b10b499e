"""A clock that tests move by hand."""

from datetime import UTC, datetime, timedelta


class HeldClock:
    """Stands still until told; starts on a Monday morning in Vietnam."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The moment it was set to."""
        return self._now

    def forward(self, **by: float) -> None:
        """Let time pass, by the arguments of `timedelta`."""
        self._now += timedelta(**by)
