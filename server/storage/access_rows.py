"""Rows of tokens, people, sessions and codes: SQL text, one statement a function.

Implements `server.service.access_ports.AccessRows`; the module itself is the object.
"""

import tomllib
from typing import Final

from server.service.access_ports import CodeRow, PersonRow, SessionRow, SetupCodeRow, TokenRow
from server.service.ports import Tx
from server.storage.sql import insert, select

_TOKEN_BY_HASH: Final = select("token", TokenRow._fields, "hash = ?")
_TOKEN_BY_ID: Final = select("token", TokenRow._fields, "id = ?")
_TOKENS: Final = select("token", TokenRow._fields, "1 = 1 ORDER BY created_ms, id")
_TOKENS_OF: Final = select("token", TokenRow._fields, "centre = ? ORDER BY created_ms, id")
_ADD_TOKEN: Final = insert("token", TokenRow._fields)
_REVOKE: Final = "UPDATE token SET revoked_ms = ? WHERE id = ? AND revoked_ms IS NULL"
_RENAME: Final = "UPDATE token SET name = ? WHERE id = ?"
_PERSON_BY_NAME: Final = select("person", PersonRow._fields, "name = ?")
_PERSON_BY_ID: Final = select("person", PersonRow._fields, "id = ?")
_ADD_PERSON: Final = insert("person", PersonRow._fields)
_PERSONS: Final = select("person", PersonRow._fields, "1 = 1 ORDER BY name")
_PERSONS_OF: Final = select("person", PersonRow._fields, "centre = ? ORDER BY name")
_ANY_PERSON: Final = "SELECT 1 FROM person LIMIT 1"
_ADMINS: Final = select("person", PersonRow._fields, "role = 'admin' AND disabled_ms IS NULL")
_SAVE_PERSON: Final = (
    "UPDATE person SET role = ?, centre = ?, password_hash = ?, disabled_ms = ? WHERE id = ?"
)
_SESSION: Final = select("session", SessionRow._fields, "id_hash = ?")
_ADD_SESSION: Final = insert("session", SessionRow._fields)
_TOUCH: Final = "UPDATE session SET seen_ms = ? WHERE id_hash = ?"
_END: Final = "DELETE FROM session WHERE id_hash = ?"
_END_ALL: Final = "DELETE FROM session WHERE person = ? AND csrf <> ?"
_SESSIONS_OF: Final = select(
    "session", SessionRow._fields, "person = ? AND expires_ms > ? AND seen_ms > ?"
)
_LAST_SEEN: Final = (
    "SELECT person, MAX(seen_ms) FROM session WHERE expires_ms > ? AND seen_ms > ? GROUP BY person"
)
_DROP: Final = "DELETE FROM session WHERE expires_ms <= ? OR seen_ms <= ?"
_CODE: Final = select("enrol_code", CodeRow._fields, "hash = ?")
_ADD_CODE: Final = insert("enrol_code", CodeRow._fields)
_USE_CODE: Final = (
    "UPDATE enrol_code SET used_ms = ? WHERE hash = ? AND used_ms IS NULL AND expires_ms > ?"
)
_SETUP: Final = "SELECT hash, expires_ms, tries FROM setup_code"
_ADD_SETUP: Final = insert("setup_code", SetupCodeRow._fields)
_DROP_SETUP: Final = "DELETE FROM setup_code"


def centre_exists(tx: Tx, centre: str) -> bool:
    """Say whether this centre has been imported."""
    return tx.definition(centre) is not None


def counter_exists(tx: Tx, centre: str, counter: str) -> bool:
    """Say whether the centre's file has this counter."""
    row = tx.definition(centre)
    if row is None:
        return False
    return any(entry.get("id") == counter for entry in tomllib.loads(row.text).get("counter", []))


def token_by_hash(tx: Tx, hash_: str) -> TokenRow | None:
    """The token of this hash, revoked or not."""
    row = tx.one(_TOKEN_BY_HASH, (hash_,))
    return TokenRow(*row) if row else None


def token_by_id(tx: Tx, id_: str) -> TokenRow | None:
    """The token of this id, revoked or not."""
    row = tx.one(_TOKEN_BY_ID, (id_,))
    return TokenRow(*row) if row else None


def tokens_of(tx: Tx, centre: str | None) -> list[TokenRow]:
    """Every token of a centre, or of all, oldest first."""
    rows = tx.all(_TOKENS) if centre is None else tx.all(_TOKENS_OF, (centre,))
    return [TokenRow(*row) for row in rows]


def add_token(tx: Tx, row: TokenRow) -> None:
    """Insert a token."""
    tx.execute(_ADD_TOKEN, row)


def revoke_token(tx: Tx, id_: str, now_ms: int) -> int:
    """Mark a token revoked; 0 when it was already."""
    return tx.execute(_REVOKE, (now_ms, id_))


def rename_token(tx: Tx, id_: str, name: str) -> None:
    """Store what a token's device is called."""
    tx.execute(_RENAME, (name, id_))


def person_by_name(tx: Tx, name: str) -> PersonRow | None:
    """The person of this account name."""
    row = tx.one(_PERSON_BY_NAME, (name,))
    return PersonRow(*row) if row else None


def person_by_id(tx: Tx, id_: str) -> PersonRow | None:
    """The person of this id."""
    row = tx.one(_PERSON_BY_ID, (id_,))
    return PersonRow(*row) if row else None


def add_person(tx: Tx, row: PersonRow) -> None:
    """Insert a person."""
    tx.execute(_ADD_PERSON, row)


def persons(tx: Tx, centre: str | None) -> list[PersonRow]:
    """The people of a centre, or of all, by name."""
    rows = tx.all(_PERSONS) if centre is None else tx.all(_PERSONS_OF, (centre,))
    return [PersonRow(*row) for row in rows]


def any_person(tx: Tx) -> bool:
    """Say whether anybody has an account."""
    return tx.one(_ANY_PERSON) is not None


def admins(tx: Tx) -> list[PersonRow]:
    """The admins who are not disabled."""
    return [PersonRow(*row) for row in tx.all(_ADMINS)]


def save_person(tx: Tx, row: PersonRow) -> None:
    """Store a person's role, centre, password and whether they are disabled."""
    tx.execute(_SAVE_PERSON, (row.role, row.centre, row.password_hash, row.disabled_ms, row.id))


def session_by_hash(tx: Tx, id_hash: str) -> SessionRow | None:
    """The session of this cookie's hash, expired or not."""
    row = tx.one(_SESSION, (id_hash,))
    return SessionRow(*row) if row else None


def add_session(tx: Tx, row: SessionRow) -> None:
    """Insert a session."""
    tx.execute(_ADD_SESSION, row)


def touch_session(tx: Tx, id_hash: str, now_ms: int) -> None:
    """Note that a session was used just now."""
    tx.execute(_TOUCH, (now_ms, id_hash))


def end_session(tx: Tx, id_hash: str) -> None:
    """Delete a session."""
    tx.execute(_END, (id_hash,))


def end_sessions_of(tx: Tx, person: str, but: str) -> int:
    """Delete a person's sessions, but that of one CSRF token; how many there were."""
    return tx.execute(_END_ALL, (person, but))


def sessions_of(tx: Tx, person: str, now_ms: int, idle_ms: int) -> list[SessionRow]:
    """A person's sessions that are still good."""
    rows = tx.all(_SESSIONS_OF, (person, now_ms, now_ms - idle_ms))
    return [SessionRow(*row) for row in rows]


def last_seen(tx: Tx, now_ms: int, idle_ms: int) -> dict[str, int]:
    """When each person who is signed in was last seen."""
    return {person: seen for person, seen in tx.all(_LAST_SEEN, (now_ms, now_ms - idle_ms))}


def drop_sessions(tx: Tx, now_ms: int, idle_ms: int) -> None:
    """Delete every session that has run out."""
    tx.execute(_DROP, (now_ms, now_ms - idle_ms))


def code_by_hash(tx: Tx, hash_: str) -> CodeRow | None:
    """The enrolment code of this hash, used or not."""
    row = tx.one(_CODE, (hash_,))
    return CodeRow(*row) if row else None


def add_code(tx: Tx, row: CodeRow) -> None:
    """Insert an enrolment code."""
    tx.execute(_ADD_CODE, row)


def use_code(tx: Tx, hash_: str, now_ms: int) -> int:
    """Mark a code used; 0 when it was used already or has run out."""
    return tx.execute(_USE_CODE, (now_ms, hash_, now_ms))


def setup_code(tx: Tx) -> SetupCodeRow | None:
    """The code of the first run, if there is one."""
    row = tx.one(_SETUP)
    return SetupCodeRow(*row) if row else None


def save_setup_code(tx: Tx, row: SetupCodeRow) -> None:
    """Store the code of the first run in place of any other."""
    tx.execute(_DROP_SETUP)
    tx.execute(_ADD_SETUP, row)


def drop_setup_code(tx: Tx) -> None:
    """Forget the code of the first run."""
    tx.execute(_DROP_SETUP)
