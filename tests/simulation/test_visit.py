"""How simulated visits end: the same source, the same visits; only what the server takes."""

from collections import Counter
from random import Random

import msgspec

from simulation import visit
from wire.ratings import RatingRequest
from wire.requests import FinishRequest


def test_endings_are_many_and_their_dossiers_are_of_what_was_taken_in() -> None:
    endings = [visit.ending(Random(seed)) for seed in range(500)]
    assert endings == [visit.ending(Random(seed)) for seed in range(500)]
    for ending in endings:
        msgspec.convert(ending, FinishRequest)
        assert ("dossiers" in ending) == (ending["outcome"] == "taken_in")
    assert set(Counter(ending["outcome"] for ending in endings)) == set(visit.OUTCOME_SHARES)


def test_ratings_have_reasons_that_go_with_the_score() -> None:
    ratings = [visit.rating(Random(seed)) for seed in range(500)]
    for rating in ratings:
        msgspec.convert(rating, RatingRequest)
        fit = visit.PLEASED if rating["score"] >= 4 else visit.DISPLEASED
        assert set(rating["reasons"]) <= set(fit)
    assert {rating["score"] for rating in ratings} == {1, 2, 3, 4, 5}
