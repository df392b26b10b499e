"""How long a service takes at this centre, learnt from the tickets it has served.

Service times are right-skewed, so they are judged on a log scale: what lies further from the
median than REACH robust standard deviations is no service but a finish forgotten or a key
pressed twice, and teaches nothing. What is left is shrunk to the time the centre's file calls
typical, which counts as PRIOR_SAMPLES tickets. Source: Rousseeuw & Croux 1993 (the median
absolute deviation); Brown et al. 2005 (service times are log-normal).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Final, NamedTuple

from server.domain.centre import Service

WALK_MIN: Final = 0.5
"""The walk from the seats to the counter where nothing is known of it."""

TYPICAL_CV: Final = 0.7
"""Spread over mean where nothing is known of a service."""

PRIOR_SAMPLES: Final = 20
"""How many tickets the typical time weighs as much as."""

REACH: Final = 3.0
"""Robust standard deviations. A log-normal of TYPICAL_CV keeps 99.1 % of its mean, and a tenth
of forgotten finishes, which widens the deviation itself, still falls outside."""

LEAST_SIGMA: Final = math.sqrt(math.log(1.0 + TYPICAL_CV**2))
"""The reach is never tighter than for TYPICAL_CV: a sixth of the median to six times it."""

TRUSTED_TYPICALS: Final = 4.0
"""Up to so many times the typical time is always believed: a service of many short questions
and a few long visits has its median at the short ones."""

_MAD_TO_SIGMA: Final = 1.4826
_LONGEST_MIN: Final = 120.0
_LONGEST_TYPICALS: Final = 6.0
_SHORTEST_MIN: Final = 5.0 / 60.0
_SHORTEST_TYPICALS: Final = 0.02
_LONGEST_WALKS: Final = 10.0
_MS_A_MINUTE: Final = 60_000.0


class Served(NamedTuple):
    """When a served ticket was issued, called, started and ended, in milliseconds since 1970.

    `started_ms` is `called_ms` where nobody pressed start, and for direct reception.
    """

    issued_ms: int
    called_ms: int
    started_ms: int
    ended_ms: int


class ServiceTime(NamedTuple):
    """Minutes one service takes, their standard deviation, and how many tickets taught it."""

    mean_min: float
    spread_min: float
    samples: int


@dataclass(frozen=True, slots=True)
class Times:
    """What a centre has learnt: each service's time without the walk, and the walk."""

    services: Mapping[str, ServiceTime]
    walk_min: float = WALK_MIN

    def of(self, service: Service) -> ServiceTime:
        """A service's time; by its typical time where nothing was learnt of it."""
        return self.services.get(service.id) or shrunk([], service.typical_service_min)


NOTHING_LEARNT: Final = Times({})


def learn(
    typical_min: Mapping[str, float],
    served: Mapping[str, Sequence[Served]],
    walk_min: float = WALK_MIN,
) -> Times:
    """Learn a centre's times from what it has served lately.

    Args:
        typical_min: Each service to learn of, and the minutes its file calls typical.
        served: Tickets that clerks finished, by service.
        walk_min: The walk where nothing is known of it, > 0.

    Returns:
        Every service of `typical_min`. The order of the tickets does not matter.
    """
    walks = [_walk_min(ticket) for tickets in served.values() for ticket in tickets]
    plausible = believable(walks, 0.0, _LONGEST_WALKS * walk_min)
    walk = _blend(walk_min, plausible)
    return Times(
        {
            service: shrunk([_service_min(t, walk) for t in served.get(service, ())], typical)
            for service, typical in typical_min.items()
        },
        walk,
    )


def _walk_min(ticket: Served) -> float:
    """From call to start; 0 where start was never pressed, which teaches nothing."""
    return (ticket.started_ms - ticket.called_ms) / _MS_A_MINUTE


def _service_min(ticket: Served, walk_min: float) -> float:
    """From start to end; where start was never pressed, from call to end without the walk."""
    minutes = (ticket.ended_ms - ticket.started_ms) / _MS_A_MINUTE
    at_the_desk = ticket.issued_ms == ticket.called_ms
    unstarted = ticket.started_ms == ticket.called_ms and not at_the_desk
    return minutes - walk_min if unstarted else minutes


def shrunk(minutes: Sequence[float], typical_min: float) -> ServiceTime:
    """A service's time from its samples and the minutes its file calls typical.

    Longer than two hours and six times the typical, or shorter than five seconds and a fiftieth
    of it, is never believed: this guards the first few tickets, of which the median says little.
    """
    shortest = min(_SHORTEST_MIN, _SHORTEST_TYPICALS * typical_min)
    longest = max(_LONGEST_MIN, _LONGEST_TYPICALS * typical_min)
    kept = believable(minutes, shortest, longest, TRUSTED_TYPICALS * typical_min)
    mean = _blend(typical_min, kept)
    return ServiceTime(mean, mean * _cv(kept), len(kept))


def believable(
    minutes: Sequence[float], shortest: float, longest: float, trusted: float = 0.0
) -> list[float]:
    """The samples above `shortest`, up to `longest`, and within REACH of their median.

    None up to `trusted` is too long, however far from the median.
    """
    possible = [sample for sample in minutes if shortest < sample <= longest]
    if not possible:
        return []
    logs = [math.log(sample) for sample in possible]
    middle = median(logs)
    sigma = _MAD_TO_SIGMA * median(abs(log - middle) for log in logs)
    reach = REACH * max(LEAST_SIGMA, sigma)
    low, high = math.exp(middle - reach), max(trusted, math.exp(middle + reach))
    return [sample for sample in possible if low <= sample <= high]


def _blend(prior: float, samples: Sequence[float]) -> float:
    return (PRIOR_SAMPLES * prior + math.fsum(samples)) / (PRIOR_SAMPLES + len(samples))


def _cv(samples: Sequence[float]) -> float:
    if len(samples) < 2:
        return TYPICAL_CV
    mean = fmean(samples)
    squares = math.fsum((sample / mean - 1.0) ** 2 for sample in samples)
    return math.sqrt((PRIOR_SAMPLES * TYPICAL_CV**2 + squares) / (PRIOR_SAMPLES + len(samples) - 1))
