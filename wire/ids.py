"""Identities: UUIDv7 tickets, 128-bit track links, slugs, operation keys, ticket numbers.

Nothing here reads a clock or draws randomness by itself; both are handed in.
Source: RFC 9562 (UUIDv7), RFC 4648 §5 (base64url).
"""

import base64
import re

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"
KEY = r"^[A-Za-z0-9._-]{8,64}$"
TRACK = r"^[A-Za-z0-9_-]{21}[AQgw]$"
UUID7 = r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"
UUID = r"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"
PROCEDURE = r"^[0-9A-Za-z.-]{1,32}$"
NUMBER = r"^([A-Y][A-Z]?[0-9]{3,4}|Z[0-9]{5})$"

_SLUG = re.compile(SLUG)
_KEY = re.compile(KEY)
_TRACK = re.compile(TRACK)


def uuid7(unix_ms: int, random: bytes, order: int | None = None) -> str:
    """Make a UUIDv7 that sorts by the time it was made.

    Args:
        unix_ms: Milliseconds since 1970, 0 ≤ n < 2**48.
        random: At least 10 bytes; the first 10 are used.
        order: Sorts ids of one millisecond among themselves (its low 12 bits, in place of as
            many random ones; RFC 9562 §6.2, method 1).

    Returns:
        36 characters, lower case.
    """
    bits = int.from_bytes(random[:10], "big")
    value = (unix_ms & ((1 << 48) - 1)) << 80
    within = bits >> 62 if order is None else order
    value |= 0x7 << 76 | (within & 0xFFF) << 64
    value |= 0b10 << 62 | (bits & ((1 << 62) - 1))
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def track_token(random: bytes) -> str:
    """Turn 16 random bytes into the 22 base64url characters of a track link."""
    return base64.urlsafe_b64encode(random[:16]).rstrip(b"=").decode("ascii")


def is_slug(text: str) -> bool:
    """Say whether `text` may name a centre, service, counter or zone (≤ 64 characters)."""
    return len(text) <= 64 and _SLUG.fullmatch(text) is not None


def is_key(text: str) -> bool:
    """Say whether `text` may be an `Idempotency-Key`."""
    return _KEY.fullmatch(text) is not None


def is_track(text: str) -> bool:
    """Say whether `text` is a track token: exactly 128 bits, base64url."""
    return _TRACK.fullmatch(text) is not None
