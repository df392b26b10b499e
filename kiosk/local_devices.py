"""The part of the kiosk's local HTTP that scanners and keys need; see `kiosk.local_api`."""

from typing import Annotated, Final

import msgspec
from flask import Blueprint, Response, request
from msgspec import Meta

from kiosk.answers import PressRefused
from kiosk.happenings import Happenings
from kiosk.scan_text import MAX_CHARS
from kiosk.scans import Scans
from wire.requests import Body

_JSON: Final = "application/json"
_LAST_SEQ: Final = 2**53


class ScanRequest(Body, frozen=True):
    """What a scanner read."""

    text: Annotated[str, Meta(max_length=MAX_CHARS)]


def devices_blueprint(scans: Scans, happenings: Happenings) -> Blueprint:
    """`POST /api/scan` and `GET /api/happenings`."""
    devices = Blueprint("devices", __name__)

    @devices.post("/api/scan")
    def scan() -> Response:
        return Response(msgspec.json.encode(scans.scan(_scanned())), content_type=_JSON)

    @devices.get("/api/happenings")
    def news() -> Response:
        seq, page = _after(), request.args.get("page", "")[:64]
        answer = msgspec.json.encode(happenings.after(seq, page=page))
        return Response(answer, content_type=_JSON)

    return devices


def _scanned() -> str:
    # No detail in these refusals: it could repeat a piece of a citizen's card.
    try:
        return msgspec.json.decode(request.get_data(), type=ScanRequest).text
    except msgspec.ValidationError:
        raise PressRefused("invalid_body", 422) from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise PressRefused("bad_request", 400) from None


def _after() -> int | None:
    text = request.args.get("after", "")
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or int(text[:17]) > _LAST_SEQ:
        raise PressRefused("invalid_body", 422, detail="after is a whole number")
    return int(text[:17])
