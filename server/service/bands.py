"""Which numbers a kiosk may draw by itself: bands of 700–999 and kiosk numbers 1–99."""

from collections.abc import Iterable
from typing import Final

from wire.errors import FieldFault, Refusal

FIRST: Final = 700
LAST: Final = 999
WIDTH: Final = 50
KIOSKS: Final = 99


def check_band(band: tuple[int, int], live: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Return a band that was asked for by name, if no kiosk of the centre overlaps it.

    Args:
        band: First and last number, both included.
        live: The bands of the centre's kiosks whose tokens are not revoked.

    Raises:
        Refusal: `invalid_body` outside 700–999 or the wrong way round; `id_taken` on overlap.
    """
    first, last = band
    if not FIRST <= first <= last <= LAST:
        message = f"must lie within {FIRST}-{LAST}, lower end first, not {first}-{last}"
        raise Refusal("invalid_body", f"band {message}", errors=(FieldFault("band", message),))
    for other_first, other_last in live:
        if first <= other_last and other_first <= last:
            raise Refusal(
                "id_taken",
                f"Band {first}-{last} overlaps {other_first}-{other_last}, which another kiosk "
                "of this centre draws from; revoke that token or choose another band.",
            )
    return band


def free_band(
    live: Iterable[tuple[int, int]], resting: Iterable[tuple[int, int]]
) -> tuple[int, int]:
    """Choose the next free band of 50.

    Args:
        live: Bands in use.
        resting: Bands of revoked kiosks, least preferred: paper of theirs may be about today.

    Raises:
        Refusal: `id_taken` when no 50 numbers in a row are free.
    """
    taken = list(live)
    rested = list(resting)
    starts = range(FIRST, LAST - WIDTH + 2, WIDTH)
    bands = [(start, start + WIDTH - 1) for start in starts]
    free = [band for band in bands if not _overlaps(band, taken)]
    if not free:
        raise Refusal(
            "id_taken",
            f"No band of {WIDTH} numbers is free in {FIRST}-{LAST}; give a narrower one by name "
            "or revoke a kiosk's token.",
        )
    return next((band for band in free if not _overlaps(band, rested)), free[0])


def free_kiosk(live: Iterable[int], resting: Iterable[int]) -> int:
    """Choose the next kiosk number, those of revoked kiosks last.

    Raises:
        Refusal: `id_taken` when 99 kiosks are in use.
    """
    taken = set(live)
    free = [number for number in range(1, KIOSKS + 1) if number not in taken]
    if not free:
        raise Refusal("id_taken", f"This centre has {KIOSKS} kiosks already.")
    rested = set(resting)
    return next((number for number in free if number not in rested), free[0])


def _overlaps(band: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(band[0] <= last and first <= band[1] for first, last in others)
