"""What the kiosk's local HTTP takes and gives, and the refusals a citizen may meet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from kiosk.errors import KioskError
from kiosk.journal import Entry, Mode
from kiosk.ports import Outcome
from kiosk.rate import By
from kiosk.slip import Place
from wire.answers import Wait, ZoneInfo
from wire.requests import Body, ProcedureCode, Slug
from wire.words import Language, Name, Priority

PaperOutcome = Literal["printing"] | Outcome


class PressRequest(Body, frozen=True):
    """One touch: which service, for whom, in which language."""

    service: Slug
    priority: Priority = "none"
    language: Language = "vi"
    procedure: ProcedureCode | None = None
    by: By = "program"


class OfferRequest(Body, frozen=True):
    """What somebody is about to take a number for."""

    service: Slug
    priority: Priority = "none"


class RedirectPress(Body, frozen=True):
    """One touch on an offer: which service, at which other centre, in which language."""

    service: Slug
    to: Slug
    language: Language = "vi"
    procedure: ProcedureCode | None = None
    by: By = "program"


class PressedTicket(msgspec.Struct, frozen=True):
    """The number as the touch page shows it; the last three are there for another centre's."""

    id: str
    number: str
    service: str
    priority: Priority
    issued_at: datetime
    zone: Name | None
    counters: tuple[int, ...]
    ahead: int | None
    wait: Wait | None
    track_url: str
    address: str | UnsetType = UNSET
    due_at: datetime | UnsetType = UNSET
    void_at: datetime | UnsetType = UNSET


class PressAnswer(msgspec.Struct, frozen=True):
    """A valid number, and what became of its paper so far; `centre` where it is another one's."""

    ticket: PressedTicket
    outcome: PaperOutcome
    mode: Mode
    message: Name
    centre: Name | UnsetType = UNSET


class PressRefused(KioskError):
    """No number was given; `code` says why, in the words of the wire.

    `said` is the catalogue's key of what a citizen reads, where it is not that of the code.
    """

    def __init__(
        self,
        code: str,
        status: int,
        *,
        detail: str = "",
        retry_after_s: float = 0,
        opens_at: datetime | None = None,
        said: str = "",
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.detail = detail
        self.retry_after_s = retry_after_s
        self.opens_at = opens_at
        self.said = said


@dataclass(frozen=True)
class Wording:
    """The catalogue area `slip` in both languages."""

    vi: Mapping[str, str] = field(repr=False)
    en: Mapping[str, str] = field(repr=False)

    def name(self, key: str) -> Name:
        """One message in both languages."""
        return Name(self.vi[key], self.en[key])

    def refusal(self, refused: PressRefused) -> Name:
        """What a citizen reads when there is no number."""
        key = refused.said or f"press.{refused.code}"
        return self.name(key if key in self.vi else "press.unavailable")


def outcome_of(entry: Entry) -> PaperOutcome:
    """What became of the paper, in the contract's words."""
    return "printing" if entry.paper == "queued" else entry.paper


def answer_of(entry: Entry, place: Place, zone: ZoneInfo | None, words: Wording) -> PressAnswer:
    """The answer about one ticket."""
    there = entry.elsewhere
    return PressAnswer(
        ticket=PressedTicket(
            id=entry.id,
            number=entry.number,
            service=entry.service,
            priority=entry.priority,
            issued_at=entry.issued_at,
            zone=zone.name if zone else None,
            counters=place.counters,
            ahead=entry.ahead,
            wait=entry.wait,
            track_url=entry.track_url,
            address=there.address if there else UNSET,
            due_at=there.due_at if there else UNSET,
            void_at=there.void_at if there else UNSET,
        ),
        outcome=outcome_of(entry),
        mode=entry.mode,
        message=_message(entry, words),
        centre=there.name if there else UNSET,
    )


def _message(entry: Entry, words: Wording) -> Name:
    outcome = outcome_of(entry)
    if outcome == "printed":
        offline = entry.mode == "offline"
        return words.name("press.printed_offline" if offline else "press.printed")
    if outcome == "failed":
        told = {"paper_out": "press.paper_out", "cover_open": "press.cover_open"}
        return words.name(told.get(entry.reason, "press.not_printed"))
    return words.name(f"press.{outcome}")
