"""A manager who follows the advice: every ten minutes, all of it."""

from typing import Final

from server.domain.advice import USUAL, Advice, Loan, Lobby, Thresholds, advise
from simulation.planning.hall import WALK_MIN
from simulation.planning.queueing import ByRule
from simulation.planning.run import DayRun, Watcher
from simulation.planning.telling import backlog_of, desks_of, waiting_of

EVERY_MIN: Final = 10.0


class Following(Watcher):
    """Asks for advice every ten minutes of the day and carries it out.

    Args:
        thresholds: When advice is given.
    """

    def __init__(self, thresholds: Thresholds = USUAL) -> None:
        self.followed: list[tuple[float, Advice]] = []
        self._thresholds = thresholds
        self._loans: set[Loan] = set()

    def started(self, run: DayRun) -> None:
        """Ask all day long, and after hours while somebody waits."""
        self._loans.clear()

        def look(now: float) -> None:
            for advice in advise(lobby_of(run, frozenset(self._loans), now), self._thresholds):
                self._follow(run, advice, now)
            if now < run.hall.sessions.length_min or run.queueing.waiting():
                run.at(now + EVERY_MIN, look)

        run.at(EVERY_MIN, look)

    def _follow(self, run: DayRun, advice: Advice, now: float) -> None:
        self.followed.append((now, advice))
        loan = Loan(advice.counter, advice.service)
        own = run.skills[advice.counter]
        if advice.kind == "open":
            run.open(advice.counter, now)
        elif advice.kind == "lend":
            self._loans.add(loan)
            run.lend(advice.counter, own | {advice.service}, now)
        else:
            self._loans.discard(loan)
            run.lend(advice.counter, own - {advice.service}, now)


def lobby_of(run: DayRun, loans: frozenset[Loan], now: float) -> Lobby:
    """This moment of a simulated day, as the server's advice needs it."""
    queueing = run.queueing
    assert isinstance(queueing, ByRule)
    waiting = waiting_of(run, now)
    return Lobby(
        waiting=waiting,
        desks=desks_of(run, now),
        closed={name: skills for name, skills in run.skills.items() if name not in run.floor.open},
        backlog=backlog_of(run, waiting),
        policy=queueing.policy,
        loans=loans,
        walk_min=WALK_MIN,
    )
