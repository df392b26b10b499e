"""Several centres on one day, whose citizens may be offered the quicker one.

The offer is the server's own (`redirect.offers`) on its own estimates. Who accepts takes a
number there, arrives after the way, and is counted as waiting from the moment they pressed at
the first centre, so that the way is part of their wait.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from server.domain.redirect import Elsewhere, offers
from simulation.planning.hall import Hall
from simulation.planning.measures import Day, measure
from simulation.planning.people import Person, draw_day
from simulation.planning.queueing import ByRule
from simulation.planning.run import Agenda, DayRun, Watcher, mean_minutes
from simulation.planning.telling import desks_of, expected_min


@dataclass(frozen=True)
class Neighbourhood:
    """Halls within reach of each other. Ways in minutes, by the pair of ids in either order."""

    halls: Sequence[Hall]
    travel_min: Mapping[frozenset[str], float]
    surge: Mapping[str, float] = field(default_factory=dict)


class Offering(Watcher):
    """Offers every regular citizen of one hall the quicker centre, and all accept."""

    def __init__(self, others: Callable[[], Sequence[DayRun]], place: Neighbourhood) -> None:
        self.sent = 0
        self._others = others
        self._place = place
        self._on_the_way: set[str] = set()

    def sends_away(self, run: DayRun, person: Person, now: float) -> bool:
        """A citizen to whom an offer is made goes there, and comes as one on the way."""
        plan = run.hall.services[person.service]
        if person.group != "none" or not plan.anywhere or person.id in self._on_the_way:
            return False
        here = expected_min(run, person, desks_of(run, now), now)
        if here is None:
            return False
        runs = {other.hall.id: other for other in self._others() if other is not run}
        found = offers(here, [self._elsewhere(run, other, person, now) for other in runs.values()])
        if not found:
            return False
        self.sent += 1
        self._on_the_way.add(person.id)
        there = runs[found[0].centre]
        there.expect(person, now + found[0].travel_min)
        return True

    def _elsewhere(self, run: DayRun, other: DayRun, person: Person, now: float) -> Elsewhere:
        way = self._place.travel_min[frozenset((run.hall.id, other.hall.id))]
        offered = person.service in other.hall.services
        wait = expected_min(other, person, desks_of(other, now), now) if offered else None
        return Elsewhere(other.hall.id, wait, way)


def run_together(place: Neighbourhood, seed: int, *, offering: bool) -> list[Day]:
    """One day in every hall at once.

    Args:
        place: The halls and the ways between them.
        seed: The day; each hall draws its people from a stream of its own.
        offering: Whether citizens are offered the quicker centre.
    """
    agenda = Agenda()
    runs: list[DayRun] = []
    offer = Offering(lambda: runs, place)
    for number, hall in enumerate(place.halls):
        queueing = ByRule(mean_minutes(hall), hall.policy)
        runs.append(DayRun(hall, queueing, [offer] if offering else [], agenda))
        drawn = draw_day(hall, seed * 1009 + number, place.surge.get(hall.id, 1.0))
        runs[-1].prepare([one._replace(id=f"{hall.id}/{one.id}") for one in drawn])
    agenda.run()
    return [measure(run.hall, run.outcomes) for run in runs]
