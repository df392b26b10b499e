"""When a visit may be rated, where it is asked for, and what the shares are worked out from."""

from typing import Final

from wire.words import RatingReason

SATISFIED_FROM: Final = 4
"""Scores from here on are satisfied: "Hài lòng" and "Rất hài lòng"."""

OPEN_MS: Final = 24 * 3_600_000
"""How long after its end a visit may be rated."""

AT_COUNTER_MS: Final = 60_000
"""How long after its end a visit may be rated at the counter: the next person is on the way."""

DISPLEASED: Final[frozenset[RatingReason]] = frozenset(
    {"long_wait", "staff_manner", "unclear_guidance", "asked_to_come_again", "other"}
)
PLEASED: Final[frozenset[RatingReason]] = frozenset({"quick", "polite", "clear", "other"})


def reasons_of(score: int) -> frozenset[RatingReason]:
    """The reasons that go with a score: what pleased from 4 on, what did not below."""
    return PLEASED if score >= SATISFIED_FROM else DISPLEASED


def is_open(state: str, ended_ms: int | None, now_ms: int) -> bool:
    """Whether a ticket may be rated, if it has no rating: it was served, a day ago at most."""
    return state == "served" and ended_ms is not None and now_ms < ended_ms + OPEN_MS


def is_asked_at_counter(ended_ms: int, called_ms: int | None, serving: bool, now_ms: int) -> bool:
    """Whether a counter's tablet asks for the rating of the ticket that ended there last.

    Args:
        ended_ms: When it ended.
        called_ms: When the ticket was called that the counter has now, if it has one. One key
            ends a service and calls the next: that call does not take the question away.
        serving: Whether that ticket is being served already.
        now_ms: The present moment.
    """
    taken = called_ms is not None and (called_ms > ended_ms or serving)
    return not taken and now_ms < ended_ms + AT_COUNTER_MS


def share(part: int, whole: int) -> float | None:
    """A part of a whole from 0 to 1, to four places; None where there is no whole."""
    return round(part / whole, 4) if whole else None
