"""The table of waits: each place in each queue, and whoever comes next."""

from server.domain.dispatch import BALANCED, STRICT_BY_LAW, Backlog
from server.domain.estimate import Desk, Waiting
from server.domain.wait_table import Expected, WaitTable, noted_groups, wait_table
from wire.words import PRIORITIES

H = frozenset({"h"})


def table(
    waiting: list[Waiting], desks: list[Desk], backlog: dict[str, Backlog] | None = None
) -> WaitTable:
    loads = backlog or {
        service: Backlog(sum(one.service == service for one in waiting), mean)
        for service, mean in {"h": 8.0, "a": 12.0}.items()
    }
    return wait_table(waiting, desks, loads, BALANCED, PRIORITIES)


def queue(*ages: float, group: str = "none") -> list[Waiting]:
    return [Waiting(f"{group}{age}", "h", group, -age) for age in ages]


def test_every_place_has_its_wait_and_the_next_one_too() -> None:
    found = table(queue(3, 2, 1), [Desk("q1", H, 4.0)])
    assert [found.of("h", "none", place) for place in range(5)] == [
        Expected(4.0, 0), Expected(12.0, 0), Expected(20.0, 0), Expected(28.0, 0),
        Expected(36.0, 0),
    ]  # fmt: skip


def test_others_are_those_of_the_service_called_before() -> None:
    found = table(queue(9, 1) + queue(1, group="elderly"), [Desk("q1", H, 1.0)])
    assert found.of("h", "elderly", 0) == Expected(1.0, 0)
    assert found.of("h", "none", 0) == Expected(9.0, 1)
    assert found.of("h", "none", 2) == Expected(25.0, 1)


def test_no_open_counter_no_wait() -> None:
    found = table(queue(3), [Desk("q1", frozenset({"a"}))])
    assert not found.served("h")
    assert found.of("h", "none", 0) is None
    assert found.of("a", "none", 0) == Expected(0.0, 0)


def test_each_idle_counter_takes_one_at_once() -> None:
    found = table([], [Desk("q1", H), Desk("q2", H), Desk("q3", H, 5.0)])
    waits = [found.of("h", "none", place) for place in range(4)]
    assert [one.wait_min for one in waits if one] == [0.0, 0.0, 8.0 / 3, 16.0 / 3]


def test_the_front_of_a_long_queue_is_enough() -> None:
    whole = table(queue(*range(100, 0, -1)), [Desk("q1", H, 4.0)])
    front = table(
        queue(*range(100, 50, -1)), [Desk("q1", H, 4.0)],
        {"h": Backlog(100, 8.0), "a": Backlog(0, 12.0)},
    )  # fmt: skip
    for place in (0, 49, 50, 80, 99, 120):
        assert front.of("h", "none", place) == whole.of("h", "none", place)


def test_a_service_that_nobody_waits_for_takes_no_time_of_its_counter() -> None:
    both = Desk("q1", H | {"idle"}, 0.0)
    load = {"h": Backlog(0, 8.0), "idle": Backlog(0, 5.0)}
    found = wait_table([], [both], load, BALANCED, PRIORITIES)
    waits = [found.of("h", "none", place) for place in range(3)]
    assert waits == [Expected(0.0, 0), Expected(8.0, 0), Expected(16.0, 0)]


def test_a_pinned_queue_has_places_of_its_own() -> None:
    pinned = Waiting("p", "h", "none", -2.0, "q2")
    found = table([pinned, *queue(3)], [Desk("q1", H, 9.0), Desk("q2", H, 6.0)])
    assert found.of("h", "none", 0) == Expected(6.0, 0)
    assert found.of("h", "none", 0, "q2") == Expected(14.0, 1)


def test_a_queue_of_one_counter_waits_for_that_counter_alone() -> None:
    """Closed, it calls nobody, whoever else serves the service; open, it calls what it has."""
    pinned = Waiting("p", "h", "none", -2.0, "q2")
    closed = table([pinned, *queue(3)], [Desk("q1", H, 6.0)])
    assert [closed.of("h", "none", place, "q2") for place in (0, 1)] == [None, None]
    assert closed.of("h", "none", 0) == Expected(6.0, 0)
    other = table([pinned], [Desk("q2", frozenset({"a"}), 6.0)])
    assert other.of("h", "none", 0, "q2") == Expected(6.0, 0)
    assert other.of("h", "none", 0) is None


def test_groups_of_one_weight_stand_for_each_other() -> None:
    assert set(noted_groups(BALANCED, PRIORITIES).values()) == {"none", "elderly", "appointment"}
    assert noted_groups(STRICT_BY_LAW, PRIORITIES)["merit"] == "elderly"
    found = table(queue(9, 8, 7), [Desk("q1", H, 1.0)])
    assert found.of("h", "merit", 0) == found.of("h", "elderly", 0) == Expected(1.0, 0)
