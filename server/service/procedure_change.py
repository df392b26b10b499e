"""A centre's procedures change: the table as a whole, or one of them; kiosks hear of it."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

import msgspec

from server.domain.procedure_cells import FIELD_OF, Row
from server.domain.procedure_table import ProcedureTable, read_table
from server.service.audit import record
from server.service.book import effective
from server.service.centre_change import Begin, new_version
from server.service.ports import Caller, Tx
from wire.checks import Fault, FaultyFile, refuse_if_faulty

_encode: Final = msgspec.json.Encoder(order="deterministic").encode
_COLUMN_OF: Final = {field: column for column, field in FIELD_OF.items()}

NOTED_MOST: Final = 20
"""Codes that an entry of the audit log names."""


class Offered(NamedTuple):
    """What a table is read against: the procedures there are, and the services by their names."""

    stored: Sequence[Mapping[str, str]]
    services: Mapping[str, Sequence[str]]


class Plan(NamedTuple):
    """What a table would do. `changed` has, by code, the columns that differ."""

    rows: list[Row]
    new: list[str]
    changed: dict[str, list[str]]
    unchanged: int
    removed: list[str]


def offered(tx: Tx, centre: str) -> Offered | None:
    """What a table of this centre is read against; None where there is no such centre."""
    row = tx.definition(centre)
    if row is None:
        return None
    names = {one.id: tuple(one.name) for one in effective(row).offered()}
    return Offered(tx.procedures(centre), names)


def read_for(found: Offered, text: str) -> ProcedureTable:
    """Read a table for a centre."""
    return read_table(text, found.services, [row["code"] for row in found.stored])


def plan_of(found: Offered, table: ProcedureTable) -> Plan:
    """Work out what a table changes; a column it lacks leaves what is there."""
    stored = {row["code"]: row for row in found.stored}
    rows = [{"accepting": "true", **stored.get(row["code"], {}), **row} for row in table.rows]
    new, changed = [], {}
    for row in rows:
        before = stored.get(row["code"])
        if before is None:
            new.append(row["code"])
        elif dict(before) != row:
            changed[row["code"]] = [
                _COLUMN_OF[field] for field in row if row[field] != before[field]
            ]
    kept = {row["code"] for row in rows}
    removed = [code for code in stored if code not in kept]
    return Plan(rows, new, changed, len(rows) - len(new) - len(changed), removed)


def digest_of(found: Offered, table: ProcedureTable) -> str:
    """What a preview was of: the procedures and services of then, and the table."""
    shown = [list(map(dict, found.stored)), dict(found.services), table.rows, table.fault_count]
    return hashlib.sha256(_encode(shown)).hexdigest()


class ProcedureChange:
    """Writes procedures inside a transaction that holds the centre's lock.

    Args:
        begin: Opens a command's work on a centre, on the business day of this moment.
    """

    def __init__(self, begin: Begin) -> None:
        self._begin = begin

    def take_file(self, tx: Tx, centre: str, text: str, caller: Caller | str) -> int:
        """Replace the procedures by a table; how many there are now.

        Raises:
            FaultyFile: Every fault, with its line.
        """
        found = offered(tx, centre)
        refuse_if_faulty([] if found else [Fault("--centre", f"there is no centre '{centre}'")])
        assert found is not None
        table = read_for(found, text)
        if table.fault_count:
            faults = [Fault(f"line {one.row}", one.message) for one in table.faults]
            more = table.fault_count - len(faults)
            raise FaultyFile([*faults, *([Fault("", f"and {more} more")] if more else [])])
        plan = plan_of(found, table)
        self.apply(tx, centre, plan, caller)
        return len(plan.rows)

    def apply(self, tx: Tx, centre: str, plan: Plan, caller: Caller | str) -> None:
        """Make the procedures those of a plan; one that changes nothing is not told of."""
        touched = {*plan.new, *plan.changed}
        if touched or plan.removed:
            detail = {
                "added": _codes(plan.new),
                "changed": _codes(plan.changed),
                "removed": _codes(plan.removed),
            }
            rows = [row for row in plan.rows if row["code"] in touched]
            self.write(tx, centre, rows, plan.removed, (caller, "procedures_imported", "", detail))

    def write(
        self,
        tx: Tx,
        centre: str,
        rows: Sequence[Row],
        removed: Iterable[str],
        noted: tuple[Caller | str, str, str, Mapping[str, Any]],
    ) -> None:
        """Store rows, drop others, and say so as a new version of the configuration.

        Args:
            tx: An open transaction.
            centre: Whose they are.
            rows: Whole procedures, in place of those of their codes.
            removed: The codes that go.
            noted: Who, the action, its subject ("": the centre) and detail, for the audit log.
        """
        caller, action, subject, detail = noted
        actor = caller if isinstance(caller, str) else caller.id
        work = self._begin(tx, centre, actor)
        tx.save_procedures(centre, rows)
        tx.drop_procedures(centre, removed)
        row = tx.definition(centre)
        assert row is not None
        new_version(work, row, procedures=len(tx.procedures(centre)))
        record(tx, work.now_ms, caller, centre, action, subject or centre, detail)
        work.finish()


def _codes(codes: Iterable[str]) -> str:
    """How many, and the first of them."""
    found = list(codes)
    if not found:
        return "0"
    named = ", ".join(found[:NOTED_MOST])
    return f"{len(found)} ({named}{', …' if len(found) > NOTED_MOST else ''})"
