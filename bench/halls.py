"""The rule against what others do: the study of docs/dispatch.md, on the published halls.

All figures are ratios between policies on the same days (common random numbers).
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from bench.planning import study_hall
from simulation import dataset
from simulation.planning.hall import Hall
from simulation.planning.measures import (
    Day,
    against,
    mean_priority,
    mean_wait,
    percentile,
    told_error,
    worst_cell,
)
from simulation.planning.neighbours import Neighbourhood, run_together
from simulation.planning.study import BASELINES, OWN, Scenario, study

HALLS = ("hall-10", "hall-16", "hall-24", "hall-60")
FIRST_SEED = 5000
PROCESSES = 2


def measure(days: int) -> dict[str, Any]:
    """Run everything over so many days."""
    seeds = range(FIRST_SEED, FIRST_SEED + days)
    return {
        "days": days,
        "halls": _halls(seeds),
        "centres": _centres(seeds),
        "estimates": _estimates(seeds),
        "advice": _advice(seeds),
        "redirection": _redirection(seeds[: max(4, days // 2)]),
    }


def _waits(days: Sequence[Day]) -> list[float]:
    return [wait for day in days for wait in day.waits]


def _halls(seeds: Sequence[int]) -> dict[str, Any]:
    """Every policy on the four halls, pooled over all their people."""
    found: dict[str, list[list[Day]]] = {}
    utilisation = {}
    for name in HALLS:
        hall = study_hall(name)
        utilisation[name] = round(hall.utilisation, 3)
        scenarios = [Scenario(policy, hall, policy) for policy in (OWN, *BASELINES)]
        for policy, days in study(scenarios, seeds, processes=PROCESSES).days.items():
            found.setdefault(policy, []).append(days)
    rows = {policy: _pooled(halls) for policy, halls in found.items()}
    return {"utilisation": utilisation, "policies": rows, "limits": _limits(rows)}


def _pooled(halls: Sequence[Sequence[Day]]) -> dict[str, float]:
    days = [day for hall in halls for day in hall]
    return {
        "mean_min": round(mean_wait(days).value, 2),
        "p99_min": round(percentile(_waits(days), 0.99), 1),
        "worst_half_hour_min": round(sum(worst_cell(hall)[2] for hall in halls) / len(halls), 1),
        "priority_min": round(mean_priority(days), 2),
    }


def _limits(rows: Mapping[str, Mapping[str, float]]) -> dict[str, list[float]]:
    """Each ratio beside its limit."""
    own, shortest = rows[OWN], rows["shortest-queue"]
    longest, robin = rows["longest-wait"], rows["round-robin"]

    def of(name: str, other: Mapping[str, float], limit: float) -> list[float]:
        return [round(own[name] / other[name], 3), limit]

    return {
        "mean to round robin": of("mean_min", robin, 0.45),
        "mean to shortest queue": of("mean_min", shortest, 0.92),
        "p99 to shortest queue": of("p99_min", shortest, 0.95),
        "worst half hour to shortest queue": of("worst_half_hour_min", shortest, 1.10),
        "mean to longest wait": of("mean_min", longest, 1.0),
        "priority to longest wait": of("priority_min", longest, 0.5),
    }


def _centres(seeds: Sequence[int]) -> dict[str, Any]:
    """The project's own 46 centres on a typical day, against the shortest queue."""
    own: list[Day] = []
    shortest: list[Day] = []
    for name in dataset.centre_ids():
        hall = study_hall(name)
        scenarios = [Scenario(OWN, hall), Scenario("shortest-queue", hall, "shortest-queue")]
        days = study(scenarios, seeds, processes=PROCESSES).days
        own += days[OWN]
        shortest += days["shortest-queue"]
    ratio = against(own, shortest)
    return {"mean to shortest queue": {k: round(v, 3) for k, v in asdict(ratio).items()},
            "limit": 1.02}  # fmt: skip


def _estimates(seeds: Sequence[int]) -> dict[str, Any]:
    """What people are told, against queue length times mean over counters."""
    found = {}
    for name in (*HALLS[:3], "branch-di-an"):
        scenario = Scenario(OWN, study_hall(name), estimates=True)
        error = told_error(study([scenario], seeds).days[OWN])
        found[name] = {
            "people": round(error["people"]),
            "mean_error_min": round(error["mean_error_min"], 2),
            "to_simple": round(error["mean_error_min"] / error["mean_error_simple_min"], 3),
            "covered": round(error["covered"], 3),
        }
    return found


def _short_of(hall: Hall, every: int) -> Hall:
    """The hall with every n-th counter closed."""
    names = list(hall.counters)
    return replace(hall, open=dict.fromkeys(names[::every], ()))


def _advice(seeds: Sequence[int]) -> dict[str, Any]:
    """Days whose mean is 15 min or more by themselves, with the advice followed."""
    halls = {
        "hall-16, a fifth of the counters closed, 1.8 times the people":
            (_short_of(study_hall("hall-16"), 5), 1.8),
        "hall-24, a fifth closed": (_short_of(study_hall("hall-24"), 5), 1.0),
        "hall-60, a fifth closed": (_short_of(study_hall("hall-60"), 5), 1.0),
        "branch-di-an, all open, twice the people": (study_hall("branch-di-an"), 2.0),
        "ward-di-an, all open, 2.2 times the people": (study_hall("ward-di-an"), 2.2),
    }  # fmt: skip
    found = {}
    for name, (hall, surge) in halls.items():
        scenarios = [Scenario("alone", hall, surge=surge),
                     Scenario("advised", hall, surge=surge, advice=True)]  # fmt: skip
        days = study(scenarios, seeds, processes=PROCESSES).days
        hard = [at for at, day in enumerate(days["alone"]) if sum(day.waits) / day.people >= 15.0]
        alone = [days["alone"][at] for at in hard]
        advised = [days["advised"][at] for at in hard]
        found[name] = {
            "hard_days": len(hard),
            "mean_min": round(mean_wait(alone).value, 1),
            "ratio": round(against(advised, alone).value, 3),
        }
    return found


def _redirection(seeds: Sequence[int]) -> dict[str, Any]:
    """Three halls within 9 to 15 minutes of each other, one of them too busy."""
    found = {}
    for name, surge in (("hall-10", 1.5), ("hall-16", 1.6), ("hall-24", 1.4)):
        halls = [_anywhere(study_hall(name), nth) for nth in range(3)]
        ids = [hall.id for hall in halls]
        ways = {frozenset(ids[:2]): 9.0, frozenset(ids[::2]): 12.0, frozenset(ids[1:]): 15.0}
        place = Neighbourhood(halls, ways, dict(zip(ids, (surge, 0.8, 0.7), strict=True)))
        alone = [day for seed in seeds for day in run_together(place, seed, offering=False)]
        offered = [day for seed in seeds for day in run_together(place, seed, offering=True)]
        found[f"three of {name}"] = {
            "mean_min": round(mean_wait(alone).value, 1),
            "ratio": round(against(offered, alone).value, 3),
        }
    return found


def _anywhere(hall: Hall, nth: int) -> Hall:
    services = {name: replace(plan, anywhere=True) for name, plan in hall.services.items()}
    return replace(hall, id=f"{hall.id}-{nth}", services=services)
