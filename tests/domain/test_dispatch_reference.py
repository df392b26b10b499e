"""The rule against a slow and obvious reading of its own description."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.dispatch import (
    BALANCED,
    STRICT_BY_LAW,
    Backlog,
    Head,
    Policy,
    Weight,
    choose,
    heads_of,
)
from wire.words import PRIORITIES

SERVICES = ("a", "b", "c")
ODD = Policy(
    {**BALANCED.weights, "merit": Weight(4.0, 1.0)}, beta=2.0, gamma=1.0, patience_min=50.0
)

skills = st.frozensets(st.sampled_from(SERVICES), min_size=1)
counters = st.dictionaries(st.sampled_from(["q1", "q2", "q3", "q4"]), skills, min_size=1)
policies = st.sampled_from([BALANCED, STRICT_BY_LAW, ODD])
means = st.fixed_dictionaries({name: st.sampled_from([3.0, 8.0, 20.0]) for name in SERVICES})


class Waiting(NamedTuple):
    """A waiting ticket, as callers of `heads_of` have them."""

    ticket_id: str
    service: str
    group: str
    t_ref: float
    pinned_to: str | None = None


lists = st.lists(
    st.builds(
        Waiting,
        st.integers(0, 10**6).map(lambda n: f"t{n:07d}"),
        st.sampled_from(SERVICES),
        st.sampled_from(PRIORITIES),
        st.integers(0, 130).map(float),
        st.sampled_from([None, None, "q1"]),
    ),
    max_size=25,
    unique_by=lambda one: one.ticket_id,
)
NOW = 120.0


def score(ticket: Waiting, open_now: dict[str, frozenset[str]], waiting: list[Waiting],
          mean: dict[str, float], policy: Policy) -> float:  # fmt: skip
    """Straight from the page, over the full list."""
    work = {name: mean[name] * sum(one.service == name for one in waiting) for name in SERVICES}
    share = sum(
        work[ticket.service] / sum(work[skill] for skill in able)
        for able in open_now.values()
        if ticket.service in able
    )
    drain = work[ticket.service] / max(0.25, share)
    overall = sum(work.values()) / len(waiting)
    weight = policy.weights[ticket.group]
    wait = NOW - ticket.t_ref
    urgency = (wait + weight.head_start_min) / weight.tau_min + policy.beta * drain / 15.0
    felt = wait * policy.weights["none"].tau_min / weight.tau_min
    late = max(0.0, felt - policy.patience_min) / (0.4 * policy.patience_min)
    return float((urgency + late**2) * (overall / mean[ticket.service]) ** policy.gamma)


@given(lists, counters, means, policies)
def test_the_choice_over_heads_is_the_best_of_the_whole_list(
    waiting: list[Waiting],
    open_now: dict[str, frozenset[str]],
    mean: dict[str, float],
    policy: Policy,
) -> None:
    counter = min(open_now)
    loads = {
        name: Backlog(sum(one.service == name for one in waiting), mean[name]) for name in SERVICES
    }
    ordered = sorted(waiting, key=lambda one: (one.t_ref, one.ticket_id))
    choice = choose(counter, heads_of(ordered, NOW), open_now, loads, policy, NOW)
    able = [
        one
        for one in waiting
        if one.pinned_to == counter or (not one.pinned_to and one.service in open_now[counter])
    ]
    due = [one for one in able if one.t_ref <= NOW] or able
    if not due:
        assert choice is None
        return
    assert choice is not None
    scores = {one.ticket_id: score(one, open_now, waiting, mean, policy) for one in due}
    assert choice.score == pytest.approx(scores[choice.ticket_id])
    assert choice.score == pytest.approx(max(scores.values()))


@given(lists, counters, means)
def test_no_overtaking_inside_a_service_and_group(
    waiting: list[Waiting], open_now: dict[str, frozenset[str]], mean: dict[str, float]
) -> None:
    counter = min(open_now)
    loads = {name: Backlog(9, mean[name]) for name in SERVICES}
    ordered = sorted(waiting, key=lambda one: (one.t_ref, one.ticket_id))
    choice = choose(counter, heads_of(ordered, NOW), open_now, loads, BALANCED, NOW)
    if choice is not None:
        winner = next(one for one in waiting if one.ticket_id == choice.ticket_id)
        same = [one for one in ordered if one[1:3] == winner[1:3] and one[4] == winner[4]]
        assert winner == same[0]


@given(lists, counters, means)
def test_a_longer_wait_never_hurts(
    waiting: list[Waiting], open_now: dict[str, frozenset[str]], mean: dict[str, float]
) -> None:
    counter = min(open_now)
    loads = {name: Backlog(5, mean[name]) for name in SERVICES}
    heads = [head for head in heads_of(waiting, NOW) if head.t_ref <= NOW]  # type: ignore[operator]
    choice = choose(counter, heads, open_now, loads, BALANCED, NOW)
    if choice is not None:
        older = [
            head._replace(t_ref=-200.0) if head.ticket_id == choice.ticket_id else head
            for head in heads
        ]
        again = choose(counter, older, open_now, loads, BALANCED, NOW)
        assert again is not None
        assert again.ticket_id == choice.ticket_id


def test_plain_sets_of_skills_will_do() -> None:
    head = Head("t", "a", "none", 0.0)
    open_now = {"q1": {"a"}}
    choice = choose("q1", [head], open_now, {}, BALANCED, 1.0)  # type: ignore[arg-type]
    assert choice is not None


START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
OPEN = {"q1": frozenset({"a", "b"})}
LOADS = {"a": Backlog(6, 8.0), "b": Backlog(1, 8.0)}


def reason(*heads: Head, loads: dict[str, Backlog] = LOADS) -> dict[str, object]:
    choice = choose("q1", heads, OPEN, loads, BALANCED, START + timedelta(minutes=30))
    assert choice is not None
    return choice.reason


def head(ticket: str, service: str, group: str, waited_min: int) -> Head:
    return Head(ticket, service, group, START + timedelta(minutes=30 - waited_min))


EVEN = {"a": Backlog(1, 8.0), "b": Backlog(1, 8.0)}
UNEVEN = {"a": Backlog(1, 3.0), "b": Backlog(1, 20.0)}


@pytest.mark.parametrize(
    ("heads", "loads", "because"),
    [
        ([head("x", "a", "none", 9)], EVEN, "alone"),
        ([head("x", "a", "none", 20), head("y", "b", "none", 9)], EVEN, "wait"),
        ([head("x", "a", "none", 20), head("y", "b", "elderly", 19)], EVEN, "priority"),
        ([head("x", "a", "none", 10), head("y", "b", "none", 10)], LOADS, "drain"),
        ([head("x", "a", "none", 30), head("y", "b", "none", 31)], UNEVEN, "short"),
        ([head("x", "a", "none", 10), head("y", "b", "none", 10)], EVEN, "order"),
        ([head("x", "a", "none", 9), head("y", "a", "none", 9)._replace(pinned_to="q1")],
         EVEN, "pinned"),
    ],
)  # fmt: skip
def test_the_reason_names_what_decided(
    heads: list[Head], loads: dict[str, Backlog], because: str
) -> None:
    assert reason(*heads, loads=loads)["because"] == because


def test_the_reason_is_plain_words_in_both_languages() -> None:
    found = reason(head("x", "a", "elderly", 12), head("y", "b", "none", 20))
    assert found["words"] == {
        "vi": "Mời a (nhóm người cao tuổi, chờ 12 phút, hàng còn khoảng 56 phút việc): "
        "thuộc nhóm ưu tiên hơn. Kế tiếp là b (nhóm thường, chờ 20 phút, hàng còn khoảng "
        "32 phút việc).",
        "en": "Called a (elderly, waited 12 min, about 56 min of work in its queue): its group "
        "has priority. Next would be b (regular, waited 20 min, about 32 min of work in its "
        "queue).",
    }
