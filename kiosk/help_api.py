"""The local HTTP of the help button; faults and their words as in `kiosk.local_api`.

POST /api/help          calls a member of staff; 200 {"state": "called" | "coming"}, the second
                        where somebody is on the way already · 503 unavailable (server away)
POST /api/help/clear    takes the call back; 200 {"state": "clear"} · 503

GET /api/view has the state as "help": "clear" | "called" | "coming".
"""

from flask import Blueprint, Response, jsonify

from kiosk.help_button import HelpButton


def help_blueprint(button: HelpButton) -> Blueprint:
    """The two routes."""
    pages = Blueprint("help", __name__)

    @pages.post("/api/help")
    def call() -> Response:
        return jsonify({"state": button.call()})

    @pages.post("/api/help/clear")
    def clear() -> Response:
        return jsonify({"state": button.clear()})

    return pages
