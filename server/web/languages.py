"""Which language a page speaks: what was asked for, then the cookie, then the browser's."""

from typing import Final

from flask import Request
from werkzeug.wrappers import Response

LANGUAGES: Final = ("vi", "en")
COOKIE: Final = "layso_language"
_YEAR_S: Final = 31_536_000


def language_of(request: Request) -> str:
    """The language of this request; Vietnamese when nothing says otherwise."""
    for said in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if said in LANGUAGES:
            return str(said)
    return request.accept_languages.best_match(LANGUAGES, "vi") or "vi"


def remember(request: Request, response: Response, *, secure: bool) -> Response:
    """Keep a language that was chosen with `?lang=` for a year."""
    chosen = request.args.get("lang")
    if chosen in LANGUAGES:
        response.set_cookie(COOKIE, chosen, max_age=_YEAR_S, samesite="Lax", secure=secure)
    return response
