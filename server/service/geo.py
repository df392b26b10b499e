"""Distance on the ground between two centres."""

import math
from typing import Final

_EARTH_KM: Final = 6371.0


def kilometres(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Great-circle distance between two points in degrees of latitude and longitude.

    Source: the haversine formula.
    """
    lat1, lon1, lat2, lon2 = map(math.radians, (*here, *there))
    half = (
        math.sin((lat2 - lat1) / 2) ** 2
        + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    )
    return 2 * _EARTH_KM * math.asin(math.sqrt(half))
