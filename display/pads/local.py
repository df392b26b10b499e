"""GET /api/pads: the call keys, their lamps, and what the last press came to."""

from collections.abc import Callable
from dataclasses import asdict

from flask import Blueprint, Response, jsonify

from display.pads.report import PadReport


def pads_blueprint(report: Callable[[], list[PadReport]]) -> Blueprint:
    """The route; `report` tells of every pad."""
    pages = Blueprint("pads", __name__)

    @pages.get("/api/pads")
    def pads() -> Response:
        return jsonify([asdict(pad) for pad in report()])

    return pages
