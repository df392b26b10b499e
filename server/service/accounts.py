"""Accounts as managers and admins change them. Whatever takes rights away ends the sign-ins.

Who may: an admin of the province everything; an admin of a centre that centre's accounts; a
manager the clerks and greeters of their own centre. Whom one may not reach is not there (404).
"""

from collections.abc import Callable
from typing import Final

from server.domain.ticket import instant
from server.service.access_ports import PersonRow
from server.service.audit import record
from server.service.hand_in import remembered
from server.service.once import run_once
from server.service.people import IDLE_MS, People, account_name
from server.service.ports import Caller, Operation, OperationRow, Reply, Tx
from wire import people as wire
from wire.errors import Refusal
from wire.words import Role

BY_MANAGERS: Final[frozenset[Role]] = frozenset({"clerk", "greeter"})
"""The roles that a manager gives and takes."""

Change = Callable[[Tx, PersonRow], PersonRow]


class Accounts(People):
    """Lists and changes accounts. Safe to call from every thread or greenlet."""

    def users(self, caller: Caller, centre: str | None) -> list[wire.User]:
        """The accounts of a centre, by name; without one, all the caller may reach.

        Raises:
            Refusal: `unknown_centre`.
        """
        now_ms = self._now_ms()

        def ask(tx: Tx) -> list[wire.User]:
            place = centre if centre is not None else caller.centre
            if place is not None and not self._rows.centre_exists(tx, place):
                raise Refusal("unknown_centre", f"There is no centre '{place}'.")
            seen = self._rows.last_seen(tx, now_ms, IDLE_MS)
            return [_shown(caller, row, seen.get(row.id)) for row in self._rows.persons(tx, place)]

        return self._store.read(ask)

    def add_user(
        self, caller: Caller, centre: str, body: wire.UserRequest, operation: Operation | None
    ) -> Reply:
        """Make an account in a centre.

        Raises:
            Refusal: `forbidden` for a role that is not the caller's to give, `unknown_centre`,
                `id_taken`; nobody was made.
        """
        if not _may_give(caller, body.role, centre):
            raise Refusal("forbidden", f"The role {caller.role} may not make a {body.role}.")
        return self._made(caller, centre, body.role, body.name, body.password, operation)

    def add_admin(
        self, caller: Caller, body: wire.AdminRequest, operation: Operation | None
    ) -> Reply:
        """Make an admin of the whole province.

        Raises:
            Refusal: `forbidden` for who is none, `id_taken`; nobody was made.
        """
        if not _may_give(caller, "admin", None):
            raise Refusal("forbidden", "Only an admin of the province makes another.")
        return self._made(caller, None, "admin", body.name, body.password, operation)

    def _made(
        self,
        caller: Caller,
        centre: str | None,
        role: Role,
        name: str,
        password: str,
        operation: Operation | None,
    ) -> Reply:
        account, password_hash = account_name(name), self._hash(password)

        def decide(tx: Tx) -> wire.User:
            self._still(tx, caller)
            if centre is not None and not self._rows.centre_exists(tx, centre):
                raise Refusal("unknown_centre", f"There is no centre '{centre}'.")
            if self._rows.person_by_name(tx, account):
                raise Refusal("id_taken", f"There is a user '{account}' already.")
            row = self._add_person(tx, caller, account, role, centre, password_hash)
            return _shown(caller, row, None)

        return run_once(self._store, "", centre or "", operation, self._now_ms(), decide)

    def change_user(
        self, caller: Caller, user: str, body: wire.UserChange, operation: Operation | None
    ) -> Reply:
        """Give an account another role or centre. It has to sign in again.

        Raises:
            Refusal: `unknown_user`, `forbidden`, `unknown_centre`, `centre_needed` for other
                roles than admin without one, `own_account`, `last_admin`; nothing was changed.
        """

        def change(tx: Tx, row: PersonRow) -> PersonRow:
            if not _may_give(caller, body.role, body.centre):
                raise Refusal("forbidden", f"The role {caller.role} may not do this.")
            if body.centre is None and body.role != "admin":
                raise Refusal("centre_needed", "Only an admin belongs to no centre.")
            if body.centre is not None and not self._rows.centre_exists(tx, body.centre):
                raise Refusal("unknown_centre", f"There is no centre '{body.centre}'.")
            changed = row._replace(role=body.role, centre=body.centre)
            if changed != row:
                detail = {"from": row.role, "to": body.role, "place": body.centre}
                self._note_account(tx, caller, row, "user_changed", detail)
                if row.centre != body.centre:
                    self._note_account(tx, caller, changed, "user_changed", detail)
            return changed

        return self._change(caller, user, operation, change)

    def reset_password(
        self, caller: Caller, user: str, body: wire.NewPassword, operation: Operation | None
    ) -> Reply:
        """Give somebody else a new password. They have to sign in again.

        Raises:
            Refusal: `unknown_user`, `forbidden`, `own_account`.
        """
        password_hash = self._hash(body.password)

        def change(tx: Tx, row: PersonRow) -> PersonRow:
            self._note_account(tx, caller, row, "password_reset", {})
            return row._replace(password_hash=password_hash)

        return self._change(caller, user, operation, change)

    def disable_user(self, caller: Caller, user: str, operation: Operation | None) -> Reply:
        """Keep an account from signing in, and end what it is signed in to; safe to repeat.

        Raises:
            Refusal: `unknown_user`, `forbidden`, `own_account`, `last_admin`.
        """

        def change(tx: Tx, row: PersonRow) -> PersonRow:
            if row.disabled_ms is not None:
                return row
            self._note_account(tx, caller, row, "user_disabled", {})
            return row._replace(disabled_ms=self._now_ms())

        return self._change(caller, user, operation, change)

    def enable_user(self, caller: Caller, user: str, operation: Operation | None) -> Reply:
        """Let a disabled account sign in again; safe to repeat.

        Raises:
            Refusal: `unknown_user`, `forbidden`, `own_account`.
        """

        def change(tx: Tx, row: PersonRow) -> PersonRow:
            if row.disabled_ms is not None:
                self._note_account(tx, caller, row, "user_enabled", {})
            return row._replace(disabled_ms=None)

        return self._change(caller, user, operation, change)

    def sign_out_user(self, caller: Caller, user: str, operation: Operation | None) -> Reply:
        """End everything an account is signed in to; safe to repeat.

        Raises:
            Refusal: `unknown_user`, `forbidden`, `own_account`.
        """

        def change(tx: Tx, row: PersonRow) -> PersonRow:
            if self._rows.end_sessions_of(tx, row.id, ""):
                self._note_account(tx, caller, row, "user_signed_out", {})
            return row

        return self._change(caller, user, operation, change)

    def own_password(
        self, caller: Caller, body: wire.OwnPassword, operation: Operation | None
    ) -> Reply:
        """Change one's own password. This sign-in goes on, one's others end.

        The caller limits tries.

        Raises:
            Refusal: `password_wrong`; nothing was changed.
        """
        person, done = self._store.read(lambda tx: (self._still(tx, caller), _done(tx, operation)))
        if operation is not None and done is not None:
            return remembered(done, operation)  # The password it names was the present one then.
        if not self._verify(person.password_hash, body.current):
            raise Refusal("password_wrong", "The present password is another one.")
        password_hash = self._hash(body.new)

        def decide(tx: Tx) -> wire.User:
            row = self._still(tx, caller)
            if row.password_hash != person.password_hash:
                raise Refusal("password_wrong", "The password was changed just now.")
            changed = row._replace(password_hash=password_hash)
            self._rows.save_person(tx, changed)
            self._rows.end_sessions_of(tx, row.id, caller.csrf or "")
            self._note_account(tx, caller, row, "password_changed", {})
            return _shown(caller, changed, self._now_ms())

        return self._ended(run_once(self._store, "", "", operation, self._now_ms(), decide))

    def _change(
        self, caller: Caller, user: str, operation: Operation | None, change: Change
    ) -> Reply:
        def decide(tx: Tx) -> wire.User:
            self._still(tx, caller)
            row = self._within_reach(tx, caller, user)
            changed = change(tx, row)
            if changed != row:
                self._keep_an_admin(tx, row, changed)
                self._rows.save_person(tx, changed)
                self._rows.end_sessions_of(tx, row.id, "")
                if row.centre is not None and _works_there_no_more(row, changed):
                    tx.leave_seats(row.centre, person=f"u:{row.id}")
            kept = self._rows.sessions_of(tx, row.id, self._now_ms(), IDLE_MS)
            return _shown(caller, changed, max((one.seen_ms for one in kept), default=None))

        return self._ended(run_once(self._store, "", "", operation, self._now_ms(), decide))

    def _within_reach(self, tx: Tx, caller: Caller, user: str) -> PersonRow:
        row = self._rows.person_by_id(tx, user)
        if row is None or caller.centre not in (None, row.centre):
            raise Refusal("unknown_user", "There is no such account.")
        if caller.id == f"u:{row.id}":
            raise Refusal("own_account", "Nobody does this to their own account.")
        if not _may_give(caller, row.role, row.centre):
            raise Refusal("forbidden", f"A {caller.role} may not change a {row.role}.")
        return row

    def _still(self, tx: Tx, caller: Caller) -> PersonRow:
        """Who acts, as they are now: what was believed at the door may be a second old."""
        row = self._rows.person_by_id(tx, caller.id.removeprefix("u:"))
        good = row is not None and row.disabled_ms is None
        if row is None or not good or (row.role, row.centre) != (caller.role, caller.centre):
            raise Refusal("unauthenticated", "This sign-in is over.")
        return row

    def _keep_an_admin(self, tx: Tx, row: PersonRow, changed: PersonRow) -> None:
        """Refuse what would leave the province, or the whole server, without an admin."""
        if row.role != "admin" or row.disabled_ms is not None or _is_admin(changed, row.centre):
            return
        others = [other for other in self._rows.admins(tx) if other.id != row.id]
        if not any(row.centre is not None or other.centre is None for other in others):
            raise Refusal("last_admin", "There would be no admin any more.")

    def _note_account(
        self, tx: Tx, caller: Caller, row: PersonRow, action: str, detail: dict[str, str | None]
    ) -> None:
        record(tx, self._now_ms(), caller, row.centre, action, row.name, detail)

    def _ended(self, reply: Reply) -> Reply:
        self._sessions.clear()
        self._persons.clear()
        return reply


def _works_there_no_more(row: PersonRow, changed: PersonRow) -> bool:
    return changed.disabled_ms is not None or (changed.role, changed.centre) != (
        row.role,
        row.centre,
    )


def _done(tx: Tx, operation: Operation | None) -> OperationRow | None:
    return None if operation is None else tx.operation(operation.scope, operation.key)


def _is_admin(row: PersonRow, centre: str | None) -> bool:
    """Whether an account is, or still is, an admin who reaches as far as `centre`."""
    return row.role == "admin" and row.disabled_ms is None and row.centre in (None, centre)


def _may_give(caller: Caller, role: Role, centre: str | None) -> bool:
    """Whether this role, there, is the caller's to give and to take."""
    if caller.role == "admin":
        return caller.centre in (None, centre)
    return caller.role == "manager" and role in BY_MANAGERS and centre == caller.centre


def _shown(caller: Caller, row: PersonRow, seen_ms: int | None) -> wire.User:
    yours = caller.id == f"u:{row.id}"
    return wire.User(
        id=row.id,
        name=row.name,
        role=row.role,  # type: ignore[arg-type]  # people have people's roles
        centre=row.centre,
        created_at=instant(row.created_ms),
        disabled_at=instant(row.disabled_ms) if row.disabled_ms is not None else None,
        signed_in=seen_ms is not None,
        seen_at=instant(seen_ms) if seen_ms is not None else None,
        yours=yours,
        changeable=not yours and _may_give(caller, row.role, row.centre),
    )
