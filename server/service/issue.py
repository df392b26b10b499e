"""Issue one ticket online."""

from server.domain.calendar import opening
from server.domain.centre import Service
from server.domain.estimate import at_the_front
from server.domain.numbering import on_paper, online_number
from server.domain.ticket import Ticket, instant
from server.service.answers import newcomer_standing
from server.service.day_limit import refuse_over_limit
from server.service.moment import desks_of
from server.service.pacing import Standing
from server.service.ports import Caller
from server.service.work import CentreWork, offered_service, waiting_by_service
from wire.errors import FieldFault, Refusal
from wire.ids import track_token, uuid7
from wire.requests import IssueRequest
from wire.words import Role, Source

SOURCES: dict[Role, Source] = {
    "kiosk": "kiosk",
    "greeter": "greeter",
    "clerk": "desk",
    "manager": "desk",
    "admin": "desk",
    "integration": "integration",
}
_MAY_ISSUE_OUTSIDE_HOURS = frozenset({"greeter", "manager", "admin"})
_KIOSK_ONLY = ("id", "track", "number", "issued_at", "replaces")


def check_request(caller: Caller, body: IssueRequest) -> None:
    """Refuse combinations of fields that make no ticket, naming each field.

    Raises:
        Refusal: `forbidden` where a kiosk's field comes from another role, else `invalid_body`.
    """
    if caller.role != "kiosk":
        _refuse("forbidden", [(f, "is for kiosks only") for f in _KIOSK_ONLY if _has(body, f)])
    elif body.number is None:
        alone = [field for field in ("issued_at", "replaces") if _has(body, field)]
        _refuse("invalid_body", [(f, "goes with a number of the kiosk's own") for f in alone])
    elif body.issued_at is None:
        _refuse("invalid_body", [("issued_at", "is missing; say when the number was given out")])


def _has(body: IssueRequest, field: str) -> bool:
    return getattr(body, field) is not None


def _refuse(code: str, faults: list[tuple[str, str]]) -> None:
    if faults:
        errors = tuple(FieldFault(field, message) for field, message in faults)
        raise Refusal(code, "The ticket was not issued.", errors=errors)


def issue(work: CentreWork, caller: Caller, body: IssueRequest, random: bytes) -> Ticket:
    """Give out the next online number of a service.

    Args:
        work: The open command.
        caller: Who asks; greeters and managers may ask outside hours.
        body: A checked request without a number of the kiosk's own.
        random: 32 random bytes for an identity the caller did not bring.

    Raises:
        Refusal: `unknown_service`, `centre_closed`, `day_full`, `id_taken`.
    """
    service = offered_service(work, body.service)
    if caller.role not in _MAY_ISSUE_OUTSIDE_HOURS:
        check_open(work)
    if body.id is not None or body.track is not None:
        check_identity(work, body)
    ticket = create(work, service, body.priority, SOURCES[caller.role], body, random)
    refuse_over_limit(work, service, caller.role)
    return ticket


def check_open(work: CentreWork) -> None:
    """Refuse while the centre hands out no numbers.

    Raises:
        Refusal: `centre_closed`, saying when numbers are handed out again.
    """
    state = opening(work.centre.hours, instant(work.now_ms))
    if state.tickets:
        return
    when = (
        f" Numbers are given out again from {state.opens_at:%Y-%m-%d %H:%M}."
        if (state.opens_at)
        else ""
    )
    raise Refusal("centre_closed", f"The centre is closed now.{when}")


def check_identity(work: CentreWork, body: IssueRequest) -> None:
    """Refuse an id or track link that another ticket already has.

    Raises:
        Refusal: `id_taken`.
    """
    if body.id is not None and work.tx.ticket_by_id(body.id) is not None:
        raise Refusal("id_taken", "Another ticket has this id; make a new one for each ticket.")
    if body.track is not None and work.tx.ticket_by_track(body.track) is not None:
        raise Refusal("id_taken", "Another ticket has this track; make a new one for each ticket.")


def create(
    work: CentreWork,
    service: Service,
    priority: str,
    source: Source,
    body: IssueRequest | None,
    random: bytes,
    *,
    ready_ms: int = 0,
    tell: bool = True,
    **data: str,
) -> Ticket:
    """Draw a number and store the ticket, waiting, with the wait that is told.

    Args:
        work: The open command.
        service: One of the centre's.
        priority: The ticket's group.
        source: Where it was issued.
        body: The request, where there is one: language, procedure, an identity.
        random: 32 random bytes for an identity that was not brought.
        ready_ms: When somebody on the way is due; they wait from then on.
        tell: Whether anybody is told a wait; not who is served at once.

    Raises:
        Refusal: `day_full` when every number is given out.
    """
    standing = _standing(work, service.id, priority, ready_ms) if tell else None
    body = body or IssueRequest(service=service.id)
    ticket = Ticket(
        id=body.id or uuid7(work.now_ms, random[:16], work.ledger.seq),
        centre=work.centre.id,
        day=work.day,
        number=_next_number(work, service),
        service=service.id,
        priority=priority,  # type: ignore[arg-type]  # checked by the request's own type
        state="waiting",
        counter=None,
        pinned_to="",
        t_ref_ms=max(ready_ms, work.now_ms),
        issued_ms=work.now_ms,
        called_ms=None,
        started_ms=None,
        ended_ms=None,
        cause=None,
        source=source,
        language=body.language,
        procedure=body.procedure,
        track=body.track or track_token(random[16:]),
        call_id=None,
        times=0,
        note=None,
        outcome=None,
        ready_ms=ready_ms,
    )
    if standing is not None:
        work.standings[ticket.id] = standing
        ticket = ticket._replace(**standing.told())
    return work.insert(ticket, **data)


def _next_number(work: CentreWork, service: Service) -> str:
    ordinal = work.tx.next_ordinal(work.centre.id, work.day, service.prefix)
    return on_paper(service.prefix, online_number(ordinal))


def _standing(work: CentreWork, service: str, priority: str, ready_ms: int) -> Standing:
    """Where somebody will stand who takes a number now; who is due later comes after them."""
    due_ms = max(ready_ms, work.now_ms)
    standing = newcomer_standing(work.pacing, work.tx, work.centre.id, due_ms)(service, priority)
    if standing.ahead == 0:
        standing = _at_the_front(work, service, standing)
    return standing.not_before((ready_ms - work.now_ms) // 1000 if ready_ms else 0)


def _at_the_front(work: CentreWork, service: str, standing: Standing) -> Standing:
    """The same with the counters of this very moment: what is told now is printed."""
    queued = waiting_by_service(work.tx.queues(work.centre.id))
    desks = desks_of(work.tx, work.centre, work.times, work.now_ms)
    first_min = at_the_front(service, desks, queued)
    if first_min == 0.0 or (first_min is not None and not standing.expected_s):
        return work.pacing.told(standing.ahead, first_min)
    return standing
