"""Who comes on one simulated day: drawn once, then led through every policy alike.

The same seed gives the same people whatever the policy and the counters (common random numbers).
"""

from random import Random
from typing import NamedTuple

from simulation import day
from simulation.planning.hall import Hall
from wire.words import Priority


class Person(NamedTuple):
    """One person: when they come, what for, and how long they take. Times in minutes."""

    id: str
    at_min: float
    service: str
    group: Priority
    service_min: float
    walk_min: float
    absent: bool = False


def draw_day(hall: Hall, seed: int, surge: float = 1.0) -> list[Person]:
    """The people of one day, in the order they come.

    Args:
        hall: Whose arrivals, shares and times they follow.
        seed: The day; the same seed gives the same day.
        surge: How many times as many people come.
    """
    random = Random(seed)  # noqa: S311 - chance, not secrecy
    shares = {service: plan.share for service, plan in hall.services.items()}
    people: list[Person] = []
    for slot, share in enumerate(hall.arrivals):
        rate = hall.people * surge * share / hall.slot_min
        at_min = slot * hall.slot_min
        end = at_min + hall.slot_min
        while rate > 0.0 and (at_min := at_min + random.expovariate(rate)) < end:
            people.append(_person(hall, shares, len(people), at_min, random))
    return people


def _person(
    hall: Hall, shares: dict[str, float], number: int, at_min: float, random: Random
) -> Person:
    service = day.choose_service(shares, random)
    return Person(
        id=f"{number:05d}",
        at_min=at_min,
        service=service,
        group=day.choose_priority(random, hall.priority_shares),
        service_min=day.service_s(hall.services[service].mean_min, random, hall.spread) / 60.0,
        walk_min=day.walk_s(1.0, random) / 60.0,
        absent=random.random() < hall.absent_share,
    )
