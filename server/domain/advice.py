"""What a manager could do about a service that drains too slowly, and what it would bring.

When a service needs more than `act_min` to drain: open a counter able to serve it; where there
is none, let a counter that is well ahead of its own work serve it too; take that back once the
service has recovered. Advice is never carried out by itself. The gain is what the replay of the
rule says with and without it, for everybody who waits.

Source: the staffing thresholds are the project's own study (docs/dispatch.md).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from server.domain.dispatch import Policy
from server.domain.drain import Backlog, Floor
from server.domain.estimate import Desk, Waiting, replay

Kind = Literal["open", "lend", "take_back"]


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

    kind: Kind
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

    `closed` are the counters that could be opened, with what they would serve.
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
    floor = Floor((desk.skills for desk in lobby.desks), lobby.backlog)
    return {service: floor.drain_min(service) for service in lobby.backlog}


def advise(lobby: Lobby, thresholds: Thresholds = USUAL) -> list[Advice]:
    """Everything worth doing now, what saves most first; at most one opening or loan a service.

    Args:
        lobby: The centre at this moment.
        thresholds: When to act.

    Returns:
        No counter is named twice. Costs one replay for each candidate of a slow service.
    """
    slow = drains(lobby)
    found = _take_backs(lobby, slow, thresholds)
    taken = {one.counter for one in found}
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


def _take_backs(lobby: Lobby, slow: Mapping[str, float], thresholds: Thresholds) -> list[Advice]:
    return [
        Advice("take_back", loan.counter, loan.service, slow.get(loan.service, 0.0), 0.0, 0.0, 0.0)
        for loan in sorted(lobby.loans)
        if slow.get(loan.service, 0.0) < thresholds.recovered_min
    ]


_Option = tuple[Kind, str, str, Sequence[Desk]]


def _options(
    lobby: Lobby,
    service: str,
    slow: Mapping[str, float],
    taken: set[str],
    thresholds: Thresholds,
) -> list[_Option]:
    """The counters that could be opened for a service; else those that could be lent to it."""
    able = sorted(name for name, skills in lobby.closed.items() if service in skills)
    opening: list[_Option] = [
        ("open", name, service, [*lobby.desks, Desk(name, lobby.closed[name])])
        for name in able
        if name not in taken
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
"""What waiting for a service that nobody serves is taken for: a working day."""


def _outlook(lobby: Lobby, desks: Sequence[Desk]) -> _Outlook:
    newcomers = [(service, "none") for service in lobby.backlog]
    calls = replay(lobby.waiting, desks, lobby.backlog, lobby.policy, newcomers, lobby.walk_min)
    waiting = [call for call in calls if call.ticket_id]
    never = (len(lobby.waiting) - len(waiting)) * _NEVER_MIN
    return _Outlook(
        sum(call.at_min for call in waiting) + never,
        {call.service: call.at_min for call in calls if not call.ticket_id},
    )


def _weigh(
    lobby: Lobby,
    before: _Outlook,
    drain_min: float,
    kind: Kind,
    counter: str,
    service: str,
    desks: Sequence[Desk],
) -> Advice:
    after = _outlook(lobby, desks)
    floor = Floor((desk.skills for desk in desks), lobby.backlog)
    gain = before.newcomers.get(service, _NEVER_MIN) - after.newcomers.get(service, _NEVER_MIN)
    return Advice(
        kind=kind,
        counter=counter,
        service=service,
        drain_min=drain_min,
        drain_after_min=floor.drain_min(service),
        saved_min=before.total_min - after.total_min,
        gain_min=max(0.0, gain),
    )
