"""Static files: the shared look and the pages' own scripts."""

from pathlib import Path
from typing import Final

from flask import Blueprint, send_from_directory
from werkzeug.wrappers import Response

from look import STATIC_DIR

PAGES_STATIC: Final = Path(__file__).parent / "pages" / "static"
_KEPT: Final = ("fonts/",)
_KEPT_S: Final = 30 * 86_400


def assets_blueprint() -> Blueprint:
    """`/look/` and `/static/`: fonts are kept for a month, the rest asks again by ETag."""
    blueprint = Blueprint("assets", __name__)

    def look(path: str) -> Response:
        return _send(STATIC_DIR, path)

    def static(path: str) -> Response:
        return _send(PAGES_STATIC, path)

    for name, view in (("look", look), ("static", static)):
        blueprint.add_url_rule(
            f"/{name}/<path:path>", name, view, methods=["GET"], provide_automatic_options=False
        )
    return blueprint


def _send(folder: Path, path: str) -> Response:
    kept_s = _KEPT_S if path.startswith(_KEPT) else None
    return send_from_directory(folder, path, conditional=True, etag=True, max_age=kept_s)
