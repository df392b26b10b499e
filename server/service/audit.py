"""Who changed what: written in the transaction of the change itself, read by managers and admins.

Tickets are not in here: their log is the centre's own (`server/domain/chain.py`).
"""

import itertools
import os
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from server.domain.ticket import instant, milliseconds
from server.service.audit_ports import AuditRow, NamedAuditRow
from server.service.book import unknown_centre
from server.service.ports import Caller, Clock, Store, Tx
from wire.audit import AUDIT_PAGE, KEPT_DAYS, ActorKind, AuditEntry, AuditPage
from wire.ids import uuid7

COMMAND: Final = "cli"
"""Who acts where somebody works at the server's own command line."""

NOBODY: Final = ""
"""Who acts where nobody is known: a sign-in that failed."""

_AFTER_ALL: Final = "g"
"""Sorts after every id."""

_DAY_MS: Final = 86_400_000
_ORDER: Final = itertools.count()
_encode: Final = msgspec.json.Encoder().encode
_KINDS: Final[Mapping[str, ActorKind]] = {"u": "person", "t": "device", "c": "command"}


def record(
    tx: Tx,
    now_ms: int,
    caller: Caller | str,
    centre: str | None,
    action: str,
    subject: str,
    detail: Mapping[str, Any],
) -> None:
    """Append one entry in the transaction that makes the change: both are kept, or neither.

    Args:
        tx: The transaction of the change.
        now_ms: When it is.
        caller: Who acts; `COMMAND` or `NOBODY` where there is no caller.
        centre: Whose managers see it; None for the province's admins alone.
        action: A stable word such as `user_created`; pages have its sentence as
            `admin.audit.ACTION` or `content.audit.ACTION`.
        subject: What is acted upon, as people call it: an account, a device, a service's id.
        detail: More, by name, for the sentence; None and empty values are left out. Never a
            secret, never anything about citizens.
    """
    actor = caller if isinstance(caller, str) else caller.id
    said = {name: str(value) for name, value in detail.items() if value not in (None, "")}
    # Nothing is decided by these bits: they keep apart and in order what is of one millisecond.
    id_ = uuid7(now_ms, os.urandom(10), next(_ORDER))
    tx.add_audit(AuditRow(id_, now_ms, actor, centre, action, subject, _encode(said).decode()))


class AuditLog:
    """Reads the log, and drops what is older than 24 months. Safe from any thread."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def page(self, caller: Caller, centre: str, before: str | None) -> AuditPage:
        """The newest entries about a centre, or those before one.

        The province's admin is shown with them what belongs to no centre.

        Raises:
            Refusal: `unknown_centre`.
        """
        province = caller.centre is None and caller.role == "admin"

        def ask(tx: Tx) -> list[NamedAuditRow]:
            if tx.ledger(centre) is None:
                raise unknown_centre(centre)
            start = before or _AFTER_ALL
            return tx.audit_before(centre, start, AUDIT_PAGE + 1, province=province)

        rows = self._store.read(ask)
        return AuditPage([_entry(row) for row in rows[:AUDIT_PAGE]], len(rows) > AUDIT_PAGE)

    def prune(self) -> int:
        """Drop what is older than 24 months; how many entries went."""
        before_ms = milliseconds(self._clock.now()) - KEPT_DAYS * _DAY_MS
        return self._store.run("", lambda tx: tx.drop_audit(before_ms))


def _entry(row: NamedAuditRow) -> AuditEntry:
    return AuditEntry(
        id=row.id,
        at=instant(row.at_ms),
        by=_KINDS.get(row.actor[:1], "nobody"),
        actor=row.name,
        action=row.action,
        subject=row.subject,
        detail=msgspec.json.decode(row.detail, type=dict[str, str]),
    )
