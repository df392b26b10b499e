"""The routes about the lobby's devices, calls for help, notices and scanned slips."""

from typing import Final

from server.web import lobby_handlers
from server.web.operation import ApiOperation, roles
from wire import devices, help, notices, requests, scans  # the module is the noun

DEVICES: Final = (
    ApiOperation(
        name="take_heartbeat",
        method="POST",
        path="/heartbeat",
        summary="How a device is: every 4 seconds, and at once when its printer changes",
        roles=roles("kiosk display hall pad"),
        counted=False,
        body=devices.Heartbeat,
        answer=devices.Beaten,
        refusals=("too_many_requests",),
        run=lobby_handlers.take_heartbeat,
    ),
    ApiOperation(
        name="list_devices",
        method="GET",
        path="/centres/{centre}/devices",
        summary="Every device of a centre: how it is, and what is wrong with it",
        roles=roles("greeter clerk manager admin integration"),
        answer=list[devices.Device],
        run=lobby_handlers.list_devices,
    ),
)

_HELP: Final = "/centres/{centre}/help"

HELP: Final = (
    ApiOperation(
        name="call_help",
        method="POST",
        path=_HELP,
        summary="Ask for a member of staff to come; who calls already keeps the call there is",
        roles=roles("kiosk pad clerk manager"),
        body=help.HelpRequest,
        answer=help.HelpCall,
        refusals=("unknown_counter",),
        run=lobby_handlers.call_help,
    ),
    ApiOperation(
        name="list_help",
        method="GET",
        path=_HELP,
        summary="Who calls for help, who called first before the others",
        roles=roles("kiosk pad greeter clerk manager admin"),
        answer=help.HelpCalls,
        run=lobby_handlers.list_help,
    ),
    ApiOperation(
        name="come_to_help",
        method="POST",
        path=f"{_HELP}/{{help}}/coming",
        summary="Say that somebody is on the way",
        roles=roles("greeter clerk manager"),
        body=requests.Empty,
        answer=help.HelpCall,
        refusals=("invalid_transition",),
        run=lobby_handlers.come_to_help,
    ),
    ApiOperation(
        name="clear_help",
        method="POST",
        path=f"{_HELP}/{{help}}/clear",
        summary="End a call for help; a kiosk and a pad end their own",
        roles=roles("kiosk pad greeter clerk manager"),
        body=requests.Empty,
        answer=help.HelpCall,
        run=lobby_handlers.clear_help,
    ),
)

_NOTICES: Final = "/centres/{centre}/notices"

NOTICES: Final = (
    ApiOperation(
        name="post_notice",
        method="POST",
        path=_NOTICES,
        summary="Tell the hall, the staff or both, until a moment or until it is ended",
        roles=roles("manager admin"),
        body=notices.NoticeRequest,
        answer=notices.Notice,
        refusals=("notices_full", "already_past"),
        run=lobby_handlers.post_notice,
    ),
    ApiOperation(
        name="list_notices",
        method="GET",
        path=_NOTICES,
        summary="What is told now, the newest first; devices are told what is for the hall",
        roles=roles("hall kiosk display greeter clerk manager admin integration"),
        answer=notices.Notices,
        run=lobby_handlers.list_notices,
    ),
    ApiOperation(
        name="end_notice",
        method="POST",
        path=f"{_NOTICES}/{{notice}}/end",
        summary="Take a notice down; safe to repeat",
        roles=roles("manager admin"),
        body=requests.Empty,
        answer=notices.Notice,
        run=lobby_handlers.end_notice,
    ),
)

SCANS: Final = (
    ApiOperation(
        name="scan_slip",
        method="POST",
        path="/centres/{centre}/scans",
        summary="The ticket behind a slip's code, checked in if it was on its way here",
        roles=roles("kiosk greeter"),
        by_address=True,
        body=scans.ScanRequest,
        answer=scans.Scanned,
        refusals=("unknown_ticket", "too_many_requests"),
        run=lobby_handlers.scan_slip,
    ),
)
