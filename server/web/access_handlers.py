"""What the operations about devices, people and the audit log do once they are admitted."""

from typing import Annotated, Any, Final

import msgspec
from msgspec import Meta

from server.service.limits import limit_key
from server.web.operation import Asked
from server.web.services import Services
from wire.errors import Refusal
from wire.ids import UUID7

PASSWORD_TRIES: Final = 10
"""A minute and account, together with its failed sign-ins."""

WINDOW_S: Final = 60


class AuditQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From where on, backwards: the id of the last entry that was seen."""

    before: Annotated[str, Meta(pattern=UUID7)] | None = None


def get_audit(services: Services, asked: Asked) -> Any:
    """Read who changed what."""
    return services.audit.page(asked.caller, asked.centre, asked.query.before)


# ---- devices


def list_tokens(services: Services, asked: Asked) -> Any:
    """List every token of a centre with how its device is."""
    devices = services.heartbeats.devices(asked.centre)
    return services.access.tokens(asked.caller, asked.centre, devices)


def make_enrol_code(services: Services, asked: Asked) -> Any:
    """Make a one-time code for a device."""
    return services.access.make_enrol_code(asked.caller, asked.centre, asked.body, asked.operation)


def rename_device(services: Services, asked: Asked) -> Any:
    """Call a device something else."""
    return services.access.rename_device(
        asked.caller, asked.centre, asked.path["device"], asked.body, asked.operation
    )


def revoke_device(services: Services, asked: Asked) -> Any:
    """Make a device's token worthless."""
    return services.access.revoke_device(
        asked.caller, asked.centre, asked.path["device"], asked.operation
    )


# ---- people


def list_all_users(services: Services, asked: Asked) -> Any:
    """List every account the asker may reach."""
    return services.access.users(asked.caller, None)


def list_users(services: Services, asked: Asked) -> Any:
    """List a centre's accounts."""
    return services.access.users(asked.caller, asked.centre)


def add_user(services: Services, asked: Asked) -> Any:
    """Make an account in a centre."""
    return services.access.add_user(asked.caller, asked.centre, asked.body, asked.operation)


def add_admin(services: Services, asked: Asked) -> Any:
    """Make an admin of the whole province."""
    return services.access.add_admin(asked.caller, asked.body, asked.operation)


def change_user(services: Services, asked: Asked) -> Any:
    """Give an account another role or centre."""
    return services.access.change_user(
        asked.caller, asked.path["user"], asked.body, asked.operation
    )


def reset_password(services: Services, asked: Asked) -> Any:
    """Give somebody else a new password."""
    return services.access.reset_password(
        asked.caller, asked.path["user"], asked.body, asked.operation
    )


def disable_user(services: Services, asked: Asked) -> Any:
    """Keep an account from signing in."""
    return services.access.disable_user(asked.caller, asked.path["user"], asked.operation)


def enable_user(services: Services, asked: Asked) -> Any:
    """Let a disabled account sign in again."""
    return services.access.enable_user(asked.caller, asked.path["user"], asked.operation)


def sign_out_user(services: Services, asked: Asked) -> Any:
    """End everything an account is signed in to."""
    return services.access.sign_out_user(asked.caller, asked.path["user"], asked.operation)


def own_password(services: Services, asked: Asked) -> Any:
    """Change one's own password; tries with a wrong one count as failed sign-ins do.

    Raises:
        Refusal: `too_many_requests`, `password_wrong`.
    """
    key = limit_key("account", asked.caller.name)
    wait = services.limiter.hit(key, PASSWORD_TRIES, WINDOW_S)
    if wait:
        detail = f"A password may be tried {PASSWORD_TRIES} times a minute."
        raise Refusal("too_many_requests", detail, retry_after_s=wait)
    reply = services.access.own_password(asked.caller, asked.body, asked.operation)
    services.limiter.give_back(key)
    return reply
