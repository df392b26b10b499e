"""The API's blueprint: one route an operation, and their description."""

import msgspec
from flask import Blueprint
from werkzeug.wrappers import Response

from server.web.gate import Gate
from server.web.headers import API_HEADERS
from server.web.openapi import document
from server.web.operation import API
from server.web.operations import OPERATIONS
from server.web.services import Services


def api_blueprint(services: Services, gate: Gate) -> Blueprint:
    """Every operation at its path, and `/api/v1/openapi.json`."""
    blueprint = Blueprint("api", __name__, url_prefix=API)
    for operation in OPERATIONS:
        rule = operation.path.replace("{", "<").replace("}", ">")
        blueprint.add_url_rule(
            rule,
            operation.name,
            gate.view(operation),
            methods=[operation.method],
            provide_automatic_options=False,
        )
    described: list[bytes] = []

    def openapi() -> Response:
        if not described:
            described.append(msgspec.json.encode(document(OPERATIONS, services.version)))
        headers = [("Content-Type", "application/json"), *API_HEADERS]
        return Response(described[0], 200, headers)

    blueprint.add_url_rule(
        "/openapi.json", "openapi", openapi, methods=["GET"], provide_automatic_options=False
    )
    return blueprint
