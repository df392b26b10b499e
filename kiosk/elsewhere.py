"""The centre that a number belongs to when it is not the kiosk's own."""

from datetime import datetime

import msgspec

from wire.answers import Redirected
from wire.words import Name


class Elsewhere(msgspec.Struct, frozen=True):
    """Where somebody is to go with a number, from when on it is called, and until when."""

    centre: str
    name: Name
    address: str
    due_at: datetime
    void_at: datetime


def elsewhere_of(ticket: Redirected) -> Elsewhere:
    """The place of a number that the server keeps at another centre."""
    due_at = ticket.due_at if isinstance(ticket.due_at, datetime) else ticket.issued_at
    return Elsewhere(ticket.centre, ticket.centre_name, ticket.address, due_at, ticket.void_at)
