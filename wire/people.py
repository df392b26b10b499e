"""People who sign in, as managers and admins see and change them. No answer holds a password."""

from typing import Annotated, Final, Literal

from msgspec import Meta

from wire.answers import Answer, Moment
from wire.requests import Body, Slug

USER_ID: Final = r"^[0-9a-f]{16}$"

PersonRole = Literal["clerk", "greeter", "manager", "admin"]

# Letters that every keyboard types alike, with and without a Vietnamese input method.
AccountName = Annotated[str, Meta(pattern=r"^[0-9A-Za-z][0-9A-Za-z._@-]{0,63}$")]
Password = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=8, max_length=256)]
TypedPassword = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", min_length=1, max_length=256)]


class UserRequest(Body, frozen=True):
    """Make an account in a centre; capitals in its name do not count."""

    name: AccountName
    role: PersonRole
    password: Password


class AdminRequest(Body, frozen=True):
    """Make an account of the whole province: an admin."""

    name: AccountName
    password: Password


class UserChange(Body, frozen=True):
    """What an account is from now on; without a centre it is the province's, an admin."""

    role: PersonRole
    centre: Slug | None


class NewPassword(Body, frozen=True):
    """The password somebody else is given."""

    password: Password


class OwnPassword(Body, frozen=True):
    """One's own password, the present and the next."""

    current: TypedPassword
    new: Password


class User(Answer, frozen=True):
    """An account. `signed_in`: some browser is; `seen_at`: when one of them last asked.

    `yours`: the asker's own; `changeable`: the asker may change, disable and enable it.
    """

    id: str
    name: str
    role: PersonRole
    centre: str | None
    created_at: Moment
    disabled_at: Moment | None
    signed_in: bool
    seen_at: Moment | None
    yours: bool
    changeable: bool
