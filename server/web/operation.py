"""What one API operation is: its path, who may ask, what goes in and what comes out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, NamedTuple

import msgspec

from server.service.ports import Caller, Operation
from server.web.services import Services
from wire.words import ROLES

API: Final = "/api/v1"

EVERY_ROLE: Final = frozenset(ROLES)
PEOPLE: Final = frozenset({"clerk", "greeter", "manager", "admin"})

LIMITED: Final = frozenset({"kiosk", "pad"})
"""Roles whose tokens are limited to 120 requests a minute, hand-ins apart."""


class Asked(NamedTuple):
    """One request after every check that needs no transaction."""

    caller: Caller
    path: Mapping[str, str]
    body: Any
    query: Any
    operation: Operation | None
    address: str

    @property
    def centre(self) -> str:
        """The centre the request is about."""
        return self.path["centre"]


@dataclass(frozen=True, kw_only=True)
class ApiOperation:
    """One route of the API: routing, access, checks and OpenAPI all come from here.

    `door` says who gets in at all: `token` means a device's token or a person's session whose
    role is one of `roles`; `session` a person's session only; `open` anybody. `refusals` are
    the codes beyond those that the door, the path and the body bring. What is not `counted`
    is no part of a device's 120 requests a minute; `by_address` asks where it comes from.
    Of a `secret` body no hash is kept that anybody but this server could make again. A `table`
    in the body may have 5 MB, and lines. Where a centre `may_be_new`, the province's admin may
    name one that is not there yet. What is not JSON is of another `media`.
    """

    name: str
    method: Literal["GET", "POST"]
    path: str
    summary: str
    run: Callable[[Services, Asked], Any]
    answer: Any
    roles: frozenset[str] = frozenset()
    door: Literal["token", "session", "open"] = "token"
    status: int = 200
    body: type[msgspec.Struct] | None = None
    query: type[msgspec.Struct] | None = None
    refusals: tuple[str, ...] = ()
    key_required: bool = False
    body_schema: Mapping[str, Any] | None = None
    counted: bool = True
    by_address: bool = False
    secret: bool = False
    table: bool = False
    may_be_new: bool = False
    media: str = "application/json"

    @property
    def limited(self) -> bool:
        """Whether some of those who may ask are limited in how often."""
        return self.door == "open" or (self.counted and bool(self.roles & LIMITED))


def roles(names: str) -> frozenset[str]:
    """The roles of a blank-separated list; a role that does not exist is a mistake here."""
    named = frozenset(names.split())
    if not named <= EVERY_ROLE:
        raise ValueError(f"no such role: {named - EVERY_ROLE}")
    return named
