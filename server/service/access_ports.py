"""What the use cases of access need of storage: rows of tokens, people, sessions and codes.

Every function takes the transaction it works in; none commits. Secrets come hashed.
"""

from typing import NamedTuple, Protocol

from server.service.ports import Tx
from wire.words import Role


class TokenRow(NamedTuple):
    """A device's or integration's token; only its SHA-256 is kept."""

    id: str
    hash: str
    role: Role
    centre: str | None
    counter: str | None
    name: str
    kiosk: int | None
    band_first: int | None
    band_last: int | None
    created_ms: int
    revoked_ms: int | None


class PersonRow(NamedTuple):
    """A person who signs in; `password_hash` is argon2id in PHC form."""

    id: str
    name: str
    role: Role
    centre: str | None
    password_hash: str
    created_ms: int
    disabled_ms: int | None


class SessionRow(NamedTuple):
    """One signed-in browser; the cookie's SHA-256 is its name."""

    id_hash: str
    person: str
    csrf: str
    created_ms: int
    seen_ms: int
    expires_ms: int


class CodeRow(NamedTuple):
    """A one-time code that becomes a token; only its SHA-256 is kept."""

    hash: str
    role: Role
    centre: str
    counter: str | None
    expires_ms: int
    used_ms: int | None
    name: str = ""


class SetupCodeRow(NamedTuple):
    """The one-time code of the first run; `tries` counts the wrong ones since it was made."""

    hash: str
    expires_ms: int
    tries: int


class AccessRows(Protocol):
    """Reads and writes the rows above, and asks which centres and counters exist."""

    def centre_exists(self, tx: Tx, centre: str) -> bool:
        """Say whether this centre has been imported."""

    def counter_exists(self, tx: Tx, centre: str, counter: str) -> bool:
        """Say whether this centre has a counter of this id that is not retired."""

    def token_by_hash(self, tx: Tx, hash_: str) -> TokenRow | None:
        """The token of this hash, revoked or not."""

    def token_by_id(self, tx: Tx, id_: str) -> TokenRow | None:
        """The token of this id, revoked or not."""

    def tokens_of(self, tx: Tx, centre: str | None) -> list[TokenRow]:
        """Every token of a centre, or of all, revoked ones too, oldest first."""

    def add_token(self, tx: Tx, row: TokenRow) -> None:
        """Insert a token."""

    def revoke_token(self, tx: Tx, id_: str, now_ms: int) -> int:
        """Mark a token revoked; how many rows changed: 0 when it was already."""

    def rename_token(self, tx: Tx, id_: str, name: str) -> None:
        """Store what a token's device is called."""

    def person_by_name(self, tx: Tx, name: str) -> PersonRow | None:
        """The person of this account name."""

    def person_by_id(self, tx: Tx, id_: str) -> PersonRow | None:
        """The person of this id."""

    def add_person(self, tx: Tx, row: PersonRow) -> None:
        """Insert a person."""

    def persons(self, tx: Tx, centre: str | None) -> list[PersonRow]:
        """The people of a centre, or of all and of the province, by name."""

    def any_person(self, tx: Tx) -> bool:
        """Say whether anybody has an account."""

    def admins(self, tx: Tx) -> list[PersonRow]:
        """The admins who are not disabled."""

    def save_person(self, tx: Tx, row: PersonRow) -> None:
        """Store a person's role, centre, password and whether they are disabled."""

    def session_by_hash(self, tx: Tx, id_hash: str) -> SessionRow | None:
        """The session of this cookie's hash, expired or not."""

    def add_session(self, tx: Tx, row: SessionRow) -> None:
        """Insert a session."""

    def touch_session(self, tx: Tx, id_hash: str, now_ms: int) -> None:
        """Note that a session was used just now."""

    def end_session(self, tx: Tx, id_hash: str) -> None:
        """Delete a session."""

    def end_sessions_of(self, tx: Tx, person: str, but: str) -> int:
        """Delete a person's sessions, but that of one CSRF token; how many there were."""

    def sessions_of(self, tx: Tx, person: str, now_ms: int, idle_ms: int) -> list[SessionRow]:
        """A person's sessions that are still good."""

    def last_seen(self, tx: Tx, now_ms: int, idle_ms: int) -> dict[str, int]:
        """When each person who is signed in was last seen."""

    def drop_sessions(self, tx: Tx, now_ms: int, idle_ms: int) -> None:
        """Delete every session that has run out."""

    def code_by_hash(self, tx: Tx, hash_: str) -> CodeRow | None:
        """The enrolment code of this hash, used or not."""

    def add_code(self, tx: Tx, row: CodeRow) -> None:
        """Insert an enrolment code."""

    def use_code(self, tx: Tx, hash_: str, now_ms: int) -> int:
        """Mark a code used; how many rows changed: 0 when it was used or has run out."""

    def setup_code(self, tx: Tx) -> SetupCodeRow | None:
        """The code of the first run, if there is one."""

    def save_setup_code(self, tx: Tx, row: SetupCodeRow) -> None:
        """Store the code of the first run in place of any other."""

    def drop_setup_code(self, tx: Tx) -> None:
        """Forget it: it was used, or is not needed."""
