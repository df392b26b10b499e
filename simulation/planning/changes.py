"""What a manager might change about a day: counters open or not staffed, services lent.

A change names times of day; `applied` turns a hall into the one that would be, whatever its
sessions are, so that the same changes fit every day of a log.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from simulation.planning.hall import Hall, Sessions
from simulation.planning.run import DayRun, Watcher
from wire.checks import did_you_mean

ALL_DAY: Final = ((0.0, float("inf")),)

Span = tuple[float, float]


class ClockSpan(NamedTuple):
    """From one time of day to another, in minutes since midnight."""

    start_min: int
    end_min: int

    def __str__(self) -> str:
        return f"{clock_text(self.start_min)}-{clock_text(self.end_min)}"


class Opening(NamedTuple):
    """A counter is open in this time as well; without one, all day."""

    counter: str
    span: ClockSpan | None

    def __str__(self) -> str:
        return f"--open {self.counter}{f'@{self.span}' if self.span else ''}"


class Loan(NamedTuple):
    """A counter serves one more service in this time; without one, all day."""

    counter: str
    service: str
    span: ClockSpan | None

    def __str__(self) -> str:
        return f"--lend {self.counter}:{self.service}{f'@{self.span}' if self.span else ''}"


@dataclass(frozen=True)
class Changes:
    """What is changed, all at once. What is closed is closed first, then opened and lent."""

    openings: Sequence[Opening] = ()
    closed: Sequence[str] = ()
    loans: Sequence[Loan] = ()

    def __bool__(self) -> bool:
        return bool(self.openings or self.closed or self.loans)

    def words(self) -> list[str]:
        """Each change as it was asked for on the command line."""
        closed = [f"--closed {counter}" for counter in self.closed]
        return [*map(str, self.openings), *closed, *map(str, self.loans)]

    def applied(self, hall: Hall) -> Hall:
        """The hall with these changes; loans for a part of the day are left to `Lending`."""
        if not self:
            return hall
        counters = {name: set(skills) for name, skills in hall.counters.items()}
        opened = dict(hall.open)
        for counter in self.closed:
            opened[counter] = ()
        for opening in self.openings:
            new = opening.counter not in counters
            counters.setdefault(opening.counter, set())
            before = () if new and opening.counter not in opened else _staffed(opened, opening)
            opened[opening.counter] = merged([*before, _span(hall.sessions, opening.span)])
        for loan in self.loans:
            if loan.span is None:
                counters[loan.counter].add(loan.service)
        skills = {name: frozenset(services) for name, services in counters.items()}
        return replace(hall, counters=skills, open=opened)

    def watchers(self) -> list[Watcher]:
        """What has to act during the day."""
        return [Lending(self.loans)] if any(loan.span for loan in self.loans) else []

    def faults(self, hall: Hall, days: Iterable[Hall]) -> list[str]:
        """Why these changes do not fit a hall, one line each, with what would.

        Args:
            hall: The hall as it is.
            days: The hall on each of its days.
        """
        faults = [*self._unknown(hall), *self._unknown_lent(hall), *self._outside(hall)]
        if faults:
            return faults
        if self.openings:
            faults = self._without_effect(list(days))
        return faults or self._unserved(hall)

    def _unknown(self, hall: Hall) -> Iterable[str]:
        lent = {loan.counter for loan in self.loans}
        for counter in self.closed:
            if counter not in hall.counters:
                yield f"--closed {counter}: {_no_counter(counter, hall)}"
        for opening in self.openings:
            if opening.counter not in hall.counters and opening.counter not in lent:
                hint = f"a new counter also needs --lend {opening.counter}:SERVICE"
                yield f"{opening}: {_no_counter(opening.counter, hall)}, or {hint}"

    def _unknown_lent(self, hall: Hall) -> Iterable[str]:
        opened = {opening.counter for opening in self.openings}
        for loan in self.loans:
            if loan.service not in hall.services:
                near = did_you_mean(loan.service, hall.services)
                known = near or f"; people come for {', '.join(hall.services)}"
                yield f"{loan}: nobody comes for '{loan.service}' at {hall.id}{known}"
            elif loan.service in hall.counters.get(loan.counter, ()):
                yield f"{loan}: {loan.counter} serves {loan.service} already; leave it out"
            if loan.counter not in hall.counters and loan.counter not in opened:
                hint = f"a new counter also needs --open {loan.counter}@TIME-TIME"
                yield f"{loan}: {_no_counter(loan.counter, hall)}, or {hint}"

    def _outside(self, hall: Hall) -> Iterable[str]:
        working, hours = hall.sessions.working, hours_text(hall.sessions)
        asked: list[Opening | Loan] = [*self.openings, *self.loans]
        for change in asked:
            span = change.span
            if span and working(span.start_min) >= working(span.end_min):
                yield f"{change}: lies outside the opening hours; choose a time within {hours}"

    def _without_effect(self, days: Sequence[Hall]) -> list[str]:
        return [
            f"{opening}: {opening.counter} is open then already; "
            f"add --closed {opening.counter} to open it at that time alone"
            for opening in self.openings
            if opening.counter not in self.closed
            and all(_covered(day, opening) for day in days if opening.counter in day.counters)
            and any(opening.counter in day.counters for day in days)
        ]

    def _unserved(self, hall: Hall) -> list[str]:
        staffed = {
            counter: skills
            for counter, skills in self.applied(hall).counters.items()
            if counter not in self.closed or counter in {one.counter for one in self.openings}
        }
        lent = {loan.service for loan in self.loans}
        served = frozenset().union(*staffed.values()) | lent
        return [
            f"--closed {' '.join(self.closed)}: nobody would serve {service}; "
            f"keep a counter for it open, or add --lend COUNTER:{service}"
            for service in hall.services
            if service not in served
        ]


class Lending(Watcher):
    """Lends services for a part of the day."""

    def __init__(self, loans: Sequence[Loan]) -> None:
        self._loans = loans

    def started(self, run: DayRun) -> None:
        """Ask for the beginning and end of each loan."""
        for loan in self._loans:
            if loan.span is None:
                continue
            start, end = _span(run.hall.sessions, loan.span)
            if start < end:
                run.at(start, lambda now, loan=loan: _lend(run, loan, now), rank=0)  # type: ignore[misc]
                if end != float("inf"):
                    run.at(end, lambda now, loan=loan: _take_back(run, loan, now), rank=0)  # type: ignore[misc]


def _lend(run: DayRun, loan: Loan, now: float) -> None:
    run.lend(loan.counter, run.skills[loan.counter] | {loan.service}, now)


def _take_back(run: DayRun, loan: Loan, now: float) -> None:
    run.lend(loan.counter, run.skills[loan.counter] - {loan.service}, now)


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as can be, in order; empty ones are dropped."""
    found: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def _span(sessions: Sessions, span: ClockSpan | None) -> Span:
    """Working minutes; what reaches the day's end goes on until everybody is gone."""
    if span is None:
        return ALL_DAY[0]
    end = sessions.working(span.end_min)
    return sessions.working(span.start_min), end if end < sessions.length_min else float("inf")


def _staffed(opened: Mapping[str, Sequence[Span]], opening: Opening) -> Sequence[Span]:
    return opened.get(opening.counter, ALL_DAY)


def _covered(day: Hall, opening: Opening) -> bool:
    now = merged(day.staffed(opening.counter))
    return merged([*now, _span(day.sessions, opening.span)]) == now


def _no_counter(counter: str, hall: Hall) -> str:
    names = list(hall.counters)
    near = did_you_mean(counter, names) or f"; it has {names[0]} to {names[-1]}"
    return f"{hall.id} has no counter '{counter}'{near}"


def clock_text(clock_min: float) -> str:
    """A time of day as `08:30`."""
    return f"{int(clock_min) // 60:02d}:{int(clock_min) % 60:02d}"


def hours_text(sessions: Sessions) -> str:
    """Opening hours as people write them."""
    return ", ".join(f"{clock_text(start)}-{clock_text(end)}" for start, end in sessions.spans)
