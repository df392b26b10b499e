"""Hand in a number that a kiosk gave out by itself, away from the server.

Such a number is on paper already: it is never refused for hours, a retired service, capacity
or rate. If an online try went unanswered before it, that try's ticket makes way.
"""

from server.domain.calendar import business_day, day_end
from server.domain.lifecycle import ACTIVE
from server.domain.numbering import check_kiosk_number
from server.domain.ticket import Ticket, instant, milliseconds
from server.service.ports import Caller, Operation, OperationRow, Reply
from server.service.work import CentreWork
from wire.errors import Refusal
from wire.ids import track_token, uuid7
from wire.live import ChangedCall
from wire.requests import IssueRequest

SUPERSEDED = 0
"""The stored status of a key whose hand-in came first."""

_MAKES_WAY = frozenset({"waiting", "on_hold", "called", "serving"})


def hand_in(
    work: CentreWork, caller: Caller, body: IssueRequest, operation: Operation, random: bytes
) -> Ticket:
    """Store a kiosk's own number as it was given out.

    Args:
        work: The open command.
        caller: The kiosk, with its band and number.
        body: A checked request with `number` and `issued_at`.
        operation: Whose scope `replaces` is looked up in.
        random: 64 random bytes.

    Returns:
        The stored ticket; the one already stored where this number was handed in before.

    Raises:
        Refusal: `unknown_service`, `number_outside_band`, `number_taken`, `id_taken`.
    """
    service = work.centre.services.get(body.service)
    if service is None:
        raise Refusal("unknown_service", f"{work.centre.id} never had a service '{body.service}'.")
    assert body.number is not None
    assert body.issued_at is not None
    prefixes = service.former_prefixes | {service.prefix}
    check_kiosk_number(body.number, prefixes, caller.band, caller.kiosk)
    issued_ms = max(0, min(milliseconds(body.issued_at), work.now_ms))
    day = business_day(instant(issued_ms), work.centre.hours.timezone)
    twin = _twin(work, body, operation)
    known = _handed_in_before(work, body, day, twin)
    if known is not None:
        return known
    if twin is not None and twin.id == body.id:
        return _renumber(work, twin, body, issued_ms, random)
    taken_over = _make_way(work, twin) if twin else None
    ticket = work.insert(_offline(work, body, issued_ms, day, random))
    if taken_over is not None and ticket.state == "waiting":
        ticket = _take_over(work, ticket, taken_over, random)
    return ticket


def _offline(
    work: CentreWork, body: IssueRequest, issued_ms: int, day: str, random: bytes
) -> Ticket:
    over = day < work.day
    ended_ms = milliseconds(day_end(day, work.centre.hours.timezone)) if over else None
    assert body.number is not None
    return Ticket(
        id=body.id or uuid7(work.now_ms, random[:16]),
        centre=work.centre.id,
        day=day,
        number=body.number,
        service=body.service,
        priority=body.priority,
        state="cancelled" if over else "waiting",
        counter=None,
        pinned_to="",
        t_ref_ms=issued_ms,
        issued_ms=issued_ms,
        called_ms=None,
        started_ms=None,
        ended_ms=ended_ms,
        cause="day_end" if over else None,
        source="offline",
        language=body.language,
        procedure=body.procedure,
        track=body.track or track_token(random[16:32]),
        call_id=None,
        times=0,
        note=None,
        outcome=None,
    )


def _twin(work: CentreWork, body: IssueRequest, operation: Operation) -> Ticket | None:
    """The ticket of the unanswered online try; from now on the try is refused."""
    if body.replaces is None:
        return None
    if body.replaces == operation.key:
        raise Refusal("idempotency_mismatch", "A hand-in cannot replace its own key.")
    row: OperationRow | None = work.tx.operation(operation.scope, body.replaces)
    if row is None:
        barred = Operation(operation.scope, body.replaces, "")
        work.tx.save_operation(barred, work.centre.id, Reply(SUPERSEDED, b""), None, work.now_ms)
        return None
    work.tx.supersede_operation(operation.scope, body.replaces)
    return work.tx.ticket(work.centre.id, row.ticket) if row.ticket else None


def _handed_in_before(
    work: CentreWork, body: IssueRequest, day: str, twin: Ticket | None
) -> Ticket | None:
    """The same hand-in under another key; anything else in its way is refused."""
    assert body.number is not None
    same = work.tx.ticket_by_id(body.id) if body.id is not None else None
    if same is not None and (same.centre, same.day, same.number) == (
        work.centre.id,
        day,
        body.number,
    ):
        return same
    if same is not None and (twin is None or same.id != twin.id):
        raise Refusal("id_taken", "Another ticket has this id; make a new one for each ticket.")
    if work.tx.ticket_by_number(work.centre.id, day, body.number) is not None:
        raise Refusal("number_taken", f"{body.number} was already given out on {day}.")
    track = work.tx.ticket_by_track(body.track) if body.track is not None else None
    if track is not None and (twin is None or track.id != twin.id):
        raise Refusal("id_taken", "Another ticket has this track; make a new one for each ticket.")
    return None


def _make_way(work: CentreWork, twin: Ticket) -> Ticket | None:
    """Cancel the twin with cause `replaced`; return it as it was, if it was still open."""
    if twin.state not in _MAKES_WAY:
        return None
    changes = {
        "state": "cancelled",
        "cause": "replaced",
        "ended_ms": work.now_ms,
        "pinned_to": "",
        "track": None,
    }
    work.move(twin, "cancelled", changes)
    work.count_issued(twin, -1)
    if twin.call_id is not None and twin.state in ACTIVE:
        work.tx.hide_call(work.centre.id, twin.call_id, True)
    return twin


def _take_over(work: CentreWork, ticket: Ticket, twin: Ticket, random: bytes) -> Ticket:
    """Give the paper's number the place that its twin had reached."""
    if twin.state in ACTIVE:
        ticket = _call_as(work, ticket, twin, random)
    if twin.state == "serving":
        changes = {"state": "serving", "started_ms": twin.started_ms}
        ticket = work.move(ticket, "started", changes)
    elif twin.state == "on_hold":
        changes = {"state": "on_hold", "counter": twin.counter, "note": twin.note}
        ticket = work.move(ticket, "held", changes)
    return ticket


def _call_as(work: CentreWork, ticket: Ticket, twin: Ticket, random: bytes) -> Ticket:
    call_id = uuid7(work.now_ms, random[32:48], work.ledger.seq)
    changes = {
        "state": "called",
        "counter": twin.counter,
        "called_ms": twin.called_ms,
        "call_id": call_id,
        "times": 1,
    }
    announced = ChangedCall.of(call_id, 1, ticket.language)
    ticket = work.move(ticket, "called", changes, call=announced, why="replaced")
    work.insert_call(ticket, {"rule": "replaced", "number": twin.number})
    return ticket


def _renumber(
    work: CentreWork, twin: Ticket, body: IssueRequest, issued_ms: int, random: bytes
) -> Ticket:
    """The try and the paper share one identity: the one ticket takes the paper's number."""
    changes = {
        "number": body.number,
        "source": "offline",
        "issued_ms": issued_ms,
        "t_ref_ms": min(twin.t_ref_ms, issued_ms),
        "track": body.track or twin.track,
    }
    ticket = work.move(twin, "issued", changes, why="replaced", number_before=twin.number)
    if twin.state in ACTIVE:
        assert twin.call_id is not None
        work.tx.hide_call(work.centre.id, twin.call_id, True)
        ticket = _call_as(work, ticket, twin, random)
        if twin.state == "serving":
            ticket = work.move(ticket, "started", {"state": "serving"})
    return ticket


def remembered(row: OperationRow, operation: Operation) -> Reply:
    """The stored answer of an operation that is asked for again.

    Raises:
        Refusal: `superseded`, or `idempotency_mismatch` where the body differs.
    """
    if row.status == SUPERSEDED:
        raise Refusal("superseded", "A number given out by the kiosk itself took this one's place.")
    if row.digest != operation.digest:
        raise Refusal(
            "idempotency_mismatch",
            "This Idempotency-Key was used with another body; use a new key for a new request.",
        )
    return Reply(200, row.body, repeated=True)
