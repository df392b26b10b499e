"""Which other centre is worth the way."""

from server.domain.redirect import Elsewhere, offers


def test_only_what_saves_more_than_the_threshold_is_offered() -> None:
    others = [
        Elsewhere("near", 4.0, 9.0),
        Elsewhere("far", 0.0, 31.0),
        Elsewhere("slow", 40.0, 5.0),
    ]
    assert [(one.centre, one.total_min, one.saved_min) for one in offers(45.0, others)] == [
        ("near", 13.0, 32.0)
    ]
    assert [one.centre for one in offers(46.5, others)] == ["near", "far"]
    assert offers(28.0, others) == []


def test_a_centre_that_does_not_know_its_wait_is_not_offered() -> None:
    assert offers(100.0, [Elsewhere("dark", None, 3.0)]) == []


def test_of_two_that_save_the_same_the_nearer_one_comes_first() -> None:
    others = [Elsewhere("b", 0.0, 10.0), Elsewhere("a", 5.0, 5.0)]
    assert [one.centre for one in offers(60.0, others)] == ["a", "b"]
