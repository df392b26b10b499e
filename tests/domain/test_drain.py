"""How long a service takes to drain, kept up to date one ticket at a time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.drain import LEAST_CAPACITY, Backlog, Floor

SERVICES = ("a", "b", "c", "d")
skill_sets = st.lists(st.frozensets(st.sampled_from(SERVICES), min_size=1), max_size=6)
backlogs = st.dictionaries(
    st.sampled_from(SERVICES), st.builds(Backlog, st.integers(0, 30), st.floats(0.5, 40))
)


def slowly(service: str, counters: list[frozenset[str]], backlog: dict[str, Backlog]) -> float:
    """The formula as it stands in the docs."""
    work = {name: load.waiting * load.mean_min for name, load in backlog.items()}
    mine = work.get(service, 0.0)
    if not mine:
        return 0.0
    capacity = sum(
        mine / sum(work.get(skill, 0.0) for skill in skills)
        for skills in counters
        if service in skills
    )
    return mine / max(LEAST_CAPACITY, capacity)


@given(skill_sets, backlogs)
def test_the_formula(counters: list[frozenset[str]], backlog: dict[str, Backlog]) -> None:
    floor = Floor(counters, backlog)
    for service in SERVICES:
        assert floor.drain_min(service) == pytest.approx(slowly(service, counters, backlog))


@given(skill_sets, backlogs, st.lists(st.sampled_from(SERVICES), max_size=20))
def test_changes_one_by_one_are_as_good_as_a_new_floor(
    counters: list[frozenset[str]], backlog: dict[str, Backlog], came: list[str]
) -> None:
    floor = Floor(counters, backlog)
    for service in came:
        if service in backlog:
            floor.change(service, 1)
            load = backlog[service]
            backlog = {**backlog, service: Backlog(load.waiting + 1, load.mean_min)}
    fresh = Floor(counters, backlog)
    assert floor.mean_min == pytest.approx(fresh.mean_min)
    for service in SERVICES:
        assert floor.waiting(service) == fresh.waiting(service)
        assert floor.drain_min(service) == pytest.approx(fresh.drain_min(service))


def test_an_unknown_service_takes_as_long_as_the_others() -> None:
    floor = Floor([], {"a": Backlog(2, 6.0), "b": Backlog(1, 12.0)})
    assert floor.mean_min == 8.0
    assert floor.service_mean_min("x") == 8.0
    assert Floor([], {}).service_mean_min("x") == 1.0


def test_nobody_waiting_drains_at_once() -> None:
    floor = Floor([frozenset({"a"})], {"a": Backlog(1, 6.0)})
    floor.change("a", -1)
    assert floor.drain_min("a") == 0.0
