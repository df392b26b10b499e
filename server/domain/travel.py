"""How far it is from one centre to another, and how long one is on the way."""

import math
from typing import Final

_EARTH_KM: Final = 6371.0
ROAD_FACTOR: Final = 1.3
SPEED_KM_H: Final = 28.0
LEAST_MIN: Final = 3


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


def travel_min(km: float) -> int:
    """Whole minutes on the way over so many kilometres as the crow flies, by motorbike.

    Roads are longer than the straight line by `ROAD_FACTOR`; nobody is there in under
    `LEAST_MIN`: they put on a helmet and park.
    """
    return max(LEAST_MIN, math.ceil(km * ROAD_FACTOR / SPEED_KM_H * 60.0))
