"""What the server answers. Clients read leniently: fields may be added, never renamed."""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from wire.words import AdviceKind, CounterState, Language, Name, Priority, Role, Source, State

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

    `due_at` is there while somebody from another centre is on the way.
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
    """One call as the hall shows and speaks it; (`call_id`, `times`) is said once."""

    call_id: str
    number: str
    service: str
    counter: CounterRef
    zone: str | None
    called_at: Moment
    times: int


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


class WaitAccuracy(Answer, frozen=True):
    """How good the waits told on one day were; `covered` is the share called within `high_s`."""

    day: str
    tickets: int
    mean_error_s: Seconds0
    median_error_s: Seconds0
    covered: float


class Accuracy(Answer, frozen=True):
    """The centre's own measure of its estimates: today so far, and the days before."""

    centre: str
    today: WaitAccuracy | None
    days: list[WaitAccuracy]


class ServiceRef(Answer, frozen=True):
    """A service as people know it."""

    id: str
    name: Name


class Loan(Answer, frozen=True):
    """A service that a counter takes today beyond its own."""

    counter: CounterRef
    service: ServiceRef


class Advice(Answer, frozen=True):
    """One thing that a manager could do now, and what it would bring.

    `drain_s` is until nobody waits for the service, were nobody else to come, and
    `drain_after_s` the same with the advice followed. `gain_s` comes off the wait of one who
    comes now for it, `saved_s` off the waits of all who wait, together.
    """

    id: str
    kind: AdviceKind
    counter: CounterRef
    service: ServiceRef
    drain_s: Seconds0
    drain_after_s: Seconds0
    gain_s: Seconds0
    saved_s: Seconds0
    words: Name


class ServiceStrain(Answer, frozen=True):
    """How fast a service drains; `over`: so slowly that something should be done."""

    id: str
    name: Name
    waiting: int
    open_counters: int
    drain_s: Seconds0
    target_wait_s: Seconds0
    likely_s: int | None
    high_s: int | None
    over: bool


class AdviceBoard(Answer, frozen=True):
    """A centre as its manager sees it at `seq`: every service, and what to do, best first."""

    centre: str
    as_of: Moment
    seq: int
    services: list[ServiceStrain]
    advice: list[Advice]
    loans: list[Loan]


class AdviceTaken(Answer, frozen=True):
    """What a manager did: the counter as it is now, and the advice if it was given just then."""

    counter: Counter
    kind: AdviceKind
    service: ServiceRef | None
    advised: Advice | None


class CentreLoad(Answer, frozen=True):
    """One centre in the list: is it open, how many wait, how far."""

    id: str
    name: Name
    open: bool
    waiting: int
    likely_s: int | None
    km: float | None


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


class CentreInfo(Answer, frozen=True):
    """A centre's public configuration, and whether it hands out numbers now."""

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


class QueueItem(Answer, frozen=True):
    """One waiting or held ticket as the desk lists it."""

    id: str
    number: str
    service: str
    priority: Priority
    state: State
    waited_s: Seconds0
    procedure: str | None
    why: str | None


class UndoOffer(Answer, frozen=True):
    """The command that can still be taken back."""

    action: str
    number: str | None
    until: Moment


class Desk(Answer, frozen=True):
    """All a desk page shows for one counter, consistent at `seq`.

    `light`: somebody waits and this idle counter is the one to call. A call is said again after
    `recall_after_s`, at most `recalls` times.
    """

    seq: int
    as_of: Moment
    counter: Counter
    current: Ticket | None
    times: int
    next: list[QueueItem]
    held: list[QueueItem]
    waiting: int
    longest_s: int
    served_today: int
    undo: UndoOffer | None
    light: bool = False
    recall_after_s: int = 30
    recalls: int = 2


class PublicTicket(Answer, frozen=True):
    """What the holder of a track link may see."""

    number: str
    service: Name
    state: State
    counter: CounterRef | None
    zone: Name | None
    ahead: int | None
    wait: Wait | None
    issued_at: Moment
    called_at: Moment | None
    ended_at: Moment | None


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
