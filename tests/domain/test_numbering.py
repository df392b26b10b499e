"""Numbers: online, bands, the emergency series, and how paper shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.numbering import (
    check_kiosk_number,
    free_band,
    on_paper,
    online_number,
)
from wire.errors import Refusal

H = frozenset({"H"})


@pytest.mark.parametrize(
    ("ordinal", "number"), [(1, 1), (699, 699), (700, 1000), (701, 1001), (9699, 9999)]
)
def test_online_numbers_leave_the_middle_to_the_kiosks(ordinal: int, number: int) -> None:
    assert online_number(ordinal) == number


def test_the_day_is_full_after_9999() -> None:
    with pytest.raises(Refusal, match="day_full"):
        online_number(9700)


@given(st.integers(1, 9699), st.integers(1, 9699))
def test_no_two_ordinals_share_a_number(one: int, other: int) -> None:
    assert (online_number(one) == online_number(other)) == (one == other)
    assert not 700 <= online_number(one) <= 999


@pytest.mark.parametrize(("number", "text"), [(1, "H001"), (47, "H047"), (1000, "H1000")])
def test_paper_shows_at_least_three_digits(number: int, text: str) -> None:
    assert on_paper("H", number) == text


@pytest.mark.parametrize("text", ["H700", "H749", "Z03001", "Z03999"])
def test_a_kiosks_own_numbers_are_taken(text: str) -> None:
    check_kiosk_number(text, H, (700, 749), 3)


@pytest.mark.parametrize("text", ["H699", "H750", "A700", "Z04001", "H1000", "Z0300"])
def test_numbers_of_others_are_refused(text: str) -> None:
    with pytest.raises(Refusal, match="number_outside_band"):
        check_kiosk_number(text, H, (700, 749), 3)


def test_a_kiosk_without_a_band_has_the_emergency_series_only() -> None:
    check_kiosk_number("Z03001", H, None, 3)
    with pytest.raises(Refusal, match="number_outside_band"):
        check_kiosk_number("H700", H, None, 3)


def test_bands_fill_gaps_and_never_overlap() -> None:
    assert free_band([]) == (700, 749)
    assert free_band([(700, 749), (800, 849)]) == (750, 799)
    assert free_band([(700, 749), (760, 799)]) == (800, 849)
    with pytest.raises(ValueError, match="narrower --band"):
        free_band([(700, 960)])
