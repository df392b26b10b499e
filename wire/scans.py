"""Slips that are held under a scanner: whose ticket is behind the code."""

from typing import Annotated

from msgspec import Meta

from wire.answers import Answer, Ticket
from wire.ids import TRACK
from wire.requests import Body


class ScanRequest(Body, frozen=True):
    """The track token that a slip's QR code ends with."""

    track: Annotated[str, Meta(pattern=TRACK)]


class Scanned(Answer, frozen=True):
    """The ticket, whatever its state; `checked_in`: it was on its way here, and this ends that.

    `can_rate`: its visit is over and has no rating yet.
    """

    ticket: Ticket
    checked_in: bool
    can_rate: bool = False
