"""Static files: the shared look and the pages' own scripts, texts of them packed for slow links."""

from pathlib import Path
from typing import Final

from flask import Blueprint, request, send_from_directory
from werkzeug.wrappers import Response

from look import STATIC_DIR
from server.web.smaller import smaller

PAGES_STATIC: Final = Path(__file__).parent / "pages" / "static"
_KEPT: Final = ("fonts/",)
_KEPT_S: Final = 30 * 86_400
_ICONS: Final = "max-age=0, stale-while-revalidate=604800"
"""A picture that is drawn only once the server is away must still be there: an old one will do."""


def assets_blueprint() -> Blueprint:
    """`/look/` and `/static/`: fonts are kept for a month, icons shown at once and asked for again
    meanwhile, the rest asks again by ETag."""
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
    answer = send_from_directory(folder, path, conditional=True, etag=True, max_age=kept_s)
    answer.headers.pop("Content-Disposition", None)  # Names a file that nobody saves.
    if path.startswith("icons/"):
        answer.headers["Cache-Control"] = _ICONS
    return smaller(request, answer, kept_as=f"{folder.name}/{path}")
