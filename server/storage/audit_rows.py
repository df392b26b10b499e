"""The rows of `service.audit_ports`: entries are added, read and, once old, dropped."""

from typing import Final

from server.service.audit_ports import AuditRow, NamedAuditRow
from server.storage.sql import insert
from server.storage.statements import Statements

ADD_AUDIT: Final = insert("audit", AuditRow._fields)
_NAMED: Final = (
    "SELECT " + ", ".join(f"a.{name}" for name in AuditRow._fields) + ", "
    "COALESCE(p.name, t.name, '') FROM ({}) a "
    "LEFT JOIN person p ON p.id = SUBSTR(a.actor, 3) "
    "LEFT JOIN token t ON t.id = SUBSTR(a.actor, 3) "
    "ORDER BY a.id DESC LIMIT ?"
)
_NEWEST: Final = "SELECT * FROM audit WHERE {} AND id < ? ORDER BY id DESC LIMIT ?"
_OF_CENTRE: Final = _NEWEST.format("centre = ?")
AUDIT_OF: Final = _NAMED.format(_OF_CENTRE)
# Two short lists, each by its index: one condition for both would sort the whole log.
AUDIT_WITH_PROVINCE: Final = _NAMED.format(
    f"SELECT * FROM ({_OF_CENTRE}) c UNION ALL SELECT * FROM ({_NEWEST.format('centre IS NULL')}) n"
)
DROP_AUDIT: Final = "DELETE FROM audit WHERE at_ms < ?"


class AuditRows(Statements):
    """The methods of `service.audit_ports.AuditTrail`."""

    def add_audit(self, row: AuditRow) -> None:
        self.execute(ADD_AUDIT, row)

    def audit_before(
        self, centre: str, before: str, limit: int, *, province: bool
    ) -> list[NamedAuditRow]:
        page = (before, limit)
        if province:
            rows = self.all(AUDIT_WITH_PROVINCE, (centre, *page, *page, limit))
        else:
            rows = self.all(AUDIT_OF, (centre, *page, limit))
        return [NamedAuditRow._make(row) for row in rows]

    def drop_audit(self, before_ms: int) -> int:
        return self.execute(DROP_AUDIT, (before_ms,))
