"""Pages out of templates, with the words of their language."""

from typing import Any

from flask import render_template
from werkzeug.wrappers import Response

from look.catalogue import words


def page(
    template: str,
    language: str,
    status: int = 200,
    areas: tuple[str, ...] = ("web",),
    **values: Any,
) -> Response:
    """Render a template with `lang` and the words of these areas, never kept by caches."""
    html = render_template(template, lang=language, words=words(language, *areas), **values)
    return Response(
        html,
        status,
        [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")],
    )
