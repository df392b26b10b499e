"""When a visit may be rated, where it is asked for, and honest shares."""

import pytest

from server.domain.rating import (
    AT_COUNTER_MS,
    OPEN_MS,
    is_asked_at_counter,
    is_open,
    reasons_of,
    share,
)
from wire.words import STATES


@pytest.mark.parametrize("state", STATES)
def test_only_the_served_rate(state: str) -> None:
    assert is_open(state, 1000, 2000) is (state == "served")


def test_for_a_day() -> None:
    assert is_open("served", 1000, 1000 + OPEN_MS - 1)
    assert not is_open("served", 1000, 1000 + OPEN_MS)


def test_the_counter_asks_until_the_next_is_there() -> None:
    assert is_asked_at_counter(1000, None, False, 2000)
    assert is_asked_at_counter(1000, 1000, False, 2000), "ended and called by one key"
    assert not is_asked_at_counter(1000, 1000, True, 2000), "the next is being served"
    assert not is_asked_at_counter(1000, 1500, False, 2000), "called since"
    assert not is_asked_at_counter(1000, None, False, 1000 + AT_COUNTER_MS)


def test_the_reasons_go_with_the_score() -> None:
    assert "long_wait" in reasons_of(3)
    assert "long_wait" not in reasons_of(4)
    assert reasons_of(1) & reasons_of(5) == {"other"}


def test_a_share_of_nothing_is_none() -> None:
    assert share(0, 0) is None
    assert (share(0, 3), share(2, 3)) == (0.0, 0.6667)
