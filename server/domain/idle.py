"""Which idle desk lights up when somebody waits: the one that the rest can spare most easily.

Nobody is called by it: the light asks a clerk to call.
"""

from collections.abc import Sequence
from typing import NamedTuple


class IdleCounter(NamedTuple):
    """An open counter without a ticket: what it can serve, and since when it is free."""

    counter: str
    skills: frozenset[str]
    since_ms: int


def counters_to_light(
    service: str, pinned_to: str, waiting: int, idle: Sequence[IdleCounter]
) -> list[str]:
    """Choose the counters that light up for one queue, one for each person in it.

    Args:
        service: What they wait for.
        pinned_to: The counter they wait for, "" for any.
        waiting: How many they are.
        idle: Every open counter without a ticket.

    Returns:
        At most `waiting` counters that can serve them: the fewest skills first, so that the
        others stay free for other services; then the longest idle; then by id.
    """
    able = [
        one for one in idle if (one.counter == pinned_to if pinned_to else service in one.skills)
    ]
    able.sort(key=lambda one: (len(one.skills), one.since_ms, one.counter))
    return [one.counter for one in able[:waiting]]
