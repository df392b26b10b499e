"""A number for another centre: taken here, waiting there, for somebody who is on the way.

It counts in the other centre's queue from the start, is called from `ready_ms` on or once the
person has checked in, and is void half an hour after `ready_ms` if nobody came.
"""

from typing import Final

from server.domain.calendar import business_day, opening
from server.domain.centre import Centre, Service
from server.domain.ticket import Ticket, instant
from server.domain.travel import kilometres, travel_min
from server.service.answers import name
from server.service.day_limit import refuse_over_limit
from server.service.issue import check_open, create
from server.service.work import CentreWork, offered_service
from wire.answers import Redirected
from wire.answers import Ticket as TicketAnswer
from wire.errors import FieldFault, Refusal
from wire.requests import IssueRequest, RedirectRequest

VOID_AFTER_MS: Final = 30 * 60_000
_MINUTE_MS: Final = 60_000


def _refuse(field: str, message: str) -> Refusal:
    fault = FieldFault(field, message)
    return Refusal("invalid_body", "The ticket was not issued.", errors=(fault,))


def check_elsewhere(centre: str, body: RedirectRequest) -> None:
    """Refuse to send somebody to where they are.

    Raises:
        Refusal: `invalid_body`.
    """
    if body.to == centre:
        raise _refuse("to", "is the centre the person stands in; name another")


def redirect(work: CentreWork, home: Centre, body: RedirectRequest, random: bytes) -> Ticket:
    """Give out a number of this command's centre to somebody who stands in another.

    Args:
        work: The open command on the centre they go to; its lock is the only one.
        home: The centre they stand in.
        body: Service, and where to.
        random: 32 random bytes for the identity.

    Raises:
        Refusal: `unknown_service`, `invalid_body`, `centre_closed`, `day_full`.
    """
    service = _served_anywhere(work, home, body.service)
    ready_ms = work.now_ms + _travel_ms(home, work.centre)
    check_open(work)
    _check_open_then(work, ready_ms)
    asked = IssueRequest(service=service.id, language=body.language, procedure=body.procedure)
    ticket = create(
        work, service, "none", "redirect", asked, random, ready_ms=ready_ms, from_centre=home.id
    )
    refuse_over_limit(work, service)
    return ticket


def with_place(answer: TicketAnswer, work: CentreWork, ticket: Ticket) -> Redirected:
    """The answer about a number of this command's centre, with what its paper says of the place."""
    fields = {field: getattr(answer, field) for field in answer.__struct_fields__}
    return Redirected(
        **fields,
        centre_name=name(work.centre.name),
        address=work.centre.address,
        void_at=instant(ticket.ready_ms + VOID_AFTER_MS),
    )


def _served_anywhere(work: CentreWork, home: Centre, wanted: str) -> Service:
    here = home.services.get(wanted)
    if here is None or here.retired:
        raise Refusal("unknown_service", f"{home.id} has no service '{wanted}'.")
    there = offered_service(work, wanted)
    if not (here.anywhere and there.anywhere):
        raise _refuse("service", "is not one that may be served at any centre")
    return there


def _travel_ms(home: Centre, there: Centre) -> int:
    if home.lat is None or home.lon is None or there.lat is None or there.lon is None:
        nowhere = home.id if home.lat is None else there.id
        raise _refuse("to", f"cannot be timed: {nowhere} has no location in its file")
    km = kilometres((home.lat, home.lon), (there.lat, there.lon))
    return travel_min(km) * _MINUTE_MS


def _check_open_then(work: CentreWork, ready_ms: int) -> None:
    """Refuse a way that is longer than the day."""
    hours, then = work.centre.hours, instant(ready_ms)
    if business_day(then, hours.timezone) != work.day or not opening(hours, then).tickets:
        raise Refusal("centre_closed", f"{work.centre.id} is closed before one can be there.")


def check_in(work: CentreWork, ticket: Ticket) -> Ticket:
    """The person is there: from now on the ticket may be called, and is not void.

    The event is `returned`: the ticket is in the queue, to be called. Once is enough; a repeat
    changes nothing.

    Raises:
        Refusal: `invalid_transition` for anything but a waiting ticket of another centre's.
    """
    if ticket.source != "redirect" or ticket.state != "waiting":
        raise Refusal(
            "invalid_transition",
            "Only somebody on the way from another centre checks in, while they are waited for.",
            from_state=ticket.state,
            action="check-in",
        )
    if ticket.ready_ms == 0:
        return ticket
    changes = {"ready_ms": 0, "t_ref_ms": min(ticket.t_ref_ms, work.now_ms)}
    return work.move(ticket, "returned", changes, checked_in=True)


def void(work: CentreWork) -> int:
    """End the tickets for whom nobody came; how many."""
    late = work.tx.overdue(work.centre.id, work.now_ms - VOID_AFTER_MS)
    for ticket in late:
        changes = {"state": "cancelled", "ended_ms": work.now_ms, "cause": "void", "pinned_to": ""}
        work.move(ticket, "cancelled", changes)
    return len(late)
