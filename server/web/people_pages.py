"""The way in for people: sign-in with its limits, sign-out, and the clerk's desk."""

from typing import Final
from urllib.parse import urlsplit

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from look.catalogue import words
from server.service.limits import limit_key
from server.service.people import LONGEST_MS, account_name
from server.service.ports import Caller
from server.web.addresses import client_address
from server.web.bodies import BODY_MOST
from server.web.gate import COOKIE
from server.web.languages import LANGUAGES, language_of, remember
from server.web.services import Services
from server.web.templates import page
from wire.errors import STATUS_OF, Refusal

ACCOUNT_LIMIT: Final = 10
ADDRESS_LIMIT: Final = 100
WINDOW_S: Final = 60

_AT_DESK: Final = frozenset({"clerk", "manager"})


class PeoplePages:
    """The routes `/`, `/sign-in`, `/sign-out` and `/desk`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def blueprint(self) -> Blueprint:
        """The routes, with the templates folder they render from."""
        blueprint = Blueprint("people", __name__, template_folder="pages/templates")
        for path, view, method in (
            ("/", self.way_in, "GET"),
            ("/sign-in", self.sign_in, "POST"),
            ("/sign-out", self.sign_out, "POST"),
            ("/desk", self.desk, "GET"),
        ):
            blueprint.add_url_rule(
                path, view_func=view, methods=[method], provide_automatic_options=False
            )
        return blueprint

    def way_in(self) -> Response:
        """Sign-in; who is signed in already and works at a desk goes there."""
        person = self._person()
        if person is not None and person.role in _AT_DESK:
            return remember(request, redirect("/desk", 303), secure=self._secure)
        name = person.name if person is not None else ""
        response = page("sign_in.html", language_of(request), error=None, user="", person=name)
        return remember(request, response, secure=self._secure)

    def sign_in(self) -> Response:
        """Open a session, or say plainly why not. Failures are limited, successes are not."""
        self._check_origin()
        request.max_content_length = BODY_MOST
        user = request.form.get("user", "")[:256]
        password = request.form.get("password", "")[:1024]
        keys = (
            (limit_key("address", self._address()), ADDRESS_LIMIT),
            (limit_key("account", account_name(user)), ACCOUNT_LIMIT),
        )
        # Counted before the password is looked at, so that tries at the same moment count too.
        # An address beyond its limit counts against no account: made-up names cost nothing.
        for key, limit in keys:
            wait_s = self._services.limiter.hit(key, limit, WINDOW_S)
            if wait_s:
                return self._again("too_many_requests", user, wait_s)
        session = self._services.access.sign_in(user, password)
        if session is None:
            return self._again("bad_credentials", user)
        for key, _ in keys:
            self._services.limiter.give_back(key)
        former = request.cookies.get(COOKIE)
        if former:
            self._services.access.sign_out(former)
        response = redirect("/desk" if session.caller.role in _AT_DESK else "/", 303)
        response.set_cookie(
            COOKIE,
            session.cookie,
            max_age=LONGEST_MS // 1000,
            httponly=True,
            samesite="Strict",
            secure=self._secure,
        )
        return remember(request, response, secure=self._secure)

    def sign_out(self) -> Response:
        """End the session and forget its cookie."""
        self._check_origin()
        cookie = request.cookies.get(COOKIE)
        if cookie:
            self._services.access.sign_out(cookie)
        response = redirect("/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=self._secure)
        return response

    def desk(self) -> Response:
        """The clerk's page; who is not signed in as clerk or manager goes to sign-in."""
        person = self._person()
        if person is None or person.role not in _AT_DESK:
            return redirect("/", 303)
        both = {language: words(language, "desk") for language in LANGUAGES}
        html = render_template("desk.html", lang=language_of(request), both=both)
        headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
        return remember(request, Response(html, 200, headers), secure=self._secure)

    @property
    def _secure(self) -> bool:
        return self._services.secure_cookies

    def _person(self) -> Caller | None:
        cookie = request.cookies.get(COOKIE)
        return self._services.access.session(cookie) if cookie else None

    def _address(self) -> str:
        return client_address(request.environ, self._services.trusted_proxies)

    def _again(self, code: str, user: str, wait_s: int = 0) -> Response:
        response = page(
            "sign_in.html", language_of(request), STATUS_OF[code], error=code, user=user, person=""
        )
        if wait_s:
            response.headers["Retry-After"] = str(wait_s)
        return response

    def _check_origin(self) -> None:
        """Refuse a form that another site sent; browsers name the origin of every POST."""
        origin = request.headers.get("Origin")
        if origin is None:
            return
        public = urlsplit(self._services.public_url)
        own = {f"{public.scheme}://{public.netloc}", f"{request.scheme}://{request.host}"}
        if origin not in own:
            raise Refusal("forbidden", "This form was sent by another site.")
