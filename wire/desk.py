"""What the clerk's desk is told: its counter's picture, its people, its day, the cost of a jump."""

from typing import Any

import msgspec

from wire.answers import Answer, Counter, CounterRef, Moment, Procedure, Seconds0, Ticket
from wire.words import CounterState, HeldFor, Priority, State


class QueueItem(Answer, frozen=True):
    """One waiting or held ticket as the desk lists it.

    Of a held one, `reason` says what it waits for, or `why` does in words.
    """

    id: str
    number: str
    service: str
    priority: Priority
    state: State
    waited_s: Seconds0
    procedure: str | None
    why: str | None
    reason: HeldFor | None = None


class UndoOffer(Answer, frozen=True):
    """The command that can still be taken back; undo names its `id` as what was seen."""

    id: str
    action: str
    number: str | None
    until: Moment


class Step(Answer, frozen=True):
    """An earlier call of the current ticket today: one number may have several steps."""

    counter: CounterRef
    service: str
    called_at: Moment


class LastCounter(Answer, frozen=True):
    """A service that no other counter serves now, and how many wait for it."""

    service: str
    waiting: int


class Desk(Answer, frozen=True):
    """All a desk page shows for one counter, consistent at `seq`.

    `light`: somebody waits and this idle counter is the one to call. A call is said again after
    `recall_after_s`, at most `recalls` times; nobody is given up before `no_show_after_s`.
    `reason` is why the current ticket was called, as call-next answered it; `procedures` has what
    is known of the procedures that the listed tickets name.
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
    no_show_after_s: int = 60
    pause_code: str | None = None
    reason: dict[str, Any] | None = None
    note: str | None = None
    steps: tuple[Step, ...] = ()
    last_for: tuple[LastCounter, ...] = ()
    procedures: dict[str, Procedure] = msgspec.field(default_factory=dict)


class Current(Answer, frozen=True):
    """The ticket a counter has now, for a device that works it and must name that ticket."""

    ticket: Ticket | None


class Note(Answer, frozen=True):
    """What is noted of a ticket; null where nothing is."""

    ticket: str
    text: str | None


class JumpCost(Answer, frozen=True):
    """What it costs the others that somebody goes before them.

    `people` are those who would have been called first; each waits about `each_s` longer.
    """

    people: int
    each_s: Seconds0


class Seat(Answer, frozen=True):
    """Who works at a counter today, by account name, and since when."""

    counter: CounterRef
    name: str
    since: Moment


class Seats(Answer, frozen=True):
    """Who works where, and who else could; also the event `seats`, whenever that changes.

    For the staff alone: names of accounts are no part of any public answer.
    """

    centre: str
    seats: list[Seat]
    colleagues: list[str]


class Figures(Answer, frozen=True):
    """What a counter did on this business day.

    The medians are null where nothing was served; `outcomes` counts served tickets by outcome,
    those without one under `none`.
    """

    counter: CounterRef
    day: str
    state: CounterState
    served: int
    no_show: int
    held: int
    dossiers: int
    outcomes: dict[str, int]
    service_median_s: int | None
    walk_median_s: int | None
    wait_median_s: int | None
