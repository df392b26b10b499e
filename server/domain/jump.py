"""What it costs the others that somebody goes before them, said before it is done."""

from typing import NamedTuple


class Cost(NamedTuple):
    """How many people wait longer, and about how many minutes each of them does."""

    people: int
    each_min: float


def jump_cost(ahead_now: int, ahead_then: int, service_min: float, counters: int) -> Cost:
    """The cost of moving a ticket forward in the line of its service.

    Everybody it overtakes waits for one more service, shared by the counters that could do it.

    Args:
        ahead_now: Tickets expected to be called before it as it stands.
        ahead_then: The same once it has gone forward.
        service_min: Minutes that one service takes here.
        counters: Open counters that serve it; with none open it is reckoned as with one.

    Returns:
        People and minutes, zero where nobody is overtaken.
    """
    people = max(0, ahead_now - ahead_then)
    return Cost(people, service_min / max(1, counters) if people else 0.0)
