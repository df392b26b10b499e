"""The bodies that clients send. Unknown fields are refused; every field is checked.

The patterns and lengths here are the OpenAPI schema as well.
"""

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wire.ids import KEY, NUMBER, PROCEDURE, SLUG, TRACK, UUID7
from wire.words import AdviceKind, HoldWhy, JumpWhy, Language, Outcome, Priority

Slug = Annotated[str, Meta(pattern=SLUG, min_length=1, max_length=64)]
Key = Annotated[str, Meta(pattern=KEY)]
Moment = Annotated[datetime, Meta(tz=True)]
Reason = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+$", min_length=1, max_length=200)]
# JSON tells 5.0 from 5 no more than JSON Schema does: both are that many.
Count = Annotated[float, Meta(ge=1, le=9999, multiple_of=1)]
Dossiers = Annotated[float, Meta(ge=0, le=99, multiple_of=1)]
Seen = Annotated[str, Meta(pattern=r"^[0-9A-Za-z_.-]{1,64}$")]
LeaderName = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=80)]
ProcedureCode = Annotated[str, Meta(pattern=PROCEDURE)]


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What every request body shares: frozen, and strict about its fields."""


class IssueRequest(Body, frozen=True):
    """Ask for one ticket; a kiosk may bring the identity, or hand in its own number."""

    service: Slug
    priority: Priority = "none"
    procedure: ProcedureCode | None = None
    language: Language = "vi"
    id: Annotated[str, Meta(pattern=UUID7)] | None = None
    track: Annotated[str, Meta(pattern=TRACK)] | None = None
    number: Annotated[str, Meta(pattern=NUMBER)] | None = None
    issued_at: Moment | None = None
    replaces: Key | None = None


class RedirectRequest(Body, frozen=True):
    """Ask for a number of another centre, for a regular ticket of a service that is anywhere."""

    service: Slug
    to: Slug
    priority: Literal["none"] = "none"
    procedure: ProcedureCode | None = None
    language: Language = "vi"


class LimitRequest(Body, frozen=True):
    """How many numbers a service may have today; null goes back to the centre file's limit."""

    limit: Count | None


class Empty(Body, frozen=True):
    """A command without particulars."""


class PauseRequest(Body, frozen=True):
    """Pause a counter, with the code of the break if there is one."""

    code: Slug | None = None


class NextRequest(Body, frozen=True):
    """End what the counter has in this way, then call the best waiting ticket.

    `outcome` and `dossiers` are kept of one that is served, `reason` and `why` of one on hold.
    `seen` is the ticket that the presser saw at the counter, null for none: where another desk
    was faster nothing is done. A client that shows no ticket leaves it out.
    """

    current: Literal["served", "no_show", "on_hold"] = "served"
    outcome: Outcome | None = None
    dossiers: Dossiers | None = None
    reason: HoldWhy | None = None
    why: Reason | None = None
    seen: Seen | UnsetType | None = UNSET


class UndoRequest(Body, frozen=True):
    """Take back the counter's last command; `seen` is the `id` of the one that was offered.

    Where that is not the last one any more nothing is taken back. A client that shows no offer
    leaves it out.
    """

    seen: Seen | None = None


class CallRequest(Body, frozen=True):
    """Call this ticket out of order, and say why; `by` names the leader who ordered it."""

    counter: Slug
    why: Reason
    reason: JumpWhy | None = None
    by: LeaderName | None = None


class FinishRequest(Body, frozen=True):
    """End service: its outcome, how many dossiers; `at` when the press is handed in late."""

    outcome: Outcome | None = None
    dossiers: Dossiers | None = None
    at: Moment | None = None


class LateRequest(Body, frozen=True):
    """A command that may be handed in late."""

    at: Moment | None = None


class HoldRequest(Body, frozen=True):
    """Put a ticket on hold, and say what it waits for."""

    why: Reason | None = None
    reason: HoldWhy | None = None
    at: Moment | None = None


class HoldReasonRequest(Body, frozen=True):
    """Say what a ticket on hold waits for; neither of the two takes away what was said."""

    why: Reason | None = None
    reason: HoldWhy | None = None


class ResumeRequest(Body, frozen=True):
    """Take a ticket off hold, at the asking counter."""

    counter: Slug | None = None


class TransferRequest(Body, frozen=True):
    """Send a ticket to another service or to one counter: exactly one of the two."""

    service: Slug | None = None
    counter: Slug | None = None


class PriorityRequest(Body, frozen=True):
    """Change a ticket's priority group, and say why; `by` names the leader who ordered it."""

    priority: Priority
    why: Reason
    reason: JumpWhy | None = None
    by: LeaderName | None = None


class ReceiveRequest(Body, frozen=True):
    """Take a person who stands at the desk: issue, call and start in one."""

    service: Slug
    why: Reason
    priority: Priority = "none"
    reason: JumpWhy | None = None
    by: LeaderName | None = None
    language: Language = "vi"


class NoteRequest(Body, frozen=True):
    """What the next desk should know of a ticket today; null takes it away."""

    text: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=120)] | None


class SeatRequest(Body, frozen=True):
    """Sit down at a counter, or seat the colleague of this account name there.

    `take_over`: also where somebody else sits.
    """

    name: Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]+$", max_length=64)] | None = None
    take_over: bool = False


class AdviceRequest(Body, frozen=True):
    """Open a counter, lend it to a service for today, or end that loan, advised or not.

    `service` is needed for a loan; on an opening it says what for.
    """

    kind: AdviceKind
    counter: Slug
    service: Slug | None = None


class EnrolRequest(Body, frozen=True):
    """Turn a one-time code into a device token."""

    code: Annotated[str, Meta(pattern=r"^[0-9A-Za-z -]{8,32}$")]
