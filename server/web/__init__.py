"""HTTP API and pages: everything the server answers except sockets and the hall page."""

from flask import Blueprint, Flask
from flask.blueprints import BlueprintSetupState

from server.web import problems
from server.web.api import api_blueprint
from server.web.assets import assets_blueprint
from server.web.gate import Gate
from server.web.greet_page import greet_blueprint
from server.web.headers import secure
from server.web.health import health_blueprint
from server.web.metrics import Metrics
from server.web.people_pages import PeoplePages
from server.web.phone_page import phone_blueprint
from server.web.rate_page import rate_blueprint
from server.web.services import Services
from server.web.setup_page import SetupPage
from server.web.voice import voice_blueprint

__all__ = ["Services", "web_blueprints"]


def web_blueprints(services: Services) -> list[Blueprint]:
    """Every route of the web side, ready to be registered with one application.

    The first of them also makes the whole application strict: headers on every answer, faults
    as problems or pages, no paths that are silently rewritten.
    """
    gate = Gate(services, Metrics(services.registry))
    whole = Blueprint("web", __name__)
    whole.record_once(_prepare)
    return [
        whole,
        api_blueprint(services, gate),
        health_blueprint(services, gate),
        assets_blueprint(),
        voice_blueprint(services.voice),
        PeoplePages(services).blueprint(),
        SetupPage(services).blueprint(),
        phone_blueprint(services),
        greet_blueprint(services),
        rate_blueprint(),
    ]


def _prepare(state: BlueprintSetupState) -> None:
    assert isinstance(state.app, Flask)
    state.app.url_map.merge_slashes = False
    state.app.after_request(secure)
    problems.register(state.app)
