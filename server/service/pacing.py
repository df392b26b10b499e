"""What is told of waits: the table of the last replay, corrected by how far it was off of late."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from server.domain.calibration import Calibration, Told
from server.domain.ticket import Queued, Ticket
from server.domain.wait_table import NOTHING_KNOWN, WaitTable

_REGULAR: Final = frozenset({"none", "appointment"})


class Standing(NamedTuple):
    """Where a waiting ticket stands: tickets of its service before it, and the wait to tell."""

    ahead: int
    wait: Told | None


@dataclass(frozen=True)
class Pacing:
    """One centre's table of waits as of at most a second ago, and its calibration."""

    table: WaitTable = NOTHING_KNOWN
    calibration: Calibration = field(default_factory=Calibration)

    def newcomer(self, service: str, waiting: int) -> Told | None:
        """What a regular ticket would be told that came now, behind so many regular ones."""
        expected = self.table.of(service, "none", waiting)
        return self.calibration.told(expected.wait_min) if expected else None

    def standing(self, ticket: Ticket, place: int, queues: Iterable[Queued]) -> Standing:
        """Where a ticket stands with so many of its own queue before it.

        While no open counter serves it there is no wait to tell, and the priority groups of its
        service count as before it.
        """
        pinned = ticket.pinned_to or None
        expected = self.table.of(ticket.service, ticket.priority, place, pinned)
        if expected is None:
            return Standing(place + _priority_before(ticket, queues), None)
        return Standing(place + expected.others, self.calibration.told(expected.wait_min))


def _priority_before(ticket: Ticket, queues: Iterable[Queued]) -> int:
    if ticket.priority not in _REGULAR:
        return 0
    mine = (queue for queue in queues if queue.service == ticket.service)
    return sum(queue.waiting for queue in mine if queue.priority not in _REGULAR)


NO_PACING: Final = Pacing()
