"""Rows as the wire shows them."""

from collections.abc import Callable

from msgspec import UNSET

from server.domain.centre import Bilingual, Centre
from server.domain.ticket import CounterRow, Ticket, instant
from server.domain.turns import ahead
from server.service.pacing import Pacing, Standing
from server.service.ports import Tx
from server.service.work import letting_pass
from wire.answers import Counter, CounterRef, TicketBrief, VoiceInfo, VolumeStep, Wait
from wire.answers import Ticket as TicketAnswer
from wire.words import Name

SEES_TRACK = frozenset({"greeter", "clerk", "manager", "admin"})


def name(text: Bilingual) -> Name:
    """A name as the wire has it."""
    return Name(text.vi, text.en)


def counter_ref(centre: Centre, counter: str | None) -> CounterRef | None:
    """The counter of a ticket, if it has one."""
    known = centre.counters.get(counter) if counter else None
    return CounterRef(known.id, known.number) if known else None


def voice_info(centre: Centre) -> VoiceInfo:
    """How calls sound at this centre."""
    steps = [VolumeStep(step.at, step.percent) for step in centre.voice.volume]
    return VoiceInfo(chime=centre.voice.chime, volume=steps)


def standing_of(pacing: Pacing, tx: Tx, ticket: Ticket, now_ms: int) -> Standing | None:
    """Where a ticket stands now; None unless it waits."""
    if ticket.state != "waiting":
        return None
    queues = [q for q in tx.queues(ticket.centre) if q.service == ticket.service]
    queue = (ticket.service, ticket.priority, ticket.pinned_to)
    set_back, own = [], 0
    for other, left in letting_pass(tx, ticket.centre, queue):
        if other.id == ticket.id:
            own = left
        elif (other.t_ref_ms, other.number) < (ticket.t_ref_ms, ticket.number):
            set_back.append(left)
    others = sum(one.waiting for one in queues) - 1
    place = ahead(tx.waiting_before(ticket), set_back, own, others)
    row = (ticket.service, ticket.priority, ticket.pinned_to or None)
    return pacing.standing(row, place, queues).not_before((ticket.ready_ms - now_ms) // 1000)


def newcomer_standing(
    pacing: Pacing, tx: Tx, centre: str, due_ms: int
) -> Callable[[str, str], Standing]:
    """Where somebody will stand who takes a number of a service and group and is due then.

    Those on the way from other centres and due later come after them, and so do those who came
    back and let calls pass.
    """
    queues = tx.queues(centre)
    places: dict[tuple[str, str, str], int] = {queue[:3]: queue.waiting for queue in queues}
    on_the_way = tx.on_the_way(centre, due_ms) if places else {}

    def standing(service: str, priority: str) -> Standing:
        place = places.get((service, priority, ""), 0)
        if priority == "none":
            place = max(0, place - on_the_way.get(service, 0))
        if place:
            lets = letting_pass(tx, centre, (service, priority, ""))
            place = ahead(place, [left for _, left in lets])
        mine = [queue for queue in queues if queue.service == service]
        return pacing.standing((service, priority, None), place, mine)

    return standing


def ticket_answer(
    ticket: Ticket,
    centre: Centre,
    standing: Standing | None,
    track_url: str | None = None,
    *,
    coming: bool = False,
) -> TicketAnswer:
    """A ticket as the API answers it. `standing` is for one that waits, `coming` for one called."""
    on_the_way = ticket.state == "waiting" and ticket.ready_ms > 0
    wait = standing.wait if standing else None
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
        ahead=standing.ahead if standing else None,
        wait=Wait(wait.likely_s, wait.high_s) if wait else None,
        source=ticket.source,
        procedure=ticket.procedure,
        language=ticket.language,
        track_url=UNSET if track_url is None else track_url,
        due_at=instant(ticket.ready_ms) if on_the_way else UNSET,
        coming=coming,
    )


def counter_answer(centre: Centre, row: CounterRow, held: Ticket | None) -> Counter:
    """A counter as the API answers it."""
    known = centre.counters[row.counter]
    ticket = TicketBrief(held.number, held.state) if held else None
    return Counter(known.id, known.number, row.state, list(known.services), ticket)
