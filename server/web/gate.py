"""From an API operation to the view that Flask calls: every check, in one order, then the work.

Order: who asks (401), may they (403), is it their centre (404, 403), the operation key (400),
the body (400, 413, 415, 422), how often (429), then the use case in its one transaction.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Mapping
from time import perf_counter
from typing import Any, Final
from urllib.parse import parse_qsl

import msgspec
from flask import request
from werkzeug.wrappers import Response

from server.service.limits import limit_key
from server.service.ports import Caller, Operation, Reply, StoreError
from server.web.addresses import client_address
from server.web.bodies import BODY_MOST, TABLE_BODY_MOST, convert_query, decode, read_body
from server.web.headers import API_HEADERS
from server.web.metrics import Metrics
from server.web.operation import LIMITED, ApiOperation, Asked
from server.web.problems import failed, refused, unavailable
from server.web.services import Services
from wire.errors import Refusal
from wire.ids import UUID, is_key, is_slug

COOKIE: Final = "layso_session"
DEVICE_LIMIT: Final = 120
WINDOW_S: Final = 60

_HEADERS: Final = [("Content-Type", "application/json"), *API_HEADERS]
_IS_TICKET: Final = re.compile(UUID).fullmatch
_NOBODY: Final = Caller(id="", role="hall", centre=None)


class Gate:
    """Lets through what may pass, and says plainly why the rest may not.

    Args:
        services: What the use cases need.
        metrics: Where every answer is counted.
    """

    def __init__(self, services: Services, metrics: Metrics) -> None:
        self._services = services
        self._metrics = metrics
        self._encode = msgspec.json.Encoder().encode

    def view(self, operation: ApiOperation) -> Callable[..., Response]:
        """The view function of one operation."""
        decoder = msgspec.json.Decoder(operation.body) if operation.body else None
        answered = self._metrics.answered(operation.name)

        def view(**path: str) -> Response:
            started = perf_counter()
            try:
                asked = self._admit(operation, decoder, request.environ, path)
                result = operation.run(self._services, asked)
                response = self._answer(operation, result)
                self._metrics.count(operation.name, result)
            except Refusal as refusal:
                response = refused(refusal)
            except StoreError as error:
                response = refused(unavailable(error))
            except Exception as error:  # noqa: BLE001  # the last line: logged, said as 500
                response = refused(failed(error, operation.name))
            answered(response.status_code, perf_counter() - started)
            return response

        view.__name__ = operation.name
        return view

    def _answer(self, operation: ApiOperation, result: Any) -> Response:
        if type(result) is Reply:
            return Response(result.body, result.status, _HEADERS)
        body = result if type(result) is bytes else self._encode(result)
        headers = [("Content-Type", operation.media), *API_HEADERS]
        return Response(body, operation.status, headers)

    def _admit(
        self,
        operation: ApiOperation,
        decoder: msgspec.json.Decoder[Any] | None,
        environ: Mapping[str, Any],
        path: dict[str, str],
    ) -> Asked:
        caller = self._caller(operation, environ)
        self._check_path(operation, caller, path)
        posted = operation.method == "POST"
        key = self._key(operation, environ) if posted else None
        asked_query, query = environ.get("QUERY_STRING"), None
        if asked_query or operation.query:
            pairs = parse_qsl(asked_query or "", keep_blank_values=True)
            query = convert_query(operation.query, pairs)
        body, done = None, None
        if decoder is not None:
            raw = read_body(environ, TABLE_BODY_MOST if operation.table else BODY_MOST)
            body = self._body(operation, caller, decoder, raw)
            if key is not None:
                hashed = digest(raw)
                if operation.secret:
                    hashed = self._services.access.seal(hashed)
                done = Operation(f"{caller.id} POST {environ['PATH_INFO']}", key, hashed)
        elif caller.role in LIMITED:
            self._limit(caller)
        asked_from = operation.door == "open" or operation.by_address
        address = self._address(environ) if asked_from else ""
        return Asked(caller, path, body, query, done, address)

    def _caller(self, operation: ApiOperation, environ: Mapping[str, Any]) -> Caller:
        if operation.door == "open":
            return _NOBODY
        caller = self.identify(environ, session_only=operation.door == "session")
        if caller.role not in operation.roles:
            raise Refusal("forbidden", f"The role {caller.role} may not do this.")
        return caller

    def identify(self, environ: Mapping[str, Any], *, session_only: bool = False) -> Caller:
        """Say who asks: by token, or by session cookie with the CSRF token on every command.

        Raises:
            Refusal: `unauthenticated`; `csrf`; `forbidden` for a token where only people may.
        """
        access = self._services.access
        authorization = environ.get("HTTP_AUTHORIZATION")
        if authorization is not None:
            scheme, _, token = authorization.partition(" ")
            caller = access.device(token.strip()) if scheme.lower() == "bearer" else None
            if caller is None:
                raise Refusal("unauthenticated", "This token is unknown or revoked.")
            if session_only:
                raise Refusal("forbidden", "Only a signed-in person may ask this.")
            return caller
        cookie = request.cookies.get(COOKIE) if "HTTP_COOKIE" in environ else None
        caller = access.session(cookie) if cookie else None
        if caller is None:
            raise Refusal("unauthenticated", "Send a token, or sign in.")
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            sent = environ.get("HTTP_X_CSRF_TOKEN", "")
            if not hmac.compare_digest(sent.encode(), (caller.csrf or "").encode()):
                raise Refusal("csrf", "The X-CSRF-Token header is missing or wrong.")
        return caller

    def _check_path(self, operation: ApiOperation, caller: Caller, path: dict[str, str]) -> None:
        centre = path.get("centre")
        if centre is not None and caller.centre != centre:
            self._check_other_centre(operation, caller, centre)
        counter = path.get("counter")
        if counter is not None:
            if not is_slug(counter):
                raise Refusal("unknown_counter", "There is no such counter.")
            if caller.role == "pad" and caller.counter != counter:
                raise Refusal("forbidden", "A pad works its own counter only.")
        ticket = path.get("ticket")
        if ticket is not None and not _IS_TICKET(ticket):
            raise Refusal("unknown_ticket", "There is no such ticket.")

    def _check_other_centre(self, operation: ApiOperation, caller: Caller, centre: str) -> None:
        if not is_slug(centre):
            raise Refusal("unknown_centre", "There is no such centre.")
        if operation.may_be_new and caller.centre is None:
            return
        self._services.readings.centre(centre)
        if caller.centre is not None:
            raise Refusal("forbidden", "This token belongs to another centre.")

    def _key(self, operation: ApiOperation, environ: Mapping[str, Any]) -> str | None:
        key: str | None = environ.get("HTTP_IDEMPOTENCY_KEY")
        if key is None:
            if operation.key_required:
                raise Refusal("idempotency_key_missing", "Send an Idempotency-Key header.")
            return None
        if not is_key(key):
            raise Refusal(
                "idempotency_key_malformed", "An Idempotency-Key is 8 to 64 of A-Z a-z 0-9 . _ -"
            )
        return key

    def _body(
        self,
        operation: ApiOperation,
        caller: Caller,
        decoder: msgspec.json.Decoder[Any],
        raw: bytes,
    ) -> Any:
        limited = operation.counted and caller.role in LIMITED
        try:
            body = decode(decoder, raw, table=operation.table)
        except Refusal:
            if limited:
                self._limit(caller)
            raise
        # A number that is on paper already is never turned away, however many come at once.
        if limited and getattr(body, "number", None) is None:
            self._limit(caller)
        return body

    def _limit(self, caller: Caller) -> None:
        wait = self._services.limiter.hit(limit_key("device", caller.id), DEVICE_LIMIT, WINDOW_S)
        if wait:
            raise Refusal(
                "too_many_requests",
                f"A device may ask {DEVICE_LIMIT} times a minute.",
                retry_after_s=wait,
            )

    def _address(self, environ: Mapping[str, Any]) -> str:
        return client_address(environ, self._services.trusted_proxies)


def digest(raw: bytes) -> str:
    """The hash of a body's parsed JSON, the same however its keys are ordered or spaced."""
    data = msgspec.json.decode(raw or b"{}")
    return hashlib.sha256(msgspec.json.encode(data, order="deterministic")).hexdigest()
