"""Faults as `application/problem+json` (RFC 9457), or as a page where a person is reading."""

import logging
from typing import Any, Final

import msgspec
from flask import Flask, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from server.service.ports import StoreError
from server.web.headers import API_HEADERS
from server.web.languages import language_of
from server.web.templates import page
from wire.errors import Refusal

_LOG = logging.getLogger(__name__)
_ENCODER: Final = msgspec.json.Encoder()
_HEADERS: Final = [("Content-Type", "application/problem+json"), *API_HEADERS]

_CODES: Final = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    415: "unsupported_media_type",
}


def refused(refusal: Refusal) -> Response:
    """The answer that says a refusal."""
    body = _ENCODER.encode(refusal.problem())
    response = Response(body, refusal.status, _HEADERS)
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="layso"'
    if refusal.retry_after_s:
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def unavailable(error: StoreError) -> Refusal:
    """The refusal for a database that failed; nothing was acknowledged."""
    _LOG.error("the database failed: %s", error)
    return Refusal(
        "unavailable", "The database does not answer; nothing was changed.", retry_after_s=2
    )


def failed(error: Exception, name: str) -> Refusal:
    """The refusal for a fault of our own; its trace goes to the log, nothing of the request."""
    _LOG.error("%s failed", name, exc_info=error)
    return Refusal("internal", "The server failed here; its log says why.")


def _wants_page() -> bool:
    if request.path.startswith("/api/"):
        return False
    best = request.accept_mimetypes.best_match(["application/problem+json", "text/html"])
    return best == "text/html" and "text/html" in request.headers.get("Accept", "")


def _problem_page(status: int) -> Response:
    language = language_of(request)
    error = {404: "not_found", 403: "forbidden"}.get(status, "other")
    return page("problem.html", language, status, error=error)


def on_http_fault(error: HTTPException) -> Any:
    """Turn Flask's own faults (unknown path, wrong method, bad form) into ours."""
    status = error.code or 500
    if status < 400:
        return error
    if _wants_page():
        response = _problem_page(status)
    else:
        code = _CODES.get(status, "bad_request" if status < 500 else "internal")
        response = refused(Refusal(code, error.description or ""))
    allow = getattr(error, "valid_methods", None)
    if allow:
        response.headers["Allow"] = ", ".join(sorted(set(allow)))
    return response


def on_refusal(refusal: Refusal) -> Response:
    """Say a refusal that a page's route let through."""
    response = _problem_page(refusal.status) if _wants_page() else refused(refusal)
    if refusal.retry_after_s:
        response.headers["Retry-After"] = str(refusal.retry_after_s)
    return response


def on_store_error(error: StoreError) -> Response:
    """Say that the database failed."""
    return on_refusal(unavailable(error))


def on_fault(error: Exception) -> Response:
    """Say that the server failed, and nothing of how."""
    return on_refusal(failed(error, request.endpoint or "a request"))


def register(app: Flask) -> None:
    """Make every fault of this application a problem or a page."""
    app.register_error_handler(HTTPException, on_http_fault)
    app.register_error_handler(Refusal, on_refusal)
    app.register_error_handler(StoreError, on_store_error)
    app.register_error_handler(Exception, on_fault)
