"""Rows as the wire shows them."""

from collections.abc import Mapping

from msgspec import UNSET

from server.domain.centre import Bilingual, Centre
from server.domain.estimate import Expected, Pace, expected
from server.domain.ticket import CounterRow, Queued, Ticket, instant
from server.domain.turns import ahead
from server.service.ports import Tx
from wire.answers import Counter, CounterRef, PublicTicket, TicketBrief, Wait
from wire.answers import Ticket as TicketAnswer
from wire.words import Name

SEES_TRACK = frozenset({"greeter", "clerk", "manager", "admin"})
_REGULAR = frozenset({"none", "appointment"})


class Pacing:
    """The table of waits that answers read: each service's pace, and who is busy."""

    __slots__ = ("busy", "paces")

    def __init__(self, paces: Mapping[str, Pace], busy: Mapping[str, int]) -> None:
        self.paces = paces
        self.busy = busy

    def wait(self, service: str, ahead: int) -> Expected | None:
        """The expected wait behind so many; None while no open counter serves it."""
        pace = self.paces.get(service)
        return expected(pace, ahead, self.busy.get(service, 0)) if pace else None


NO_PACING = Pacing({}, {})


def name(text: Bilingual) -> Name:
    """A name as the wire has it."""
    return Name(text.vi, text.en)


def counter_ref(centre: Centre, counter: str | None) -> CounterRef | None:
    """The counter of a ticket, if it has one."""
    known = centre.counters.get(counter) if counter else None
    return CounterRef(known.id, known.number) if known else None


def newly_ahead(queues: list[Queued], ticket: Ticket) -> int:
    """How many are expected to be called before a ticket that has just joined its queue.

    Args:
        queues: The centre's queues, this ticket counted in its own.
        ticket: The new ticket.
    """
    mine = [
        queue
        for queue in queues
        if queue.service == ticket.service and queue.pinned_to in ("", ticket.pinned_to)
    ]
    regular = ticket.priority in _REGULAR
    return sum(q.waiting for q in mine if regular or q.priority not in _REGULAR) - 1


def ahead_of(tx: Tx, ticket: Ticket) -> int:
    """How many waiting tickets of the service are expected to be called before this one."""
    calls = tx.calls(ticket.centre).get(ticket.service, 0)
    queue = (ticket.service, ticket.priority, ticket.pinned_to)
    queues = [q for q in tx.queues(ticket.centre) if q.service == ticket.service]
    set_back = [
        other.behind - calls
        for other in tx.set_back(ticket.centre)
        if (other.service, other.priority, other.pinned_to) == queue
        and (other.t_ref_ms, other.number) < (ticket.t_ref_ms, ticket.number)
        and other.behind > calls
    ]
    before = tx.waiting_before(ticket)
    if ticket.priority in _REGULAR:
        before += sum(q.waiting for q in queues if q.priority not in _REGULAR)
    others = sum(q.waiting for q in queues) - 1
    return ahead(before, set_back, ticket.behind - calls, others)


def ticket_answer(
    ticket: Ticket,
    centre: Centre,
    ahead: int | None,
    pacing: Pacing,
    track_url: str | None = None,
) -> TicketAnswer:
    """A ticket as the API answers it. `ahead` is shown only while it waits."""
    waiting = ticket.state == "waiting" and ahead is not None
    on_the_way = ticket.state == "waiting" and ticket.ready_ms > 0
    wait = pacing.wait(ticket.service, ahead) if waiting and ahead is not None else None
    return TicketAnswer(
        id=ticket.id,
        centre=ticket.centre,
        day=ticket.day,
        number=ticket.number,
        service=ticket.service,
        priority=ticket.priority,
        state=ticket.state,
        counter=counter_ref(centre, ticket.counter),
        issued_at=instant(ticket.issued_ms),
        called_at=instant(ticket.called_ms) if ticket.called_ms is not None else None,
        started_at=instant(ticket.started_ms) if ticket.started_ms is not None else None,
        ended_at=instant(ticket.ended_ms) if ticket.ended_ms is not None else None,
        ahead=ahead if waiting else None,
        wait=Wait(wait.likely_s, wait.high_s) if wait else None,
        source=ticket.source,
        procedure=ticket.procedure,
        language=ticket.language,
        track_url=UNSET if track_url is None else track_url,
        due_at=instant(ticket.ready_ms) if on_the_way else UNSET,
    )


def counter_answer(centre: Centre, row: CounterRow, held: Ticket | None) -> Counter:
    """A counter as the API answers it."""
    known = centre.counters[row.counter]
    ticket = TicketBrief(held.number, held.state) if held else None
    return Counter(known.id, known.number, row.state, list(known.services), ticket)


def public_ticket(
    ticket: Ticket, centre: Centre, ahead: int | None, pacing: Pacing
) -> PublicTicket:
    """What the holder of the link sees of a ticket."""
    whole = ticket_answer(ticket, centre, ahead, pacing)
    zone = centre.zone_of(ticket.counter)
    return PublicTicket(
        number=whole.number,
        service=name(centre.services[ticket.service].name),
        state=whole.state,
        counter=whole.counter,
        zone=name(zone.name) if zone else None,
        ahead=whole.ahead,
        wait=whole.wait,
        issued_at=whole.issued_at,
        called_at=whole.called_at,
        ended_at=whole.ended_at,
    )
