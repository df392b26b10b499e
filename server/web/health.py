"""Liveness, readiness and metrics, at the root: open on this machine, else with a token."""

import msgspec
from flask import Blueprint, request
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from werkzeug.wrappers import Response

from server.web.addresses import on_loopback
from server.web.gate import Gate
from server.web.headers import API_HEADERS
from server.web.problems import refused
from server.web.services import Services
from wire.errors import Refusal

WATCHERS = frozenset({"manager", "admin", "integration"})


def health_blueprint(services: Services, gate: Gate) -> Blueprint:
    """The three routes that watch over the server."""
    blueprint = Blueprint("health", __name__)

    def healthz() -> Response:
        _admit(gate)
        return _json({"status": "ok", "version": services.version})

    def readyz() -> Response:
        _admit(gate)
        faults = services.faults()
        if faults:
            return refused(Refusal("unavailable", "; ".join(faults), retry_after_s=2))
        return _json({"status": "ready", "version": services.version})

    def metrics() -> Response:
        _admit(gate)
        text = generate_latest(services.shown or services.registry)
        return Response(text, 200, [("Content-Type", CONTENT_TYPE_LATEST), *API_HEADERS])

    for path, view in (("/healthz", healthz), ("/readyz", readyz), ("/metrics", metrics)):
        blueprint.add_url_rule(
            path, view_func=view, methods=["GET"], provide_automatic_options=False
        )
    return blueprint


def _admit(gate: Gate) -> None:
    if on_loopback(request.environ):
        return
    caller = gate.identify(request.environ)
    if caller.role not in WATCHERS:
        raise Refusal("forbidden", f"The role {caller.role} may not see this.")


def _json(body: dict[str, str]) -> Response:
    headers = [("Content-Type", "application/json"), *API_HEADERS]
    return Response(msgspec.json.encode(body), 200, headers)
