"""The replay of the rule: whom it calls when, and where a newcomer would stand."""

import os
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.dispatch import BALANCED, Backlog, Head, choose, heads_of
from server.domain.estimate import Called, Desk, Waiting, left_min, replay

H, HA = frozenset({"h"}), frozenset({"h", "a"})
MEAN = {"h": 8.0, "a": 12.0}


def loads(waiting: list[Waiting]) -> dict[str, Backlog]:
    return {
        service: Backlog(sum(one.service == service for one in waiting), mean)
        for service, mean in MEAN.items()
    }


def told(
    waiting: list[Waiting], desks: list[Desk], newcomers: list[tuple[str, str]] | None = None
) -> list[Called]:
    return replay(waiting, desks, loads(waiting), BALANCED, newcomers or [])


def queue(*ages: float, service: str = "h", group: str = "none") -> list[Waiting]:
    return [Waiting(f"{service}{group}{age}", service, group, -age) for age in ages]


def test_an_idle_able_counter_means_no_wait() -> None:
    assert told([], [Desk("q1", H)], [("h", "none")]) == [Called("", "h", "none", None, 0.0)]


def test_one_service_is_called_in_order_at_its_counters_pace() -> None:
    calls = told(queue(3, 2, 1), [Desk("q1", H, 4.0)], [("h", "none")])
    assert [(call.ticket_id, call.at_min) for call in calls] == [
        ("hnone3", 4.0), ("hnone2", 12.0), ("hnone1", 20.0), ("", 28.0),
    ]  # fmt: skip


def test_a_newcomer_takes_nobodys_place() -> None:
    waiting = queue(3, 2) + queue(5, service="a")
    desks = [Desk("q1", H, 1.0), Desk("q2", HA, 2.0)]
    alone = told(waiting, desks)
    noted = told(waiting, desks, [("h", "none"), ("h", "elderly"), ("a", "none")])
    assert [call for call in noted if call.ticket_id] == alone
    assert {call[1:3] for call in noted if not call.ticket_id} == {
        ("h", "none"), ("h", "elderly"), ("a", "none"),
    }  # fmt: skip


def test_what_nobody_serves_is_not_called() -> None:
    assert told(queue(3, service="a"), [Desk("q1", H)], [("a", "none")]) == []


def test_a_pinned_ticket_waits_for_its_counter() -> None:
    pinned = Waiting("p", "a", "none", -9.0, "q1")
    calls = told([pinned], [Desk("q1", H, 7.0), Desk("q2", HA, 0.0)])
    assert calls == [Called("p", "a", "none", "q1", 7.0)]


def test_somebody_on_the_way_is_called_when_there() -> None:
    coming = Waiting("c", "h", "none", 10.0, None, 10.0)
    calls = told([coming, *queue(1)], [Desk("q1", H)], [("h", "none")])
    assert [(call.ticket_id, call.at_min) for call in calls] == [
        ("hnone1", 0.0), ("", 8.0), ("c", 10.0),
    ]  # fmt: skip


def test_the_walk_counts_for_the_counter() -> None:
    calls = replay(queue(2, 1), [Desk("q1", H)], loads(queue(2, 1)), BALANCED, (), 0.5)
    assert [call.at_min for call in calls] == [0.0, 8.5]


def test_it_stops_once_the_newcomers_are_noted() -> None:
    waiting = queue(*range(20)) + queue(*range(20), service="a")
    desks = [Desk("q1", H), Desk("q2", frozenset({"a"}))]
    few = replay(waiting, desks, loads(waiting), BALANCED, [("h", "elderly")], until_newcomers=True)
    assert "" in [call.ticket_id for call in few]
    assert len(few) < 4


@pytest.mark.parametrize(("elapsed", "low", "high"), [(0, 8, 8), (4, 4, 8), (20, 4, 20)])
def test_a_service_under_way_goes_on_as_log_normal_ones_do(
    elapsed: float, low: float, high: float
) -> None:
    assert low <= left_min(8.0, elapsed) <= high
    random = Random(1)
    drawn = [random.lognormvariate(1.879, 0.6315) for _ in range(200_000)]
    rest = [one - elapsed for one in drawn if one > elapsed]
    assert left_min(8.0, elapsed) == pytest.approx(sum(rest) / len(rest), rel=0.1)


def test_a_forgotten_finish_is_expected_to_end_some_time() -> None:
    assert left_min(8.0, 100_000.0) == 8.0


tickets = st.lists(
    st.builds(
        Waiting,
        st.uuids().map(str),
        st.sampled_from(["h", "a"]),
        st.sampled_from(["none", "elderly", "appointment"]),
        st.floats(-60, 0).map(lambda t: round(t, 3)),
        st.sampled_from([None, None, None, "q1"]),
        st.just(0.0),
    ),
    max_size=9,
)
skills = st.sampled_from([H, HA, frozenset({"a"})])


@settings(max_examples=60)
@given(tickets, st.lists(st.tuples(skills, st.floats(0, 20)), min_size=1, max_size=4))
def test_every_call_is_the_choice_of_the_rule(
    waiting: list[Waiting], counters: list[tuple[frozenset[str], float]]
) -> None:
    desks = [Desk(f"q{n}", able, free) for n, (able, free) in enumerate(counters, start=1)]
    calls = told(waiting, desks)
    assert calls == slowly(waiting, desks)


def slowly(waiting: list[Waiting], desks: list[Desk]) -> list[Called]:
    """The replay as one would write it first: every head of a plain list, `choose` each time."""
    skills = {desk.id: desk.skills for desk in desks}
    free = {desk.id: desk.free_in_min for desk in desks}
    order = [desk.id for desk in desks]
    left, calls = list(waiting), []
    while free:
        counter = min(free, key=lambda name: (free[name], order.index(name)))
        now = free[counter]
        heads = heads_of([Head(*one[:5]) for one in sorted(left, key=lambda t: t[3::-3])], now)
        choice = choose(counter, heads, skills, loads(left), BALANCED, now)
        if choice is None:
            del free[counter]
            continue
        winner = next(one for one in left if one.ticket_id == choice.ticket_id)
        left.remove(winner)
        calls.append(Called(*winner[:3], winner.pinned_to, now))
        free[counter] = now + MEAN[winner.service]
    return calls


REPLAYED_TWICE = """
from server.domain.dispatch import BALANCED
from server.domain.drain import Backlog
from server.domain.estimate import Desk, Waiting, replay
skills = frozenset(f"s{n}" for n in range(8))
waiting = [Waiting(f"t{n}", f"s{n % 3}", "none", -5.0) for n in range(9)]
load = {skill: Backlog(0, 8.0) for skill in sorted(skills)}
newcomers = [(skill, group) for skill in sorted(skills) for group in ("none", "elderly")]
print(replay(waiting, [Desk("q1", skills), Desk("q2", skills)], load, BALANCED, newcomers))
"""


def test_a_replay_does_not_depend_on_how_words_are_hashed() -> None:
    said = {
        subprocess.run(
            [sys.executable, "-c", REPLAYED_TWICE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(said) == 1
