"""Configuration and procedures over HTTP: who may, how much, and what each refusal says."""

from typing import Any

import pytest

from server.domain.procedure_table import read_table
from server.web.bodies import TABLE_BODY_MOST
from tests.web.conftest import House, problem
from wire.procedures import TABLE_MOST

HEADER = "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\r\n"
BIRTH = "1.001,Khai sinh,Birth,Hộ tịch,commune,true,Tờ khai; Giấy chứng sinh,ho-tich\r\n"
CONFIGURATION = "/centres/mot/configuration"
PROCEDURES = "/centres/mot/procedures"
ENTRY = {"version": "", "name": {"vi": "Khai sinh"}, "service": "ho-tich"}


def read(house: House, centre: str = "mot") -> dict[str, Any]:
    answer = house.ask("GET", f"/centres/{centre}/configuration", "admin")
    assert answer.status_code == 200
    view: dict[str, Any] = answer.json
    return view


def body(view: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"version": view["version"], "configuration": view["configuration"], **more}


def take(house: House, text: str) -> dict[str, Any]:
    seen = house.ask("POST", f"{PROCEDURES}/preview", json={"table": text}).json
    sent = {"table": text, "digest": seen["digest"]}
    answer = house.ask("POST", f"{PROCEDURES}/import", json=sent)
    assert answer.status_code == 200, answer.text
    taken: dict[str, Any] = answer.json
    return taken


def test_a_change_is_answered_once_and_seen_by_everybody(house: House) -> None:
    view = read(house)
    view["configuration"]["service"][1]["daily_limit"] = 40
    view["configuration"]["voice"]["volume"] = [{"at": "07:00", "percent": 80}]
    key = {"Idempotency-Key": "the-same-key"}
    first = house.ask("POST", CONFIGURATION, json=body(view), headers=key)
    again = house.ask("POST", CONFIGURATION, json=body(view), headers=key)
    assert (first.status_code, again.json) == (200, first.json)
    assert first.json["version"] == view["version"] + 1
    assert first.json["changed"]["by"] == "manager"
    volume = house.ask("GET", "/centres/mot", "kiosk").json["voice"]["volume"]
    assert volume == [{"at": "07:00", "percent": 80}]
    late = problem(house.ask("POST", CONFIGURATION, json=body(view)), 409, "version_conflict")
    assert late["detail"].startswith("manager changed it at 2026-")


def test_every_fault_is_listed_by_field_and_only_shapes_are_422(house: House) -> None:
    view = read(house)
    before = house.state()
    view["configuration"]["service"][0]["prefix"] = "ZZZ"
    view["configuration"]["counter"][1]["services"] = ["ho-tichh"]
    refused = problem(
        house.ask("POST", CONFIGURATION, json=body(view)), 409, "configuration_refused"
    )
    assert [fault["field"] for fault in refused["errors"]] == [
        "service[1].prefix", "counter[2].services",
    ]  # fmt: skip
    assert "did you mean 'ho-tich'?" in refused["errors"][1]["message"]
    for key, wrong in (("prefix", 5), ("name", "Hộ tịch"), ("target_wait_min", 1e9), ("x", 1)):
        fresh = read(house)
        fresh["configuration"]["service"][0][key] = wrong
        problem(house.ask("POST", CONFIGURATION, json=body(fresh)), 422, "invalid_body")
    fresh = read(house)
    fresh["configuration"]["service"][0]["name"]["vi"] = "Hộ\u0000tịch"
    problem(house.ask("POST", CONFIGURATION, json=body(fresh)), 422, "invalid_body")
    assert house.state() == before


def test_the_province_makes_a_centre(house: House) -> None:
    view = read(house)
    view["configuration"]["centre"]["id"] = "ba"
    made = body(view, version=0)
    problem(house.ask("POST", "/centres/ba/configuration", json=made), 404, "unknown_centre")
    answer = house.ask("POST", "/centres/ba/configuration", "admin", json=made)
    assert answer.status_code == 200, answer.text
    assert house.ask("GET", "/centres/ba/board", "admin").status_code == 200
    problem(
        house.ask("POST", "/centres/%20/configuration", "admin", json=made), 404, "unknown_centre"
    )


def test_letters_that_look_like_digits_warn(house: House) -> None:
    view = read(house)
    view["configuration"]["service"][0]["prefix"] = "B"
    answer = house.ask("POST", CONFIGURATION, json=body(view)).json
    assert any("can be taken for a digit" in line for line in answer["warnings"])
    assert answer["pending"] == [{"field": "service[1].prefix", "today": "H", "next": "B"}]


def test_a_table_is_previewed_then_taken_and_only_then(house: House) -> None:
    take(house, HEADER + BIRTH)
    before = house.state()
    text = HEADER + BIRTH.replace("Birth", "Births") + "2,Mới,,,,,,dat-dai\n3,Khác,,,,,,thue\n"
    seen = house.ask("POST", f"{PROCEDURES}/preview", json={"table": text}).json
    assert {key: seen[key] for key in ("new", "changed", "unchanged", "removed", "faulty")} == {
        "new": 1, "changed": 1, "unchanged": 0, "removed": 0, "faulty": 0,
    }  # fmt: skip
    assert seen["changes"] == [{"code": "1.001", "name": "Khai sinh", "columns": ["name_en"]}]
    assert seen["elsewhere"] == [{"service": "thue", "rows": 1}]
    other = {"table": text + "4,X,,,,,,dat-dai\n", "digest": seen["digest"]}
    problem(house.ask("POST", f"{PROCEDURES}/import", json=other), 409, "version_conflict")
    assert house.state() == before

    house.ask("POST", f"{PROCEDURES}/9", json=ENTRY)  # somebody else is quicker
    stale = {"table": text, "digest": seen["digest"]}
    problem(house.ask("POST", f"{PROCEDURES}/import", json=stale), 409, "version_conflict")
    assert take(house, text) == {"count": 2, "new": 1, "changed": 1, "removed": 1}


def test_faults_of_a_table_change_nothing(house: House) -> None:
    take(house, HEADER + BIRTH)
    before = house.state()
    text = HEADER + "1,A,,,huyện,,,ho-tich\n1,\x00,,,,,,ho-tich\n"
    seen = house.ask("POST", f"{PROCEDURES}/preview", json={"table": text}).json
    assert [(one["row"], one["column"], one["code"]) for one in seen["faults"]] == [
        (2, "level", "choice"), (3, "code", "code_twice"), (3, "name_vi", "control"),
    ]  # fmt: skip
    sent = {"table": text, "digest": seen["digest"]}
    refused = problem(
        house.ask("POST", f"{PROCEDURES}/import", json=sent), 409, "configuration_refused"
    )
    assert refused["errors"][0]["field"] == "row 2 level"
    assert house.state() == before


def test_a_table_has_5_mb_and_everything_else_64_kb(house: House) -> None:
    rows = "".join(f"{n},{'Khai sinh ' * 100},,,,,,ho-tich\n" for n in range(900))
    fits = house.ask("POST", f"{PROCEDURES}/preview", json={"table": HEADER + rows})
    assert (fits.status_code, fits.json["new"]) == (200, 900)
    large = HEADER + "x" * TABLE_MOST
    problem(
        house.ask("POST", f"{PROCEDURES}/preview", json={"table": large}), 413, "body_too_large"
    )
    raw = {"data": b" " * (TABLE_BODY_MOST + 1), "content_type": "application/json"}
    sent = house.ask("POST", f"{PROCEDURES}/preview", **raw)
    problem(sent, 413, "body_too_large")
    view = read(house)
    view["configuration"]["centre"]["closed_dates"] = ["2027-01-01" + "x" * 400] * 200
    problem(house.ask("POST", CONFIGURATION, json=body(view)), 413, "body_too_large")


def test_one_procedure_is_added_changed_paused_and_removed(house: House) -> None:
    added = house.ask("POST", f"{PROCEDURES}/1.001", json=ENTRY)
    assert added.status_code == 200, added.text
    path, version = f"{PROCEDURES}/1.001", added.json["version"]
    problem(house.ask("POST", path, json=ENTRY), 409, "version_conflict")
    paused = {
        "version": version,
        "name": {"vi": " Khai\u00a0sinh ", "en": "=cmd()"},
        "service": "ho-tich",
        "papers": ["Tờ khai"],
        "accepting": False,
    }
    change = house.ask("POST", path, json=paused).json
    assert (change["name"]["vi"], change["accepting"]) == ("Khai sinh", False)
    assert house.ask("GET", PROCEDURES, "kiosk").json["procedures"] == []
    assert len(house.ask("GET", "/centres/mot/catalogue").json["procedures"]) == 1

    exported = house.ask("GET", f"{PROCEDURES}.csv")
    assert exported.mimetype == "text/csv"
    assert exported.data.startswith(b"\xef\xbb\xbf")
    assert ",'=cmd()," in exported.text
    back = read_table(exported.text, {"ho-tich": ()})
    assert back.rows[0]["name_en"] == "=cmd()"
    assert take(house, exported.text) == {"count": 1, "new": 0, "changed": 0, "removed": 0}

    problem(house.ask("POST", f"{path}/remove", json={"version": version}), 409, "version_conflict")
    gone = house.ask("POST", f"{path}/remove", json={"version": change["version"]})
    assert gone.status_code == 200
    again = house.ask("POST", f"{path}/remove", json={"version": change["version"]})
    problem(again, 404, "unknown_procedure")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"service": "khong-co"}, 404, "unknown_service"),
        ({"version": "abc"}, 404, "unknown_procedure"),
        ({"name": {"vi": "\u00a0\u200b"}}, 409, "configuration_refused"),
        ({"papers": ["a;b"]}, 422, "invalid_body"),
        ({"level": "district"}, 422, "invalid_body"),
    ],
)
def test_a_procedure_that_cannot_be_is_refused(
    house: House, change: dict[str, Any], status: int, code: str
) -> None:
    before = house.state()
    problem(house.ask("POST", f"{PROCEDURES}/1.001", json=ENTRY | change), status, code)
    assert house.state() == before
    problem(house.ask("POST", f"{PROCEDURES}/a%20b", json=ENTRY), 404, "unknown_procedure")
