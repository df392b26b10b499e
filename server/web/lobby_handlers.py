"""What the operations about the lobby's devices and its people do once they are admitted."""

from typing import Any, Final

from server.service.limits import limit_key
from server.service.notice_board import STAFF
from server.service.scans import scan, unknown_slip
from server.web.handlers import LINK_LIMIT, WINDOW_S
from server.web.operation import Asked
from server.web.services import Services
from wire.errors import Refusal

BEATS_MOST: Final = 240
"""A minute and a device: beats are no part of its 120 requests, but a token in the wrong hands
writes a row with each one that has a key of its own."""

STRANGERS_DETAIL: Final = f"Codes that lead nowhere may be tried {LINK_LIMIT} times a minute."


def take_heartbeat(services: Services, asked: Asked) -> Any:
    """Take in how a device is.

    Raises:
        Refusal: `too_many_requests`, `idempotency_mismatch`.
    """
    wait = services.limiter.hit(limit_key("beat", asked.caller.id), BEATS_MOST, WINDOW_S)
    if wait:
        detail = f"A device may say how it is {BEATS_MOST} times a minute."
        raise Refusal("too_many_requests", detail, retry_after_s=wait)
    return services.heartbeats.beat(asked.caller, asked.body, asked.operation)


def list_devices(services: Services, asked: Asked) -> Any:
    """List a centre's devices with what is wrong with them."""
    return services.heartbeats.devices(asked.centre)


def call_help(services: Services, asked: Asked) -> Any:
    """Ask for somebody to come."""
    return services.help_line.call(asked.caller, asked.centre, asked.body, asked.operation)


def list_help(services: Services, asked: Asked) -> Any:
    """List who calls for help."""
    return services.help_line.calls(asked.centre)


def come_to_help(services: Services, asked: Asked) -> Any:
    """Say that somebody is on the way."""
    return services.help_line.coming(asked.centre, asked.path["help"], asked.operation)


def clear_help(services: Services, asked: Asked) -> Any:
    """End a call for help."""
    return services.help_line.clear(asked.caller, asked.centre, asked.path["help"], asked.operation)


def post_notice(services: Services, asked: Asked) -> Any:
    """Tell the hall, the staff or both."""
    return services.notice_board.post(asked.caller, asked.centre, asked.body, asked.operation)


def list_notices(services: Services, asked: Asked) -> Any:
    """List what is told now to people like the one who asks."""
    return services.notice_board.holding(asked.centre, staff=asked.caller.role in STAFF)


def end_notice(services: Services, asked: Asked) -> Any:
    """Take a notice down."""
    return services.notice_board.end(
        asked.caller, asked.centre, asked.path["notice"], asked.operation
    )


def scan_slip(services: Services, asked: Asked) -> Any:
    """Read the ticket behind a slip's code; codes that lead nowhere count as unknown links.

    Raises:
        Refusal: `unknown_ticket`, `too_many_requests`.
    """
    track = asked.body.track
    try:
        found = services.readings.track_ticket(track)
        if found is None or found[0] != asked.centre:
            raise unknown_slip()
        return scan(services.lobby, asked.caller, asked.centre, track, asked.operation)
    except Refusal as refusal:
        if refusal.code != "unknown_ticket":
            raise
        wait = services.limiter.hit(limit_key("stranger", asked.address), LINK_LIMIT, WINDOW_S)
        if wait:
            raise Refusal("too_many_requests", STRANGERS_DETAIL, retry_after_s=wait) from None
        raise
