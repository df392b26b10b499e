"""Ticket numbers: online ordinals, kiosk bands, the emergency series, and how paper shows them."""

import re
from dataclasses import dataclass
from typing import Final

from wire.errors import Refusal

ONLINE_LOW_LAST: Final = 699
BAND_FIRST: Final = 700
BAND_LAST: Final = 999
LAST: Final = 9999
DEFAULT_BAND_WIDTH: Final = 50
EMERGENCY_PREFIX: Final = "Z"

_NUMBER = re.compile(r"([A-Y][A-Z]?)([0-9]{3,4})")
_EMERGENCY = re.compile(r"Z([0-9]{2})([0-9]{3})")


def online_number(ordinal: int) -> int:
    """Turn the n-th online ticket of a prefix and day into its number: 1–699, then 1000–9999.

    Raises:
        Refusal: `day_full` past 9999.
    """
    number = ordinal if ordinal <= ONLINE_LOW_LAST else ordinal + (BAND_LAST - ONLINE_LOW_LAST)
    if number > LAST:
        raise Refusal("day_full", "Every number of this service has been given out today.")
    return number


def on_paper(prefix: str, number: int) -> str:
    """Write a number as paper and screens show it: prefix and at least three digits."""
    return f"{prefix}{number:03d}"


@dataclass(frozen=True, slots=True)
class KioskNumber:
    """A number that a kiosk drew by itself, taken apart."""

    prefix: str
    number: int
    kiosk: int | None


def parse_kiosk_number(text: str) -> KioskNumber | None:
    """Take a kiosk's own number apart; None where it is no ticket number at all.

    `kiosk` is set for the emergency series only (`Z03001` is kiosk 3, number 1).
    """
    emergency = _EMERGENCY.fullmatch(text)
    if emergency:
        return KioskNumber(EMERGENCY_PREFIX, int(emergency[2]), int(emergency[1]))
    plain = _NUMBER.fullmatch(text)
    return KioskNumber(plain[1], int(plain[2]), None) if plain else None


def check_kiosk_number(
    text: str,
    prefixes: frozenset[str],
    band: tuple[int, int] | None,
    kiosk: int | None,
) -> None:
    """Refuse a handed-in number that this kiosk cannot have drawn.

    Args:
        text: The number on the paper.
        prefixes: The prefixes this service has or had.
        band: The kiosk's own range, ends included; None where it has none.
        kiosk: The kiosk's number in the emergency series.

    Raises:
        Refusal: `number_outside_band`.
    """
    parsed = parse_kiosk_number(text)
    if parsed is None:
        fits = False
    elif parsed.kiosk is not None:
        fits = parsed.kiosk == kiosk
    else:
        inside = band is not None and band[0] <= parsed.number <= band[1]
        fits = inside and parsed.prefix in prefixes
    if not fits:
        raise Refusal(
            "number_outside_band",
            f"{text} is neither in this kiosk's band {_show(band)} under a prefix of the service "
            f"nor in its emergency series.",
        )


def _show(band: tuple[int, int] | None) -> str:
    return f"{band[0]}-{band[1]}" if band else "(none)"


def free_band(taken: list[tuple[int, int]], width: int = DEFAULT_BAND_WIDTH) -> tuple[int, int]:
    """Find the lowest free range of this width between 700 and 999.

    Raises:
        ValueError: There is no room left; the message says what to do.
    """
    first = BAND_FIRST
    for low, high in sorted(taken):
        if first + width - 1 < low:
            break
        first = max(first, high + 1)
    if first + width - 1 > BAND_LAST:
        raise ValueError(
            f"no free band of {width} numbers is left between {BAND_FIRST} and {BAND_LAST}; "
            "revoke a kiosk that is gone, or name a narrower --band"
        )
    return first, first + width - 1
