"""Procedures as managers and admins change them: listed, one at a time, by table, as a table."""

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import msgspec

from server.domain.procedure_cells import CELLS, FIELD_OF, PAPERS_JOIN, Row, papers_of
from server.domain.procedure_table import ProcedureTable, table_of
from server.domain.ticket import milliseconds
from server.service.book import unknown_centre
from server.service.centre_change import Begin
from server.service.configuration import refused
from server.service.once import run_once
from server.service.ports import Caller, Clock, Operation, Reply, Store, Tx
from server.service.procedure_change import (
    Offered,
    Plan,
    ProcedureChange,
    digest_of,
    offered,
    plan_of,
    read_for,
)
from wire import procedures as wire
from wire.checks import Fault
from wire.errors import Refusal
from wire.words import Name

_FLAG: Final[Mapping[str, bool | None]] = {"true": True, "false": False}
_WORD: Final[Mapping[bool | None, str]] = {True: "true", False: "false", None: "unknown"}
_VERSION_CHARS: Final = 12
_ELSEWHERE_MOST: Final = 20
_PATHS: Final = {"name_vi": "name.vi", "name_en": "name.en", "documents_vi": "papers"}


class ProcedureEdits:
    """The catalogue of a centre. Safe from any thread or greenlet.

    Args:
        store: Where the rows are.
        clock: The moment of a change.
        begin: Opens a command's work on a centre, on the business day of this moment.
        off_hub: Runs the reading of a table away from the event loop: one of 5 MB takes seconds.
    """

    def __init__(
        self,
        store: Store,
        clock: Clock,
        begin: Begin,
        *,
        off_hub: Callable[[Callable[[], Any]], Any] = lambda work: work(),
    ) -> None:
        self._store = store
        self._clock = clock
        self._off_hub = off_hub
        # One table at a time: the threads are for everybody.
        self._one_table = threading.Semaphore(1)
        self._change = ProcedureChange(begin)

    def catalogue(self, centre: str) -> wire.Catalogue:
        """Every procedure, also those that are not taken in now.

        Raises:
            Refusal: `unknown_centre`.
        """
        return wire.Catalogue(centre, [_entry(row) for row in self._found(centre).stored])

    def export(self, centre: str) -> bytes:
        """The table as CSV in UTF-8 with a byte order mark, as spreadsheets want it.

        Raises:
            Refusal: `unknown_centre`.
        """
        return ("\ufeff" + "".join(table_of(self._found(centre).stored))).encode()

    def preview(self, centre: str, text: str) -> wire.TablePreview:
        """What a table would do, with every fault; nothing is changed.

        Raises:
            Refusal: `unknown_centre`, `body_too_large`.
        """
        _check_size(text)
        found = self._found(centre)

        def work() -> wire.TablePreview:
            table = read_for(found, text)
            return _preview(found, table, plan_of(found, table))

        with self._one_table:
            preview: wire.TablePreview = self._off_hub(work)
        return preview

    def take_table(
        self, caller: Caller, centre: str, body: wire.TableImport, operation: Operation | None
    ) -> Reply:
        """Make a table that was previewed the centre's own.

        Raises:
            Refusal: `unknown_centre`, `body_too_large`; `configuration_refused` with the faults
                of the table; `version_conflict` where it, the procedures or the services are
                not those of the preview. Nothing was changed.
        """
        _check_size(body.table)
        seen = self._found(centre)

        def read() -> tuple[ProcedureTable, Plan, str]:
            table = read_for(seen, body.table)
            return table, plan_of(seen, table), digest_of(seen, table)

        with self._one_table:
            table, plan, digest = self._off_hub(read)
        if table.fault_count:
            raise refused(
                tuple(
                    Fault(f"row {one.row} {one.column}".rstrip(), one.message)
                    for one in table.faults
                )
            )

        def decide(tx: Tx) -> wire.TableTaken:
            if digest != body.digest or offered(tx, centre) != seen:
                detail = "The table, the procedures or the services changed; preview it again."
                raise Refusal("version_conflict", detail)
            self._change.apply(tx, centre, plan, caller)
            return wire.TableTaken(
                len(plan.rows), len(plan.new), len(plan.changed), len(plan.removed)
            )

        return self._once(centre, operation, decide)

    def save(
        self,
        caller: Caller,
        centre: str,
        code: str,
        body: wire.ProcedureRequest,
        operation: Operation | None,
    ) -> Reply:
        """Change one procedure, or add it.

        Raises:
            Refusal: `unknown_centre`, `unknown_procedure`, `unknown_service`,
                `version_conflict`, `configuration_refused`; nothing was changed.
        """
        row = _row(code, body)

        def decide(tx: Tx) -> wire.CatalogueEntry:
            found = _known(offered(tx, centre), centre)
            before = _as_seen(found, centre, code, body.version)
            if body.service not in found.services:
                raise Refusal("unknown_service", f"{centre} has no service '{body.service}'.")
            if before is None or dict(before) != row:
                action = "procedure_changed" if before else "procedure_added"
                changed = [name for name in row if before and before[name] != row[name]]
                detail = {"name": row["name_vi"][:120], "changed": ", ".join(changed)}
                self._change.write(tx, centre, [row], (), (caller, action, code, detail))
            return _entry(row)

        return self._once(centre, operation, decide)

    def remove(
        self,
        caller: Caller,
        centre: str,
        code: str,
        body: wire.ProcedureRemoval,
        operation: Operation | None,
    ) -> Reply:
        """Drop one procedure.

        Raises:
            Refusal: `unknown_centre`, `unknown_procedure`, `version_conflict`.
        """

        def decide(tx: Tx) -> wire.CatalogueEntry:
            found = _known(offered(tx, centre), centre)
            before = _as_seen(found, centre, code, body.version)
            if before is None:
                raise unknown_procedure(centre, code)
            detail = {"name": before["name_vi"][:120]}
            noted = (caller, "procedure_removed", code, detail)
            self._change.write(tx, centre, [], [code], noted)
            return _entry(before)

        return self._once(centre, operation, decide)

    def _found(self, centre: str) -> Offered:
        return _known(self._store.read(lambda tx: offered(tx, centre)), centre)

    def _once(self, centre: str, operation: Operation | None, decide: Callable[[Tx], Any]) -> Reply:
        now_ms = milliseconds(self._clock.now())
        return run_once(self._store, centre, centre, operation, now_ms, decide)


def unknown_procedure(centre: str, code: str) -> Refusal:
    """The refusal for a procedure that is not there."""
    return Refusal("unknown_procedure", f"{centre} has no procedure '{code[:40]}'.")


def _known(found: Offered | None, centre: str) -> Offered:
    if found is None:
        raise unknown_centre(centre)
    return found


def _check_size(text: str) -> None:
    if len(text) > wire.TABLE_MOST or len(text.encode(errors="replace")) > wire.TABLE_MOST:
        raise Refusal("body_too_large", f"A table holds at most {wire.TABLE_MOST} bytes.")


def _as_seen(found: Offered, centre: str, code: str, version: str) -> Mapping[str, str] | None:
    """The stored row of a code, if it is still that version; None where it is to be added."""
    row = next((one for one in found.stored if one["code"] == code), None)
    if row is None:
        if version:
            raise unknown_procedure(centre, code)
        return None
    if _version(row) != version:
        raise Refusal("version_conflict", f"Procedure {code} was changed meanwhile; read it again.")
    return row


def _version(row: Mapping[str, str]) -> str:
    said = msgspec.json.encode(sorted(row.items()))
    return hashlib.sha256(said).hexdigest()[:_VERSION_CHARS]


def _entry(row: Mapping[str, str]) -> wire.CatalogueEntry:
    return wire.CatalogueEntry(
        code=row["code"],
        version=_version(row),
        name=Name(row["name_vi"], row["name_en"]),
        field=row["field"],
        level=row["level"],
        on_the_spot=_FLAG.get(row["on_the_spot"]),
        papers=papers_of(row["documents"]),
        service=row["service"],
        accepting=row["accepting"] == "true",
    )


def _row(code: str, body: wire.ProcedureRequest) -> Row:
    """The row of a request, each cell read as those of a table.

    Raises:
        Refusal: `configuration_refused` with every fault by its field.
    """
    given = {
        "code": code,
        "name_vi": body.name.vi,
        "name_en": body.name.en,
        "field_vi": body.field,
        "level": body.level,
        "on_the_spot": _WORD[body.on_the_spot],
        "documents_vi": PAPERS_JOIN.join(body.papers),
        "service": body.service,
        "accepting": _WORD[body.accepting],
    }
    cells = {column: CELLS[column](text) for column, text in given.items()}
    faults = [
        Fault(_PATHS.get(column, column.removesuffix("_vi")), cell.message)
        for column, cell in cells.items()
        if cell.fault
    ]
    if not cells["name_vi"].text:
        faults.append(Fault("name.vi", "must be a text that is not empty"))
    if faults:
        raise refused(tuple(faults))
    return {FIELD_OF[column]: cell.text for column, cell in cells.items()}


def _preview(found: Offered, table: ProcedureTable, plan: Plan) -> wire.TablePreview:
    names = {row["code"]: row["name_vi"] for row in found.stored}
    names.update((row["code"], row["name_vi"]) for row in plan.rows)

    def lines(codes: Sequence[str]) -> list[wire.TableLine]:
        return [
            wire.TableLine(code, names[code], plan.changed.get(code, []))
            for code in codes[: wire.LISTED_MOST]
        ]

    elsewhere = sorted(table.elsewhere.items(), key=lambda one: (-one[1], one[0]))
    return wire.TablePreview(
        digest=digest_of(found, table),
        new=len(plan.new),
        changed=len(plan.changed),
        unchanged=plan.unchanged,
        removed=len(plan.removed),
        faulty=table.fault_count,
        faults=[wire.TableFault(*fault) for fault in table.faults],
        added=lines(plan.new),
        changes=lines(list(plan.changed)),
        removals=lines(plan.removed),
        elsewhere=[
            wire.Elsewhere(service[:60], rows) for service, rows in elsewhere[:_ELSEWHERE_MOST]
        ],
    )
