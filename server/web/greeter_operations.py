"""The routes of a greeter: finding a ticket, and its paper at a chosen kiosk."""

from typing import Final

from server.web import greeter_handlers
from server.web.operation import ApiOperation, roles
from wire import answers, prints, requests

_PRINTS: Final = "/centres/{centre}/prints"

GREETER: Final = (
    ApiOperation(
        name="find_tickets",
        method="GET",
        path="/centres/{centre}/tickets",
        summary="Today's tickets whose number holds `find`, the newest 20; without it, of all",
        roles=roles("clerk greeter manager admin"),
        query=greeter_handlers.FindQuery,
        answer=list[answers.Ticket],
        run=greeter_handlers.find_tickets,
    ),
    ApiOperation(
        name="print_ticket",
        method="POST",
        path="/centres/{centre}/tickets/{ticket}/print",
        summary="Ask a kiosk for its paper; marked as a copy where one may be out already",
        roles=roles("clerk greeter manager"),
        body=prints.PrintRequest,
        answer=prints.PrintOrder,
        refusals=("unknown_device", "printer_not_ready", "invalid_transition"),
        run=greeter_handlers.print_ticket,
    ),
    ApiOperation(
        name="get_print",
        method="GET",
        path=f"{_PRINTS}/{{print}}",
        summary="How a paper that was asked for stands",
        roles=roles("clerk greeter manager admin"),
        answer=prints.PrintOrder,
        run=greeter_handlers.get_print,
    ),
    ApiOperation(
        name="fetch_prints",
        method="POST",
        path="/centres/{centre}/print-tasks",
        summary="What this kiosk is to print, or has not told of yet; safe to repeat",
        roles=roles("kiosk"),
        body=requests.Empty,
        answer=prints.PrintTasks,
        run=greeter_handlers.fetch_prints,
    ),
    ApiOperation(
        name="end_print",
        method="POST",
        path=f"{_PRINTS}/{{print}}/end",
        summary="How a paper ended; the kiosk's first word counts",
        roles=roles("kiosk"),
        body=prints.PrintEnd,
        answer=prints.PrintOrder,
        run=greeter_handlers.end_print,
    ),
)
