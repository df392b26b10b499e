"""Which desk lights up."""

from server.domain.idle import IdleCounter, counters_to_light

IDLE = [
    IdleCounter("q1", frozenset({"a", "b"}), 1),
    IdleCounter("q2", frozenset({"a"}), 9),
    IdleCounter("q3", frozenset({"a"}), 5),
    IdleCounter("q4", frozenset({"b", "c"}), 1),
    IdleCounter("q5", frozenset({"b", "c"}), 1),
]


def test_fewest_skills_then_longest_idle_then_id() -> None:
    assert counters_to_light("a", "", 9, IDLE) == ["q3", "q2", "q1"]
    assert counters_to_light("b", "", 9, IDLE) == ["q1", "q4", "q5"]
    assert counters_to_light("d", "", 9, IDLE) == []


def test_one_desk_for_each_person() -> None:
    assert counters_to_light("a", "", 1, IDLE) == ["q3"]
    assert counters_to_light("a", "", 2, IDLE) == ["q3", "q2"]


def test_who_waits_for_one_counter_lights_that_one() -> None:
    assert counters_to_light("a", "q5", 3, IDLE) == ["q5"]
    assert counters_to_light("a", "q9", 1, IDLE) == []
