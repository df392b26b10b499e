"""OpenAPI 3.1, made from the list of operations and the structs of the wire.

Source: spec.openapis.org/oas/v3.1; schemas by msgspec from the very types that are decoded.
"""

import re
import types
from collections.abc import Iterable, Mapping
from typing import Any, Final, get_args

import msgspec

from server.web.operation import API, ApiOperation
from wire import ids
from wire.errors import STATUS_OF, Problem
from wire.help import HELP_ID
from wire.notices import NOTICE_ID
from wire.people import USER_ID
from wire.prints import PRINT_ID
from wire.tokens import DEVICE_ID

_REF: Final = "#/components/schemas/{name}"
_PROBLEM: Final = {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}
_SLUG: Final = {"type": "string", "pattern": ids.SLUG, "minLength": 1, "maxLength": 64}
_PATH_SCHEMAS: Final[Mapping[str, Mapping[str, Any]]] = {
    "centre": {"$ref": _REF.format(name="Slug")},
    "counter": {"$ref": _REF.format(name="Slug")},
    "service": {"$ref": _REF.format(name="Slug")},
    "device": {"type": "string", "pattern": DEVICE_ID},
    "user": {"type": "string", "pattern": USER_ID},
    "help": {"type": "string", "pattern": HELP_ID},
    "procedure": {"type": "string", "pattern": ids.PROCEDURE},
    "notice": {"type": "string", "pattern": NOTICE_ID},
    "print": {"type": "string", "pattern": PRINT_ID},
    "ticket": {"type": "string", "pattern": ids.UUID},
    "track": {"type": "string", "pattern": ids.TRACK},
}
_KEY: Final = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "Repeats of the same key, path and body get the same result, for 72 hours.",
    "schema": {"type": "string", "pattern": ids.KEY},
}
_WORDS: Final = {
    200: "Done, or done before under the same Idempotency-Key",
    201: "Made",
    400: "Not JSON, or an Idempotency-Key that is missing or malformed",
    401: "Nobody the server knows",
    403: "Wrong role or centre, or a CSRF token that is missing or wrong",
    404: "Something the path or body names does not exist",
    409: "Not possible in the present state, or a key used for another body",
    413: "The body is larger than 64 kB, or a table in it than 5 MB",
    415: "The body is not application/json",
    422: "Fields of the body or query are wrong; all of them are listed",
    429: "Asked too often; see Retry-After",
    503: "The database does not answer; nothing was changed",
}


def document(operations: Iterable[ApiOperation], version: str) -> dict[str, Any]:
    """Describe the operations as one OpenAPI document."""
    listed = list(operations)
    types = [operation.answer for operation in listed]
    types += [operation.body for operation in listed if operation.body is not None]
    schemas, components = msgspec.json.schema_components([*types, Problem], ref_template=_REF)
    shapes = dict(zip(map(id, types), schemas, strict=False))
    paths: dict[str, dict[str, Any]] = {}
    for operation in listed:
        path = paths.setdefault(API + operation.path, {})
        path[operation.method.lower()] = _describe(operation, shapes)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Lấy Số",
            "version": version,
            "description": "Queue tickets for public service centres.",
        },
        "paths": paths,
        "components": {
            "schemas": {**components, "Slug": _SLUG},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "session": {"type": "apiKey", "in": "cookie", "name": "layso_session"},
            },
        },
    }


def statuses(operation: ApiOperation) -> dict[int, list[str]]:
    """Every status an operation may answer beside success, with its codes."""
    codes = ["unavailable", "invalid_body", *operation.refusals]
    if operation.door != "open":
        codes += ["unauthenticated", "forbidden"]
    if operation.limited:
        codes.append("too_many_requests")
    for name in re.findall(r"\{(\w+)\}", operation.path):
        codes.append(f"unknown_{name}")
    if operation.method == "POST":
        codes += ["bad_request", "idempotency_key_malformed"]
        codes += ["body_too_large", "unsupported_media_type"]
        if operation.door != "open":
            codes += ["csrf", "idempotency_mismatch"]
    if operation.key_required:
        codes.append("idempotency_key_missing")
    found: dict[int, list[str]] = {}
    for code in sorted(set(codes)):
        found.setdefault(STATUS_OF[code], []).append(code)
    return dict(sorted(found.items()))


def _describe(operation: ApiOperation, shapes: Mapping[int, Any]) -> dict[str, Any]:
    described: dict[str, Any] = {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": _parameters(operation),
        "responses": _responses(operation, shapes),
        "security": _security(operation),
    }
    if operation.roles:
        described["description"] = f"For: {', '.join(sorted(operation.roles))}."
    if operation.body is not None:
        schema = operation.body_schema or shapes[id(operation.body)]
        required = any(field.required for field in msgspec.structs.fields(operation.body))
        described["requestBody"] = {
            "required": required or operation.body_schema is not None,
            "content": {"application/json": {"schema": schema}},
        }
    return described


def _security(operation: ApiOperation) -> list[dict[str, list[str]]]:
    if operation.door == "open":
        return []
    session: dict[str, list[str]] = {"session": []}
    return [session] if operation.door == "session" else [{"token": []}, session]


def _parameters(operation: ApiOperation) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": _PATH_SCHEMAS[name]}
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    if operation.method == "POST":
        found.append({**_KEY, "required": operation.key_required})
    if operation.query is not None:
        found += [
            {
                "name": field.encode_name,
                "in": "query",
                "required": field.required,
                "schema": _without_null(field.type),
            }
            for field in msgspec.structs.fields(operation.query)
        ]
    return found


def _without_null(kind: Any) -> dict[str, Any]:
    parts = get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    present = [part for part in parts if part is not type(None)]
    return msgspec.json.schema(present[0])


def _responses(operation: ApiOperation, shapes: Mapping[int, Any]) -> dict[str, Any]:
    good = {"content": {operation.media: {"schema": shapes[id(operation.answer)]}}}
    found: dict[str, Any] = {
        str(operation.status): {"description": _WORDS[operation.status], **good}
    }
    if operation.status == 201:
        found["200"] = {"description": _WORDS[200], **good}
    for status, codes in statuses(operation).items():
        answer: dict[str, Any] = {
            "description": f"{_WORDS[status]}. Codes: {', '.join(codes)}.",
            "content": _PROBLEM,
        }
        if status in (429, 503):
            schema = {"type": "integer", "minimum": 1}
            answer["headers"] = {"Retry-After": {"required": True, "schema": schema}}
        found[str(status)] = answer
    return found
