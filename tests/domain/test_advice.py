"""What a manager is advised: when, which counter, and what it would bring."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.advice import USUAL, Loan, Lobby, advise, drains
from server.domain.dispatch import BALANCED, Backlog
from server.domain.estimate import Desk, Waiting, replay

H, A, HA = frozenset({"h"}), frozenset({"a"}), frozenset({"h", "a"})


def lobby(
    h: int = 0,
    a: int = 0,
    desks: tuple[Desk, ...] = (Desk("q1", H), Desk("q2", A)),
    closed: dict[str, frozenset[str]] | None = None,
    loans: frozenset[Loan] = frozenset(),
) -> Lobby:
    waiting = [Waiting(f"h{n:02d}", "h", "none", float(-n)) for n in range(h)]
    waiting += [Waiting(f"a{n:02d}", "a", "none", float(-n)) for n in range(a)]
    loads = {"h": Backlog(h, 8.0), "a": Backlog(a, 12.0)}
    return Lobby(waiting, desks, closed or {}, loads, BALANCED, loans)


def test_a_quiet_lobby_needs_no_advice() -> None:
    assert advise(lobby(h=2, a=1)) == []


def test_a_closed_counter_that_can_serve_it_is_opened() -> None:
    found = advise(lobby(h=6, closed={"q3": A, "q4": HA, "q5": H}))
    assert [(one.kind, one.service) for one in found] == [("open", "h")]
    assert found[0].counter in ("q4", "q5")
    assert (found[0].drain_min, found[0].drain_after_min) == (48.0, 24.0)
    assert found[0].saved_min > 40.0
    assert found[0].gain_min > 15.0


def test_else_a_counter_with_time_to_spare_is_lent() -> None:
    found = advise(lobby(h=6, a=0))
    assert [one.id for one in found] == ["lend.q2.h"]


def test_a_busy_counter_is_not_lent() -> None:
    assert advise(lobby(h=6, a=1)) == []


def test_a_loan_is_taken_back_once_the_service_has_recovered() -> None:
    desks = (Desk("q1", H), Desk("q2", HA))
    loan = frozenset({Loan("q2", "h")})
    assert [one.id for one in advise(lobby(h=0, desks=desks, loans=loan))] == ["take_back.q2.h"]
    assert advise(lobby(h=2, desks=desks, loans=loan)) == []


def test_two_loans_are_not_ended_at_once_where_one_is_needed() -> None:
    desks = (Desk("q1", HA), Desk("q2", HA))
    loans = frozenset({Loan("q1", "h"), Loan("q2", "h")})
    assert [one.id for one in advise(lobby(desks=desks, loans=loans))] == ["take_back.q1.h"]


def test_a_counter_with_two_loans_is_named_once() -> None:
    desks = (Desk("q1", H), Desk("q2", A), Desk("q3", HA))
    loans = frozenset({Loan("q3", "h"), Loan("q3", "a")})
    assert [one.id for one in advise(lobby(desks=desks, loans=loans))] == ["take_back.q3.a"]


def test_a_loan_that_alone_keeps_a_service_going_stays() -> None:
    loan = frozenset({Loan("q2", "h")})
    assert advise(lobby(a=1, desks=(Desk("q2", HA), Desk("q1", A)), loans=loan)) == []
    assert advise(lobby(a=1, desks=(Desk("q1", A),), loans=loan)) == []


def test_taking_back_says_what_the_service_drains_in_afterwards() -> None:
    desks = (Desk("q1", H), Desk("q2", HA), Desk("q3", H))
    found = advise(lobby(h=1, desks=desks, loans=frozenset({Loan("q2", "h")})))
    assert [(one.kind, one.drain_min, one.drain_after_min) for one in found] == [
        ("take_back", 8.0 / 3, 4.0)
    ]


def test_the_fronts_of_the_queues_tell_what_the_whole_queues_do() -> None:
    whole = lobby(h=40, a=12, closed={"q3": H, "q4": A})
    front = [one for one in whole.waiting if int(one.ticket_id[1:]) in range(30, 40)]
    front += [one for one in whole.waiting if one.service == "a"][-10:]
    for exact, told in zip(advise(whole), advise(replace(whole, waiting=front)), strict=True):
        assert told.id == exact.id
        assert abs(told.saved_min - exact.saved_min) < 0.1 * exact.saved_min
        assert abs(told.gain_min - exact.gain_min) < 0.1 * exact.gain_min


def test_closed_counters_that_serve_the_same_are_weighed_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    played: list[object] = []

    def counting(*args: object) -> object:
        played.append(args)
        return replay(*args)  # type: ignore[arg-type]

    monkeypatch.setattr("server.domain.advice.replay", counting)
    advise(lobby(h=6, closed={f"z{n}": H for n in range(20)}))
    assert len(played) == 2


def test_an_unserved_service_is_worth_opening_for() -> None:
    found = advise(lobby(a=2, desks=(Desk("q1", H),), closed={"q2": A}))
    assert [one.id for one in found] == ["open.q2.a"]
    assert found[0].gain_min > 100.0


def test_two_slow_services_get_a_counter_each() -> None:
    found = advise(lobby(h=9, a=9, closed={"q3": HA, "q4": HA}))
    assert {one.service for one in found} == {"h", "a"}
    assert {one.counter for one in found} == {"q3", "q4"}


skill_sets = st.sampled_from([H, A, HA])


@settings(max_examples=40)
@given(
    st.integers(0, 12),
    st.integers(0, 12),
    st.lists(skill_sets, min_size=1, max_size=3),
    st.lists(skill_sets, max_size=3),
)
def test_advice_always_helps_and_names_each_counter_once(
    h: int, a: int, opened: list[frozenset[str]], closed: list[frozenset[str]]
) -> None:
    desks = tuple(Desk(f"q{n}", skills) for n, skills in enumerate(opened))
    here = lobby(h, a, desks, {f"z{n}": skills for n, skills in enumerate(closed)})
    found = advise(here)
    assert found == advise(here)
    assert len({one.counter for one in found}) == len(found)
    for one in found:
        assert one.saved_min > 0.0
        assert one.drain_min == drains(here)[one.service] > USUAL.act_min
        assert one.drain_after_min <= one.drain_min
