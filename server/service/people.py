"""People who sign in: accounts, sessions with a CSRF token, and tokens for their sockets."""

import hashlib
import hmac
import threading
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.service.access_base import AccessBase, Memory, fingerprint
from server.service.access_ports import PersonRow, SessionRow
from server.service.audit import COMMAND, NOBODY, record
from server.service.ports import Caller, Tx
from wire.checks import did_you_mean
from wire.errors import FieldFault, Refusal
from wire.words import Role

PEOPLE: Final = ("clerk", "greeter", "manager", "admin")
PASSWORD_LEAST: Final = 8
PASSWORD_MOST: Final = 256
IDLE_MS: Final = 4 * 3_600_000
LONGEST_MS: Final = 14 * 3_600_000
TOUCH_MS: Final = 300_000
SOCKET_PREFIX: Final = "lw_"
SOCKET_LIFE_MS: Final = 600_000

_HASHER: Final = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=1)
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=1$HgXep+yV4IJnIFTq0V1W9g"
    "$JCTJkQlmK5e/Wp8iDAGdLZgfaL3GEPQm8/f7nvq9ZbQ"
)
"""Hash of a password nobody knows: an unknown account costs as much time as a known one."""


class Session(NamedTuple):
    """A fresh sign-in: the cookie's value, shown once, and who it is."""

    cookie: str
    caller: Caller


def account_name(text: str) -> str:
    """How an account is looked up: NFC, without outer blanks or capitals."""
    return unicodedata.normalize("NFC", text).strip().casefold()


class People(AccessBase):
    """Creates people and knows their sessions. Safe to call from every thread or greenlet."""

    _sessions: Memory[tuple[SessionRow, PersonRow] | None]
    _persons: Memory[PersonRow | None]
    _hashing: threading.Semaphore

    def create_user(self, name: str, role: Role, centre: str | None, password: str) -> None:
        """Create a person who may sign in.

        Args:
            name: Account name, up to 64 characters; capitals do not count.
            role: clerk, greeter, manager or admin; only an admin needs no centre.
            centre: Id of an imported centre.
            password: 8 to 256 characters; kept as argon2id (64 MiB, 3 passes).

        Raises:
            Refusal: `invalid_body` with every fault, `unknown_centre`, or `id_taken` when the
                name is in use; nobody was created.
        """
        account = account_name(name)
        check_person(account, role, centre, password)
        password_hash = self._hash(password)

        def work(tx: Tx) -> None:
            if centre is not None and not self._rows.centre_exists(tx, centre):
                raise Refusal("unknown_centre", f"There is no centre '{centre}'.")
            if self._rows.person_by_name(tx, account):
                raise Refusal("id_taken", f"There is a user '{account}' already.")
            self._add_person(tx, COMMAND, account, role, centre, password_hash)

        self._store.run("", work)

    def _add_person(
        self,
        tx: Tx,
        by: Caller | str,
        account: str,
        role: Role,
        centre: str | None,
        password_hash: str,
    ) -> PersonRow:
        now_ms = self._now_ms()
        row = PersonRow(self._new_id(), account, role, centre, password_hash, now_ms, None)
        self._rows.add_person(tx, row)
        record(tx, now_ms, by, centre, "user_created", account, {"role": role})
        return row

    def sign_in(self, name: str, password: str) -> Session | None:
        """Open a session when name and password are right; None otherwise.

        Takes as long for an unknown name as for a wrong password. The caller limits tries. Both
        ends are in the audit log; of an unknown name nothing is, as people type passwords there.
        """
        account = account_name(name)
        person = self._person_of(account)
        known = person is not None and person.disabled_ms is None
        right = self._verify(person.password_hash if person and known else _NOBODY, password)
        if person is None or not known or not right:
            self._note_failure(person)
            return None
        return self._open_session(person)

    def _note_failure(self, person: PersonRow | None) -> None:
        centre, account = (person.centre, person.name) if person else (None, "")

        def work(tx: Tx) -> None:
            record(tx, self._now_ms(), NOBODY, centre, "sign_in_failed", account, {})

        self._store.run("", work)

    def _open_session(self, person: PersonRow) -> Session | None:
        """A session of who has just proved who they are; None where that changed meanwhile."""
        cookie = self._secret()
        now_ms = self._now_ms()
        row = SessionRow(
            id_hash=fingerprint(cookie),
            person=person.id,
            csrf=self._secret(),
            created_ms=now_ms,
            seen_ms=now_ms,
            expires_ms=now_ms + LONGEST_MS,
        )

        def work(tx: Tx) -> bool:
            # Whoever was disabled or given another password while this one was looked at is out.
            if self._rows.person_by_id(tx, person.id) != person:
                return False
            self._rows.drop_sessions(tx, now_ms, IDLE_MS)
            self._rows.add_session(tx, row)
            caller = caller_of_person(person, row)
            record(tx, now_ms, caller, person.centre, "signed_in", person.name, {})
            return True

        if not self._store.run("", work):
            return None
        return Session(cookie, caller_of_person(person, row))

    def _person_of(self, account: str) -> PersonRow | None:
        if not account.isprintable() or len(account) > 64:
            return None  # PostgreSQL takes no NUL, and no such account can exist.
        return self._store.read(lambda tx: self._rows.person_by_name(tx, account))

    def session(self, cookie: str) -> Caller | None:
        """Say whose session this cookie is; None after 4 idle hours, 14 in all, or sign-out."""
        if len(cookie) > 64:
            return None
        now_ms = self._now_ms()
        id_hash = fingerprint(cookie)
        kept = self._sessions.get(id_hash, now_ms)
        if kept is None:
            found = self._store.read(lambda tx: self._find_session(tx, id_hash))
            self._sessions.keep(id_hash, now_ms, found)
        else:
            found = kept[1]
        if found is None or not _good(found, now_ms):
            return None
        row, person = found
        if now_ms - row.seen_ms > TOUCH_MS:
            self._store.run("", lambda tx: self._rows.touch_session(tx, id_hash, now_ms))
            row = row._replace(seen_ms=now_ms)
            self._sessions.keep(id_hash, now_ms, (row, person))
        return caller_of_person(person, row)

    def sign_out(self, cookie: str) -> None:
        """End a session; ending one that is unknown changes nothing."""
        id_hash = fingerprint(cookie)
        self._store.run("", lambda tx: self._rows.end_session(tx, id_hash))
        self._sessions.clear()
        self._persons.clear()

    def socket_token(self, caller: Caller) -> str:
        """Make a token for a signed-in person's sockets, good for ten minutes.

        It opens sockets only: no command accepts it. They end with this very sign-in, whatever
        others the person has.
        """
        ends_ms = self._now_ms() + SOCKET_LIFE_MS
        body = f"{caller.id.removeprefix('u:')}.{_tag(caller.csrf or '')}.{ends_ms}"
        return f"{SOCKET_PREFIX}{body}.{self._sign(body)}"

    def _socket_caller(self, token: str) -> Caller | None:
        body, _, mark = token.removeprefix(SOCKET_PREFIX).rpartition(".")
        if not hmac.compare_digest(mark.encode(), self._sign(body).encode()):
            return None
        sign_in, _, ends_ms = body.rpartition(".")
        now_ms = self._now_ms()
        if int(ends_ms) <= now_ms:
            return None
        person = self._signed_in(sign_in, now_ms)
        return replace(caller_of_person(person, None), id=f"u:{sign_in}") if person else None

    def _signed_in(self, sign_in: str, now_ms: int) -> PersonRow | None:
        """The person of a sign-in (`PERSON.TAG`, or any of `PERSON`) that still holds."""
        kept = self._persons.get(sign_in, now_ms)
        if kept is not None:
            return kept[1]
        person_id, _, tag = sign_in.partition(".")

        def work(tx: Tx) -> PersonRow | None:
            person = self._rows.person_by_id(tx, person_id)
            if person is None or person.disabled_ms is not None:
                return None
            sessions = self._rows.sessions_of(tx, person_id, now_ms, IDLE_MS)
            return person if any(tag in ("", _tag(row.csrf)) for row in sessions) else None

        return self._persons.keep(sign_in, now_ms, self._store.read(work))

    def _live_people(self, ids: Iterable[str]) -> set[str]:
        now_ms = self._now_ms()
        return {id_ for id_ in ids if self._signed_in(id_.removeprefix("u:"), now_ms)}

    def _find_session(self, tx: Tx, id_hash: str) -> tuple[SessionRow, PersonRow] | None:
        row = self._rows.session_by_hash(tx, id_hash)
        person = self._rows.person_by_id(tx, row.person) if row else None
        if row is None or person is None or person.disabled_ms is not None:
            return None
        return row, person

    def _sign(self, body: str) -> str:
        return hmac.new(self._secret_key, b"socket:" + body.encode(), hashlib.sha256).hexdigest()

    def _hash(self, password: str) -> str:
        plain = unicodedata.normalize("NFC", password)
        with self._hashing:
            return str(self._off_hub(lambda: _HASHER.hash(plain)))

    def _verify(self, password_hash: str, password: str) -> bool:
        plain = unicodedata.normalize("NFC", password)

        def work() -> bool:
            try:
                return _HASHER.verify(password_hash, plain)
            except (VerificationError, InvalidHashError):
                return False

        with self._hashing:
            return bool(self._off_hub(work))


def _good(found: tuple[SessionRow, PersonRow], now_ms: int) -> bool:
    row, _ = found
    return now_ms < row.expires_ms and now_ms - row.seen_ms < IDLE_MS


def _tag(csrf: str) -> str:
    """What tells one sign-in of a person from another, and nothing that could be used."""
    return hashlib.sha256(b"sign-in:" + csrf.encode()).hexdigest()[:16]


def caller_of_person(person: PersonRow, session: SessionRow | None) -> Caller:
    """The caller that a person, signed in with this session, is."""
    return Caller(
        id=f"u:{person.id}",
        role=person.role,
        centre=person.centre,
        counter=None,
        name=person.name,
        kiosk=None,
        band=None,
        csrf=session.csrf if session else None,
        expires_at=datetime.fromtimestamp(session.expires_ms / 1000, UTC) if session else None,
    )


def check_person(account: str, role: Role, centre: str | None, password: str) -> None:
    """Refuse what cannot be an account.

    Raises:
        Refusal: `invalid_body` with every fault.
    """
    faults = []
    if not 1 <= len(account) <= 64 or not account.isprintable():
        faults.append(FieldFault("name", "must be 1 to 64 printable characters"))
    if role not in PEOPLE:
        known = ", ".join(PEOPLE)
        faults.append(
            FieldFault("role", f"'{role}' is not one of {known}{did_you_mean(role, PEOPLE)}")
        )
    if centre is None and role != "admin":
        faults.append(FieldFault("centre", "is missing; only an admin belongs to no centre"))
    if not PASSWORD_LEAST <= len(password) <= PASSWORD_MOST:
        message = f"must have {PASSWORD_LEAST} to {PASSWORD_MOST} characters"
        faults.append(FieldFault("password", message))
    if faults:
        detail = "; ".join(f"{fault.field}: {fault.message}" for fault in faults)
        raise Refusal("invalid_body", detail, errors=tuple(faults))
