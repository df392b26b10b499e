"""Kiosks hear of another table of procedures, and of nothing else."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from server.service import procedure_edits
from server.service.ports import Store
from server.service.procedure_change import read_for
from server.service.procedure_edits import ProcedureEdits
from server.service.verify import verify
from tests.fakes.small_centre import CENTRE, MANAGER, SmallCentre
from wire.answers import Procedures
from wire.procedures import TableImport

HEADER = "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\n"
BIRTH = '1.001,"Đăng ký khai sinh",Birth,Hộ tịch,commune,true,"Tờ khai; Giấy chứng sinh",ho-tich\n'
LAND = "1.002,Biến động,,Đất đai,both,unknown,,dat-dai\n"


def table(centre: SmallCentre) -> Procedures:
    return msgspec.json.decode(centre.readings.procedures(CENTRE), type=Procedures)


def seq_of(centre: SmallCentre) -> int:
    seq: int = centre.board()["seq"]
    return seq


def test_a_table_is_told_as_people_read_it(store: Store) -> None:
    centre = SmallCentre(store)
    centre.centres.import_procedures(CENTRE, HEADER + LAND + BIRTH)
    told = table(centre)
    birth, land = told.procedures
    assert (told.centre, told.version) == (
        CENTRE,
        centre.readings.centre(CENTRE).procedures_version,
    )
    assert (birth.code, birth.name.en, birth.field) == ("1.001", "Birth", "Hộ tịch")
    assert birth.papers == ["Tờ khai", "Giấy chứng sinh"]
    assert birth.on_the_spot is True
    assert (land.name.en, land.papers, land.on_the_spot) == ("Biến động", [], None)


def test_the_version_is_that_of_the_content_and_a_change_is_told(store: Store) -> None:
    centre = SmallCentre(store)
    assert (table(centre).version, table(centre).procedures) == ("", [])
    centre.centres.import_procedures(CENTRE, HEADER + BIRTH)
    first, seq = table(centre).version, seq_of(centre)
    assert centre.kinds()[-1] == "config_changed"
    centre.centres.import_procedures(CENTRE, HEADER + BIRTH)
    assert seq_of(centre) == seq
    centre.centres.import_procedures(CENTRE, HEADER + BIRTH + LAND)
    assert seq_of(centre) == seq + 1
    assert table(centre).version not in ("", first)
    centre.centres.import_procedures(CENTRE, HEADER + BIRTH)
    assert table(centre).version == first
    assert verify(store) == []


def test_another_process_sees_the_new_table(store: Store) -> None:
    here, there = SmallCentre(store), SmallCentre(store)
    here.centres.import_procedures(CENTRE, HEADER + BIRTH)
    assert len(table(there).procedures) == 1
    here.centres.import_procedures(CENTRE, HEADER + LAND)
    assert [row.code for row in table(there).procedures] == ["1.002"]


def test_a_retired_service_takes_its_procedures_along(store: Store) -> None:
    centre = SmallCentre(store)
    centre.centres.import_procedures(CENTRE, HEADER + BIRTH + LAND)
    before = table(centre).version
    land = centre.file[
        centre.file.index('[[service]]\nid = "dat-dai"') : centre.file.index("[[zone]]")
    ]
    without = centre.file.replace(land, "").replace(', "dat-dai"', "")
    centre.centres.import_file(without)
    assert [row.code for row in table(centre).procedures] == ["1.001"]
    assert table(centre).version != before


def test_a_table_is_read_away_from_the_loop(store: Store) -> None:
    centre = SmallCentre(store)
    away: list[str] = []

    def off_hub(work: Callable[[], Any]) -> Any:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(procedure_edits, "read_for", lambda *of: away.append("") or read_for(*of))
            return work()

    def never(*of: Any) -> Any:
        raise AssertionError("a table of 5 MB would stop everybody for seconds")

    edits = ProcedureEdits(store, centre.clock, centre.lobby.begin, off_hub=off_hub)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(procedure_edits, "read_for", never)
        previewed = edits.preview(CENTRE, HEADER + BIRTH)
        body = TableImport(HEADER + BIRTH, previewed.digest)
        reply = edits.take_table(MANAGER, CENTRE, body, None)
    assert (len(away), msgspec.json.decode(reply.body)["new"]) == (2, 1)
