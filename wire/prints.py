"""Papers that staff ask a kiosk for: the order, what the kiosk is handed, how it ended."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from wire.answers import Answer, Moment, Ticket
from wire.requests import Body

PRINT_ID: Final = r"^[0-9a-f]{16}$"

FETCH_WITHIN_S: Final = 20.0
"""An order that its kiosk has not fetched by then expires: nobody stands there any more."""

TELL_WITHIN_S: Final = 60.0
"""From then on a fetched order that was not told of counts as `unknown`, until it is."""

PrintState = Literal["waiting", "printed", "failed", "unknown"]
PrintOutcome = Literal["printed", "failed", "unknown"]

DeviceId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
PrintReason = Annotated[str, Meta(pattern=r"^[a-z_]*$", max_length=32)]


class PrintRequest(Body, frozen=True):
    """Which kiosk of the centre is to print the ticket."""

    device: DeviceId


class PrintEnd(Body, frozen=True):
    """How the paper ended, by the kiosk's own journal; `reason` is a printer's word, or empty."""

    outcome: PrintOutcome
    reason: PrintReason = ""


class PrintOrder(Answer, frozen=True):
    """One order. `reason` says why it failed: `expired`, `paper_out`, `cover_open` and so on.

    `copy` is whether the paper is marked as a copy: one may be out already.
    """

    id: str
    ticket: str
    number: str
    device: str
    kiosk: int
    state: PrintState
    reason: str
    copy: bool
    asked_at: Moment


class PrintsNow(msgspec.Struct, frozen=True):
    """A centre's orders of the last minutes, newest first; the event `prints`, when one changes."""

    centre: str
    orders: list[PrintOrder]


class PrintTask(Answer, frozen=True):
    """What a kiosk is to print: the ticket, its link, and how many papers may be out already.

    `late`: fetched before and not told of in time; a kiosk that never began it tells that it
    failed, and prints nothing.
    """

    id: str
    ticket: Ticket
    track_url: str
    papers: int
    late: bool


class PrintTasks(Answer, frozen=True):
    """Every order a kiosk has to deal with, oldest first."""

    tasks: list[PrintTask]
