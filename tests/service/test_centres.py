"""Procedures come in whole or not at all; distances are those on the ground."""

from pathlib import Path

import pytest

from server.domain.travel import kilometres
from server.service.ports import Store
from tests.fakes.small_centre import CENTRE, SmallCentre
from wire.checks import FaultyFile

HEADER = "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\n"
BIRTH = '1.001,"Đăng ký khai sinh",Birth,Hộ tịch,commune,true,"Tờ khai; Giấy chứng sinh",ho-tich\n'
OTHER = "1.002,Việc khác,Other,Khác,commune,unknown,,khong-co\n"


def stored(store: Store) -> list[tuple[object, ...]]:
    sql = "SELECT code, service, name_vi, documents FROM procedure WHERE centre = ?"
    return store.read(lambda tx: tx.all(sql, (CENTRE,)))


def test_a_table_replaces_the_one_before(store: Store) -> None:
    centre = SmallCentre(store)
    assert centre.centres.import_procedures(CENTRE, HEADER + BIRTH + OTHER) == 1
    row = ("1.001", "ho-tich", "Đăng ký khai sinh", "Tờ khai; Giấy chứng sinh")
    assert stored(store) == [row]
    assert centre.centres.import_procedures(CENTRE, HEADER) == 0
    assert stored(store) == []


def test_every_fault_is_named_with_its_line_and_nothing_changes(store: Store) -> None:
    centre = SmallCentre(store)
    centre.centres.import_procedures(CENTRE, HEADER + BIRTH)
    faulty = HEADER + BIRTH + BIRTH + ",Không mã,,,,,,ho-tich\n" + "1.009,ngắn\n"
    with pytest.raises(FaultyFile) as refused:
        centre.centres.import_procedures(CENTRE, faulty)
    said = str(refused.value)
    for part in ("line 3: code 1.001 stands here twice", "line 4: code is empty", "line 5: does"):
        assert part in said
    assert len(stored(store)) == 1
    with pytest.raises(FaultyFile, match="did you mean 'name_vi'"):
        centre.centres.import_procedures(CENTRE, HEADER.replace("name_vi", "nam_vi"))
    with pytest.raises(FaultyFile, match="there is no centre 'x'"):
        centre.centres.import_procedures("x", HEADER)


def test_the_projects_own_table_comes_in(store: Store, root: Path) -> None:
    centre = SmallCentre(store)
    text = (root / "simulation" / "data" / "procedures.csv").read_text(encoding="utf-8")
    assert centre.centres.import_procedures(CENTRE, text) > 50


def test_a_kilometre_is_a_kilometre() -> None:
    assert kilometres((10.98, 106.67), (10.98, 106.67)) == 0
    assert abs(kilometres((10.0, 106.0), (11.0, 106.0)) - 111.2) < 0.1


def test_the_nearest_centre_comes_first(store: Store) -> None:
    centre = SmallCentre(store)
    near, far = centre.file, centre.file
    far = far.replace('"thu-nghiem"', '"xa"').replace("lat = 10.98", "lat = 11.98")
    assert near != far
    centre.centres.import_file(far)
    listed = centre.readings.centres((10.97, 106.67))
    assert [one.id for one in listed] == [CENTRE, "xa"]
    assert listed[0].km is not None
    assert listed[0].km < 2
    assert [one.id for one in centre.readings.centres(service="khong-co")] == []
