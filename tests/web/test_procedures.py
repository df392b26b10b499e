"""The procedures of a centre, as HTTP says them."""

from server.service.centres import Centres
from tests.web.conftest import House

TABLE = (
    "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\n"
    '1.001,"Đăng ký khai sinh",Birth,Hộ tịch,commune,true,"Tờ khai; Giấy chứng sinh",ho-tich\n'
)


def imported(house: House) -> None:
    begin = house.services.lobby.begin
    Centres(house.store, house.clock, begin).import_procedures("mot", TABLE)


def test_the_procedures_are_read_with_the_version_that_the_centre_names(house: House) -> None:
    imported(house)
    answer = house.ask("GET", "/centres/mot/procedures", "kiosk")
    assert answer.status_code == 200
    version = house.ask("GET", "/centres/mot", "kiosk").json["procedures_version"]
    assert answer.json == {
        "centre": "mot",
        "version": version,
        "procedures": [
            {
                "code": "1.001",
                "name": {"vi": "Đăng ký khai sinh", "en": "Birth"},
                "field": "Hộ tịch",
                "level": "commune",
                "on_the_spot": True,
                "papers": ["Tờ khai", "Giấy chứng sinh"],
                "service": "ho-tich",
            }
        ],
    }
    assert version


def test_screens_and_pads_have_no_use_for_them(house: House) -> None:
    for role in ("hall", "pad"):
        assert house.ask("GET", "/centres/mot/procedures", role).status_code == 403
    none = house.ask("GET", "/centres/hai/procedures", "other").json
    assert none == {"centre": "hai", "version": "", "procedures": []}


def test_a_ticket_keeps_what_its_holder_came_for(house: House) -> None:
    assert house.issue(procedure="1.001")["procedure"] == "1.001"


def test_the_holder_of_a_link_is_told_which_papers_to_bring(house: House) -> None:
    imported(house)
    link = "/track/" + house.issue(procedure="1.001")["track_url"].rsplit("/", 1)[1]
    seen = house.ask("GET", link, None).json
    assert seen["procedure"]["vi"] == "Đăng ký khai sinh"
    assert seen["papers"] == ["Tờ khai", "Giấy chứng sinh"]
    strange = "/track/" + house.issue(procedure="9.999")["track_url"].rsplit("/", 1)[1]
    seen = house.ask("GET", strange, None).json
    assert (seen["procedure"], seen["papers"]) == (None, [])
