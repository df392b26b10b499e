"""What every form of a page needs: it was sent by our own page, and it may leave a session."""

from urllib.parse import urlsplit

from flask import request
from werkzeug.wrappers import Response

from server.service.people import LONGEST_MS
from server.web.addresses import client_address
from server.web.bodies import BODY_MOST
from server.web.gate import COOKIE
from server.web.services import Services
from wire.errors import Refusal


def begin_form(services: Services) -> None:
    """Refuse a form that another site sent; browsers name the origin of every POST.

    Raises:
        Refusal: `forbidden`.
    """
    request.max_content_length = BODY_MOST
    origin = request.headers.get("Origin")
    if origin is None:
        return
    public = urlsplit(services.public_url)
    own = {f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.host}"}
    if origin not in own:
        raise Refusal("forbidden", "This form was sent by another site.")


def asker_address(services: Services) -> str:
    """Whose address the present request comes from."""
    return client_address(request.environ, services.trusted_proxies)


def keep_session(services: Services, response: Response, cookie: str) -> None:
    """Give the browser a fresh session's cookie, and end the one it had."""
    former = request.cookies.get(COOKIE)
    if former:
        services.access.sign_out(former)
    response.set_cookie(
        COOKIE,
        cookie,
        max_age=LONGEST_MS // 1000,
        httponly=True,
        samesite="Strict",
        secure=services.secure_cookies,
    )
