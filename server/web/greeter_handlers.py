"""What the operations of greeters, and of kiosks that print for them, do once admitted."""

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from server.web.operation import Asked
from server.web.services import Services

FindText = Annotated[str, Meta(pattern=r"^[0-9A-Za-z]{0,12}$")]


class FindQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Letters and digits of a number, such as `H047`, `h47` or `047`; empty for the newest."""

    find: FindText = ""


def find_tickets(services: Services, asked: Asked) -> Any:
    """Find today's tickets by their numbers."""
    return services.finder.find(asked.centre, asked.query.find)


def print_ticket(services: Services, asked: Asked) -> Any:
    """Ask a kiosk for a ticket's paper."""
    return services.prints.ask(
        asked.caller, asked.centre, asked.path["ticket"], asked.body, asked.operation
    )


def get_print(services: Services, asked: Asked) -> Any:
    """Read how a paper that was asked for stands."""
    return services.prints.order(asked.centre, asked.path["print"])


def fetch_prints(services: Services, asked: Asked) -> Any:
    """Hand a kiosk what it is to print."""
    return services.prints.fetch(asked.caller, asked.centre, asked.operation)


def end_print(services: Services, asked: Asked) -> Any:
    """Take in how a paper ended."""
    return services.prints.end(
        asked.caller, asked.centre, asked.path["print"], asked.body, asked.operation
    )
