"""The tablet at a counter, `/rate/{counter}`: asks who has just been served how it was.

The page itself is static and the same for everybody; it learns the rest over HTTP and Socket.IO
with the token of the device (role `hall`), which it takes from the address and keeps.
"""

from flask import Blueprint, abort, render_template, request
from werkzeug.wrappers import Response

from look.catalogue import words
from server.web.languages import LANGUAGES
from wire.ids import is_slug


def rate_blueprint() -> Blueprint:
    """The route `/rate/{counter}`."""
    blueprint = Blueprint("rate", __name__)

    def rate(counter: str) -> Response:
        if not is_slug(counter):
            abort(404)
        asked = request.args.get("lang", "vi")
        language = asked if asked in LANGUAGES else "vi"
        both = {one: words(one, "rating") for one in LANGUAGES}
        html = render_template("rate.html", lang=language, both=both, counter=counter)
        headers = [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("X-Robots-Tag", "noindex, nofollow"),
        ]
        return Response(html, 200, headers)

    blueprint.add_url_rule(
        "/rate/<counter>", "rate", rate, methods=["GET"], provide_automatic_options=False
    )
    return blueprint
