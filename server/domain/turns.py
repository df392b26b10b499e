"""Letting others go first: where somebody who was not there comes back, and who is ahead then."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from server.domain.centre import Rules

MINUTE_MS = 60_000

STEP_BACK: Final = 3
"""How many turns one step back lets pass."""

STEPS_BACK_MOST: Final = 3
"""How often somebody may step back on one visit."""


class Place(NamedTuple):
    """A place in the queue: its moment, and the count of calls that must be reached first."""

    t_ref_ms: int
    behind: int


def place_after_no_show(
    rules: Rules, t_ref_ms: int, no_show_ms: int, now_ms: int, calls: int
) -> Place:
    """Say where a number comes back to after its no-show.

    Args:
        rules: The centre's patience.
        t_ref_ms: The place the number had.
        no_show_ms: When it was given up.
        now_ms: When the person is back.
        calls: How often the service has been called so far.

    Returns:
        Soon after: the old place, behind the next few calls of the service. Later: the end.
    """
    if now_ms - no_show_ms <= rules.return_within_min * MINUTE_MS:
        return Place(t_ref_ms, calls + rules.return_behind_calls)
    return Place(now_ms, 0)


def place_after_step_back(
    t_ref_ms: int, following: Sequence[int], before: int, lets_pass: int, calls: int
) -> Place:
    """Say where a number stands that lets the next three of its queue go first.

    It takes the place right behind the third that follows it. Where fewer follow, those who are
    still to come pass as well, as calls of the service: so many as are before it, and three.

    Args:
        t_ref_ms: The place it has.
        following: The moments of the first three that follow it and may be called, in order.
        before: How many of its queue are before it; none for one that was called.
        lets_pass: How many calls it lets pass already.
        calls: How often the service has been called so far.
    """
    moment_ms = max([t_ref_ms, *(other + 1 for other in following[-1:])])
    if len(following) >= STEP_BACK and not lets_pass:
        return Place(moment_ms, 0)
    return Place(moment_ms, calls + max(before, lets_pass) + STEP_BACK)


def ahead(older: int, set_back: Sequence[int], own: int = 0, others: int = 0) -> int:
    """How many are expected to be called before a ticket.

    Args:
        older: How many of its queue came before it.
        set_back: Of those, the ones that still let calls pass: how many calls each.
        own: How many calls the ticket itself still lets pass.
        others: How many others wait for the service: nobody lets more pass than there are.
    """
    count = older - len(set_back)
    for let_pass in sorted(set_back):
        count += let_pass <= count
    return max(count, min(own, others))
