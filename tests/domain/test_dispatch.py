"""The rule of dispatch: what it weighs, what it never does."""

import math
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

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
from server.domain.drain import Floor

SKILLS = {"q1": frozenset({"h"}), "q2": frozenset({"h", "a"})}
LOAD = {"h": Backlog(3, 8.0), "a": Backlog(1, 12.0)}

groups = st.sampled_from(["none", "elderly", "disabled", "infant", "appointment"])
heads = st.lists(
    st.builds(Head, st.uuids().map(str), st.sampled_from(["h", "a", "x"]), groups,
              st.floats(0, 120, allow_nan=False), st.none()),
    max_size=8,
)  # fmt: skip


def test_nobody_waits() -> None:
    assert choose("q1", [], SKILLS, LOAD, BALANCED, 10.0) is None


def test_a_counter_never_calls_what_it_cannot_serve() -> None:
    assert choose("q1", [Head("t", "a", "none", 0.0)], SKILLS, LOAD, BALANCED, 60.0) is None


def test_priority_goes_first_but_not_for_ever() -> None:
    old = Head("old", "h", "none", 0.0)
    elderly = Head("elderly", "h", "elderly", 20.0)
    first = choose("q1", [old, elderly], SKILLS, LOAD, BALANCED, 20.0)
    assert first is not None
    assert first.ticket_id == "elderly"
    starved = choose("q1", [old, Head("new", "h", "elderly", 60.0)], SKILLS, LOAD, BALANCED, 60.0)
    assert starved is not None
    assert starved.ticket_id == "old"
    strict = choose("q1", [old, Head("new", "h", "elderly", 60.0)], SKILLS, LOAD, STRICT_BY_LAW, 60)
    assert strict is not None
    assert strict.ticket_id == "new"


def test_the_score_is_the_documented_formula() -> None:
    chosen = choose("q2", [Head("t", "a", "none", 0.0)], SKILLS, LOAD, BALANCED, 30.0)
    assert chosen is not None
    capacity = 12.0 / (24.0 + 12.0)
    drain = 12.0 / max(0.25, capacity)
    mean = (3 * 8.0 + 12.0) / 4
    late = (30.0 - 25.0) / (0.4 * 25.0)
    expected = (30.0 / 15.0 + 1.0 * drain / 15.0 + late**2) * (mean / 12.0) ** 0.5
    assert abs(chosen.score - expected) < 1e-9
    assert chosen.reason["candidates"][0]["ticket"] == "t"


def test_drain_counts_the_share_each_counter_gives() -> None:
    assert Floor([frozenset({"h"})], {"h": Backlog(3, 8.0)}).drain_min("h") == 24.0
    assert Floor([], {"h": Backlog(3, 8.0)}).drain_min("h") == 96.0
    assert Floor(SKILLS.values(), {}).drain_min("h") == 0.0


def test_a_pinned_ticket_is_its_counters_alone() -> None:
    pinned = Head("p", "a", "none", 10.0, "q1")
    assert choose("q2", [pinned], SKILLS, LOAD, BALANCED, 20.0) is None
    chosen = choose("q1", [pinned], SKILLS, LOAD, BALANCED, 20.0)
    assert chosen is not None
    assert chosen.ticket_id == "p"


def test_a_pinned_ticket_goes_before_ties() -> None:
    plain = Head("a", "h", "none", 10.0)
    pinned = Head("b", "h", "none", 10.0, "q1")
    chosen = choose("q1", [plain, pinned], SKILLS, LOAD, BALANCED, 20.0)
    assert chosen is not None
    assert chosen.ticket_id == "b"


def test_an_appointment_before_its_slot_only_if_nothing_else() -> None:
    early = Head("early", "h", "appointment", 61.0)
    fresh = Head("fresh", "h", "none", 60.0)
    chosen = choose("q1", [early, fresh], SKILLS, LOAD, BALANCED, 60.0)
    assert chosen is not None
    assert chosen.ticket_id == "fresh"
    alone = choose("q1", [early], SKILLS, LOAD, BALANCED, 60.0)
    assert alone is not None
    assert alone.ticket_id == "early"


@pytest.mark.parametrize(
    ("t_ref", "now"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), 5.0),
        (5.0, datetime(2026, 11, 23, tzinfo=UTC)),
        (datetime(2026, 11, 23), datetime(2026, 11, 23)),  # noqa: DTZ001  # what is refused
        (datetime(2026, 11, 23), datetime(2026, 11, 23, tzinfo=UTC)),  # noqa: DTZ001  # as above
    ],
)
def test_two_kinds_of_time_are_refused_in_words(t_ref: Any, now: Any) -> None:
    with pytest.raises(TypeError, match="aware datetimes, or"):
        choose("q1", [Head("t", "h", "none", t_ref)], SKILLS, LOAD, BALANCED, now)


@pytest.mark.parametrize("mean_min", [0.0, -4.0, math.inf, math.nan])
@pytest.mark.parametrize("waiting", [-1, 0, 3])
def test_figures_that_make_no_sense_stop_no_counter(waiting: int, mean_min: float) -> None:
    load = {"h": Backlog(waiting, mean_min), "a": Backlog(1, 12.0)}
    found = choose(
        "q2",
        [Head("1", "h", "none", 0.0), Head("2", "a", "none", 39.0)],
        SKILLS,
        load,
        BALANCED,
        40,
    )
    assert found is not None
    assert math.isfinite(found.score)
    assert found.ticket_id == "1"  # An average service, waited for longer.


def test_more_called_than_were_counted_leaves_an_empty_queue() -> None:
    floor = Floor(SKILLS.values(), {"h": Backlog(1, 8.0), "a": Backlog(1, 8.0)})
    floor.change("h", -1)
    floor.change("h", -1)
    assert (floor.waiting("h"), floor.mean_min, floor.drain_min("a")) == (0, 8.0, 8.0)


def test_a_policy_names_only_the_groups_that_it_changes() -> None:
    own = Policy({"elderly": Weight(2.0, 6.0)})
    assert own.weight("elderly") == Weight(2.0, 6.0)
    assert own.weight("merit") == BALANCED.weight("merit")
    assert own.weight("none") == own.weight("nobody knows") == BALANCED.weight("none")


def test_a_policy_without_time_scale_or_patience_is_refused() -> None:
    with pytest.raises(ValueError, match="patience_min is 0"):
        Policy(patience_min=0)
    with pytest.raises(ValueError, match="tau_min of none is 0"):
        Policy({"none": Weight(0, 0)})


@given(heads, st.randoms(use_true_random=False))
def test_the_order_of_heads_does_not_matter(found: list[Head], random: Random) -> None:
    shuffled = list(found)
    random.shuffle(shuffled)
    one = choose("q2", found, SKILLS, LOAD, BALANCED, 120.0)
    other = choose("q2", shuffled, SKILLS, LOAD, BALANCED, 120.0)
    assert one == other


@given(heads)
def test_somebody_is_called_exactly_when_somebody_can_be(found: list[Head]) -> None:
    able = any(head.service in SKILLS["q2"] for head in found)
    chosen = choose("q2", found, SKILLS, LOAD, BALANCED, 120.0)
    assert (chosen is not None) == able


@given(heads)
def test_minutes_and_datetimes_choose_alike(found: list[Head]) -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    dated = [
        head._replace(t_ref=start + timedelta(minutes=float(head.t_ref)))  # type: ignore[arg-type]
        for head in found
    ]
    plain = choose("q2", heads_of(found, 120.0), SKILLS, LOAD, BALANCED, 120.0)
    timed = choose(
        "q2", heads_of(dated, start), SKILLS, LOAD, BALANCED, start + timedelta(minutes=120)
    )
    assert (plain is None) == (timed is None)
    if plain and timed:
        assert abs(plain.score - timed.score) < 1e-6


@given(heads)
def test_no_overtaking_inside_a_service_and_group(found: list[Head]) -> None:
    chosen = choose("q2", heads_of(found, 120.0), SKILLS, LOAD, BALANCED, 120.0)
    if chosen is None:
        return
    winner = next(head for head in found if head.ticket_id == chosen.ticket_id)
    same = [head for head in found if head[1:3] == winner[1:3]]
    assert winner.t_ref == min(head.t_ref for head in same)  # type: ignore[type-var]
