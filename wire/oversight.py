"""What those who run a centre are answered: strain and advice, loans, how good the waits were.

As all answers, read leniently: fields may be added, never renamed.
"""

from wire.answers import Answer, Counter, CounterRef, Moment, Seconds0
from wire.words import AdviceKind, Name


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
