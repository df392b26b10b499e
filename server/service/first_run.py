"""The first run: where nobody has an account yet, a one-time code makes the first admin."""

from typing import Final

from server.service.access_base import fingerprint
from server.service.access_ports import PersonRow, SetupCodeRow
from server.service.accounts import Accounts
from server.service.audit import record
from server.service.codes import draw_code, typed_code
from server.service.people import Session, account_name, check_person
from server.service.ports import Tx
from wire.errors import Refusal

SETUP_LIFE_MS: Final = 24 * 3_600_000
SETUP_TRIES: Final = 20
"""Wrong codes after which the right one is void as well; the operator makes another."""


class FirstRun(Accounts):
    """Knows whether this is the first run. Safe to call from every thread or greenlet."""

    _begun: bool

    def first_run(self) -> bool:
        """Say whether nobody has an account yet. Once somebody has, that is remembered."""
        if not self._begun:
            self._begun = self._store.read(self._rows.any_person)
        return not self._begun

    def setup_code(self) -> str:
        """Make the code of the first run, good for 24 hours, in place of any before it.

        Raises:
            Refusal: `not_found` where somebody has an account already.
        """
        code = draw_code(self._random_bytes)
        row = SetupCodeRow(fingerprint(typed_code(code)), self._now_ms() + SETUP_LIFE_MS, 0)

        def work(tx: Tx) -> None:
            self._refuse_later_runs(tx)
            self._rows.save_setup_code(tx, row)

        self._store.run("", work)
        return code

    def set_up(self, code: str, name: str, password: str) -> Session | None:
        """Make the first admin, of the whole province, and sign them in; the code is spent.

        The caller limits tries by address.

        Returns:
            The admin's session; None where the code is wrong, void or has run out.

        Raises:
            Refusal: `not_found` once somebody has an account; `invalid_body` with every fault
                of name and password, the code not spent.
        """
        account = account_name(name)
        check_person(account, "admin", None, password)
        if not self._store.run("", lambda tx: self._try_code(tx, code)):
            return None
        password_hash = self._hash(password)

        def work(tx: Tx) -> bool:
            if not self._right_code(tx, code):  # Used by somebody else in this very moment.
                return False
            self._rows.drop_setup_code(tx)
            now_ms, id_ = self._now_ms(), self._new_id()
            row = PersonRow(id_, account, "admin", None, password_hash, now_ms, None)
            self._rows.add_person(tx, row)
            record(tx, now_ms, f"u:{id_}", None, "set_up", account, {})
            return True

        made = self._store.run("", work)
        return self.sign_in(account, password) if made else None

    def _try_code(self, tx: Tx, code: str) -> bool:
        if self._right_code(tx, code):
            return True
        kept = self._rows.setup_code(tx)
        if kept is not None:
            self._rows.save_setup_code(tx, kept._replace(tries=kept.tries + 1))
        return False

    def _right_code(self, tx: Tx, code: str) -> bool:
        self._refuse_later_runs(tx)
        kept = self._rows.setup_code(tx)
        if kept is None or kept.tries >= SETUP_TRIES or kept.expires_ms <= self._now_ms():
            return False
        return kept.hash == fingerprint(typed_code(code))

    def _refuse_later_runs(self, tx: Tx) -> None:
        if self._rows.any_person(tx):
            raise Refusal("not_found", "Somebody has an account already: sign in.")
