"""The kiosk's touch page: what a citizen sees and presses. Served by the agent itself.

The page talks to the agent's local API only (`kiosk/local_api.py`), so it works with the
server away. Words of both languages come with the page: changing language asks nobody.
"""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, render_template, send_file

from look.catalogue import LANGUAGES, words

log = logging.getLogger(__name__)

STATIC: Final = Path(__file__).parent / "static"

SHARED: Final = ("/look/vendor/lit.js", "/look/js/text.js")


def touch_blueprint(
    logo: Path | None = None, view: Callable[[], dict[str, Any]] | None = None
) -> Blueprint:
    """Make the page at `/` and its scripts below `/touch/`.

    Args:
        logo: The centre's own picture, if there is one.
        view: What the page shows first; without it, it asks once its scripts run.
    """
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
    def home() -> Response:
        catalogue = {language: words(language, "kiosk") for language in LANGUAGES}
        page = render_template(
            "touch.html",
            words=catalogue,
            modules=modules,
            logo=logo is not None,
            view=_first(view) if view else None,
        )
        return Response(page, headers={"Cache-Control": "no-store"})

    @touch.get("/logo")
    def own_logo() -> Response:
        if logo is None:
            abort(404)
        return send_file(logo.resolve(), max_age=3600)

    return touch


def _first(view: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return view()
    except Exception:
        # The page says by itself that nothing can be had; a problem document would say less.
        log.exception("the page begins without a view")
        return None
