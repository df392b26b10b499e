"""What the greeter's page shows beside the API: a ticket's link as a QR, for the citizen's phone.

The picture is asked for by the ticket's id: its link stands in no address and in no log.
"""

import io
import re
from typing import Final

from flask import Blueprint, request
from msgspec import UNSET
from werkzeug.wrappers import Response

from server.service.ports import Caller
from server.web.gate import COOKIE
from server.web.operation import roles
from server.web.services import Services
from wire.errors import Refusal
from wire.ids import UUID

WHO: Final = roles("greeter clerk manager")
QUIET_MODULES: Final = 4
_IS_TICKET: Final = re.compile(UUID).fullmatch


def greet_blueprint(services: Services) -> Blueprint:
    """The route `/greet/tickets/{ticket}/qr.svg`, for whoever is signed in and may see the link."""
    blueprint = Blueprint("greet", __name__)

    def qr(ticket: str) -> Response:
        caller = _asker(services)
        assert caller.centre is not None
        if not _IS_TICKET(ticket):
            raise Refusal("unknown_ticket", "There is no such ticket.")
        found = services.readings.ticket(caller, caller.centre, ticket)
        if found.track_url is UNSET:
            raise Refusal("unknown_track", "This ticket's link is over.")
        headers = [("Content-Type", "image/svg+xml"), ("Cache-Control", "no-store")]
        return Response(_drawn(str(found.track_url)), 200, headers)

    blueprint.add_url_rule(
        "/greet/tickets/<ticket>/qr.svg", "qr", qr, methods=["GET"],
        provide_automatic_options=False,
    )  # fmt: skip
    return blueprint


def _asker(services: Services) -> Caller:
    cookie = request.cookies.get(COOKIE)
    caller = services.access.session(cookie) if cookie else None
    if caller is None:
        raise Refusal("unauthenticated", "Sign in.")
    if caller.role not in WHO or caller.centre is None:
        raise Refusal("forbidden", f"The role {caller.role} may not do this.")
    return caller


def _drawn(text: str) -> bytes:
    import segno

    picture = io.BytesIO()
    code = segno.make_qr(text)
    code.save(picture, kind="svg", border=QUIET_MODULES, dark="#000", light="#fff", omitsize=True)
    return picture.getvalue()
