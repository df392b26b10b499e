"""How a simulated visit ends, and what its citizen says of it.

Pure: the random source is handed in, the same source gives the same visits.
"""

from collections.abc import Mapping
from random import Random
from typing import Any, TypeVar

from wire.words import Outcome, RatingReason

T = TypeVar("T")

STEP_BACK_SHARE = 0.06
COFFEE_S = 15.0
RATED_SHARE = 0.3
RATING_S = 45.0
OUTCOME_SHARES: Mapping[Outcome, float] = {
    "taken_in": 0.62,
    "done_on_the_spot": 0.16,
    "papers_missing": 0.12,
    "advice_given": 0.08,
    "refused": 0.02,
}
SCORE_SHARES: Mapping[int, float] = {5: 0.56, 4: 0.28, 3: 0.09, 2: 0.05, 1: 0.02}
SEVERAL_SHARE = 0.15
PLEASED: tuple[RatingReason, ...] = ("quick", "polite", "clear")
DISPLEASED: tuple[RatingReason, ...] = ("long_wait", "unclear_guidance", "asked_to_come_again")
REASON_SHARE = 0.6


def ending(random: Random) -> dict[str, Any]:
    """What the clerk notes at the end: the outcome, and the dossiers that were taken in."""
    outcome = _one_of(OUTCOME_SHARES, random)
    several = random.random() < SEVERAL_SHARE
    if outcome != "taken_in":
        return {"outcome": outcome}
    return {"outcome": outcome, "dossiers": random.randint(2, 4) if several else 1}


def rating(random: Random) -> dict[str, Any]:
    """A score from 1 to 5, often with a reason that goes with it."""
    score = _one_of(SCORE_SHARES, random)
    reason = random.choice(PLEASED if score >= 4 else DISPLEASED)
    return {"score": score, "reasons": [reason] if random.random() < REASON_SHARE else []}


def _one_of(shares: Mapping[T, float], random: Random) -> T:
    return random.choices(list(shares), weights=list(shares.values()))[0]
