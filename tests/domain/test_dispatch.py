"""The rule of dispatch: what it weighs, what it never does."""

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from server.domain.dispatch import (
    BALANCED,
    STRICT_BY_LAW,
    Backlog,
    Head,
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
