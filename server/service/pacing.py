"""What is told of waits: the table of the last replay, corrected by how far it was off of late."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from server.domain.calibration import Calibration, Told
from server.domain.ticket import Queued
from server.domain.wait_table import NOTHING_KNOWN, Row, WaitTable

_REGULAR: Final = frozenset({"none", "appointment"})


class Standing(NamedTuple):
    """Where a waiting ticket stands: tickets of its service before it, and the wait to tell.

    `expected_s` is what the replay says, before it is corrected. Both are None while no open
    counter serves the ticket.
    """

    ahead: int
    wait: Told | None = None
    expected_s: int | None = None

    def told(self) -> dict[str, Any]:
        """What a ticket's row keeps of it."""
        likely_s, high_s = self.wait or (None, None)
        return {"expected_s": self.expected_s, "likely_s": likely_s, "high_s": high_s}

    def not_before(self, due_s: int) -> "Standing":
        """The same for somebody who is on the way for so many seconds more."""
        if self.wait is None or due_s <= 0:
            return self
        return self._replace(wait=Told(*(max(due_s, told_s) for told_s in self.wait)))


@dataclass(frozen=True)
class Pacing:
    """One centre's table of waits as of at most a second ago, and its calibration."""

    table: WaitTable = NOTHING_KNOWN
    calibration: Calibration = field(default_factory=Calibration)

    def newcomer(self, service: str, waiting: int) -> Told | None:
        """What a regular ticket would be told that came now, behind so many regular ones."""
        expected = self.table.of(service, "none", waiting)
        return self.calibration.told(expected.wait_min) if expected else None

    def told(self, ahead: int, expected_min: float) -> Standing:
        """Where somebody stands for whom so many minutes are expected."""
        return Standing(ahead, self.calibration.told(expected_min), round(expected_min * 60))

    def standing(self, row: Row, place: int, queues: Iterable[Queued]) -> Standing:
        """Where a ticket of a queue stands with so many of its own queue before it.

        While no open counter serves it there is no wait to tell, and the priority groups of its
        service count as before it.
        """
        service, priority, pinned_to = row
        expected = self.table.of(service, priority, place, pinned_to)
        if expected is None:
            return Standing(place + _priority_before(service, priority, queues))
        return self.told(place + expected.others, expected.wait_min)


def _priority_before(service: str, priority: str, queues: Iterable[Queued]) -> int:
    if priority not in _REGULAR:
        return 0
    mine = (queue for queue in queues if queue.service == service)
    return sum(queue.waiting for queue in mine if queue.priority not in _REGULAR)


NO_PACING: Final = Pacing()
