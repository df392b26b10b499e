"""The way in for people: sign-in with its limits, sign-out, and their pages."""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import quote

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response

from look.catalogue import words
from server.service.limits import limit_key
from server.service.people import account_name
from server.service.ports import Caller
from server.web.forms import asker_address, begin_form, keep_session
from server.web.gate import COOKIE
from server.web.languages import LANGUAGES, language_of, remember
from server.web.operation import roles
from server.web.services import Services
from server.web.smaller import smaller
from server.web.templates import page
from wire.errors import STATUS_OF, Refusal

ACCOUNT_LIMIT: Final = 10
ADDRESS_LIMIT: Final = 100
WINDOW_S: Final = 60


class ScriptPage(NamedTuple):
    """A page whose script asks the API for everything; it is handed its words in both languages.

    A path with `<centre>` is one page for each centre: of their own for who belongs to one.
    """

    path: str
    template: str
    areas: tuple[str, ...]
    roles: frozenset[str]


SCRIPT_PAGES: Final = (
    ScriptPage("/desk", "desk.html", ("desk",), roles("clerk manager")),
    ScriptPage("/greet", "greet.html", ("greet",), roles("greeter manager")),
    ScriptPage("/manage/<centre>", "manage.html", ("manage",), roles("manager admin")),
    ScriptPage("/admin", "admin.html", ("admin", "content"), roles("manager admin")),
)

HOME: Final = {
    "clerk": "/desk",
    "manager": "/manage/<centre>",
    "greeter": "/greet",
    "admin": "/admin",
}
"""Where each role that people have goes after it has signed in."""


_OPEN: Final = re.compile(r"(/[a-z0-9/-]{1,80})(#/[A-Za-z0-9._/-]{0,120})?")


def page_at(wanted: str) -> tuple[ScriptPage, str | None] | None:
    """The page of ours that an address asks for, and of which centre: nothing else is gone to.

    Anything but one of `SCRIPT_PAGES`, with a plain fragment perhaps, is somebody's trick.
    """
    found = _OPEN.fullmatch(wanted)
    if found is None:
        return None
    for one in SCRIPT_PAGES:
        pattern = one.path.replace("<centre>", "(?P<centre>[a-z0-9-]{1,64})")
        match = re.fullmatch(pattern, found[1])
        if match is not None:
            return one, match.groupdict().get("centre")
    return None


def onward(wanted: str, person: Caller) -> str:
    """Where a signed-in person goes: the page they wanted, if it is theirs, or their own."""
    asked = page_at(wanted)
    if asked is not None:
        one, centre = asked
        if person.role in one.roles and _theirs(person, centre):
            return wanted
    return HOME[person.role].replace("<centre>", person.centre or "")


def _theirs(person: Caller, centre: str | None) -> bool:
    """Whether a person may look at a page of this centre; of the whole province, at all."""
    return centre is None or person.centre in (None, centre)


class PeoplePages:
    """The routes `/`, `/sign-in`, `/sign-out` and those of `SCRIPT_PAGES`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def blueprint(self) -> Blueprint:
        """The routes, with the templates folder they render from."""
        blueprint = Blueprint("people", __name__, template_folder="pages/templates")
        for path, view, method in (
            ("/", self.way_in, "GET"),
            ("/sign-in", self.sign_in, "POST"),
            ("/sign-out", self.sign_out, "POST"),
            *((one.path, self.script_page(one), "GET") for one in SCRIPT_PAGES),
        ):
            blueprint.add_url_rule(
                path, view_func=view, methods=[method], provide_automatic_options=False
            )
        return blueprint

    def way_in(self) -> Response:
        """Sign-in; who is signed in already goes to their page."""
        person = self._person()
        wanted = request.args.get("next", "")
        if person is not None:
            place = onward(wanted, person)
            return remember(request, redirect(place, 303), secure=self._secure)
        response = self._sign_in_page(200, None, "", wanted)
        return remember(request, response, secure=self._secure)

    def sign_in(self) -> Response:
        """Open a session, or say plainly why not. Failures are limited, successes are not."""
        begin_form(self._services)
        user = request.form.get("user", "")[:256]
        password = request.form.get("password", "")[:1024]
        keys = (
            (limit_key("address", asker_address(self._services)), ADDRESS_LIMIT),
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
        wanted = request.form.get("next", "")
        response = redirect(onward(wanted, session.caller), 303)
        keep_session(self._services, response, session.cookie)
        return remember(request, response, secure=self._secure)

    def sign_out(self) -> Response:
        """End the session and forget its cookie."""
        begin_form(self._services)
        cookie = request.cookies.get(COOKIE)
        if cookie:
            self._services.access.sign_out(cookie)
        response = redirect("/", 303)
        response.delete_cookie(COOKIE, httponly=True, samesite="Strict", secure=self._secure)
        return response

    def script_page(self, one: ScriptPage) -> Callable[[], Response]:
        """The view of such a page; who is not signed in in one of its roles goes to sign-in.

        Raises:
            Refusal: `forbidden` for another centre's page, `unknown_centre`.
        """

        def view(centre: str | None = None) -> Response:
            person = self._person()
            if person is None:
                return redirect(f"/?next={quote(request.path)}", 303)
            if person.role not in one.roles:
                return redirect("/", 303)
            if centre is not None:
                self._check(person, centre)
            both = {language: words(language, *one.areas) for language in LANGUAGES}
            html = render_template(one.template, lang=language_of(request), both=both)
            headers = [("Content-Type", "text/html; charset=utf-8"), ("Cache-Control", "no-store")]
            answer = smaller(request, Response(html, 200, headers))
            return remember(request, answer, secure=self._secure)

        view.__name__ = one.template.removesuffix(".html")
        return view

    def _check(self, person: Caller, centre: str) -> None:
        if not _theirs(person, centre):
            raise Refusal("forbidden", "This page is another centre's.")
        self._services.readings.centre(centre)

    @property
    def _secure(self) -> bool:
        return self._services.secure_cookies

    def _person(self) -> Caller | None:
        cookie = request.cookies.get(COOKIE)
        return self._services.access.session(cookie) if cookie else None

    def _sign_in_page(self, status: int, error: str | None, user: str, wanted: str) -> Response:
        return page(
            "sign_in.html",
            language_of(request),
            status,
            error=error,
            user=user,
            next=wanted if page_at(wanted) is not None else "",
            fresh=self._services.access.first_run(),
        )

    def _again(self, code: str, user: str, wait_s: int = 0) -> Response:
        wanted = request.form.get("next", "")
        response = self._sign_in_page(STATUS_OF[code], code, user, wanted)
        if wait_s:
            response.headers["Retry-After"] = str(wait_s)
        return response
