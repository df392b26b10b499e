"""From what was asked for to scenarios and days, and from their days to figures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from server.domain.centre import Centre
from simulation.planning import source
from simulation.planning.changes import hours_text
from simulation.planning.days import LoggedDay, Seed, hall_on
from simulation.planning.figures import (
    AS_IS,
    RECORDED,
    WHAT_IF,
    Figures,
    Naming,
    Place,
    of_scenario,
)
from simulation.planning.hall import Hall
from simulation.planning.log_days import recorded, surged
from simulation.planning.log_file import read_log
from simulation.planning.measures import Day
from simulation.planning.options import Asked
from simulation.planning.study import BASELINES, OWN, Scenario, study
from wire.checks import Fault, FaultyFile, refuse_if_faulty
from wire.errors import LaySoError

SEEDS_APART: Final = 100_000
"""Days of one seed; those of the next seed are all others."""


class DoesNotFit(LaySoError):
    """What was asked for does not fit the centre; `lines` say why, one each."""

    def __init__(self, lines: Sequence[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = list(lines)


@dataclass(frozen=True)
class Plan:
    """Everything that is to be run."""

    asked: Asked
    centre: Centre
    hall: Hall
    days: Sequence[Seed]
    scenarios: Sequence[Scenario]
    measured: Sequence[Day]
    """What really happened on the days of a log; empty where that is not to be compared."""

    @property
    def steps(self) -> int:
        """How many scenario-days there are to run."""
        return len(self.scenarios) * len(self.days)


def plan(asked: Asked) -> Plan:
    """Read what was named and make the scenarios.

    Raises:
        FaultyFile: a file is not in order.
        NoSuchCentre: there is no such centre.
        DoesNotFit: an option names what the centre lacks, or has no effect.
    """
    centre, hall, days, measured = _from_log(asked) if asked.log else _from_profile(asked)
    if asked.absent is not None:
        hall = replace(hall, absent_share=asked.absent)
    faults = asked.changes.faults(hall, [hall_on(hall, day) for day in days])
    if faults:
        raise DoesNotFit(faults)
    return Plan(asked, centre, hall, days, scenarios_of(asked, hall), measured)


Read = tuple[Centre, Hall, Sequence[Seed], Sequence[Day]]


def _from_profile(asked: Asked) -> Read:
    assert asked.centre is not None
    centre = source.find_centre(asked.centre)
    profile = source.read_profile(asked.profile) if asked.profile else source.built_in()
    hall = source.hall_from(centre, profile, asked.people)
    first = asked.seed * SEEDS_APART
    return centre, hall, range(first, first + asked.days * asked.replications), []


def _from_log(asked: Asked) -> Read:
    assert asked.log is not None
    log = read_log(asked.log)
    centre = source.find_centre(asked.centre) if asked.centre else log.centre
    if centre.id != log.centre.id:
        fault = f"is the log of {log.centre.id}, not of {centre.id}; name that centre, or none"
        refuse_if_faulty([Fault(str(asked.log), fault)])
    found = recorded(log, centre)
    changed = asked.surge != 1.0 or asked.absent is not None
    seeds = [asked.seed * SEEDS_APART + number for number in range(asked.replications)]
    days: list[LoggedDay] = [
        surged(day, asked.surge, asked.absent, seed) if changed else day
        for seed in seeds
        for day in found.days
    ]
    if not any(day.people for day in days):
        raise FaultyFile([Fault("--surge", "leaves nobody at all; choose a greater one")])
    return centre, found.hall, days, [] if changed else found.measured


def scenarios_of(asked: Asked, hall: Hall) -> list[Scenario]:
    """As is, the what-if where anything is changed, and each policy with the same changes."""
    base = Scenario(AS_IS, hall, surge=asked.surge, estimates=asked.estimates)
    found = [base]
    changed = bool(asked.changes) or asked.advice
    if changed:
        found.append(replace(base, name=WHAT_IF, changes=asked.changes, advice=asked.advice))
    for policy in asked.policies:
        if policy == OWN:
            continue  # Which is how the others call.
        other = policy in BASELINES
        found.append(
            replace(
                base,
                name=f"{WHAT_IF}/{policy}" if changed else policy,
                policy=policy,
                changes=asked.changes,
                advice=asked.advice and not other,
                estimates=asked.estimates and not other,
            )
        )
    return found


def run(planned: Plan, progress: Callable[[int], None]) -> Figures:
    """Run it all."""
    asked = planned.asked
    result = study(
        planned.scenarios,
        planned.days,
        processes=min(asked.processes, planned.steps),
        in_a_row=len(planned.days) // asked.replications,
        progress=progress,
    )
    as_is = result.days[AS_IS]
    found = [
        of_scenario(
            Naming(one.name, one.policy, one.advice, one.changes.words()),
            planned.hall,
            result.days[one.name],
            None if one.name == AS_IS else as_is,
        )
        for one in planned.scenarios
    ]
    if planned.measured:
        naming = Naming(RECORDED, RECORDED)
        found.insert(0, of_scenario(naming, planned.hall, planned.measured, as_is))
    centre, hall = planned.centre, planned.hall
    return Figures(
        centre=Place(
            centre.id,
            centre.name._asdict(),
            {name: centre.services[name].name._asdict() for name in hall.services},
            hours_text(source.sessions_of(centre)),
        ),
        source="log" if asked.log else "profile",
        log_days=sorted({day.day for day in planned.days if isinstance(day, LoggedDay)}),
        days=len(planned.days) // asked.replications,
        replications=asked.replications,
        seed=asked.seed,
        surge=asked.surge,
        absent=asked.absent,
        scenarios=found,
    )
