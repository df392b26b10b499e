"""A table of procedures as spreadsheets write it: read with every fault, and written back.

Tables come as CSV with commas, semicolons or tabs, with or without a byte order mark, from
programs that turn codes into numbers and wrap text inside a cell. Rows are counted as the
spreadsheet counts them: the header is row 1.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from server.domain.procedure_cells import (
    CELLS,
    FIELD_OF,
    NEEDED,
    Cell,
    CellFault,
    Row,
    guarded,
    unguarded,
    written,
)
from server.domain.typed_text import NAME_MOST, cleaned
from wire.checks import did_you_mean, nearest

ROWS_MOST: Final = 10_000
"""Rows of a table, those of services elsewhere too."""

HEADER_MOST: Final = 60
"""Columns of a table: what has more is no table of procedures."""

FAULTS_MOST: Final = 200
"""Faults that are told one by one; the rest are counted."""

SLIP: Final = 0.85
"""How like a service's id a word must be to be taken for a slip rather than another service."""

COLUMNS: Final = (
    "code", "name_vi", "name_en", "field_vi", "level", "on_the_spot", "documents_vi", "service",
    "accepting",
)  # fmt: skip

_OPTIONAL: Final = frozenset({"accepting"})
_SEPARATOR_LINE: Final = re.compile(r"sep=([,;\t])\r?\n?", re.IGNORECASE)


class ProcedureTable(NamedTuple):
    """What a table says. With any fault it is not taken; `rows` are then those without.

    `elsewhere` counts, by service, the rows of services that the centre does not have. A row
    without `accepting` leaves that as it is.
    """

    rows: list[Row]
    faults: list[CellFault]
    fault_count: int
    elsewhere: dict[str, int]


def read_table(
    text: str, services: Mapping[str, Sequence[str]], known: Iterable[str] = ()
) -> ProcedureTable:
    """Read a table of procedures.

    Args:
        text: CSV with a header.
        services: The centre's services by id, with the names they may be written by.
        known: The codes the centre has now, to tell a code that a spreadsheet has shortened.
    """
    reading = _Reading(services, known)
    try:
        reading.read(text)
    except csv.Error as error:
        message = f"cannot be read: {error}"
        reading.fault(CellFault(reading.row + 1, "", "", "unreadable", message, ""))
    return ProcedureTable(reading.rows, reading.faults, reading.fault_count, reading.elsewhere)


class _Reading:
    """One table while it is read."""

    def __init__(self, services: Mapping[str, Sequence[str]], known: Iterable[str]) -> None:
        self.rows: list[Row] = []
        self.faults: list[CellFault] = []
        self.fault_count = 0
        self.elsewhere: dict[str, int] = {}
        self.row = 0
        self._services = {_key(id_): id_ for id_ in services}
        for id_, names in services.items():
            self._services.update((_key(name), id_) for name in names)
        self._shortened = {code.rstrip("0"): code for code in known if code.endswith("0")}
        self._known = set(known)
        self._seen: set[str] = set()

    def fault(self, fault: CellFault) -> None:
        self.fault_count += 1
        if len(self.faults) < FAULTS_MOST:
            self.faults.append(fault)

    def read(self, text: str) -> None:
        text, delimiter, skipped = _opened(text)
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        self.row = skipped
        header = [cleaned(cell).lower() for cell in next(records, [])]
        while header and not header[-1]:
            header.pop()
        self.row += 1
        if len(header) > HEADER_MOST:
            message = f"a table has at most {HEADER_MOST} columns, not {len(header)}"
            self.fault(CellFault(self.row, "", "", "cells", message, str(len(COLUMNS))))
            return
        if not self._header(header):
            return
        count = 0
        for record in records:
            self.row += 1
            if not any(map(cleaned, record)):
                continue
            count += 1
            if count > ROWS_MOST or self.fault_count > ROWS_MOST:
                message = f"a table has at most {ROWS_MOST} rows"
                self.fault(CellFault(self.row, "", "", "rows", message, str(ROWS_MOST)))
                return
            self._record(header, record)

    def _header(self, header: Sequence[str]) -> bool:
        for at, column in enumerate(header):
            if not column:
                continue
            if column not in COLUMNS:
                right = nearest(column, COLUMNS)
                message = f"column '{column[:60]}' is not known here{did_you_mean(column, COLUMNS)}"
                self.fault(CellFault(self.row, column[:60], "", "column", message, right))
            elif column in header[:at]:
                message = f"column '{column}' is there twice"
                self.fault(CellFault(self.row, column, "", "column_twice", message, ""))
        for column in COLUMNS:
            if column not in header and column not in _OPTIONAL:
                message = f"column '{column}' is missing"
                self.fault(CellFault(self.row, column, "", "column_missing", message, column))
        return not self.fault_count

    def _record(self, header: Sequence[str], record: Sequence[str]) -> None:
        if len(record) < len(header) or any(map(cleaned, record[len(header) :])):
            message = "does not have one value for each column"
            self.fault(CellFault(self.row, "", "", "cells", message, str(len(header))))
            return
        row: dict[str, str] = {}
        before = self.fault_count
        for column, given in zip(header, record, strict=False):
            if column:
                row[FIELD_OF[column]] = self._cell(column, given)
        kept = self._service(row)
        if self.fault_count == before and kept:
            self.rows.append(row)

    def _cell(self, column: str, given: str) -> str:
        cell: Cell = CELLS[column](unguarded(given))
        if not cell.fault and column in NEEDED and not cell.text:
            cell = Cell("", "empty", f"{column} is empty", "")
        if not cell.fault and column == "code":
            cell = self._code(cell.text)
        if cell.fault:
            told = written(given)
            self.fault(CellFault(self.row, column, told, cell.fault, cell.message, cell.right))
        return cell.text

    def _code(self, code: str) -> Cell:
        if code in self._seen:
            return Cell(code, "code_twice", f"code {code} stands here twice", "")
        self._seen.add(code)
        whole = self._shortened.get(code)
        if whole is not None and code not in self._known:
            message = f"code {code} has lost zeros at its end; the centre has {whole}"
            return Cell(code, "code_shortened", message, whole)
        return Cell(code)

    def _service(self, row: dict[str, str]) -> bool:
        """Whether the row is of one of the centre's services, which it then names by its id."""
        given = row.get("service", "")
        known = self._services.get(_key(given))
        if known is not None:
            row["service"] = known
            return True
        if given in self.elsewhere:
            self.elsewhere[given] += 1
            return False
        near = ""
        if len(given) <= NAME_MOST and len(self.elsewhere) < FAULTS_MOST:
            near = self._services.get(nearest(_key(given), self._services, SLIP), "")
        if near:
            message = f"the centre has no service '{given[:60]}'; did you mean '{near}'?"
            self.fault(CellFault(self.row, "service", written(given), "service", message, near))
        elif given:
            self.elsewhere[given] = 1
        return False


def _key(text: str) -> str:
    return cleaned(text).casefold()


def _opened(text: str) -> tuple[str, str, int]:
    """The table without marks of its file, what separates its cells, and rows skipped."""
    text = text.removeprefix("\ufeff")
    told = _SEPARATOR_LINE.match(text)
    if told:
        return text[told.end() :], told[1], 1
    line = text.lstrip("\r\n").split("\n", 1)[0]
    delimiter = max(",;\t", key=line.count)
    return text, delimiter, 0


def table_of(rows: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Write procedures as CSV, lines ended as spreadsheets want it.

    A cell that a spreadsheet would take for a formula begins with an apostrophe, which
    `read_table` takes off again.
    """
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    for cells in (COLUMNS, *([guarded(row[FIELD_OF[name]]) for name in COLUMNS] for row in rows)):
        writer.writerow(cells)
        yield line.getvalue()
        line.seek(0)
        line.truncate()
