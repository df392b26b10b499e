"""Who comes on one simulated day: drawn once, then led through every policy alike.

The same seed gives the same people whatever the policy and the counters (common random numbers).
"""

import math
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from simulation import day
from simulation.planning.hall import Hall
from wire.words import Priority


class Person(NamedTuple):
    """One person: when they come, what for, and how long they take. Times in minutes.

    `leaves_min` is when one who has not been called by then goes away.
    """

    id: str
    at_min: float
    service: str
    group: Priority
    service_min: float
    walk_min: float
    absent: bool = False
    leaves_min: float | None = None


def draw_day(hall: Hall, seed: int, surge: float = 1.0) -> list[Person]:
    """The people of one day, in the order they come.

    A surge adds people to those who come anyway, or leaves some of them out: the people of a
    smaller surge are all among those of a greater one.

    Args:
        hall: Whose arrivals, shares and times they follow.
        seed: The day; the same seed gives the same day.
        surge: How many times as many people come.
    """
    people: list[Person] = []
    for layer in range(math.ceil(surge)):
        come = _layer(hall, Random(f"{seed}+{layer}" if layer else seed))  # noqa: S311
        kept = min(1.0, surge - layer)
        chance = Random(f"{seed}*{layer}")  # noqa: S311 - chance, not secrecy
        people += [person for person in come if chance.random() < kept]
    people.sort(key=lambda person: person.at_min)
    return [person._replace(id=f"{number:05d}") for number, person in enumerate(people)]


def _layer(hall: Hall, random: Random) -> Iterator[Person]:
    """Everybody of a day without a surge."""
    shares = {service: plan.share for service, plan in hall.services.items()}
    for slot, share in enumerate(hall.arrivals):
        rate = hall.people * share / hall.slot_min
        at_min = slot * hall.slot_min
        end = at_min + hall.slot_min
        while rate > 0.0 and (at_min := at_min + random.expovariate(rate)) < end:
            yield _person(hall, shares, at_min, random)


def _person(hall: Hall, shares: dict[str, float], at_min: float, random: Random) -> Person:
    service = day.choose_service(shares, random)
    return Person(
        id="",
        at_min=at_min,
        service=service,
        group=day.choose_priority(random, hall.priority_shares),
        service_min=day.service_s(hall.services[service].mean_min, random, hall.spread) / 60.0,
        walk_min=day.walk_s(1.0, random) / 60.0,
        absent=random.random() < hall.absent_share,
    )
