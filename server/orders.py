"""The commands that change or read what the server keeps, executed wherever the writer is.

An order is plain JSON, so that it runs the same in the command's own process and, through
the control socket, in the server that holds the database.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from server.parts import Parts
from server.service.ports import StoreError
from server.service.retention import KEPT_DAYS
from wire.checks import FaultyFile
from wire.errors import LaySoError, Refusal
from wire.words import Role

Order = Callable[[Parts, Mapping[str, Any]], list[str]]


class OrderFailed(LaySoError):
    """The order was refused; `lines` say why, one a fault, and nothing was changed."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def _centre_import(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    centre, warnings = parts.centres.import_file(given["text"])
    return [f"imported {centre}", *(f"warning: {line}" for line in warnings)]


def _centre_export(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    text = parts.centres.export(given["centre"])
    if text is None:
        raise Refusal("unknown_centre", f"There is no centre '{given['centre']}'.")
    return [text.rstrip("\n")]


def _procedures_import(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    count = parts.centres.import_procedures(given["centre"], given["text"])
    return [f"imported {count} procedures"]


def _token_create(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    band = given["band"]
    token = parts.access.create_token(
        cast("Role", given["role"]),
        given["centre"],
        given["counter"],
        (band[0], band[1]) if band else None,
        given["name"],
    )
    return [token]


def _token_revoke(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    return [f"revoked {parts.access.revoke_token(given['token'])}"]


def _user_create(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    parts.access.create_user(
        given["name"], cast("Role", given["role"]), given["centre"], given["password"]
    )
    return [f"created {given['name']}"]


def _setup_code(parts: Parts, _given: Mapping[str, Any]) -> list[str]:
    return [parts.access.setup_code()]


def _enrol_code_create(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    code = parts.access.create_enrol_code(
        cast("Role", given["role"]), given["centre"], given["counter"]
    )
    return [code]


def _anonymise(parts: Parts, given: Mapping[str, Any]) -> list[str]:
    gone = parts.retention.anonymise(given["days"] or KEPT_DAYS)
    return [f"forgot {gone.comments} comments, {gone.links} links, {gone.visits} visits"]


ORDERS: dict[str, Order] = {
    "centre import": _centre_import,
    "centre export": _centre_export,
    "procedures import": _procedures_import,
    "token create": _token_create,
    "token revoke": _token_revoke,
    "user create": _user_create,
    "setup-code": _setup_code,
    "enrol-code create": _enrol_code_create,
    "anonymise": _anonymise,
}


def execute(parts: Parts, name: str, given: Mapping[str, Any]) -> list[str]:
    """Carry out an order and return the lines to print.

    Raises:
        OrderFailed: one line a fault; nothing was changed.
    """
    try:
        return ORDERS[name](parts, given)
    except FaultyFile as error:
        raise OrderFailed([str(fault) for fault in error.faults]) from error
    except Refusal as refusal:
        raise OrderFailed(_lines(refusal)) from refusal
    except StoreError as error:
        raise OrderFailed([str(error)]) from error


def _lines(refusal: Refusal) -> list[str]:
    if refusal.errors:
        return [f"{fault.field}: {fault.message}" for fault in refusal.errors]
    return [refusal.detail or refusal.code]
