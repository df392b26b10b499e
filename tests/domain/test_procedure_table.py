"""Tables as spreadsheets write them are read; every fault says where it is and what is right."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.procedure_cells import FIELD_OF, CellFault
from server.domain.procedure_table import (
    COLUMNS,
    FAULTS_MOST,
    ROWS_MOST,
    ProcedureTable,
    read_table,
    table_of,
)

SERVICES = {"ho-tich": ("Hộ tịch", "Civil status"), "dat-dai": ("Đất đai", "Land")}
HEADER = "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\r\n"


def read(text: str, *known: str) -> ProcedureTable:
    return read_table(text, SERVICES, known)


def only_fault(table: ProcedureTable) -> CellFault:
    assert table.fault_count == 1, table.faults
    return table.faults[0]


@pytest.mark.parametrize("begin", ["", "\ufeff", "sep=;\r\n", "\ufeffsep=;\n"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_every_way_a_spreadsheet_saves_it(begin: str, end: str) -> None:
    lines = (
        HEADER.strip().replace(",", ";") + ";;",
        "1.1;Khai sinh;;;Xã;TRUE;A\u00a0; B;Hộ tịch;;",
    )
    text = begin + end.join(lines).replace("A\u00a0; B", '"A\u00a0; B"') + end + ";;;;;;;;;" + end
    table = read(text)
    assert table.faults == []
    [row] = table.rows
    assert (row["service"], row["level"], row["on_the_spot"]) == ("ho-tich", "commune", "true")
    assert row["documents"] == "A; B"


def test_text_comes_out_plain() -> None:
    [row] = read(
        HEADER + '1,"Hô\u0323\u00a0ti\u0323ch\nmới ",,,,,"Đơn\nẢnh;; Tờ khai",dat-dai\n'
    ).rows
    assert (row["name_vi"], row["documents"]) == ("Hộ tịch mới", "Đơn; Ảnh; Tờ khai")
    assert (row["level"], row["on_the_spot"]) == ("", "unknown")


@pytest.mark.parametrize(
    ("line", "column", "code", "right"),
    [
        (",A,,,,,,ho-tich", "code", "empty", ""),
        ('"1,001",A,,,,,,ho-tich', "code", "code", "1.001"),
        ("1.00184,A,,,,,,ho-tich", "code", "code_shortened", "1.001840"),
        ("1,\u00a0,,,,,,ho-tich", "name_vi", "empty", ""),
        ("1,A\x07,,,,,,ho-tich", "name_vi", "control", ""),
        ("1,H\ufffd t\ufffdch,,,,,,ho-tich", "name_vi", "damaged", ""),
        (f"1,{'x' * 2001},,,,,,ho-tich", "name_vi", "long", "2000"),
        ("1,A,,,huyện,,,ho-tich", "level", "choice", "commune, province, both"),
        ("1,A,,,,maybe,,ho-tich", "on_the_spot", "choice", "true, false, unknown"),
        ("1,A,,,,,,ho-tichh", "service", "service", "ho-tich"),
        ("1,A,,,,,,Hộ tich", "service", "service", "ho-tich"),
        ("1,A,,,,,", "", "cells", "8"),
        ("1,A,,,,,,ho-tich,more", "", "cells", "8"),
        ('1,"A,,,,,,ho-tich', "", "unreadable", ""),
    ],
)
def test_every_fault_says_where_and_what_is_right(
    line: str, column: str, code: str, right: str
) -> None:
    fault = only_fault(read(HEADER + "\r\n" + line + "\r\n", "1.001840"))
    assert (fault.row, fault.column, fault.code, fault.right) == (3, column, code, right)
    assert len(fault.value) <= 60


def test_twice_the_same_and_services_of_elsewhere() -> None:
    table = read(HEADER + "1,A,,,,,,ho-tich\n1,B,,,,,,ho-tich\n2,C,,,,,,thue\n3,D,,,,,,thue\n")
    assert only_fault(table).code == "code_twice"
    assert table.elsewhere == {"thue": 2}
    assert [row["code"] for row in table.rows] == ["1"]


def test_columns_that_are_not_known_or_missing() -> None:
    table = read(HEADER.replace("name_vi", "nam_vi").replace("level", "code"))
    assert [(one.column, one.code, one.right) for one in table.faults] == [
        ("nam_vi", "column", "name_vi"),
        ("code", "column_twice", ""),
        ("name_vi", "column_missing", "name_vi"),
        ("level", "column_missing", "level"),
    ]
    assert read("").fault_count == len(COLUMNS) - 1


def test_a_table_without_end_is_bounded() -> None:
    table = read(HEADER + "a\n" * (ROWS_MOST + 50))
    assert len(table.faults) == FAULTS_MOST
    assert table.fault_count == ROWS_MOST + 1


ANY = st.text(max_size=12)


@settings(max_examples=60)
@given(
    ANY, ANY, st.sampled_from(["=1+1", "'=a", "''-", "@x", "+84", "-", "<script>", 'a"b', "a;b"])
)
def test_what_is_written_reads_the_same_and_is_no_formula(one: str, two: str, odd: str) -> None:
    names = ("1", "ho-tich", f"A{one}", two, odd, "both", "true", odd.replace(";", ""), "false")
    fields = (
        "code", "service", "name_vi", "name_en", "field", "level", "on_the_spot", "documents",
        "accepting",
    )  # fmt: skip
    written = "".join(table_of([dict(zip(fields, names, strict=True))]))
    first = read(written)
    if first.fault_count:  # control characters are refused, never kept
        return
    assert first.rows[0]["field"] == odd
    again = "".join(table_of(first.rows))
    assert read(again).rows == first.rows
    assert set(first.rows[0]) == set(FIELD_OF.values())
    for row in csv.reader(io.StringIO(again, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_a_table_that_is_none_costs_next_to_nothing() -> None:
    lines = (f"{at},A,,,,,,noi-khac\n" for at in range(ROWS_MOST + 9))
    elsewhere = read(HEADER + "".join(lines))
    assert only_fault(elsewhere).code == "rows"
    assert elsewhere.elsewhere == {"noi-khac": ROWS_MOST}
    wide = read(",".join(["code"] * 100_000) + "\n")
    assert only_fault(wide).code == "cells"
