"""A simulated working day: when people come, what for, and how long each takes.

Pure: the random source and the time of day are handed in. The day is the working hours one
after the other (lunch left out), and starts again when it is over.
"""

import bisect
import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from simulation.dataset import DayProfile
from wire.words import Priority

SERVICE_TIME_CV = 0.7
SHORTEST_SERVICE_S = 1.0
WALK_MEAN_S = 25.0
ABSENT_SHARE = 0.02
MOST_ARRIVALS_PER_S = 1.0
PRIORITY_SHARES: Mapping[Priority, float] = {
    "elderly": 0.08,
    "disabled": 0.01,
    "pregnant": 0.02,
    "infant": 0.02,
    "merit": 0.02,
}


@dataclass(frozen=True)
class Arrivals:
    """When the next person comes to one centre.

    `people` a day, spread as the profile says, `speed` times faster than life, but never
    more than `MOST_ARRIVALS_PER_S`.
    """

    profile: DayProfile
    people: int
    speed: float

    def rate_per_s(self, elapsed_s: float) -> float:
        """People a second of real time, `elapsed_s` of it after the start."""
        slot_s = self.profile.slot_min * 60 / self.speed
        slot = self.profile.slots[int(elapsed_s / slot_s) % len(self.profile.slots)]
        return min(MOST_ARRIVALS_PER_S, self.people * slot.share / slot_s)

    def gap_s(self, elapsed_s: float, random: Random) -> float:
        """Seconds of real time until the next person comes."""
        return random.expovariate(self.rate_per_s(elapsed_s))


def choose_service(shares: Mapping[str, float], random: Random) -> str:
    """One service, each as often as its share says."""
    sums = list(itertools.accumulate(shares.values()))
    at = bisect.bisect(sums, random.random() * sums[-1])
    return list(shares)[at]


def choose_priority(random: Random, shares: Mapping[Priority, float] = PRIORITY_SHARES) -> Priority:
    """A person's priority group; most have none."""
    left = random.random()
    for group, share in shares.items():
        left -= share
        if left < 0:
            return group
    return "none"


def service_s(typical_min: float, random: Random, cv: float = SERVICE_TIME_CV) -> float:
    """How long one service takes, log-normal around the typical time, with this variation."""
    spread = math.sqrt(math.log(1 + cv**2))
    middle = math.log(typical_min * 60) - spread**2 / 2
    return max(SHORTEST_SERVICE_S, random.lognormvariate(middle, spread))


def walk_s(speed: float, random: Random) -> float:
    """How long a person takes from the seat to the counter, in real time."""
    return random.uniform(0.4, 1.6) * WALK_MEAN_S / speed


def staff(
    counters: Mapping[str, Sequence[str]], load: Mapping[str, float], busy: float = 0.8
) -> list[str]:
    """Which counters to open so that every service is served and none is over `busy`.

    Args:
        counters: The services each counter can serve.
        load: For each service, how many counters it keeps busy on its own (Erlang).
        busy: The share of its time that a counter may be at work, below 1.

    Returns:
        Counter ids in the order of `counters`; all of them where that is not enough.
    """
    opened: set[str] = set()
    while len(opened) < len(counters):
        strain = {name: _strain(name, counters, opened, load) for name in load}
        worst = max(strain, key=lambda name: strain[name])
        if strain[worst] <= busy:
            break
        able = [name for name in counters if name not in opened and worst in counters[name]]
        if not able:
            load = {name: amount for name, amount in load.items() if name != worst}
            if not load:
                break
            continue
        opened.add(
            max(
                able,
                key=lambda name: sum(
                    strain[skill] > busy for skill in counters[name] if skill in strain
                ),
            )
        )
    return [name for name in counters if name in opened]


def _strain(
    service: str,
    counters: Mapping[str, Sequence[str]],
    opened: set[str],
    load: Mapping[str, float],
) -> float:
    """How busy a service keeps its open counters, each shared in proportion to the loads."""
    capacity = 0.0
    for name in opened:
        if service in counters[name]:
            total = sum(load.get(skill, 0.0) for skill in counters[name])
            capacity += load[service] / total if total else 1.0
    return load[service] / capacity if capacity else math.inf
