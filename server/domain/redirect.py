"""Where else: when another centre is so much quicker that the way there pays.

Only for services that may be served anywhere and for regular tickets, and only offered: the
citizen chooses. Those already on their way count in the other centre's queue.
"""

from collections.abc import Iterable
from typing import Final, NamedTuple

THRESHOLD_MIN: Final = 15.0
"""What going there must save at the least before it is offered."""


class Elsewhere(NamedTuple):
    """Another centre that offers the service: its likely wait and the way there, in minutes.

    `wait_min` is None while no counter there serves it, or its figures are too old to rely on.
    """

    centre: str
    wait_min: float | None
    travel_min: float


class Offer(NamedTuple):
    """A centre worth going to; `total_min` is the way and the wait, `saved_min` what it saves."""

    centre: str
    wait_min: float
    travel_min: float
    saved_min: float

    @property
    def total_min(self) -> float:
        """The way there and the wait there."""
        return self.travel_min + self.wait_min


def offers(
    wait_here_min: float, others: Iterable[Elsewhere], threshold_min: float = THRESHOLD_MIN
) -> list[Offer]:
    """The centres worth offering, what saves most first.

    Args:
        wait_here_min: The likely wait where the citizen stands.
        others: The centres that offer the same service.
        threshold_min: Minutes that going there must save, more than which it is offered.
    """
    found = [
        Offer(other.centre, wait, other.travel_min, saved)
        for other in others
        if (wait := other.wait_min) is not None
        and (saved := wait_here_min - wait - other.travel_min) > threshold_min
    ]
    return sorted(found, key=lambda offer: (-offer.saved_min, offer.travel_min, offer.centre))
