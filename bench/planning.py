"""What the rule, its replay and a simulated day cost. Single process times are best of several."""

import os
import time
from collections.abc import Callable
from random import Random
from statistics import median
from typing import Any

from server.domain.dispatch import BALANCED, Backlog, Head, choose
from server.domain.estimate import Desk, Waiting
from server.domain.wait_table import wait_table
from simulation.planning.hall import Hall
from simulation.planning.source import built_in, find_centre, hall_from
from simulation.planning.study import Scenario, run_days, study
from wire.words import PRIORITIES

SERVICES = tuple(f"service-{number:02d}" for number in range(17))


def measure(days: int, replications: int) -> dict[str, Any]:
    """Measure everything; the campaign is so many days of the provincial centre."""
    return {
        "choose_us": {str(n): round(_choose_us(n), 1) for n in (50, 500, 5000)},
        "replay_200_waiting_60_counters_ms": round(_replay_ms(), 2),
        "day_of_180_at_16": _day(),
        "campaign": _campaign(days * replications),
    }


def _seconds(work: Callable[[], object], rounds: int) -> float:
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return median(times)


def _hall(counters: int, random: Random) -> dict[str, frozenset[str]]:
    return {
        f"q{number}": frozenset(random.sample(SERVICES, random.choice((3, 4))))
        for number in range(counters)
    }


def study_hall(centre: str, people: int | None = None) -> Hall:
    """A centre or study hall of the project's own, on its typical day."""
    return hall_from(find_centre(centre), built_in(), people)


def _choose_us(waiting: int) -> float:
    """One choice at a counter of 60 with so many waiting behind the heads."""
    random = Random(1)
    counters = _hall(60, random)
    backlog = {service: Backlog(waiting // 17, random.uniform(3, 20)) for service in SERVICES}
    heads = [
        Head(f"{service}{group}", service, group, random.uniform(0, 40))
        for service in sorted(counters["q3"])
        for group in ("none", "elderly", "infant")
    ]
    work = lambda: choose("q3", heads, counters, backlog, BALANCED, 50.0)  # noqa: E731 - timed
    return 1e6 * _seconds(work, 500)


def _replay_ms() -> float:
    """The whole table of waits: 200 who wait, and a newcomer of every service and weight."""
    random = Random(2)
    desks = [
        Desk(counter, skills, random.uniform(0, 12))
        for counter, skills in _hall(60, random).items()
    ]
    waiting = [
        Waiting(
            f"t{number:03d}",
            random.choice(SERVICES),
            "none" if random.random() < 0.85 else random.choice(PRIORITIES),
            -random.uniform(0, 60),
        )
        for number in range(200)
    ]
    backlog = {
        service: Backlog(sum(one.service == service for one in waiting), random.uniform(3, 20))
        for service in SERVICES
    }
    work = lambda: wait_table(waiting, desks, backlog, BALANCED, PRIORITIES)  # noqa: E731 - timed
    return 1e3 * _seconds(work, 30)


def _day() -> dict[str, float]:
    hall = study_hall("hall-16")
    off = 1e3 * _seconds(lambda: run_days(Scenario("off", hall), [7]), 15)
    on = 1e3 * _seconds(lambda: run_days(Scenario("on", hall, estimates=True), [7]), 15)
    return {"off_ms": round(off, 1), "on_ms": round(on, 1), "ratio": round(on / off, 2)}


def _campaign(days: int) -> dict[str, float]:
    """Days of the provincial centre on both cores."""
    processes = min(2, os.cpu_count() or 1)
    start = time.perf_counter()
    scenario = Scenario("own", study_hall("binh-duong", 1500))
    study([scenario], range(days), processes=processes)
    return {"days": days, "processes": processes, "s": round(time.perf_counter() - start, 1)}
