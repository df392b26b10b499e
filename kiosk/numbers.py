"""The kiosk's own numbers, for when the server is away: its band, then the emergency series.

A number leaves its counter in the transaction that keeps its ticket, and the counters never
count back: not at a restart, not when the clock is wrong.
"""

from typing import Final

from edge.database import Database
from kiosk.errors import KioskError
from wire.answers import Band

MAX_EMERGENCY: Final = 999


class NumbersSpent(KioskError):
    """Neither the band nor the emergency series has a number left."""


def band_number(prefix: str, n: int) -> str:
    """The number as the paper shows it: prefix and at least three digits."""
    return f"{prefix}{n:03d}"


def emergency_number(kiosk: int, n: int) -> str:
    """`Z`, two digits of the kiosk, three of the series."""
    return f"Z{kiosk:02d}{n:03d}"


class Numbers:
    """Draws numbers inside the caller's transaction. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def draw(self, *, day: str | None, prefix: str, band: Band, kiosk: int) -> str:
        """The next number for a service; the day is None while it is not known.

        Raises:
            NumbersSpent: there is none left; nothing changed.
        """
        with self._database.transaction():
            if day is not None:
                n = self._next_in_band(day, prefix, band)
                if n is not None:
                    return band_number(prefix, n)
            return emergency_number(kiosk, self._next_emergency(day))

    def left(self, *, day: str | None, prefix: str, band: Band) -> int:
        """How many numbers of the band a service has left on that day."""
        return max(0, band.last + 1 - self._band_next(day or "", prefix, band))

    def emergency_settled(self, day: str) -> None:
        """The server has put an emergency ticket into `day`: the series goes on through it."""
        with self._database.transaction():
            self._database.run(
                "UPDATE emergency SET floor_day = max(floor_day, ?) WHERE one = 1", (day,)
            )

    def _band_next(self, day: str, prefix: str, band: Band) -> int:
        row = self._database.row(
            "SELECT next FROM band_next WHERE day = ? AND prefix = ?", (day, prefix)
        )
        kept = int(row["next"]) if row else band.first
        return kept if band.first <= kept <= band.last + 1 else band.first

    def _next_in_band(self, day: str, prefix: str, band: Band) -> int | None:
        n = self._band_next(day, prefix, band)
        while n <= band.last and self._given(day, band_number(prefix, n)):
            n += 1  # the band was changed and changed back within the day
        if n > band.last:
            return None
        self._database.run(
            "INSERT INTO band_next VALUES (?, ?, ?)"
            " ON CONFLICT (day, prefix) DO UPDATE SET next = excluded.next",
            (day, prefix, n + 1),
        )
        return n

    def _given(self, day: str, number: str) -> bool:
        return (
            self._database.row(
                "SELECT 1 FROM ticket WHERE mode = 'offline' AND day = ? AND number = ?",
                (day, number),
            )
            is not None
        )

    def _next_emergency(self, day: str | None) -> int:
        row = self._database.row("SELECT last, floor_day FROM emergency WHERE one = 1")
        last, floor_day = (int(row["last"]), str(row["floor_day"])) if row else (0, "")
        if day is not None and floor_day < day and not self._emergency_pending():
            last = 0  # the server knows a later day than any ticket of the series
        if last >= MAX_EMERGENCY:
            raise NumbersSpent("the band and the emergency series are used up")
        self._database.run(
            "INSERT INTO emergency VALUES (1, ?, ?) ON CONFLICT (one) DO UPDATE"
            " SET last = excluded.last, floor_day = max(floor_day, excluded.floor_day)",
            (last + 1, day or floor_day),
        )
        return last + 1

    def _emergency_pending(self) -> bool:
        return (
            self._database.row(
                "SELECT 1 FROM ticket WHERE mode = 'offline' AND handed = 'pending'"
                " AND number GLOB 'Z[0-9]*'"
            )
            is not None
        )
