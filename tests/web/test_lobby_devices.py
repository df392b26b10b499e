"""Heartbeats, devices, help, notices, scanned slips and lost enrolments as HTTP says them."""

from typing import Any

import pytest

from server.web.lobby_handlers import BEATS_MOST
from tests.web.conftest import House, problem

DEVICES, HELP, SCANS = "/centres/mot/devices", "/centres/mot/help", "/centres/mot/scans"
NOTICES = "/centres/mot/notices"


def test_what_a_kiosk_says_is_what_staff_see(house: House) -> None:
    report: dict[str, Any] = {
        "version": "0.1.0", "uptime_s": 12, "link": "up", "outbox": 0, "refused": 0,
        "printer": {"state": "error", "paper": "out", "cover": "closed", "detail": "hết giấy"},
        "unprinted": 2, "clock_trusted": True, "clock_offset_s": -0.4, "temperature_c": 51.5,
        "presses_refused": 1,
    }  # fmt: skip
    answer = house.ask("POST", "/heartbeat", "kiosk", json=report)
    assert (answer.status_code, answer.json) == (200, {"now": "2026-11-23T02:00:00Z"})
    for role in ("greeter", "clerk", "manager", "admin", "integration"):
        devices = house.ask("GET", DEVICES, role).json
        by_role = {device["role"]: device for device in devices}
        assert sorted(by_role) == ["display", "hall", "kiosk", "pad"]
        kiosk, pad = by_role["kiosk"], by_role["pad"]
        assert (kiosk["state"], kiosk["trouble"]) == ("error", ["paper_out"])
        assert kiosk["report"] == report
        assert (pad["state"], pad["counter"]) == ("unknown", {"id": "q1", "number": 1})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "version"),
        ({"version": "1", "printer": {"state": "ok", "colour": "red"}}, "printer"),
        ({"version": "1", "printer": {"state": "ok", "detail": "x" * 201}}, "printer"),
        ({"version": "1", "printer": {"state": "ok", "detail": "two\nlines"}}, "printer"),
        ({"version": "1", "printer": {"state": "ok", "detail": "a line\n"}}, "printer"),
        ({"version": "1", "panels": [{"counter": "q1\n", "state": "ok"}]}, "panels"),
        ({"version": "1", "outbox": -1}, "outbox"),
        ({"version": "1", "temperatur_c": 50}, "temperatur_c"),
    ],
)
def test_a_faulty_heartbeat_is_refused_by_field(
    house: House, body: dict[str, Any], field: str
) -> None:
    errors = problem(house.ask("POST", "/heartbeat", "kiosk", json=body), 422, "invalid_body")
    assert [fault["field"] for fault in errors["errors"]] == [field]


def test_heartbeats_are_no_part_of_what_a_kiosk_may_ask(house: House) -> None:
    beats = [
        house.ask("POST", "/heartbeat", "kiosk", json={"version": "1"}).status_code
        for _ in range(130)
    ]
    assert set(beats) == {200}
    house.issue("kiosk")


def test_a_token_in_the_wrong_hands_does_not_write_without_end(house: House) -> None:
    asked = [
        house.ask("POST", "/heartbeat", "display", json={"version": "1"}) for _ in range(BEATS_MOST)
    ]
    assert {answer.status_code for answer in asked} == {200}
    late = house.ask("POST", "/heartbeat", "display", json={"version": "1"})
    problem(late, 429, "too_many_requests")
    assert int(late.headers["Retry-After"]) > 0
    assert house.ask("POST", "/heartbeat", "kiosk", json={"version": "1"}).status_code == 200


def test_help_is_called_answered_and_over(house: House) -> None:
    call = house.ask("POST", HELP, "kiosk", json={}).json
    assert call["caller"] == {"kind": "kiosk", "kiosk": 1, "name": "kiosk"}
    assert house.ask("GET", HELP, "greeter").json == {"centre": "mot", "calls": [call]}
    path = f"{HELP}/{call['id']}"
    assert house.ask("POST", f"{path}/coming", "greeter").json["state"] == "coming"
    assert house.ask("GET", HELP, "kiosk").json["calls"][0]["state"] == "coming"
    problem(house.ask("POST", f"{path}/clear", "pad"), 403, "forbidden")
    assert house.ask("POST", f"{path}/clear", "kiosk").json["state"] == "clear"
    late = problem(house.ask("POST", f"{path}/coming", "clerk"), 409, "invalid_transition")
    assert (late["from"], late["action"]) == ("clear", "coming")
    problem(house.ask("POST", f"{HELP}/nothing/clear", "clerk"), 404, "unknown_help")
    problem(house.ask("POST", HELP, "clerk", json={}), 403, "forbidden")


def track_of(ticket: dict[str, Any]) -> str:
    return str(ticket["track_url"]).rpartition("/")[2]


def test_a_slip_is_read_in_whatever_state_its_ticket_is(house: House) -> None:
    ticket = house.issue("kiosk")
    body = {"track": track_of(ticket)}
    scanned = house.ask("POST", SCANS, "kiosk", json=body)
    assert scanned.status_code == 200
    assert scanned.json["checked_in"] is False
    assert scanned.json["ticket"]["number"] == ticket["number"]
    assert scanned.json["ticket"]["ahead"] == 0
    assert "track_url" not in scanned.json["ticket"]

    house.ask("POST", f"/centres/mot/tickets/{ticket['id']}/cancel", "manager")
    ended = house.ask("POST", SCANS, "greeter", json=body).json
    assert (ended["ticket"]["state"], ended["checked_in"]) == ("cancelled", False)


def test_who_was_on_the_way_is_checked_in_by_the_slip_once(house: House) -> None:
    token = house.services.access.create_token("kiosk", "hai")
    way = {"service": "ho-tich", "to": "hai"}
    ticket = house.ask("POST", "/centres/mot/redirects", "kiosk", json=way).json
    body = {"track": track_of(ticket)}
    problem(house.ask("POST", SCANS, "kiosk", json=body), 404, "unknown_ticket")
    headers = {"Idempotency-Key": "scan-00001"}
    here = house.ask("POST", "/centres/hai/scans", token, json=body, headers=headers).json
    assert here["checked_in"] is True
    assert "due_at" not in here["ticket"]
    again = house.ask("POST", "/centres/hai/scans", token, json=body, headers=headers).json
    assert again == here
    later = house.ask("POST", "/centres/hai/scans", token, json=body).json
    assert (later["checked_in"], later["ticket"]["state"]) == (False, "waiting")


def test_a_slip_of_another_day_or_nobodys_is_unknown(house: House) -> None:
    body = {"track": track_of(house.issue("kiosk"))}
    house.clock.forward(days=1)
    problem(house.ask("POST", SCANS, "kiosk", json=body), 404, "unknown_ticket")
    nobodys = {"track": "x" * 21 + "A"}
    problem(house.ask("POST", SCANS, "kiosk", json=nobodys), 404, "unknown_ticket")
    errors = problem(house.ask("POST", SCANS, "kiosk", json={"track": "x"}), 422, "invalid_body")
    assert [fault["field"] for fault in errors["errors"]] == ["track"]


def test_codes_that_lead_nowhere_count_as_unknown_links(house: House) -> None:
    known = {"track": track_of(house.issue("kiosk"))}
    for _ in range(60):
        answer = house.ask("POST", SCANS, "greeter", json={"track": "x" * 21 + "A"})
        problem(answer, 404, "unknown_ticket")
    refused = house.ask("POST", SCANS, "greeter", json={"track": "x" * 21 + "A"})
    problem(refused, 429, "too_many_requests")
    assert int(refused.headers["Retry-After"]) >= 1
    problem(house.ask("GET", "/track/" + "y" * 21 + "A", None), 429, "too_many_requests")
    assert house.ask("POST", SCANS, "greeter", json=known).status_code == 200


def test_no_code_of_a_slip_is_stored_with_the_answer(house: House) -> None:
    body = {"track": track_of(house.issue("greeter"))}
    assert house.ask("POST", SCANS, "kiosk", json=body).status_code == 200
    remembered = house.store.read(
        lambda tx: tx.all("SELECT * FROM operation WHERE scope LIKE '%/scans'")
    )
    assert len(remembered) == 1
    assert body["track"] not in str(remembered)


def test_a_lost_enrolment_is_asked_for_again(house: House) -> None:
    code = house.services.access.create_enrol_code("kiosk", "mot")
    headers = {"Idempotency-Key": "enrol-0123456789"}
    first = house.ask("POST", "/enrol", None, json={"code": code}, headers=headers)
    again = house.ask("POST", "/enrol", None, json={"code": code}, headers=headers)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    token = again.json["token"]
    assert house.ask("GET", "/whoami", token).json["kiosk"] == 2
    problem(house.ask("POST", "/enrol", None, json={"code": code}), 401, "bad_credentials")


def test_a_manager_tells_the_hall_and_takes_it_down(house: House) -> None:
    body = {"text": {"vi": "Quầy 4 nghỉ chiều nay"}, "audience": "all", "urgent": True}
    posted = house.ask("POST", NOTICES, "manager", json=body).json
    for role in ("hall", "clerk"):
        told = house.ask("GET", NOTICES, role).json
        assert told == {"centre": "mot", "notices": [posted]}
    house.ask("POST", f"{NOTICES}/{posted['id']}/end", "manager", json={})
    assert house.ask("GET", NOTICES, "hall").json["notices"] == []


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": {"en": "Closed"}}, "text"),
        ({"text": {"vi": "  "}}, "text"),
        ({"text": {"vi": "x" * 201}}, "text"),
        ({"text": {"vi": "hai\ndòng"}}, "text"),
        ({"text": {"vi": "Nghỉ"}, "audience": "kiosk"}, "audience"),
        ({"text": {"vi": "Nghỉ"}, "until": "2026-11-23T02:00:00"}, "until"),
        ({"text": {"vi": "Nghỉ"}, "colour": "red"}, "colour"),
    ],
)
def test_a_faulty_notice_is_refused_by_field(
    house: House, body: dict[str, Any], field: str
) -> None:
    errors = problem(house.ask("POST", NOTICES, "manager", json=body), 422, "invalid_body")
    assert [fault["field"] for fault in errors["errors"]] == [field]
    assert house.ask("GET", NOTICES, "manager").json["notices"] == []


def test_a_notice_of_the_past_is_refused_by_field(house: House) -> None:
    body = {"text": {"vi": "Nghỉ"}, "until": "2020-01-01T00:00:00Z"}
    errors = problem(house.ask("POST", NOTICES, "manager", json=body), 409, "already_past")
    assert [fault["field"] for fault in errors["errors"]] == ["until"]
