"""The kiosk's touch page: what a citizen sees and presses. Served by the agent itself.

The page talks to the agent's local API only (`kiosk/local_api.py`), so it works with the
server away. Words of both languages come with the page: changing language asks nobody.
"""

from pathlib import Path
from typing import Final

from flask import Blueprint, Response, abort, render_template, send_file

from look.catalogue import LANGUAGES, words

STATIC: Final = Path(__file__).parent / "static"

SHARED: Final = ("/look/vendor/lit.js", "/look/js/text.js")


def touch_blueprint(logo: Path | None = None) -> Blueprint:
    """Make the page at `/`, its scripts below `/touch/`, and the centre's logo if there is one."""
    touch = Blueprint(
        "touch",
        __name__,
        template_folder="templates",
        static_folder="static",
        static_url_path="/touch",
    )

    # Named at once, so that a slow computer need not read one module to learn of the next.
    modules = [*SHARED, *(f"/touch/{path.name}" for path in sorted(STATIC.glob("*.js")))]

    @touch.get("/")
    def home() -> str:
        catalogue = {language: words(language, "kiosk") for language in LANGUAGES}
        return render_template(
            "touch.html", words=catalogue, modules=modules, logo=logo is not None
        )

    @touch.get("/logo")
    def own_logo() -> Response:
        if logo is None:
            abort(404)
        return send_file(logo.resolve(), max_age=3600)

    return touch
