"""Reading a JSON body or a query strictly: quick when it is right, thorough when it is not."""

import re
import types
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any, Final, Literal, Union, cast, get_args, get_origin

import msgspec

from wire.checks import did_you_mean
from wire.errors import FieldFault, Refusal

BODY_MOST: Final = 65_536
TABLE_BODY_MOST: Final = 6_000_000
"""A table of 5 MB, with what JSON adds to it."""

_NOT_JSON: Final = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]")


def read_body(environ: Mapping[str, Any], most: int = BODY_MOST) -> bytes:
    """Read the body, if there is one, and insist that it is JSON of at most so many bytes.

    Raises:
        Refusal: `body_too_large`, `unsupported_media_type`, or `bad_request` when it was cut.
    """
    length = environ.get("CONTENT_LENGTH")
    chunked = "HTTP_TRANSFER_ENCODING" in environ and environ.get("wsgi.input_terminated")
    if not length and not chunked:
        return b""
    wanted = int(length) if length and length.isascii() and length.isdigit() else most + 1
    if wanted > most and not chunked:
        raise Refusal("body_too_large", f"A body holds at most {most} bytes.")
    try:
        raw: bytes = environ["wsgi.input"].read(wanted)
    except OSError as error:
        raise Refusal("bad_request", "The body was cut short.") from error
    if len(raw) > most:
        raise Refusal("body_too_large", f"A body holds at most {most} bytes.")
    if len(raw) < wanted and not chunked:
        raise Refusal("bad_request", "The body was cut short.")
    kind = environ.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()
    if raw and kind != "application/json":
        raise Refusal("unsupported_media_type", "Send the body as application/json.")
    return raw


def decode(decoder: msgspec.json.Decoder[Any], raw: bytes, *, table: bool = False) -> Any:
    """Decode a body into its struct; an empty one counts as `{}`.

    Args:
        decoder: Of the struct.
        raw: The body.
        table: Whether it carries a table, in which lines end.

    Raises:
        Refusal: `bad_request` when it is no JSON; `invalid_body` with every faulty field.
    """
    try:
        body = decoder.decode(raw or b"{}")
    except msgspec.ValidationError:
        raise _invalid(cast("type[msgspec.Struct]", decoder.type), raw) from None
    except _NOT_JSON as error:
        raise Refusal("bad_request", f"The body is not JSON: {error}") from None
    # Control characters reach JSON only as escapes, and `$` in a pattern lets a last \n pass.
    if b"\\" in raw and not table:
        faults = [
            FieldFault(name, "must not hold control characters")
            for name, value in msgspec.structs.asdict(body).items()
            if _holds_control(value)
        ]
        if faults:
            raise Refusal("invalid_body", "The body has faults.", errors=tuple(faults))
    return body


def _holds_control(value: Any) -> bool:
    """Whether a control character is anywhere in a decoded value."""
    if isinstance(value, str):
        return _CONTROL.search(value) is not None
    if isinstance(value, msgspec.Struct):
        return any(map(_holds_control, msgspec.structs.asdict(value).values()))
    return isinstance(value, list) and any(map(_holds_control, value))


def convert_query(kind: type[msgspec.Struct] | None, pairs: Sequence[tuple[str, str]]) -> Any:
    """Turn query parameters into their struct; those that do not exist are refused.

    Raises:
        Refusal: `invalid_body` with every faulty parameter.
    """
    given = dict(pairs)
    faults = [
        FieldFault(name, "is given more than once")
        for name in given
        if sum(name == other for other, _ in pairs) > 1
    ]
    if kind is None:
        faults += [FieldFault(name, "is not a parameter here") for name in given]
    else:
        faults += _faults(kind, given)
    if faults:
        raise Refusal("invalid_body", "The query has faults.", errors=tuple(faults))
    return None if kind is None else msgspec.convert(given, kind)


def _invalid(kind: type[msgspec.Struct], raw: bytes) -> Refusal:
    try:
        data = msgspec.json.decode(raw or b"{}")
    except _NOT_JSON as error:
        return Refusal("bad_request", f"The body is not JSON: {error}")
    if not isinstance(data, dict):
        faults = [FieldFault("", f"must be an object, not {_kind_of(data)}")]
    else:
        faults = _faults(kind, data)
    return Refusal("invalid_body", "The body has faults.", errors=tuple(faults))


def _faults(kind: type[msgspec.Struct], data: Mapping[str, Any]) -> list[FieldFault]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    faults = [
        FieldFault(name, f"is not known here{did_you_mean(name, fields)}")
        for name in data
        if name not in fields
    ]
    for name, field in fields.items():
        if name not in data:
            if field.required:
                faults.append(FieldFault(name, "is missing"))
            continue
        message = _fault_of(field.type, data[name])
        if message:
            faults.append(FieldFault(name, message))
    return faults


def _fault_of(kind: Any, value: Any) -> str:
    if isinstance(value, str) and _CONTROL.search(value):
        return "must not hold control characters"
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, RecursionError) as error:
        choices = list(_choices(kind))
        if not choices:
            return (
                str(error).replace("`", "").replace("Expected ", "must be ").partition(" - at")[0]
            )
        hint = did_you_mean(value, choices) if isinstance(value, str) else ""
        return f"must be one of {', '.join(choices)}{hint}"
    return ""


def _choices(kind: Any) -> Iterator[str]:
    origin = get_origin(kind)
    if origin is Literal:
        yield from get_args(kind)
    elif origin is Annotated:
        yield from _choices(get_args(kind)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(kind):
            yield from _choices(part)


def _kind_of(data: Any) -> str:
    names = {list: "a list", str: "a text", bool: "true or false", type(None): "null"}
    return names.get(type(data), "a number")
