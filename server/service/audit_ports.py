"""What the audit log needs of storage."""

from typing import NamedTuple, Protocol


class AuditRow(NamedTuple):
    """One entry; `id` sorts by time, `actor` is a caller's id, `detail` JSON."""

    id: str
    at_ms: int
    actor: str
    centre: str | None
    action: str
    subject: str
    detail: str


class NamedAuditRow(NamedTuple):
    """An entry with the name of the account or device that acted; "" where there is none."""

    id: str
    at_ms: int
    actor: str
    centre: str | None
    action: str
    subject: str
    detail: str
    name: str


class AuditTrail(Protocol):
    """The audit log of one transaction. Nothing changes an entry."""

    def add_audit(self, row: AuditRow) -> None:
        """Append one entry."""
        ...

    def audit_before(
        self, centre: str, before: str, limit: int, *, province: bool
    ) -> list[NamedAuditRow]:
        """The entries of a centre older than an id, newest first; with those of no centre."""
        ...

    def drop_audit(self, before_ms: int) -> int:
        """Drop the entries older than this; how many went."""
        ...
