"""Tokens of devices and integrations, and the one-time codes that become tokens."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from typing import Final

from server.service.access_base import AccessBase, Memory, fingerprint
from server.service.access_ports import CodeRow, TokenRow
from server.service.audit import COMMAND, record
from server.service.bands import check_band, free_band, free_kiosk
from server.service.codes import draw_code, typed_code
from server.service.ports import Caller, Tx
from wire.answers import Enrolled
from wire.checks import did_you_mean
from wire.errors import FieldFault, Refusal
from wire.words import ROLES, Role

TOKEN_PREFIX: Final = "ls_"  # noqa: S105  # what tokens begin with, no secret
CODE_LIFE_MS: Final = 3_600_000
REPEAT_MS: Final = 600_000
"""For so long an enrolment whose answer was lost can be asked for again."""
NAME_MOST: Final = 64


def caller_of(row: TokenRow) -> Caller:
    """The caller that a token's row stands for."""
    band = None
    if row.band_first is not None and row.band_last is not None:
        band = (row.band_first, row.band_last)
    return Caller(
        id=f"t:{row.id}",
        role=row.role,
        centre=row.centre,
        counter=row.counter,
        name=row.name,
        kiosk=row.kiosk,
        band=band,
        csrf=None,
        expires_at=None,
    )


class Devices(AccessBase):
    """Creates, knows and revokes tokens. Safe to call from every thread or greenlet."""

    _devices: Memory[Caller | None]

    def device(self, token: str) -> Caller | None:
        """Say whose token this is; None when it is unknown or revoked.

        Believed for a second; a revocation elsewhere is known within that time.
        """
        if not token.startswith(TOKEN_PREFIX) or len(token) > 64:
            return None
        now_ms = self._now_ms()
        hash_ = fingerprint(token)
        kept = self._devices.get(hash_, now_ms)
        if kept is not None:
            return kept[1]
        row = self._store.read(lambda tx: self._rows.token_by_hash(tx, hash_))
        live = row is not None and row.revoked_ms is None
        return self._devices.keep(hash_, now_ms, caller_of(row) if row and live else None)

    def create_token(
        self,
        role: Role,
        centre: str | None,
        counter: str | None = None,
        band: tuple[int, int] | None = None,
        name: str = "",
    ) -> str:
        """Make a token and return it; it is shown this once and kept only as a hash.

        Args:
            role: One of the roles; everything but admin belongs to a centre.
            centre: Id of an imported centre.
            counter: Id of the counter a pad stands at.
            band: First and last number a kiosk draws by itself; the next free 50 when absent.
            name: What people call the device, up to 64 characters.

        Raises:
            Refusal: `invalid_body`, `unknown_centre`, `unknown_counter`, or `id_taken` for a
                band; nothing was made.
        """
        check_shape(role, centre, counter, band, name)
        token = TOKEN_PREFIX + self._secret()

        def work(tx: Tx) -> None:
            self._check_place(tx, centre, counter)
            row = self._add(tx, token, role, centre, counter, band, name)
            self._note(tx, COMMAND, row, "token_made")

        self._store.run(centre or "", work)
        self._devices.clear()
        return token

    def revoke_token(self, token: str) -> str:
        """Revoke a token, given itself or its id, and return its id.

        Raises:
            Refusal: `not_found` when no such token is live.
        """

        def work(tx: Tx) -> str:
            row = self._rows.token_by_hash(tx, fingerprint(token))
            row = row or self._rows.token_by_id(tx, token)
            if row is None or not self._rows.revoke_token(tx, row.id, self._now_ms()):
                raise Refusal("not_found", "No live token is known by this text or id.")
            self._note(tx, COMMAND, row, "device_revoked")
            return row.id

        revoked = self._store.run("", work)
        self._devices.clear()
        return revoked

    def list_tokens(self, centre: str | None = None) -> list[TokenRow]:
        """Every token of a centre, or of all, revoked ones too; never the tokens themselves."""
        return self._store.read(lambda tx: self._rows.tokens_of(tx, centre))

    def create_enrol_code(self, role: Role, centre: str, counter: str | None = None) -> str:
        """Make a code that becomes a token once, within an hour.

        Raises:
            Refusal: as `create_token`; nothing was made.
        """
        check_shape(role, centre, counter, None, "")
        code = draw_code(self._random_bytes)

        def work(tx: Tx) -> None:
            self._check_place(tx, centre, counter)
            now_ms = self._now_ms()
            hash_, expires_ms = fingerprint(typed_code(code)), now_ms + CODE_LIFE_MS
            self._rows.add_code(tx, CodeRow(hash_, role, centre, counter, expires_ms, None))
            record(tx, now_ms, COMMAND, centre, "code_made", "", {"role": role})

        self._store.run(centre, work)
        return code

    def enrol(self, code: str, key: str | None = None) -> tuple[Enrolled, bool]:
        """Turn a one-time code into a token; the code is spent.

        Args:
            code: As it was given out, dashes, blanks and case aside.
            key: The asker's operation key, drawn for this one enrolment. The token is then made
                from code, key and the server's secret, so that the same two within ten minutes
                bring the same token again, and nothing is stored that could.

        Returns:
            The token and whose it is; whether it was given out before.

        Raises:
            Refusal: `bad_credentials` when the code is unknown, spent or older than an hour.
        """
        hash_ = fingerprint(typed_code(code))
        known = self._store.read(lambda tx: self._rows.code_by_hash(tx, hash_))
        wrong = Refusal("bad_credentials", "This code is unknown, used or has run out.")
        if known is None:
            raise wrong
        secret = self._secret() if key is None else self._derived(hash_, key)
        token = TOKEN_PREFIX + secret

        def work(tx: Tx) -> bool:
            if self._rows.use_code(tx, hash_, self._now_ms()):
                row = self._add(
                    tx, token, known.role, known.centre, known.counter, None, known.name
                )
                self._note(tx, f"t:{row.id}", row, "device_enrolled")
                return False
            if key is None or not self._may_repeat(tx, hash_, token):
                raise wrong
            return True

        repeated = self._store.run(known.centre, work)
        self._devices.clear()
        return Enrolled(token, known.role, known.centre, known.counter), repeated

    def _derived(self, code_hash: str, key: str) -> str:
        """256 bits that only this server can make, and only for who knows both code and key."""
        text = f"enrol:{code_hash}:{key}".encode()
        digest = hmac.new(self._secret_key, text, hashlib.sha256).digest()
        return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()

    def _may_repeat(self, tx: Tx, code_hash: str, token: str) -> bool:
        """Whether a spent code became this very token, just now, and it is not revoked."""
        code = self._rows.code_by_hash(tx, code_hash)
        row = self._rows.token_by_hash(tx, fingerprint(token))
        if code is None or code.used_ms is None or row is None or row.revoked_ms is not None:
            return False
        return self._now_ms() - code.used_ms < REPEAT_MS

    def _live_tokens(self, ids: Iterable[str]) -> set[str]:
        def work(tx: Tx) -> set[str]:
            rows = {id_: self._rows.token_by_id(tx, id_.removeprefix("t:")) for id_ in ids}
            return {id_ for id_, row in rows.items() if row and row.revoked_ms is None}

        return self._store.read(work)

    def _check_place(self, tx: Tx, centre: str | None, counter: str | None) -> None:
        if centre is None:
            return
        if not self._rows.centre_exists(tx, centre):
            raise Refusal("unknown_centre", f"There is no centre '{centre}'.")
        if counter is not None and not self._rows.counter_exists(tx, centre, counter):
            raise Refusal("unknown_counter", f"Centre '{centre}' has no counter '{counter}'.")

    def _add(
        self,
        tx: Tx,
        token: str,
        role: Role,
        centre: str | None,
        counter: str | None,
        band: tuple[int, int] | None,
        name: str,
    ) -> TokenRow:
        kiosk = None
        if role == "kiosk":
            kiosk, band = self._kiosk_numbers(tx, centre, band)
        first, last = band if band is not None else (None, None)
        row = TokenRow(
            id=self._new_id(),
            hash=fingerprint(token),
            role=role,
            centre=centre,
            counter=counter,
            name=name or role,
            kiosk=kiosk,
            band_first=first,
            band_last=last,
            created_ms=self._now_ms(),
            revoked_ms=None,
        )
        self._rows.add_token(tx, row)
        return row

    def _note(self, tx: Tx, by: Caller | str, row: TokenRow, action: str, was: str = "") -> None:
        detail = {"role": row.role, "kiosk": row.kiosk, "counter": row.counter, "was": was}
        record(tx, self._now_ms(), by, row.centre, action, row.name, detail)

    def _kiosk_numbers(
        self, tx: Tx, centre: str | None, band: tuple[int, int] | None
    ) -> tuple[int, tuple[int, int]]:
        kiosks = [row for row in self._rows.tokens_of(tx, centre) if row.role == "kiosk"]
        live = [row for row in kiosks if row.revoked_ms is None]
        past = [row for row in kiosks if row.revoked_ms is not None]
        number = free_kiosk([row.kiosk or 0 for row in live], [row.kiosk or 0 for row in past])
        if band is not None:
            return number, check_band(band, _bands(live))
        return number, free_band(_bands(live), _bands(past))


def _bands(rows: Iterable[TokenRow]) -> list[tuple[int, int]]:
    return [(row.band_first or 0, row.band_last or 0) for row in rows]


def check_shape(
    role: Role,
    centre: str | None,
    counter: str | None,
    band: tuple[int, int] | None,
    name: str,
) -> None:
    """Refuse what cannot be a token.

    Raises:
        Refusal: `invalid_body` with every fault.
    """
    faults = []
    if role not in ROLES:
        faults.append(FieldFault("role", f"'{role}' is not a role{did_you_mean(role, ROLES)}"))
    if centre is None and role != "admin":
        faults.append(FieldFault("centre", "is missing; only an admin belongs to no centre"))
    if role == "pad" and counter is None:
        faults.append(FieldFault("counter", "is missing; a pad belongs to a counter"))
    if counter is not None and centre is None:
        faults.append(FieldFault("counter", "needs a centre"))
    if band is not None and role != "kiosk":
        faults.append(FieldFault("band", "is for kiosks only"))
    if len(name) > NAME_MOST or not name.isprintable():
        faults.append(FieldFault("name", f"must be at most {NAME_MOST} printable characters"))
    if faults:
        detail = "; ".join(f"{fault.field}: {fault.message}" for fault in faults)
        raise Refusal("invalid_body", detail, errors=tuple(faults))
