"""What each person of a simulated day would have been told, by the server's own estimator."""

from collections import Counter
from collections.abc import Sequence

from server.domain.calibration import Calibration
from server.domain.drain import Backlog
from server.domain.estimate import Desk, Waiting, left_min, replay
from simulation.planning.hall import WALK_MIN
from simulation.planning.people import Person
from simulation.planning.queueing import ByRule
from simulation.planning.run import DayRun, Outcome, Told, Watcher, mean_minutes


class Telling(Watcher):
    """Tells everybody at issue and learns from every call; keeps what it learnt between days."""

    def __init__(self) -> None:
        self.calibration = Calibration()
        self._expected: dict[str, float] = {}

    def started(self, run: DayRun) -> None:
        """Forget whom the last day left without a call."""
        self._expected.clear()

    def issued(self, run: DayRun, person: Person, now: float) -> Told | None:
        """The replay's wait for one who comes now, calibrated."""
        desks = desks_of(run, now)
        expected = expected_min(run, person, desks, now)
        if expected is None:
            return None
        self._expected[person.id] = expected
        told = self.calibration.told(expected)
        return Told(told.likely_s / 60.0, told.high_s / 60.0, simple_min(run, person, desks))

    def called(self, run: DayRun, outcome: Outcome) -> None:
        """Compare what was expected with what came."""
        expected = self._expected.pop(outcome.person.id, None)
        if expected is not None:
            self.calibration.learn(expected, outcome.wait_min)


def expected_min(run: DayRun, person: Person, desks: list[Desk], now: float) -> float | None:
    """Minutes until a person who comes now would be called; None while nobody can serve them."""
    queueing = run.queueing
    assert isinstance(queueing, ByRule)
    waiting = waiting_of(run, now)
    calls = replay(
        waiting,
        desks,
        backlog_of(run, waiting),
        queueing.policy,
        [(person.service, person.group)],
        WALK_MIN,
        until_newcomers=True,
    )
    return next((call.at_min for call in reversed(calls) if not call.ticket_id), None)


def waiting_of(run: DayRun, now: float) -> list[Waiting]:
    """Everybody who waits and everybody on the way, as the estimator sees them."""
    queueing = run.queueing
    assert isinstance(queueing, ByRule)
    here = [Waiting(p.id, p.service, p.group, queueing.since(p) - now) for p in queueing.waiting()]
    coming = [
        Waiting(p.id, p.service, p.group, at - now, None, at - now) for p, at in run.coming.values()
    ]
    return here + coming


def backlog_of(run: DayRun, waiting: Sequence[Waiting]) -> dict[str, Backlog]:
    """How many of these wait for each service, and how long one takes."""
    count = Counter(one.service for one in waiting)
    return {s: Backlog(count[s], mean) for s, mean in mean_minutes(run.hall).items()}


def desks_of(run: DayRun, now: float) -> list[Desk]:
    """Every open counter and when it is expected to be free."""
    means = mean_minutes(run.hall)
    desks = []
    for counter, skills in run.floor.open.items():
        held = run.floor.busy.get(counter)
        left = 0.0
        if held is not None:
            person, since = held
            left = left_min(means[person.service] + WALK_MIN, now - since, run.hall.spread)
        desks.append(Desk(counter, skills, left))
    return desks


def simple_min(run: DayRun, person: Person, desks: list[Desk]) -> float:
    """What a plain estimate says: those of the service who wait, times its mean, over counters."""
    able = [desk for desk in desks if person.service in desk.skills]
    if any(desk.free_in_min <= 0.0 for desk in able):
        return 0.0
    waiting = sum(1 for one in run.queueing.waiting() if one.service == person.service)
    return waiting * run.hall.services[person.service].mean_min / max(1, len(able))
