"""The first run, `/setup`: the one-time code of the operator makes the first admin.

The page is there only while nobody has an account; afterwards it leads to sign-in.
"""

from typing import Any, Final

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from server.service.limits import limit_key
from server.web.forms import asker_address, begin_form, keep_session
from server.web.languages import language_of, remember
from server.web.services import Services
from server.web.templates import page
from wire.errors import STATUS_OF, Refusal

SETUP_TRIES: Final = 5
"""A minute and address."""

WINDOW_S: Final = 60


class SetupPage:
    """The route `/setup`."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def blueprint(self) -> Blueprint:
        """The route, for the form and for what is sent with it."""
        blueprint = Blueprint("setup", __name__, template_folder="pages/templates")
        for view, method in ((self.show, "GET"), (self.send, "POST")):
            blueprint.add_url_rule(
                "/setup", view_func=view, methods=[method], provide_automatic_options=False
            )
        return blueprint

    def show(self) -> Response:
        """The empty form."""
        if not self._services.access.first_run():
            return redirect("/", 303)
        secure = self._services.secure_cookies
        return remember(request, self._form(), secure=secure)

    def send(self) -> Response:
        """Make the first admin and sign them in, or say which field to look at."""
        begin_form(self._services)
        if not self._services.access.first_run():
            return redirect("/", 303)
        wait_s = self._services.limiter.hit(
            limit_key("setup", asker_address(self._services)), SETUP_TRIES, WINDOW_S
        )
        if wait_s:
            response = self._form("too_many_requests")
            response.headers["Retry-After"] = str(wait_s)
            return response
        typed = {name: request.form.get(name, "")[:256] for name in ("code", "name")}
        password, again = (request.form.get(name, "")[:1024] for name in ("password", "again"))
        if password != again:
            return self._form("invalid_body", typed, {"again"})
        try:
            session = self._services.access.set_up(typed["code"], typed["name"], password)
        except Refusal as refusal:
            return self._refused(refusal, typed)
        if session is None:
            return self._form("bad_credentials", typed, {"code"})
        response = redirect("/admin", 303)
        keep_session(self._services, response, session.cookie)
        return response

    def _refused(self, refusal: Refusal, typed: dict[str, str]) -> Response:
        if refusal.code == "not_found":  # Somebody else was quicker.
            return redirect("/", 303)
        if refusal.code != "invalid_body":
            raise refusal
        return self._form("invalid_body", typed, {fault.field for fault in refusal.errors})

    def _form(
        self, error: str = "", typed: dict[str, str] | None = None, wrong: Any = ()
    ) -> Response:
        status = STATUS_OF[error] if error else 200
        language = language_of(request)
        values = {"code": "", "name": "", **(typed or {})}
        return page("setup.html", language, status, error=error, typed=values, wrong=wrong)
