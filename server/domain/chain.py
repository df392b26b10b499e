"""The event log's hash chain: each event's hash covers the one before it.

A changed, dropped, added or reordered event changes every hash after it.
"""

import hashlib
from typing import Final, NamedTuple

GENESIS: Final = "0" * 64


class Event(NamedTuple):
    """One event as it is stored. `data` is compact JSON without personal data."""

    centre: str
    seq: int
    at_ms: int
    day: str
    kind: str
    ticket: str | None
    counter: str | None
    actor: str
    data: str
    hash: str


def link(
    head: str,
    centre: str,
    seq: int,
    at_ms: int,
    day: str,
    kind: str,
    ticket: str | None,
    counter: str | None,
    actor: str,
    data: str,
) -> str:
    """Hash one event onto the head before it; 64 hexadecimal digits (SHA-256).

    The parts are joined by U+001F, which none of them can contain.
    """
    line = "\x1f".join(
        (head, centre, str(seq), str(at_ms), day, kind, ticket or "", counter or "", actor, data)
    )
    return hashlib.sha256(line.encode()).hexdigest()


def expected_hash(head: str, event: Event) -> str:
    """The hash this stored event must carry after `head`."""
    return link(head, *event[:-1])
