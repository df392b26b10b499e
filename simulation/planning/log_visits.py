"""What happened to each ticket of a log: its visits to counters, from waiting to gone.

A ticket that is transferred, or comes back after it was missed, waits again: that is another
visit. What was taken back within seconds by an undo did not happen.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, get_args

from server.domain.lifecycle import ACTIVE
from simulation.planning.log_file import Event
from wire.words import Priority

End = Literal["served", "absent", "left"]

NEVER_CAME: Final = frozenset(("undone", "replaced"))


@dataclass
class Visit:
    """From joining a queue to leaving the counter, or to going away uncalled. Milliseconds.

    `spells` are the times at a counter; `end` is None for who still waited when the day ended,
    and `known` is False where nobody said when the service was over.
    """

    come_ms: int
    service: str
    group: Priority
    called_ms: int | None = None
    started_ms: int | None = None
    spells: list[tuple[int, int | None]] = field(default_factory=list)
    end: End | None = None
    end_ms: int | None = None
    counter: str | None = None
    known: bool = True

    def begin(self, at_ms: int, counter: str | None) -> None:
        """A counter has taken the person, for the first time or again."""
        if self.called_ms is None:
            self.called_ms = at_ms
        self.counter = counter or self.counter
        self.stop(at_ms)
        self.spells.append((at_ms, None))

    def stop(self, at_ms: int) -> None:
        """The counter has let the person go, for now."""
        if self.spells and self.spells[-1][1] is None:
            begun = self.spells[-1][0]
            self.spells[-1] = (begun, max(begun, at_ms))

    def finish(self, end: End, at_ms: int) -> None:
        """The visit is over."""
        self.stop(at_ms)
        self.end, self.end_ms = end, at_ms

    def reopen(self) -> None:
        """What ended the visit is taken back."""
        self.end, self.end_ms, self.known = None, None, True
        if self.spells:
            self.spells[-1] = (self.spells[-1][0], None)

    def uncall(self) -> None:
        """The call is taken back: the person waits as before."""
        self.called_ms = self.started_ms = self.end = self.end_ms = None
        self.spells.clear()


def visits_of(events: Iterable[Event]) -> list[Visit]:
    """The visits of one day, in the order people came for them."""
    trips: dict[str, list[Visit]] = {}
    for event in events:
        if event.ticket is None:
            continue
        if event.kind == "issued":
            trips[event.ticket] = _issued(event)
        elif trips.get(event.ticket):
            _happened(trips[event.ticket], event)
    return sorted(
        (visit for trip in trips.values() for visit in trip), key=lambda visit: visit.come_ms
    )


def _issued(event: Event) -> list[Visit]:
    """A number that was handed in when its day was over, or twice, is no visit."""
    row = event.data.set
    if row["state"] not in ("waiting", *ACTIVE):
        return []
    visit = Visit(row["issued_ms"], row["service"], _group(row["priority"]))
    if row["state"] in ACTIVE:
        visit.begin(event.moment_ms("called_ms"), event.counter)
    return [visit]


def _group(word: Any) -> Priority:
    return next((group for group in get_args(Priority) if group == word), "none")


def _happened(trip: list[Visit], event: Event) -> None:
    happened = _ON_KIND.get(event.kind)
    if event.data.undone is not None and event.kind in _PUT_BACK:
        _put_back(trip, event)
    elif happened is not None:
        happened(trip, event)


def _put_back(trip: list[Visit], event: Event) -> None:
    """An undo has put the ticket where it was before the command that is taken back."""
    visit = trip[-1]
    if event.kind == "returned":
        visit.uncall()
        visit.service = str(event.data.set.get("service", visit.service))
        return
    if visit.called_ms is None and len(trip) > 1:
        trip.pop()
    if event.kind in ("called", "resumed"):
        trip[-1].reopen()


def _called(trip: list[Visit], event: Event) -> None:
    trip[-1].begin(event.moment_ms("called_ms"), event.counter)


def _resumed(trip: list[Visit], event: Event) -> None:
    trip[-1].begin(event.at_ms, event.counter)


def _started(trip: list[Visit], event: Event) -> None:
    trip[-1].started_ms = trip[-1].started_ms or event.moment_ms("started_ms")


def _served(trip: list[Visit], event: Event) -> None:
    trip[-1].finish("served", event.moment_ms("ended_ms"))
    trip[-1].known = event.data.set.get("cause") != "day_end"


def _missed(trip: list[Visit], event: Event) -> None:
    trip[-1].finish("absent", event.moment_ms("ended_ms"))


def _held(trip: list[Visit], event: Event) -> None:
    trip[-1].stop(event.at_ms)


def _priority_changed(trip: list[Visit], event: Event) -> None:
    trip[-1].group = _group(event.data.set.get("priority"))


def _returned(trip: list[Visit], event: Event) -> None:
    """Back to the queue: after a missed call or a hold it is another visit."""
    visit = trip[-1]
    if visit.end is None and visit.called_ms is None:
        return  # Stepped back, or there from another centre: waits on.
    if visit.end is None and visit.spells and visit.spells[-1][1] is None:
        visit.uncall()
    else:
        _wait_again(trip, event.at_ms, visit.service)


def _transferred(trip: list[Visit], event: Event) -> None:
    visit = trip[-1]
    service = str(event.data.set.get("service", visit.service))
    if visit.called_ms is None:
        visit.service = service
    else:
        _wait_again(trip, event.at_ms, service)


def _wait_again(trip: list[Visit], at_ms: int, service: str) -> None:
    if trip[-1].end is None:
        trip[-1].finish("served", at_ms)
    trip.append(Visit(at_ms, service, trip[-1].group))


def _cancelled(trip: list[Visit], event: Event) -> None:
    visit, cause = trip[-1], event.data.set.get("cause")
    if cause in NEVER_CAME:
        trip.clear()
    elif visit.called_ms is not None:
        visit.finish("served" if visit.started_ms else "absent", event.moment_ms("ended_ms"))
        visit.known = cause != "day_end"
    elif cause != "day_end":
        visit.finish("left", event.moment_ms("ended_ms"))


_PUT_BACK: Final = frozenset(("called", "resumed", "returned", "no_show", "held", "served"))
_ON_KIND: Final[Mapping[str, Callable[[list[Visit], Event], None]]] = {
    "called": _called,
    "resumed": _resumed,
    "started": _started,
    "served": _served,
    "no_show": _missed,
    "held": _held,
    "priority_changed": _priority_changed,
    "returned": _returned,
    "transferred": _transferred,
    "cancelled": _cancelled,
}
