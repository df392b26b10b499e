"""Every route of the API. Routing, access, checks, OpenAPI and the tests read this list."""

from typing import Any, Final

import msgspec

from server.web import handlers
from server.web.access_operations import ACCESS, AUDIT, TOKENS, USERS
from server.web.content_operations import CONFIGURATION, PROCEDURES
from server.web.desk_operations import DESK
from server.web.greeter_operations import GREETER
from server.web.lobby_operations import DEVICES, HELP, NOTICES, SCANS
from server.web.operation import EVERY_ROLE, ApiOperation, roles
from server.web.visit_operations import BY_LINK, RATINGS
from wire import answers, desk, oversight, requests, visits

_COUNTER = "/centres/{centre}/counters/{counter}"
_TICKET = "/centres/{centre}/tickets/{ticket}"

_MANAGERS = roles("manager admin")
_STAFF = roles("clerk manager")
_LOBBY_STAFF = roles("clerk manager greeter")
_STAFF_AND_PAD = roles("clerk manager pad")
_LOBBY = roles("kiosk greeter clerk manager")

_MOVED: Final = ("invalid_transition",)
_HELD: Final = ("invalid_transition", "counter_busy")


def _ticket_action(
    action: str,
    use_case: str,
    summary: str,
    body: type[msgspec.Struct],
    who: frozenset[str],
    refusals: tuple[str, ...],
    **more: Any,
) -> ApiOperation:
    return ApiOperation(
        name=f"{use_case.rstrip('_')}_ticket",
        method="POST",
        path=f"{_TICKET}/{action}",
        summary=summary,
        roles=who,
        body=body,
        answer=answers.Ticket,
        refusals=refusals,
        run=handlers.ticket_command(use_case),
        **more,
    )


def _nullable(**fields: Any) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, **fields}


_SLUG_SCHEMA: Final = {"$ref": "#/components/schemas/Slug"}
_TRANSFER_SCHEMA: Final = {
    "oneOf": [
        _nullable(
            properties={"service": _SLUG_SCHEMA, "counter": {"type": "null"}},
            required=["service"],
        ),
        _nullable(
            properties={"counter": _SLUG_SCHEMA, "service": {"type": "null"}},
            required=["counter"],
        ),
    ]
}

TICKETS: Final = (
    ApiOperation(
        name="issue_ticket",
        method="POST",
        path="/centres/{centre}/tickets",
        summary="Issue a ticket, or hand in one that a kiosk printed by itself",
        roles=roles("kiosk greeter clerk manager integration"),
        body=requests.IssueRequest,
        answer=answers.Ticket,
        status=201,
        key_required=True,
        refusals=(
            *("unknown_service", "centre_closed", "day_full"),
            *("number_outside_band", "number_taken", "id_taken", "superseded"),
        ),
        run=handlers.issue_ticket,
    ),
    ApiOperation(
        name="redirect_ticket",
        method="POST",
        path="/centres/{centre}/redirects",
        summary="Issue a number of another centre to somebody who stands in this one",
        roles=_LOBBY,
        body=requests.RedirectRequest,
        answer=answers.Redirected,
        status=201,
        key_required=True,
        refusals=("unknown_service", "centre_closed", "day_full"),
        run=handlers.redirect_ticket,
    ),
    ApiOperation(
        name="limit_service",
        method="POST",
        path="/centres/{centre}/services/{service}/limit",
        summary="Limit the numbers of a service for today alone; null: as the centre file says",
        roles=_MANAGERS,
        body=requests.LimitRequest,
        answer=answers.DayLimit,
        run=handlers.limit_service,
    ),
    ApiOperation(
        name="get_ticket",
        method="GET",
        path=_TICKET,
        summary="One ticket",
        roles=roles("clerk greeter manager kiosk admin"),
        answer=answers.Ticket,
        run=handlers.get_ticket,
    ),
    _ticket_action(
        "call", "call", "Call this ticket out of order", requests.CallRequest, _STAFF,
        (*_HELD, "unknown_counter", "counter_not_open", "looks_personal", "reason_incomplete"),
    ),
    _ticket_action(
        "recall", "recall", "Call it again", requests.Empty, _STAFF_AND_PAD, _MOVED
    ),
    _ticket_action("start", "start", "Begin to serve it", requests.Empty, _STAFF, _MOVED),
    _ticket_action("finish", "finish", "End it, served", requests.FinishRequest, _STAFF, _MOVED),
    _ticket_action(
        "no-show", "no_show", "Nobody came", requests.LateRequest, _STAFF_AND_PAD,
        (*_MOVED, "too_early"),
    ),
    _ticket_action("hold", "hold", "Keep it aside", requests.HoldRequest, _STAFF,
        (*_MOVED, "looks_personal"),
    ),
    _ticket_action(
        "hold-reason", "set_hold_reason", "Say what a ticket on hold waits for",
        requests.HoldReasonRequest, _STAFF, (*_MOVED, "looks_personal"),
    ),
    _ticket_action(
        "resume", "resume", "Serve it again", requests.ResumeRequest, _STAFF,
        (*_HELD, "unknown_counter", "counter_not_open"),
    ),
    _ticket_action(
        "return", "return_", "Back to the queue with its old place", requests.Empty,
        _LOBBY_STAFF, _MOVED,
    ),
    _ticket_action(
        "check-in", "check_in", "Whoever was on the way from another centre is here",
        requests.Empty, _LOBBY, _MOVED,
    ),
    _ticket_action(
        "transfer", "transfer", "To another service or to one counter",
        requests.TransferRequest, _STAFF, (*_MOVED, "unknown_service", "unknown_counter"),
        body_schema=_TRANSFER_SCHEMA,
    ),
    _ticket_action(
        "cancel", "cancel", "Take it out of the queue", requests.Empty, _LOBBY_STAFF, _MOVED
    ),
    _ticket_action(
        "priority", "set_priority", "Change its priority group", requests.PriorityRequest,
        _LOBBY_STAFF, (*_MOVED, "looks_personal", "reason_incomplete"),
    ),
)  # fmt: skip


def _counter_action(
    name: str,
    use_case: str,
    summary: str,
    body: type[msgspec.Struct],
    answer: Any,
    who: frozenset[str],
    refusals: tuple[str, ...],
    **more: Any,
) -> ApiOperation:
    return ApiOperation(
        name=name,
        method="POST",
        path=f"{_COUNTER}/{more.pop('action', use_case)}",
        summary=summary,
        roles=who,
        body=body,
        answer=answer,
        refusals=refusals,
        run=handlers.counter_command(use_case),
        **more,
    )


COUNTERS: Final = (
    _counter_action(
        "open_counter", "open_counter", "Open a counter", requests.Empty, answers.Counter,
        _STAFF, (), action="open",
    ),
    _counter_action(
        "pause_counter", "pause_counter", "Pause it, with the code of the break",
        requests.PauseRequest, answers.Counter, _STAFF, ("counter_busy", "counter_not_open"),
        action="pause",
    ),
    _counter_action(
        "close_counter", "close_counter", "Close it", requests.Empty, answers.Counter,
        _STAFF, ("counter_busy",), action="close",
    ),
    _counter_action(
        "call_next", "call_next", "End what the counter has and call the best waiting ticket",
        requests.NextRequest, answers.NextAnswer, _STAFF_AND_PAD,
        ("counter_not_open", "counter_moved_on", "too_early", "invalid_transition",
         "looks_personal"), action="next",
        key_required=True,
    ),
    ApiOperation(
        name="undo",
        method="POST",
        path=f"{_COUNTER}/undo",
        summary="Take back the counter's last command, within 10 seconds",
        roles=_STAFF,
        body=requests.UndoRequest,
        answer=answers.UndoAnswer,
        refusals=("nothing_to_undo", "counter_moved_on"),
        run=handlers.counter_command("undo"),
    ),
    _counter_action(
        "receive", "receive", "Issue, call and start for a person who stands at the desk",
        requests.ReceiveRequest, answers.Ticket, _STAFF,
        ("unknown_service", "day_full", "counter_not_open", "looks_personal", "reason_incomplete"),
    ),
)  # fmt: skip

_LOAN_SCHEMA: Final = _nullable(
    properties={
        "kind": {"enum": ["lend", "take_back"]},
        "counter": _SLUG_SCHEMA,
        "service": _SLUG_SCHEMA,
    },
    required=["kind", "counter", "service"],
)
_OPENING_SCHEMA: Final = _nullable(
    properties={
        "kind": {"const": "open"},
        "counter": _SLUG_SCHEMA,
        "service": {"anyOf": [_SLUG_SCHEMA, {"type": "null"}]},
    },
    required=["kind", "counter"],
)

ADVICE: Final = (
    ApiOperation(
        name="get_advice",
        method="GET",
        path="/centres/{centre}/advice",
        summary="How fast each service drains, what could be done about it, and what is lent",
        roles=_MANAGERS,
        answer=oversight.AdviceBoard,
        run=handlers.get_advice,
    ),
    ApiOperation(
        name="take_advice",
        method="POST",
        path="/centres/{centre}/advice",
        summary="Open a counter, lend it to a service for today, or end that loan",
        roles=_MANAGERS,
        body=requests.AdviceRequest,
        body_schema={"oneOf": [_OPENING_SCHEMA, _LOAN_SCHEMA]},
        answer=oversight.AdviceTaken,
        refusals=("unknown_counter", "unknown_service"),
        run=handlers.take_advice,
    ),
)

READINGS: Final = (
    ApiOperation(
        name="get_board",
        method="GET",
        path="/centres/{centre}/board",
        summary="The public picture of a centre: calls, queues, counters",
        roles=EVERY_ROLE,
        answer=answers.Board,
        run=handlers.get_board,
    ),
    ApiOperation(
        name="get_desk",
        method="GET",
        path=f"{_COUNTER}/desk",
        summary="All that the desk page shows for one counter",
        roles=roles("clerk manager admin"),
        answer=desk.Desk,
        run=handlers.get_desk,
    ),
    ApiOperation(
        name="get_current",
        method="GET",
        path=f"{_COUNTER}/current",
        summary="The ticket a counter has now; a pad asks for its own counter's",
        roles=roles("clerk manager admin pad"),
        answer=desk.Current,
        run=handlers.get_current,
    ),
    ApiOperation(
        name="get_centre",
        method="GET",
        path="/centres/{centre}",
        summary="A centre's services, counters, zones, and whether it hands out numbers now",
        roles=EVERY_ROLE,
        answer=answers.CentreInfo,
        run=handlers.get_centre,
    ),
    ApiOperation(
        name="get_procedures",
        method="GET",
        path="/centres/{centre}/procedures",
        summary="The procedures a centre takes in: names, service, papers, done on the spot or not",
        roles=EVERY_ROLE - roles("hall pad"),
        answer=answers.Procedures,
        run=handlers.get_procedures,
    ),
    ApiOperation(
        name="get_accuracy",
        method="GET",
        path="/centres/{centre}/accuracy",
        summary="How good the waits told here were: error and coverage, today and by day",
        roles=EVERY_ROLE,
        answer=oversight.Accuracy,
        run=handlers.get_accuracy,
    ),
    ApiOperation(
        name="get_offers",
        method="GET",
        path="/centres/{centre}/offers",
        summary="Before a number is taken: the wait, whether it fits into today, where else",
        roles=_LOBBY,
        query=handlers.OffersQuery,
        answer=answers.Offers,
        refusals=("unknown_service",),
        run=handlers.get_offers,
    ),
    ApiOperation(
        name="list_centres",
        method="GET",
        path="/centres",
        summary="Every centre: open, waiting, likely wait, distance",
        roles=EVERY_ROLE,
        query=handlers.CentresQuery,
        answer=list[answers.CentreLoad],
        run=handlers.list_centres,
    ),
    ApiOperation(
        name="get_track",
        method="GET",
        path="/track/{track}",
        summary="The public part of a ticket, for whoever holds its link",
        door="open",
        refusals=("unknown_track",),
        answer=visits.PublicTicket,
        run=handlers.get_track,
    ),
)

OPERATIONS: Final[tuple[ApiOperation, ...]] = (
    *TICKETS,
    *COUNTERS,
    *ADVICE,
    *DESK,
    *READINGS,
    *DEVICES,
    *HELP,
    *NOTICES,
    *SCANS,
    *GREETER,
    *TOKENS,
    *USERS,
    *CONFIGURATION,
    *PROCEDURES,
    *AUDIT,
    *BY_LINK,
    *RATINGS,
    *ACCESS,
)
