"""The routes of the desk beside its commands: seats, notes, the cost of a jump, the day."""

from typing import Any, Final

import msgspec

from server.web.operation import ApiOperation, Asked, roles
from server.web.services import Services
from wire import desk, requests
from wire.words import Priority

_COUNTER: Final = "/centres/{centre}/counters/{counter}"
_TICKET: Final = "/centres/{centre}/tickets/{ticket}"
_STAFF: Final = roles("clerk manager")


class JumpQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The group a ticket would move to; without one it would be called at once."""

    priority: Priority | None = None


def _seats(services: Services, asked: Asked) -> Any:
    return services.seats.plan(asked.centre)


def _sit(services: Services, asked: Asked) -> Any:
    counter = asked.path["counter"]
    return services.seats.sit(asked.caller, asked.centre, counter, asked.body, asked.operation)


def _leave(services: Services, asked: Asked) -> Any:
    return services.seats.leave(asked.caller, asked.centre, asked.path["counter"], asked.operation)


def _note(services: Services, asked: Asked) -> Any:
    ticket = asked.path["ticket"]
    return services.lobby.note(asked.caller, asked.centre, ticket, asked.body, asked.operation)


def _figures(services: Services, asked: Asked) -> Any:
    return services.desk.figures(asked.centre, asked.path["counter"])


def _ticket_jump(services: Services, asked: Asked) -> Any:
    return services.desk.ticket_jump(asked.centre, asked.path["ticket"], asked.query.priority)


def _reception_jump(services: Services, asked: Asked) -> Any:
    return services.desk.reception_jump(asked.centre, asked.path["service"])


DESK: Final = (
    ApiOperation(
        name="list_seats",
        method="GET",
        path="/centres/{centre}/seats",
        summary="Who works at which counter now, and who else could",
        roles=roles("clerk greeter manager admin"),
        answer=desk.Seats,
        run=_seats,
    ),
    ApiOperation(
        name="sit_down",
        method="POST",
        path=f"{_COUNTER}/seat",
        summary="Sit down at a counter, or hand it to a colleague",
        roles=_STAFF,
        body=requests.SeatRequest,
        answer=desk.Seats,
        refusals=("seat_taken", "unknown_user"),
        run=_sit,
    ),
    ApiOperation(
        name="leave_seat",
        method="POST",
        path=f"{_COUNTER}/leave",
        summary="Get up from a counter; its state stays as it is",
        roles=_STAFF,
        body=requests.Empty,
        answer=desk.Seats,
        run=_leave,
    ),
    ApiOperation(
        name="note_ticket",
        method="POST",
        path=f"{_TICKET}/note",
        summary="Note something of a ticket until its day ends; null takes the note away",
        roles=roles("clerk manager greeter"),
        body=requests.NoteRequest,
        answer=desk.Note,
        refusals=("looks_personal",),
        run=_note,
    ),
    ApiOperation(
        name="get_figures",
        method="GET",
        path=f"{_COUNTER}/figures",
        summary="What a counter did on this business day",
        roles=roles("clerk manager admin"),
        answer=desk.Figures,
        run=_figures,
    ),
    ApiOperation(
        name="get_ticket_jump",
        method="GET",
        path=f"{_TICKET}/jump",
        summary="What it costs the others to call a ticket now, or to move it to a group",
        roles=roles("clerk greeter manager"),
        query=JumpQuery,
        answer=desk.JumpCost,
        run=_ticket_jump,
    ),
    ApiOperation(
        name="get_reception_jump",
        method="GET",
        path="/centres/{centre}/services/{service}/jump",
        summary="What it costs the others to receive somebody at once for a service",
        roles=roles("clerk greeter manager"),
        answer=desk.JumpCost,
        run=_reception_jump,
    ),
)
