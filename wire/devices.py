"""How devices are: what each says of itself every few seconds, and what staff see of it.

Heartbeats refuse unknown fields, answers are read leniently, as everywhere.
"""

from typing import Annotated, Final, Literal, get_args

import msgspec
from msgspec import Meta

from wire.answers import Answer, CounterRef, Moment
from wire.requests import Body, Slug
from wire.words import Role

BEAT_EVERY_S: Final = 4.0
"""How often a device says how it is."""

SILENT_AFTER_S: Final = 9.0
"""A device that was not heard for so long is silent."""

LinkWord = Literal["up", "down", "connecting"]
PrinterWord = Literal["ok", "warn", "error", "unknown"]
PaperWord = Literal["ok", "low", "out", "unknown"]
CoverWord = Literal["closed", "open", "unknown"]
PanelWord = Literal["ok", "stale", "dead"]
SoundWord = Literal["on", "off", "blocked", "broken"]
KeysWord = Literal["ok", "dead"]
DeviceState = Literal["ok", "warn", "error", "silent", "unknown"]
Trouble = Literal[
    "silent", "paper_out", "cover_open", "printer_error", "panel_dead", "keys_dead", "refused",
    "paper_low", "sound", "outbox", "clock", "hot", "link",
]  # fmt: skip

DEVICE_STATES: Final[tuple[str, ...]] = get_args(DeviceState)

DETAIL_MOST: Final = 200
PANELS_MOST: Final = 64

# JSON tells 5.0 from 5 no more than JSON Schema does: both are that many.
Counted = Annotated[float, Meta(ge=0, le=1_000_000_000, multiple_of=1)]
Version = Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}$")]
Detail = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=DETAIL_MOST)]
OffsetSeconds = Annotated[float, Meta(ge=-1e10, le=1e10)]
Celsius = Annotated[float, Meta(ge=-100, le=200)]


class PrinterReport(Body, frozen=True):
    """A kiosk's printer as it says itself; `detail` is for whoever repairs it."""

    state: PrinterWord
    paper: PaperWord = "unknown"
    cover: CoverWord = "unknown"
    detail: Detail = ""


class PanelReport(Body, frozen=True):
    """One LED panel of a display agent."""

    counter: Slug
    state: PanelWord


class Heartbeat(Body, frozen=True):
    """How a device is, every 4 s and at once when its printer changes; never handed in late.

    `uptime_s` counts from the start of the agent. `outbox` are tickets still to be handed in,
    `refused` those refused for good, `unprinted` today's numbers without a paper.
    `clock_offset_s` is how far the server's time is ahead of the machine's own clock. `sound` is
    what a loudspeaker does: `off` as somebody set it, `blocked` until somebody touches the
    screen, `broken` without a device. `keys` are a pad's.
    """

    version: Version
    uptime_s: Counted | None = None
    link: LinkWord | None = None
    printer: PrinterReport | None = None
    outbox: Counted | None = None
    refused: Counted | None = None
    unprinted: Counted | None = None
    clock_trusted: bool | None = None
    clock_offset_s: OffsetSeconds | None = None
    temperature_c: Celsius | None = None
    panels: Annotated[list[PanelReport], Meta(max_length=PANELS_MOST)] | None = None
    presses_refused: Counted | None = None
    sound: SoundWord | None = None
    keys: KeysWord | None = None


class Beaten(Answer, frozen=True):
    """The server heard a heartbeat, at this time of its own."""

    now: Moment


class Device(Answer, frozen=True):
    """One device as staff see it.

    `unknown`: never heard, or not yet since this server started; `silent`: heard before, and
    not for 9 s. `report` is the last heartbeat, also of a silent device.
    """

    id: str
    role: Role
    name: str
    kiosk: int | None
    counter: CounterRef | None
    state: DeviceState
    trouble: list[Trouble]
    seen_at: Moment | None
    report: Heartbeat | None


class DevicesNow(msgspec.Struct, frozen=True):
    """Every device of a centre; the event `devices`, when a state or trouble changes."""

    centre: str
    devices: list[Device]
