"""Minutes on the way: the figures people see, and what must hold for any distance."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.travel import LEAST_MIN, kilometres, travel_min

DEGREES = st.tuples(st.floats(-90, 90), st.floats(-180, 180))


@pytest.mark.parametrize(
    ("km", "minutes"), [(0, 3), (1.0, 3), (1.2, 4), (3.2, 9), (10, 28), (21.5, 60)]
)
def test_minutes_for_kilometres(km: float, minutes: int) -> None:
    assert travel_min(km) == minutes


@given(here=DEGREES, there=DEGREES)
def test_the_way_back_is_as_long_and_never_free(
    here: tuple[float, float], there: tuple[float, float]
) -> None:
    km = kilometres(here, there)
    assert 0 <= km < 20_040
    assert km == pytest.approx(kilometres(there, here), abs=1e-6)
    assert travel_min(km) >= LEAST_MIN
    assert travel_min(km + 5) > travel_min(km)
