"""Who is next: one pure rule, the same in production, simulation, bench and tests.

Late binding: a ticket belongs to (service, priority group) until a counter asks. The asking
counter compares the heads of the queues it can serve and takes the largest

    score = [ (W + h)/tau + beta * D/tau_regular ] * (mbar/m)**gamma

ties: pinned to this counter, earlier t_ref, lower id. W is the wait in minutes, D the minutes to
drain the service with the counters open now, m its mean service time, mbar the mean over the
people waiting. Source: van Mieghem 1995 (generalised c-mu), Gurvich & Whitt 2009.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final, NamedTuple


class Head(NamedTuple):
    """The oldest waiting ticket of one queue. `t_ref` is an aware datetime or minutes."""

    ticket_id: str
    service: str
    group: str
    t_ref: datetime | float
    pinned_to: str | None = None


class Backlog(NamedTuple):
    """How many wait for a service, and how long one takes on average, in minutes."""

    waiting: int
    mean_min: float


class Choice(NamedTuple):
    """The winner, its score, and why, in data that can be stored and shown."""

    ticket_id: str
    score: float
    reason: dict[str, Any]


class Weight(NamedTuple):
    """One priority group's time scale and head start, in minutes."""

    tau_min: float
    head_start_min: float


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
    """A centre's weights. The built-in groups can be overridden one by one."""

    weights: Mapping[str, Weight] = field(default_factory=_balanced)
    beta: float = 0.5
    gamma: float = 0.25

    def weight(self, group: str) -> Weight:
        """The weight of a group; an unknown one counts as regular."""
        return self.weights.get(group, self.weights["none"])


BALANCED: Final = Policy()
STRICT_BY_LAW: Final = Policy(
    {
        group: Weight(1.0, weight.head_start_min) if weight == _PRIORITY else weight
        for group, weight in _balanced().items()
    }
)

_LEAST_CAPACITY: Final = 0.25


def drain_min(
    service: str, counters: Mapping[str, frozenset[str]], backlog: Mapping[str, Backlog]
) -> float:
    """Minutes to drain a service: its work over its share of the counters open now."""
    work = _work(service, backlog)
    if work <= 0:
        return 0.0
    capacity = 0.0
    for skills in counters.values():
        if service in skills:
            capacity += work / sum(_work(skill, backlog) for skill in skills)
    return work / max(_LEAST_CAPACITY, capacity)


def _work(service: str, backlog: Mapping[str, Backlog]) -> float:
    load = backlog.get(service)
    return load.waiting * load.mean_min if load else 0.0


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
        cost depends on the number of heads, never on how many wait behind them.
    """
    skills = counters.get(counter, frozenset())
    able = [head for head in heads if _may_take(head, counter, skills, now)]
    if not able:
        return None
    due = [head for head in able if _wait_min(head, now) >= 0.0]
    running = due or able
    mean_all = _mean(backlog)
    scored = sorted(
        (_score(head, counters, backlog, policy, mean_all, now) for head in running),
        key=lambda terms: _rank(terms, counter),
    )
    winner = scored[0]
    return Choice(winner.head.ticket_id, winner.score, _reason(counter, scored))


class _Scored(NamedTuple):
    head: Head
    score: float
    wait_min: float
    drain_min: float
    mean_min: float


def _may_take(head: Head, counter: str, skills: frozenset[str], now: datetime | float) -> bool:
    if head.pinned_to:
        return head.pinned_to == counter
    return head.service in skills


def _wait_min(head: Head, now: datetime | float) -> float:
    if isinstance(now, datetime):
        assert isinstance(head.t_ref, datetime)
        return (now - head.t_ref).total_seconds() / 60.0
    assert not isinstance(head.t_ref, datetime)
    return now - head.t_ref


def _mean(backlog: Mapping[str, Backlog]) -> float:
    waiting = sum(load.waiting for load in backlog.values())
    if waiting == 0:
        return 0.0
    return sum(load.waiting * load.mean_min for load in backlog.values()) / waiting


def _score(
    head: Head,
    counters: Mapping[str, frozenset[str]],
    backlog: Mapping[str, Backlog],
    policy: Policy,
    mean_all: float,
    now: datetime | float,
) -> _Scored:
    weight = policy.weight(head.group)
    wait = _wait_min(head, now)
    drain = drain_min(head.service, counters, backlog)
    load = backlog.get(head.service)
    mean = load.mean_min if load and load.mean_min > 0 else mean_all or 1.0
    regular = policy.weight("none").tau_min
    urgency = (wait + weight.head_start_min) / weight.tau_min + policy.beta * drain / regular
    return _Scored(head, urgency * ((mean_all or mean) / mean) ** policy.gamma, wait, drain, mean)


def _rank(scored: _Scored, counter: str) -> tuple[float, bool, Any, str]:
    head = scored.head
    return (-scored.score, head.pinned_to != counter, head.t_ref, head.ticket_id)


def _reason(counter: str, scored: Sequence[_Scored]) -> dict[str, Any]:
    return {
        "rule": "score",
        "counter": counter,
        "candidates": [
            {
                "ticket": item.head.ticket_id,
                "service": item.head.service,
                "priority": item.head.group,
                "score": round(item.score, 4),
                "wait_min": round(item.wait_min, 2),
                "drain_min": round(item.drain_min, 2),
                "mean_min": round(item.mean_min, 2),
            }
            for item in scored[:4]
        ],
    }


def heads_of(waiting: Sequence[Any], now: datetime | float) -> list[Head]:
    """Find the heads of a plain list of waiting tickets, in O(n).

    Args:
        waiting: Objects with `ticket_id service group t_ref` and, optionally, `pinned_to`.
        now: An aware datetime or minutes; those not yet due stand behind those that are.

    Returns:
        One head for each (service, group, pinned_to), in the order they first appear; of two with
        the same `t_ref` the one that stands first in the list.
    """
    best: dict[tuple[str, str, str | None], Head] = {}
    for ticket in waiting:
        head = Head(
            ticket.ticket_id,
            ticket.service,
            ticket.group,
            ticket.t_ref,
            getattr(ticket, "pinned_to", None) or None,
        )
        key = (head.service, head.group, head.pinned_to)
        held = best.get(key)
        if held is None or head.t_ref < held.t_ref:  # type: ignore[operator]  # one kind of time
            best[key] = head
    return list(best.values())
