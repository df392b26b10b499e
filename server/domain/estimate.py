"""How long one waits: the work ahead over the counters that share it.

A first estimate, from queue lengths, typical service times and the counters open now. `high`
covers the spread of service times by one normal margin.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from server.domain.dispatch import Backlog

_SPREAD: Final = 0.8
_Z90: Final = 1.28


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a service is called: minutes a ticket, and how many counters can serve it."""

    minutes_each: float
    open_counters: int


@dataclass(frozen=True, slots=True)
class Expected:
    """A wait in whole seconds: the likely one, and the one that 9 of 10 stay under."""

    likely_s: int
    high_s: int


def paces(
    backlog: Mapping[str, Backlog], counters: Mapping[str, frozenset[str]]
) -> dict[str, Pace]:
    """Work out every service's pace; one that no open counter serves is left out.

    A counter's time is shared among its skills by the work that waits for each.
    """
    result = {}
    for service, load in backlog.items():
        able = [skills for skills in counters.values() if service in skills]
        if able:
            share = sum(_share(service, skills, backlog) for skills in able)
            result[service] = Pace(load.mean_min / share, len(able))
    return result


def _share(service: str, skills: frozenset[str], backlog: Mapping[str, Backlog]) -> float:
    def work(skill: str) -> float:
        load = backlog.get(skill)
        return (load.waiting + (skill == service)) * load.mean_min if load else 0.0

    total = sum(work(skill) for skill in skills)
    return work(service) / total if total > 0 else 1.0


def expected(pace: Pace, ahead: int, busy: int) -> Expected:
    """Estimate the wait of a ticket with so many ahead of it.

    Args:
        pace: The service's pace.
        ahead: Tickets expected to be called before it.
        busy: How many of the able counters are serving somebody now.
    """
    if ahead == 0 and busy < pace.open_counters:
        return Expected(0, 0)
    turns = ahead + (0.5 if busy >= pace.open_counters else 0.0)
    likely = turns * pace.minutes_each * 60.0
    margin = _Z90 * _SPREAD * pace.minutes_each * 60.0 * max(1.0, turns) ** 0.5
    return Expected(round(likely), round(likely + margin))
