"""Tokens and the one-time codes they come from, as managers and admins see them.

A code is in the one answer that makes it; tokens are in none.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.answers import Answer, CounterRef, Moment
from wire.devices import DeviceState, Heartbeat, Trouble
from wire.requests import Body, Slug
from wire.words import Role

DEVICE_ID: Final = r"^[0-9a-f]{16}$"

EnrolRole = Literal["kiosk", "display", "hall", "pad", "integration"]

# Nothing that hides or turns around what stands beside it, and something to be seen.
_UNSEEN: Final = r"\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
DeviceName = Annotated[
    str, Meta(pattern=rf"^[^{_UNSEEN}]*[^\s{_UNSEEN}][^{_UNSEEN}]*$", max_length=64)
]


class EnrolCodeRequest(Body, frozen=True):
    """Make a one-time code for a device; a pad needs its counter."""

    role: EnrolRole
    counter: Slug | None = None
    name: DeviceName | None = None


class RenameRequest(Body, frozen=True):
    """What people call the device from now on."""

    name: DeviceName


class EnrolCode(Answer, frozen=True):
    """A code that becomes a token once, until it runs out. It is shown this once."""

    code: str
    role: Role
    counter: str | None
    name: str
    expires_at: Moment


class Band(Answer, frozen=True):
    """The numbers a kiosk draws by itself, both included."""

    first: int
    last: int


class TokenInfo(Answer, frozen=True):
    """A token that holds: of a device, an integration, or a person's role.

    `state`, `trouble`, `seen_at` and `report` are as in `wire.devices.Device`; tokens that are
    no device's have none. `changeable`: the asker may rename and revoke it.
    """

    id: str
    role: Role
    name: str
    kiosk: int | None
    band: Band | None
    counter: CounterRef | None
    created_at: Moment
    state: DeviceState | None
    trouble: list[Trouble]
    seen_at: Moment | None
    report: Heartbeat | None
    changeable: bool


class TokenChanged(Answer, frozen=True):
    """A token that was renamed or revoked just now, or was before."""

    id: str
    name: str
    revoked_at: Moment | None
