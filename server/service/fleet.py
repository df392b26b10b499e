"""A centre's devices as managers and admins change them: codes to enrol by, names, revocation."""

import hashlib
import hmac
from collections.abc import Callable
from itertools import count
from typing import Final

import msgspec

from server.domain.ticket import instant, milliseconds
from server.service.access_base import fingerprint
from server.service.access_ports import CodeRow, TokenRow
from server.service.audit import record
from server.service.codes import draw_code, typed_code
from server.service.devices import Devices, check_shape
from server.service.once import run_once
from server.service.ports import Caller, Operation, Reply, Tx
from wire.devices import Device
from wire.errors import Refusal
from wire.tokens import Band, EnrolCode, EnrolCodeRequest, RenameRequest, TokenChanged, TokenInfo
from wire.words import Role

DEVICE_ROLES: Final[frozenset[Role]] = frozenset({"kiosk", "display", "hall", "pad"})
"""What managers enrol, rename and revoke; tokens of other roles are for admins."""

SHOWN_CODE_LIFE_MS: Final = 15 * 60_000
"""A code on a screen runs out sooner than one that somebody asked for at the command line."""

_encode: Final = msgspec.json.Encoder().encode
_decode: Final = msgspec.json.Decoder(EnrolCode).decode


class Fleet(Devices):
    """Changes devices. Safe to call from every thread or greenlet."""

    on_devices_changed: list[Callable[[str], None]]
    """Called with a centre after the commit of a change to its devices."""

    def tokens(self, caller: Caller, centre: str, devices: list[Device]) -> list[TokenInfo]:
        """Every token of a centre that holds, oldest first, with what its device says.

        Args:
            caller: Who asks; decides what is changeable.
            centre: Whose.
            devices: How the centre's devices are (`Heartbeats.devices`).
        """
        known = {device.id: device for device in devices}
        live = [row for row in self.list_tokens(centre) if row.revoked_ms is None]
        return [_shown(caller, row, known.get(row.id)) for row in live]

    def make_enrol_code(
        self, caller: Caller, centre: str, body: EnrolCodeRequest, operation: Operation | None
    ) -> Reply:
        """Make a code that becomes a device's token once, within a quarter of an hour.

        The code is stored as a hash alone. Under an operation key it is made from that and the
        server's secret, so that a repeat brings the same code and no row holds it.

        Raises:
            Refusal: `forbidden` for a role that is not the caller's to give, `invalid_body` for a
                pad without a counter, `unknown_centre`, `unknown_counter`,
                `idempotency_mismatch`; nothing was made.
        """
        _check_role(caller, body.role)
        check_shape(body.role, centre, body.counter, None, "")
        now_ms = self._now_ms()
        expires_ms = now_ms + SHOWN_CODE_LIFE_MS
        drawn = self._code(operation, expires_ms)
        name = (body.name or "").strip()

        def decide(tx: Tx) -> EnrolCode:
            self._check_place(tx, centre, body.counter)
            hash_ = fingerprint(typed_code(drawn))
            row = CodeRow(hash_, body.role, centre, body.counter, expires_ms, None, name)
            self._rows.add_code(tx, row)
            detail = {"role": body.role, "counter": body.counter}
            record(tx, now_ms, caller, centre, "code_made", name, detail)
            return EnrolCode("", body.role, body.counter, name, instant(expires_ms))

        reply = run_once(self._store, centre, centre, operation, now_ms, decide)
        made = _decode(reply.body)
        if reply.repeated:
            drawn = self._code(operation, milliseconds(made.expires_at))
        return reply._replace(body=_encode(msgspec.structs.replace(made, code=drawn)))

    def rename_device(
        self,
        caller: Caller,
        centre: str,
        device: str,
        body: RenameRequest,
        operation: Operation | None,
    ) -> Reply:
        """Call a device something else.

        Raises:
            Refusal: `unknown_device`, `forbidden` for a token that is not the caller's to change.
        """
        name = body.name.strip()

        def decide(tx: Tx) -> TokenChanged:
            row = self._own_token(tx, caller, centre, device)
            if row.revoked_ms is not None:
                raise _unknown_device()
            if row.name != name:
                self._rows.rename_token(tx, row.id, name)
                self._note(tx, caller, row._replace(name=name), "device_renamed", row.name)
            return TokenChanged(row.id, name, None)

        return self._changed(centre, operation, decide)

    def revoke_device(
        self, caller: Caller, centre: str, device: str, operation: Operation | None
    ) -> Reply:
        """Make a token worthless for good, and cut its live sockets; safe to repeat.

        Raises:
            Refusal: `unknown_device`, `forbidden` for a token that is not the caller's to change.
        """
        now_ms = self._now_ms()

        def decide(tx: Tx) -> TokenChanged:
            row = self._own_token(tx, caller, centre, device)
            if self._rows.revoke_token(tx, row.id, now_ms):
                self._note(tx, caller, row, "device_revoked")
            at_ms = now_ms if row.revoked_ms is None else row.revoked_ms
            return TokenChanged(row.id, row.name, instant(at_ms))

        return self._changed(centre, operation, decide)

    def _own_token(self, tx: Tx, caller: Caller, centre: str, device: str) -> TokenRow:
        row = self._rows.token_by_id(tx, device)
        if row is None or row.centre != centre:
            raise _unknown_device()
        _check_role(caller, row.role)
        return row

    def _changed(
        self, centre: str, operation: Operation | None, decide: Callable[[Tx], TokenChanged]
    ) -> Reply:
        reply = run_once(self._store, centre, centre, operation, self._now_ms(), decide)
        self._devices.clear()
        for tell in self.on_devices_changed:
            tell(centre)
        return reply

    def _code(self, operation: Operation | None, expires_ms: int) -> str:
        if operation is None:
            return draw_code(self._random_bytes)
        said = f"enrol-code {operation.scope} {operation.key} {expires_ms}"
        rounds = count()

        def stream(size: int) -> bytes:
            text = f"{said} {next(rounds)}".encode()
            return hmac.new(self._secret_key, text, hashlib.sha256).digest()[:size]

        return draw_code(stream)


def _unknown_device() -> Refusal:
    return Refusal("unknown_device", "There is no such device here.")


def _may_change(caller: Caller, role: Role) -> bool:
    return caller.role == "admin" or (caller.role == "manager" and role in DEVICE_ROLES)


def _check_role(caller: Caller, role: Role) -> None:
    if not _may_change(caller, role):
        raise Refusal("forbidden", f"Tokens of the role {role} are for admins to give and take.")


def _shown(caller: Caller, row: TokenRow, device: Device | None) -> TokenInfo:
    band = None
    if row.band_first is not None and row.band_last is not None:
        band = Band(row.band_first, row.band_last)
    return TokenInfo(
        id=row.id,
        role=row.role,
        name=row.name,
        kiosk=row.kiosk,
        band=band,
        counter=device.counter if device else None,
        created_at=instant(row.created_ms),
        state=device.state if device else None,
        trouble=device.trouble if device else [],
        seen_at=device.seen_at if device else None,
        report=device.report if device else None,
        changeable=_may_change(caller, row.role),
    )
