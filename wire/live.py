"""What the sockets push: a change for each sequence number, a pulse, and a manager's advice."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wire.oversight import Advice
from wire.words import CounterState, Foreign, Kind, Language, State


class ChangedTicket(msgspec.Struct, frozen=True):
    """The ticket a change is about; `zone` is its counter's, null while it waits."""

    id: str
    number: str
    service: str
    state: State
    zone: str | None


class ChangedCall(msgspec.Struct, frozen=True):
    """Which announcement this is; said once for each (`call_id`, `times`).

    `language` is there where the ticket asked for another than Vietnamese.
    """

    call_id: str
    times: int
    language: Foreign | UnsetType = UNSET

    @classmethod
    def of(cls, call_id: str, times: int, language: Language) -> "ChangedCall":
        """The announcement of a ticket that asked for this language."""
        return cls(call_id, times, UNSET if language == "vi" else language)


class ChangedCounter(msgspec.Struct, frozen=True):
    """The counter a change is about."""

    id: str
    number: int
    state: CounterState


class Change(msgspec.Struct, frozen=True):
    """One event of a centre, exactly one for each `seq`, pushed after its commit."""

    centre: str
    seq: int
    at: Annotated[datetime, Meta(tz=True)]
    kind: Kind
    ticket: ChangedTicket | None
    call: ChangedCall | None
    counter: ChangedCounter | None


class Pulse(msgspec.Struct, frozen=True):
    """Sent at least every 2 s, so that a client knows what it has missed."""

    centre: str
    seq: int


class Advised(msgspec.Struct, frozen=True):
    """All that is worth doing now; for managers, when it changes and every ten minutes."""

    centre: str
    as_of: Annotated[datetime, Meta(tz=True)]
    advice: list[Advice]
