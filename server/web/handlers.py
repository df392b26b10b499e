"""What each API operation does once it is admitted: one call of a use case or a reading."""

from collections.abc import Callable
from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from server.service.limits import limit_key
from server.service.ports import Reply
from server.web.operation import Asked
from server.web.services import Services
from wire import answers, requests
from wire.errors import Refusal
from wire.ids import is_track
from wire.visits import PublicTicket
from wire.words import Priority

LINK_LIMIT: Final = 60
ENROL_LIMIT: Final = 10
WINDOW_S: Final = 60

_LATITUDE: Final = r"-?([0-8]?[0-9](\.[0-9]{1,9})?|90(\.0{1,9})?)"
_LONGITUDE: Final = r"-?((1[0-7][0-9]|[0-9]?[0-9])(\.[0-9]{1,9})?|180(\.0{1,9})?)"


class CentresQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the asker is, and what for."""

    near: Annotated[str, Meta(pattern=f"^{_LATITUDE},{_LONGITUDE}$")] | None = None
    service: requests.Slug | None = None


class OffersQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody is about to take a number for."""

    service: requests.Slug
    priority: Priority = "none"


def issue_ticket(services: Services, asked: Asked) -> Any:
    """Issue a ticket, or take one in that a kiosk has printed by itself."""
    return services.lobby.issue(asked.caller, asked.centre, asked.body, asked.operation)


def redirect_ticket(services: Services, asked: Asked) -> Any:
    """Issue a number of another centre."""
    return services.lobby.redirect(asked.caller, asked.centre, asked.body, asked.operation)


def limit_service(services: Services, asked: Asked) -> Any:
    """Limit the numbers of a service for today."""
    return services.lobby.limit_service(
        asked.caller, asked.centre, asked.path["service"], asked.body, asked.operation
    )


def get_advice(services: Services, asked: Asked) -> Any:
    """Read how fast each service drains and what could be done."""
    return services.lobby.adviser.board(asked.centre)


def take_advice(services: Services, asked: Asked) -> Any:
    """Act on advice, or as if it had been given."""
    return services.lobby.take_advice(asked.caller, asked.centre, asked.body, asked.operation)


def counter_command(use_case: str) -> Callable[[Services, Asked], Any]:
    """The handler that gives a counter's command to the lobby."""

    def run(services: Services, asked: Asked) -> Any:
        command = getattr(services.lobby, use_case)
        return command(
            asked.caller, asked.centre, asked.path["counter"], asked.body, asked.operation
        )

    return run


def ticket_command(use_case: str) -> Callable[[Services, Asked], Any]:
    """The handler that gives a ticket's command to the lobby."""

    def run(services: Services, asked: Asked) -> Any:
        command = getattr(services.lobby, use_case)
        return command(
            asked.caller, asked.centre, asked.path["ticket"], asked.body, asked.operation
        )

    return run


def get_ticket(services: Services, asked: Asked) -> Any:
    """Read one ticket."""
    return services.readings.ticket(asked.caller, asked.centre, asked.path["ticket"])


def get_board(services: Services, asked: Asked) -> Any:
    """Read the public picture of a centre."""
    return services.readings.board(asked.centre)


def get_desk(services: Services, asked: Asked) -> Any:
    """Read all that a desk page shows for one counter."""
    return services.readings.desk(asked.centre, asked.path["counter"])


def get_current(services: Services, asked: Asked) -> Any:
    """Read which ticket a counter has."""
    return services.readings.current(asked.centre, asked.path["counter"])


def get_accuracy(services: Services, asked: Asked) -> Any:
    """Read how good the waits told at a centre were."""
    return services.readings.accuracy(asked.centre)


def get_centre(services: Services, asked: Asked) -> Any:
    """Read a centre's public configuration."""
    return services.readings.centre(asked.centre)


def get_procedures(services: Services, asked: Asked) -> Any:
    """Read a centre's procedures."""
    return services.readings.procedures(asked.centre)


def list_centres(services: Services, asked: Asked) -> Any:
    """List the centres, the nearest first when the asker says where they are."""
    near = None
    if asked.query.near is not None:
        lat, lon = asked.query.near.split(",")
        near = (float(lat), float(lon))
    return services.readings.centres(near, asked.query.service)


def get_offers(services: Services, asked: Asked) -> Any:
    """Read what to tell somebody before they take a number."""
    return services.offers.before(asked.centre, asked.query.service, asked.query.priority)


def admit_link(services: Services, link: str, address: str) -> tuple[str, str]:
    """The centre and id of the ticket behind a link that may be asked for now.

    Raises:
        Refusal: `unknown_track`, counted against the address; `too_many_requests`.
    """
    known = services.readings.track_ticket(link) if is_track(link) else None
    key = limit_key("track", link) if known else limit_key("stranger", address)
    wait = services.limiter.hit(key, LINK_LIMIT, WINDOW_S)
    if wait:
        detail = f"A link may be asked {LINK_LIMIT} times a minute."
        raise Refusal("too_many_requests", detail, retry_after_s=wait)
    if known is None:
        raise Refusal("unknown_track", "There is no ticket behind this link.")
    return known


def read_track(services: Services, link: str, address: str) -> PublicTicket:
    """Read the public part of a ticket by its link, at most 60 times a minute.

    Raises:
        Refusal: `unknown_track`, counted against the address; `too_many_requests`.
    """
    admit_link(services, link, address)
    return services.readings.track(link)


def get_track(services: Services, asked: Asked) -> Any:
    """Read what the holder of a link may see."""
    return read_track(services, asked.path["track"], asked.address)


def whoami(services: Services, asked: Asked) -> Any:
    """Say who the server takes the asker for."""
    return services.readings.whoami(asked.caller)


def get_session(services: Services, asked: Asked) -> Any:
    """Say who is signed in, with the tokens for commands and sockets."""
    caller = asked.caller
    return answers.SignedIn(
        name=caller.name,
        role=caller.role,
        centre=caller.centre,
        csrf=caller.csrf or "",
        socket_token=services.access.socket_token(caller),
    )


def enrol(services: Services, asked: Asked) -> Any:
    """Turn a one-time code into a token."""
    wait = services.limiter.hit(limit_key("enrol", asked.address), ENROL_LIMIT, WINDOW_S)
    if wait:
        detail = f"Codes may be tried {ENROL_LIMIT} times a minute."
        raise Refusal("too_many_requests", detail, retry_after_s=wait)
    key = asked.operation.key if asked.operation is not None else None
    enrolled, repeated = services.access.enrol(asked.body.code, key)
    return Reply(200 if repeated else 201, msgspec.json.encode(enrolled), repeated)
