"""What the server answers. Clients read leniently: fields may be added, never renamed."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from wire.words import CounterState, Foreign, Language, Name, Priority, Role, Source, State

Seconds0 = Annotated[int, Meta(ge=0)]
Moment = Annotated[datetime, Meta(tz=True)]


class Answer(msgspec.Struct, frozen=True):
    """What every answer shares."""


class CounterRef(Answer, frozen=True):
    """A counter as people see it."""

    id: str
    number: int


class Wait(Answer, frozen=True):
    """An honest wait: the likely time, and the time by which 9 of 10 are called."""

    likely_s: Seconds0
    high_s: Seconds0


class Ticket(Answer, frozen=True):
    """One ticket. `ahead` and `wait` are null once it has ended or is being served.

    `due_at` is there while somebody from another centre is on the way. `coming`: who was called
    says that they are on the way to the counter.
    """

    id: str
    centre: str
    day: str
    number: str
    service: str
    priority: Priority
    state: State
    counter: CounterRef | None
    issued_at: Moment
    called_at: Moment | None
    started_at: Moment | None
    ended_at: Moment | None
    ahead: int | None
    wait: Wait | None
    source: Source
    procedure: str | None = None
    language: Language = "vi"
    track_url: str | msgspec.UnsetType = msgspec.UNSET
    due_at: Moment | msgspec.UnsetType = msgspec.UNSET
    coming: bool = False


class Redirected(Ticket, frozen=True, kw_only=True):
    """A number of another centre, with what its paper says of the place.

    It is void at `void_at` if nobody has come by then.
    """

    centre_name: Name
    address: str
    void_at: Moment


class DayLimit(Answer, frozen=True):
    """A service's limit on a business day, null where there is none, and how many are out."""

    service: str
    day: str
    limit: int | None
    issued: int


class TicketBrief(Answer, frozen=True):
    """The ticket a counter holds."""

    number: str
    state: State


class Counter(Answer, frozen=True):
    """One counter and what it is doing."""

    id: str
    number: int
    state: CounterState
    services: list[str]
    ticket: TicketBrief | None


class NextAnswer(Answer, frozen=True):
    """What call-next did: the ticket called, the one ended, and why this one."""

    ticket: Ticket | None
    finished: Ticket | None
    reason: dict[str, Any] | None


class UndoAnswer(Answer, frozen=True):
    """What undo took back: the tickets as they are again, and the counter."""

    undone: str
    tickets: list[Ticket]
    counter: Counter


class Call(Answer, frozen=True):
    """One call as the hall shows and speaks it; (`call_id`, `times`) is said once.

    `language` is there where the ticket asked for another than Vietnamese.
    """

    call_id: str
    number: str
    service: str
    counter: CounterRef
    zone: str | None
    called_at: Moment
    times: int
    language: Foreign | UnsetType = UNSET


class ServiceLoad(Answer, frozen=True):
    """How busy a service is; the waits are null while no counter serves it."""

    id: str
    name: Name
    waiting: int
    open_counters: int
    likely_s: int | None
    high_s: int | None


class Board(Answer, frozen=True):
    """The public picture of a centre. No personal data in it, ever."""

    centre: str
    day: str
    seq: int
    as_of: Moment
    calls: list[Call]
    services: list[ServiceLoad]
    counters: list[Counter]


class CentreLoad(Answer, frozen=True):
    """One centre in the list: is it open, how many wait, how far."""

    id: str
    name: Name
    open: bool
    waiting: int
    likely_s: int | None
    km: float | None


class Offer(Answer, frozen=True):
    """A centre to go to instead: the way, the wait there after it, and what both save."""

    centre: str
    name: Name
    address: str
    km: float
    travel_s: Seconds0
    wait_s: Seconds0
    total_s: Seconds0
    saved_s: int
    waiting: int


class Offers(Answer, frozen=True):
    """What to tell somebody before they take a number: the wait, whether it fits, where else.

    `fits`: the likely wait and one service end before today's last closing, as far as is known.
    `left` are the numbers under today's limit; `opens_next`: the first number after today.
    """

    centre: str
    service: str
    as_of: Moment
    waiting: int
    wait: Wait | None
    fits: bool
    closes_at: Moment | None
    left: int | None
    opens_next: Moment | None
    offers: list[Offer]


class ServiceInfo(Answer, frozen=True):
    """A service as a kiosk or desk shows it."""

    id: str
    prefix: str
    name: Name
    target_wait_min: float
    typical_service_min: float
    anywhere: bool


class CounterInfo(Answer, frozen=True):
    """A counter as configured."""

    id: str
    number: int
    name: Name
    services: list[str]
    zone: str | None


class ZoneInfo(Answer, frozen=True):
    """An area of a floor with its own screens and loudspeaker."""

    id: str
    name: Name
    floor: int
    side: str


class VolumeStep(Answer, frozen=True):
    """From this time of day on (`HH:MM`, the centre's own), calls are so loud."""

    at: str
    percent: int


class VoiceInfo(Answer, frozen=True):
    """How calls sound here.

    The last step at or before the centre's local time holds; before the first of a day, the
    last one does. Without steps: as loud as can be.
    """

    chime: bool
    volume: list[VolumeStep]


class CentreInfo(Answer, frozen=True):
    """A centre's public configuration, and whether it hands out numbers now.

    `resumes_at`: the next session of this day, where one is still to come. The version of the
    procedures is empty where there are none.
    """

    id: str
    name: Name
    kind: str
    timezone: str
    address: str
    version: int
    day: str
    open: bool
    tickets: bool
    opens_at: Moment | None
    closes_at: Moment | None
    services: list[ServiceInfo]
    counters: list[CounterInfo]
    zones: list[ZoneInfo]
    simulation: float | None = None
    resumes_at: Moment | None = None
    procedures_version: str = ""
    voice: VoiceInfo = VoiceInfo(chime=True, volume=[])


class Procedure(Answer, frozen=True):
    """A row of the national catalogue as this centre takes it in, under one of its services.

    `papers` are what people usually bring; `on_the_spot` is null where nobody has said.
    """

    code: str
    name: Name
    field: str
    level: str
    on_the_spot: bool | None
    papers: list[str]
    service: str


class Procedures(Answer, frozen=True):
    """A centre's procedures, whole; the version changes with any of them."""

    centre: str
    version: str
    procedures: list[Procedure]


class Band(Answer, frozen=True):
    """A kiosk's own range of numbers, the same in every service, ends included."""

    first: int
    last: int


class Whoami(Answer, frozen=True):
    """Who the server takes the asker for, and what time it has."""

    role: Role
    name: str
    centre: str | None
    counter: str | None
    day: str | None
    now: Moment
    band: Band | None
    kiosk: int | None
    server: str


class Enrolled(Answer, frozen=True):
    """The token that a one-time code became; shown once."""

    token: str
    role: Role
    centre: str
    counter: str | None


class SignedIn(Answer, frozen=True):
    """The session of a person, and the token that guards its commands and sockets."""

    name: str
    role: Role
    centre: str | None
    csrf: str
    socket_token: str
