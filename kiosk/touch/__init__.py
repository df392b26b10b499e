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
BUILT: Final = STATIC / "built" / "page.js"

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

    modules = _modules()

    @touch.get("/")
    def home() -> Response:
        catalogue = {language: words(language, "kiosk", "rating") for language in LANGUAGES}
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


def _modules() -> list[str]:
    """The page's scripts, the one that begins it last.

    All are named at once, so that a slow computer need not read one to learn of the next. Where
    set-up has put the page's own into one file, and none of them was changed since, that is it.
    """
    own = sorted(STATIC.glob("*.js"), key=lambda path: path.name == "page.js")
    newest_s = max(path.stat().st_mtime for path in own)
    if BUILT.is_file() and BUILT.stat().st_mtime >= newest_s:
        return [*SHARED, f"/touch/{BUILT.relative_to(STATIC)}"]
    return [*SHARED, *(f"/touch/{path.name}" for path in own)]


def _first(view: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return view()
    except Exception:
        # The page says by itself that nothing can be had; a problem document would say less.
        log.exception("the page begins without a view")
        return None
