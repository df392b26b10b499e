"""The first estimate: zero where a counter idles, growing with the queue, nothing where shut."""

from server.domain.dispatch import Backlog
from server.domain.estimate import expected, paces

LOAD = {"h": Backlog(4, 8.0), "a": Backlog(0, 12.0)}


def test_an_idle_able_counter_means_no_wait() -> None:
    pace = paces(LOAD, {"q1": frozenset({"h"})})["h"]
    assert expected(pace, 0, busy=0).likely_s == 0


def test_a_service_without_an_open_counter_has_no_pace() -> None:
    assert "a" not in paces(LOAD, {"q1": frozenset({"h"})})


def test_more_people_wait_longer_and_more_counters_shorter() -> None:
    one = paces(LOAD, {"q1": frozenset({"h"})})["h"]
    two = paces(LOAD, {"q1": frozenset({"h"}), "q2": frozenset({"h"})})["h"]
    waits = [expected(one, ahead, busy=1).likely_s for ahead in range(5)]
    assert waits == sorted(waits)
    assert waits[4] == round(4.5 * 8 * 60)
    assert expected(two, 4, busy=2).likely_s == round(4.5 * 4 * 60)
    assert expected(one, 4, busy=1).high_s > waits[4]
