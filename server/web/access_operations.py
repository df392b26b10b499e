"""The routes about who may ask: sessions, devices and their codes, people, the audit log."""

from typing import Any, Final

import msgspec

from server.web import access_handlers, handlers
from server.web.operation import EVERY_ROLE, PEOPLE, ApiOperation, roles
from wire import answers, audit, people, requests, tokens

_MANAGERS: Final = roles("manager admin")
_DEVICE: Final = "/centres/{centre}/devices/{device}"
_USER: Final = "/users/{user}"

ACCESS: Final = (
    ApiOperation(
        name="whoami",
        method="GET",
        path="/whoami",
        summary="Who the server takes the asker for, its band, the day and the time",
        roles=EVERY_ROLE,
        answer=answers.Whoami,
        run=handlers.whoami,
    ),
    ApiOperation(
        name="get_session",
        method="GET",
        path="/session",
        summary="Who is signed in, with the tokens for commands and sockets",
        door="session",
        roles=PEOPLE,
        answer=answers.SignedIn,
        run=handlers.get_session,
    ),
    ApiOperation(
        name="own_password",
        method="POST",
        path="/session/password",
        summary="Change one's own password; one's other sign-ins end",
        door="session",
        roles=PEOPLE,
        body=people.OwnPassword,
        secret=True,
        answer=people.User,
        refusals=("password_wrong", "too_many_requests"),
        run=access_handlers.own_password,
    ),
    ApiOperation(
        name="enrol",
        method="POST",
        path="/enrol",
        summary="Turn a one-time code into a device's token",
        door="open",
        status=201,
        body=requests.EnrolRequest,
        refusals=("bad_credentials",),
        answer=answers.Enrolled,
        run=handlers.enrol,
    ),
)


def _strict(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": properties,
        "required": required,
    }


_NAME_SCHEMA: Final = msgspec.json.schema(tokens.DeviceName)
_SLUG_SCHEMA: Final = {"$ref": "#/components/schemas/Slug"}
_MAY_NAME: Final = {"name": {"anyOf": [_NAME_SCHEMA, {"type": "null"}]}}
_ENROL_CODE_SCHEMA: Final = {
    "oneOf": [
        _strict(
            {"role": {"const": "pad"}, "counter": _SLUG_SCHEMA, **_MAY_NAME}, ["role", "counter"]
        ),
        _strict(
            {
                "role": {"enum": ["kiosk", "display", "hall", "integration"]},
                "counter": {"anyOf": [_SLUG_SCHEMA, {"type": "null"}]},
                **_MAY_NAME,
            },
            ["role"],
        ),
    ]
}

TOKENS: Final = (
    ApiOperation(
        name="list_tokens",
        method="GET",
        path="/centres/{centre}/tokens",
        summary="Every token of a centre that holds, devices that were never heard too",
        roles=_MANAGERS,
        answer=list[tokens.TokenInfo],
        run=access_handlers.list_tokens,
    ),
    ApiOperation(
        name="make_enrol_code",
        method="POST",
        path="/centres/{centre}/enrol-codes",
        summary="A code that becomes a device's token once, within 15 minutes",
        roles=_MANAGERS,
        body=tokens.EnrolCodeRequest,
        body_schema=_ENROL_CODE_SCHEMA,
        answer=tokens.EnrolCode,
        refusals=("unknown_counter",),
        run=access_handlers.make_enrol_code,
    ),
    ApiOperation(
        name="rename_device",
        method="POST",
        path=_DEVICE,
        summary="Call a device something else",
        roles=_MANAGERS,
        body=tokens.RenameRequest,
        answer=tokens.TokenChanged,
        run=access_handlers.rename_device,
    ),
    ApiOperation(
        name="revoke_device",
        method="POST",
        path=f"{_DEVICE}/revoke",
        summary="Make a device's token worthless for good; its live sockets are cut",
        roles=_MANAGERS,
        body=requests.Empty,
        answer=tokens.TokenChanged,
        run=access_handlers.revoke_device,
    ),
)


def _user_action(name: str, action: str, summary: str, **more: Any) -> ApiOperation:
    """A command about one account: for signed-in people alone, whatever a token's role is."""
    refusals = more.pop("refusals", ())
    return ApiOperation(
        name=name,
        method="POST",
        path=f"{_USER}{action}",
        summary=summary,
        door="session",
        roles=_MANAGERS,
        body=more.pop("body", requests.Empty),
        answer=people.User,
        refusals=("own_account", *refusals),
        run=getattr(access_handlers, name),
        **more,
    )


USERS: Final = (
    ApiOperation(
        name="list_all_users",
        method="GET",
        path="/users",
        summary="Every account the asker may reach",
        door="session",
        roles=roles("admin"),
        answer=list[people.User],
        run=access_handlers.list_all_users,
    ),
    ApiOperation(
        name="list_users",
        method="GET",
        path="/centres/{centre}/users",
        summary="A centre's accounts",
        door="session",
        roles=_MANAGERS,
        answer=list[people.User],
        run=access_handlers.list_users,
    ),
    ApiOperation(
        name="add_user",
        method="POST",
        path="/centres/{centre}/users",
        summary="Make an account; managers make clerks and greeters",
        door="session",
        roles=_MANAGERS,
        body=people.UserRequest,
        secret=True,
        answer=people.User,
        refusals=("id_taken",),
        run=access_handlers.add_user,
    ),
    ApiOperation(
        name="add_admin",
        method="POST",
        path="/users",
        summary="Make an admin of the whole province",
        door="session",
        roles=roles("admin"),
        body=people.AdminRequest,
        secret=True,
        answer=people.User,
        refusals=("id_taken",),
        run=access_handlers.add_admin,
    ),
    _user_action(
        "change_user", "", "Give an account another role or centre; it signs in again",
        body=people.UserChange, refusals=("unknown_centre", "centre_needed", "last_admin"),
    ),
    _user_action(
        "reset_password", "/password", "Give somebody else a new password; they sign in again",
        body=people.NewPassword, secret=True,
    ),
    _user_action(
        "disable_user", "/disable", "Keep an account from signing in, at once",
        refusals=("last_admin",),
    ),
    _user_action("enable_user", "/enable", "Let a disabled account sign in again"),
    _user_action("sign_out_user", "/sign-out", "End everything an account is signed in to"),
)  # fmt: skip

AUDIT: Final = (
    ApiOperation(
        name="get_audit",
        method="GET",
        path="/centres/{centre}/audit",
        summary="Who changed what: people, devices, codes, configuration, sign-ins",
        roles=_MANAGERS,
        query=access_handlers.AuditQuery,
        answer=audit.AuditPage,
        run=access_handlers.get_audit,
    ),
)
