"""What a manager could do about a service that drains too slowly, and what it would bring.

When a service needs more than `act_min` to drain: open a counter able to serve it; where there
is none, let a counter that is well ahead of its own work serve it too; take that back once the
service has recovered. Advice is never carried out by itself. The gain is what the replay of the
rule says with and without it, for everybody who waits; behind the tickets that are replayed it
counts on at each service's pace.

Source: the staffing thresholds are the project's own study (docs/dispatch.md).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from server.domain.dispatch import Policy
from server.domain.drain import Backlog, Floor
from server.domain.estimate import Desk, Waiting, replay
from wire.words import AdviceKind


class Thresholds(NamedTuple):
    """Minutes to drain at which advice is given, a counter may be lent, and a loan ends."""

    act_min: float = 20.0
    spare_min: float = 8.0
    recovered_min: float = 4.0


USUAL: Final = Thresholds()


class Loan(NamedTuple):
    """A service that a counter serves today beyond its own."""

    counter: str
    service: str


class Advice(NamedTuple):
    """One thing to do. Minutes.

    `drain_min` is the service's now, `drain_after_min` with the advice followed; `saved_min` is
    taken off the waits of all who wait, together; `gain_min` off one who came now for it.
    """

    kind: AdviceKind
    counter: str
    service: str
    drain_min: float
    drain_after_min: float
    saved_min: float
    gain_min: float

    @property
    def id(self) -> str:
        """The same advice has the same id, whenever it is given."""
        return f"{self.kind}.{self.counter}.{self.service}"


@dataclass(frozen=True)
class Lobby:
    """One moment of a centre, as advice needs it.

    `waiting` may be the front of each queue alone; `backlog` counts everybody. `closed` are the
    counters that could be opened, with what they would serve.
    """

    waiting: Sequence[Waiting]
    desks: Sequence[Desk]
    closed: Mapping[str, frozenset[str]]
    backlog: Mapping[str, Backlog]
    policy: Policy
    loans: frozenset[Loan] = frozenset()
    walk_min: float = 0.0


def drains(lobby: Lobby) -> dict[str, float]:
    """Minutes to drain each service with the counters open now."""
    floor = _floor(lobby, lobby.desks)
    return {service: floor.drain_min(service) for service in lobby.backlog}


def advise(lobby: Lobby, thresholds: Thresholds = USUAL) -> list[Advice]:
    """Everything worth doing now, what saves most first; at most one opening or loan a service.

    Args:
        lobby: The centre at this moment.
        thresholds: When to act.

    Returns:
        No counter is named twice. Costs one replay for each candidate of a slow service; closed
        counters that serve the same count as one.
    """
    slow = drains(lobby)
    found = _take_backs(lobby, thresholds)
    taken = {one.counter for one in found}
    if max(slow.values(), default=0.0) <= thresholds.act_min:
        return found
    before = _outlook(lobby, lobby.desks)
    for service in sorted(slow, key=lambda name: (-slow[name], name)):
        if slow[service] <= thresholds.act_min:
            break
        options = _options(lobby, service, slow, taken, thresholds)
        weighed = [_weigh(lobby, before, slow[service], *option) for option in options]
        useful = [one for one in weighed if one.saved_min > 0.0]
        if useful:
            chosen = max(useful, key=lambda one: (one.saved_min, one.counter))
            taken.add(chosen.counter)
            found.append(chosen)
    return sorted(found, key=lambda one: (-one.saved_min, one.id))


def _take_backs(lobby: Lobby, thresholds: Thresholds) -> list[Advice]:
    """The loans to end, one a counter, as if each were ended before the next is looked at.

    None without which nobody would serve the service.
    """
    found: list[Advice] = []
    desks: Sequence[Desk] = lobby.desks
    for loan in sorted(lobby.loans):
        drain = _floor(lobby, desks).drain_min(loan.service)
        named = any(one.counter == loan.counter for one in found)
        if not named and drain < thresholds.recovered_min and _served_without(desks, loan):
            desks = _without(desks, loan)
            after = _floor(lobby, desks).drain_min(loan.service)
            found.append(Advice("take_back", *loan, drain, after, 0.0, 0.0))
    return found


def _served_without(desks: Iterable[Desk], loan: Loan) -> bool:
    return any(loan.service in desk.skills and desk.id != loan.counter for desk in desks)


def _without(desks: Iterable[Desk], loan: Loan) -> list[Desk]:
    return [
        desk._replace(skills=desk.skills - {loan.service}) if desk.id == loan.counter else desk
        for desk in desks
    ]


_Option = tuple[AdviceKind, str, str, Sequence[Desk]]


def _options(
    lobby: Lobby,
    service: str,
    slow: Mapping[str, float],
    taken: set[str],
    thresholds: Thresholds,
) -> list[_Option]:
    """The counters that could be opened for a service; else those that could be lent to it."""
    able = sorted(name for name in lobby.closed.keys() - taken if service in lobby.closed[name])
    alike = {lobby.closed[name]: name for name in able}
    opening: list[_Option] = [
        ("open", name, service, [*lobby.desks, Desk(name, skills)])
        for skills, name in alike.items()
    ]
    return opening or [
        ("lend", desk.id, service, _lent(lobby.desks, desk, service))
        for desk in lobby.desks
        if service not in desk.skills
        and desk.id not in taken
        and max((slow.get(skill, 0.0) for skill in desk.skills), default=0.0) < thresholds.spare_min
    ]


def _lent(desks: Iterable[Desk], borrowed: Desk, service: str) -> list[Desk]:
    return [
        desk._replace(skills=desk.skills | {service}) if desk.id == borrowed.id else desk
        for desk in desks
    ]


class _Outlook(NamedTuple):
    """What a replay says: minutes that all who wait still wait, and one who came now."""

    total_min: float
    newcomers: Mapping[str, float]


_NEVER_MIN: Final = 480.0
"""What waiting for a service that nobody serves is taken for: a working day. No wait is longer."""


def _outlook(lobby: Lobby, desks: Sequence[Desk]) -> _Outlook:
    newcomers = [(service, "none") for service in lobby.backlog]
    calls = replay(lobby.waiting, desks, lobby.backlog, lobby.policy, newcomers, lobby.walk_min)
    waiting = [min(call.at_min, _NEVER_MIN) for call in calls if call.ticket_id]
    never = (len(lobby.waiting) - len(waiting)) * _NEVER_MIN
    front = {call.service: call.at_min for call in calls if not call.ticket_id}
    behind_min, last = _behind(lobby, _floor(lobby, desks), front)
    return _Outlook(sum(waiting) + never + behind_min, last)


def _behind(
    lobby: Lobby, floor: Floor, front: Mapping[str, float]
) -> tuple[float, dict[str, float]]:
    """The waits of those behind the replayed ones, together, and each service's newcomer's."""
    replayed = Counter(one.service for one in lobby.waiting)
    total_min, newcomers = 0.0, {}
    for service, load in lobby.backlog.items():
        people = max(0, load.waiting - replayed[service])
        pace_min = floor.drain_min(service) / max(1, load.waiting)
        first = min(front.get(service, _NEVER_MIN), _NEVER_MIN)
        last = min(first + people * pace_min, _NEVER_MIN)
        total_min += people * (first + last) / 2
        newcomers[service] = last
    return total_min, newcomers


def _floor(lobby: Lobby, desks: Iterable[Desk]) -> Floor:
    return Floor((desk.skills for desk in desks), lobby.backlog)


def _weigh(
    lobby: Lobby,
    before: _Outlook,
    drain_min: float,
    kind: AdviceKind,
    counter: str,
    service: str,
    desks: Sequence[Desk],
) -> Advice:
    after = _outlook(lobby, desks)
    gain = before.newcomers[service] - after.newcomers[service]
    return Advice(
        kind=kind,
        counter=counter,
        service=service,
        drain_min=drain_min,
        drain_after_min=_floor(lobby, desks).drain_min(service),
        saved_min=before.total_min - after.total_min,
        gain_min=max(0.0, gain),
    )
