"""Who is next: one pure rule, the same in production, simulation, bench and tests.

Late binding: a ticket belongs to (service, priority group) until a counter asks. The asking
counter compares the heads of the queues it can serve and takes the largest

    score = [ (W + h)/tau + beta * D/tau_regular + late**2 ] * (mbar/m)**gamma
    late  = max(0, W * tau_regular/tau - patience) / (0.4 * patience)

ties: pinned to this counter, earlier t_ref, lower id. W is the wait in minutes, D the minutes to
drain the service with the counters open now (`drain`), m its mean service time, mbar the mean
over the people waiting. Beyond a group's patience being late soon outgrows everything, so that
nobody is forgotten (docs/decisions/0008-nobody-is-forgotten.md). Source: van Mieghem 1995
(generalised c-mu with convex costs), Gurvich & Whitt 2009.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple

from server.domain.drain import Backlog, Floor
from server.domain.reason import Candidate, reason_of

__all__ = [
    "BALANCED",
    "STRICT_BY_LAW",
    "Backlog",
    "Choice",
    "Head",
    "Policy",
    "Weight",
    "best",
    "choose",
    "heads_of",
]


class Head(NamedTuple):
    """The oldest waiting ticket of one queue. `t_ref` is an aware datetime or minutes."""

    ticket_id: str
    service: str
    group: str
    t_ref: datetime | float
    pinned_to: str | None = None


class Choice(NamedTuple):
    """The winner, its score, and why, in data that can be stored and shown."""

    ticket_id: str
    score: float
    reason: dict[str, Any]


class Weight(NamedTuple):
    """One priority group's time scale and head start, in minutes."""

    tau_min: float
    head_start_min: float


SHOWN: Final = 4
"""How many candidates a reason keeps, the winner among them."""

LATE_SHARE: Final = 0.4
"""Part of the patience: how long beyond it until being late weighs as much as tau of waiting."""

_PRIORITY: Final = Weight(3.0, 5.0)


def _balanced() -> dict[str, Weight]:
    groups = ("elderly", "disabled", "pregnant", "infant", "merit")
    return {
        "none": Weight(15.0, 0.0),
        "appointment": Weight(8.0, 3.0),
        **dict.fromkeys(groups, _PRIORITY),
    }


@dataclass(frozen=True)
class Policy:
    """A centre's weights. Groups that `weights` leaves out keep their built-in ones.

    `beta` weighs the work left in a queue, `gamma` prefers short services; a regular wait of
    over `patience_min`, and a priority one in proportion to its tau, begins to outweigh both.
    Infinite patience leaves that out.

    Raises:
        ValueError: A time scale or the patience is not above 0.
    """

    weights: Mapping[str, Weight] = field(default_factory=_balanced)
    beta: float = 1.0
    gamma: float = 0.5
    patience_min: float = 25.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "weights", {**_balanced(), **self.weights})
        if not self.patience_min > 0.0:
            raise ValueError(f"patience_min is {self.patience_min}; it must be above 0")
        for group, weight in self.weights.items():
            if not weight.tau_min > 0.0:
                raise ValueError(f"tau_min of {group} is {weight.tau_min}; it must be above 0")

    def weight(self, group: str) -> Weight:
        """The weight of a group; an unknown one counts as regular."""
        return self.weights.get(group) or self.weights["none"]


BALANCED: Final = Policy()
STRICT_BY_LAW: Final = Policy(
    {
        group: Weight(1.0, weight.head_start_min) if weight == _PRIORITY else weight
        for group, weight in _balanced().items()
    },
    patience_min=math.inf,
)


class Scored(NamedTuple):
    """A head with its score and the terms that made it, in minutes."""

    head: Head
    score: float
    wait_min: float
    drain_min: float
    mean_min: float


def choose(
    counter: str,
    heads: Sequence[Head],
    counters: Mapping[str, frozenset[str]],
    backlog: Mapping[str, Backlog],
    policy: Policy,
    now: datetime | float,
) -> Choice | None:
    """Choose the ticket this counter calls next; None where nobody waits for it.

    Args:
        counter: Id of the asking counter.
        heads: The oldest waiting ticket of each (service, group), and of each pinned queue.
        counters: Every open counter's services, the asking one included.
        backlog: Waiting tickets and mean minutes of each service.
        policy: The centre's weights.
        now: An aware datetime or minutes, as the heads' `t_ref`.

    Returns:
        The winner with its reason, or None. The same input always gives the same answer; the
        cost depends on the number of heads and counters, never on how many wait behind them.

    Raises:
        TypeError: `now` and the heads' `t_ref` are not of one kind, or a datetime is naive.
    """
    skills = counters.get(counter, frozenset())
    able = [head for head in heads if _may_take(head, counter, skills)]
    if not able:
        return None
    floor = Floor(counters.values(), backlog)
    ranked = rank(counter, able, floor, policy, now)
    winner = ranked[0]
    reason = _reason(counter, ranked, floor, policy)
    return Choice(winner.head.ticket_id, winner.score, reason)


def best(
    counter: str, heads: Iterable[Head], floor: Floor, policy: Policy, now: datetime | float
) -> Head:
    """The head that `choose` would choose, without its reason; all of them are able.

    For replays and simulations, which keep a `Floor` from one call to the next.
    """
    return rank(counter, heads, floor, policy, now)[0].head


def rank(
    counter: str, heads: Iterable[Head], floor: Floor, policy: Policy, now: datetime | float
) -> list[Scored]:
    """Score these heads, the winner first; those not yet due are left out unless all are.

    Args:
        counter: Id of the asking counter, able to take every head.
        heads: At least one.
        floor: The open counters and their backlog.
        policy: The centre's weights.
        now: An aware datetime or minutes, as the heads' `t_ref`.
    """
    waits = [(head, _wait_min(head.t_ref, now)) for head in heads]
    due = [pair for pair in waits if pair[1] >= 0.0]
    drains: dict[str, float] = {}
    scored = []
    for head, wait in due or waits:
        service = head.service
        if service not in drains:
            drains[service] = floor.drain_min(service)
        scored.append(_score(head, wait, drains[service], floor, policy))
    scored.sort(key=lambda one: _order(one, counter))
    return scored


def _score(head: Head, wait: float, drain: float, floor: Floor, policy: Policy) -> Scored:
    mean = floor.service_mean_min(head.service)
    score = score_of(wait, drain, mean, floor.mean_min or mean, policy, head.group)
    return Scored(head, score, wait, drain, mean)


def score_of(
    wait_min: float, drain_min: float, mean_min: float, mean_all_min: float, policy: Policy,
    group: str,
) -> float:  # fmt: skip
    """The formula itself; all times in minutes, both means above 0."""
    weight, regular_min = policy.weight(group), policy.weights["none"].tau_min
    urgency = (wait_min + weight.head_start_min) / weight.tau_min
    urgency += policy.beta * drain_min / regular_min
    shortness: float = (mean_all_min / mean_min) ** policy.gamma
    beyond_min = wait_min * regular_min / weight.tau_min - policy.patience_min
    late = beyond_min / (LATE_SHARE * policy.patience_min) if beyond_min > 0.0 else 0.0
    return (urgency + late * late) * shortness


def _may_take(head: Head, counter: str, skills: frozenset[str]) -> bool:
    if head.pinned_to:
        return head.pinned_to == counter
    return head.service in skills


def _wait_min(t_ref: datetime | float, now: datetime | float) -> float:
    if isinstance(now, datetime) and isinstance(t_ref, datetime):
        if now.tzinfo is None or t_ref.tzinfo is None:
            raise TypeError("now and t_ref are aware datetimes, or minutes; one is naive")
        return (now - t_ref).total_seconds() / 60.0
    if isinstance(now, datetime) or isinstance(t_ref, datetime):
        raise TypeError("now and t_ref are both aware datetimes, or both minutes")
    return now - t_ref


def _order(scored: Scored, counter: str) -> tuple[float, bool, Any, str, str, str]:
    """The queue is last, for the newcomers of a replay, who have no id."""
    ticket_id, service, group, t_ref, pinned_to = scored.head
    return (-scored.score, pinned_to != counter, t_ref, ticket_id, service, group)


def _reason(counter: str, ranked: Sequence[Scored], floor: Floor, policy: Policy) -> dict[str, Any]:
    candidates = [
        Candidate(
            ticket=one.head.ticket_id,
            service=one.head.service,
            priority=one.head.group,
            score=round(one.score, 4),
            wait_min=round(one.wait_min, 2),
            drain_min=round(one.drain_min, 2),
            mean_min=round(one.mean_min, 2),
        )
        for one in ranked[:SHOWN]
    ]
    return reason_of(counter, candidates, _decisive(ranked, floor, policy))


def _decisive(ranked: Sequence[Scored], floor: Floor, policy: Policy) -> str:
    """What decided between the first two: the term without which the first would fall furthest."""
    if len(ranked) == 1:
        return "alone"
    first, second = ranked[:2]
    if first.score == second.score:
        return "pinned" if first.head.pinned_to and not second.head.pinned_to else "order"
    mean_all = floor.mean_min or first.mean_min
    terms = {
        "wait": (second.wait_min, first.drain_min, first.mean_min, first.head.group),
        "priority": (first.wait_min, first.drain_min, first.mean_min, second.head.group),
        "drain": (first.wait_min, second.drain_min, first.mean_min, first.head.group),
        "short": (first.wait_min, first.drain_min, second.mean_min, first.head.group),
    }
    without = {
        name: score_of(wait, drain, mean, mean_all, policy, group)
        for name, (wait, drain, mean, group) in terms.items()
    }
    return min(without, key=lambda name: without[name])


def heads_of(waiting: Sequence[Any], now: datetime | float) -> list[Head]:
    """Find the heads of a plain list of waiting tickets, in O(n).

    Args:
        waiting: Objects with `ticket_id service group t_ref` and, optionally, `pinned_to`.
        now: An aware datetime or minutes; those not yet due stand behind those that are.

    Returns:
        One head for each (service, group, pinned_to), in the order they first appear; of two with
        the same `t_ref` the one that stands first in the list.
    """
    oldest: dict[tuple[str, str, str | None], Head] = {}
    for ticket in waiting:
        head = Head(
            ticket.ticket_id,
            ticket.service,
            ticket.group,
            ticket.t_ref,
            getattr(ticket, "pinned_to", None) or None,
        )
        key = (head.service, head.group, head.pinned_to)
        held = oldest.get(key)
        if held is None or head.t_ref < held.t_ref:  # type: ignore[operator]  # one kind of time
            oldest[key] = head
    return list(oldest.values())
