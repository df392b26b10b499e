"""The days of a study: drawn by chance from a seed, or as a centre's log has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from simulation.planning.hall import Hall, Sessions
from simulation.planning.people import Person, draw_day


@dataclass(frozen=True)
class LoggedDay:
    """One day of a centre's log.

    `open` names every counter of the hall, those that were never open too; `sessions` are the
    hours in which somebody worked.
    """

    day: str
    sessions: Sessions
    people: Sequence[Person]
    open: Mapping[str, Sequence[tuple[float, float]]]


Seed = int | LoggedDay
"""What a day is made from."""


def hall_on(hall: Hall, seed: Seed) -> Hall:
    """A hall as it is on one day."""
    if isinstance(seed, int):
        return hall
    return replace(hall, sessions=seed.sessions, people=len(seed.people), open=seed.open)


def people_on(hall: Hall, seed: Seed, surge: float) -> list[Person]:
    """Who comes on one day; a logged day has had its surge already."""
    return draw_day(hall, seed, surge) if isinstance(seed, int) else list(seed.people)
