"""Redirects, check-in and limits as HTTP says them."""

from datetime import datetime, timedelta

from tests.web.conftest import House, problem

REDIRECTS = "/centres/mot/redirects"
LIMIT = "/centres/mot/services/ho-tich/limit"


def test_a_redirect_is_made_once_and_said_with_its_time(house: House) -> None:
    body = {"service": "ho-tich", "to": "hai"}
    headers = {"Idempotency-Key": "way-to-hai"}
    made = house.ask("POST", REDIRECTS, "kiosk", json=body, headers=headers)
    again = house.ask("POST", REDIRECTS, "kiosk", json=body, headers=headers)
    assert (made.status_code, again.status_code) == (201, 200)
    assert made.json == again.json
    ticket = made.json
    assert (ticket["centre"], ticket["source"]) == ("hai", "redirect")
    due = datetime.fromisoformat(ticket["due_at"])
    assert due - house.clock.now() == timedelta(minutes=3)
    assert "due_at" not in house.issue()

    path = f"/centres/hai/tickets/{ticket['id']}"
    assert house.ask("GET", path, "other").json["due_at"] == ticket["due_at"]
    here = house.ask("POST", f"{path}/check-in", "other")
    assert here.status_code == 200
    assert "due_at" not in here.json
    problem(house.ask("POST", f"{path}/check-in", "manager"), 403, "forbidden")


def test_a_redirect_that_cannot_be_names_the_field(house: House) -> None:
    for fields, field in (
        ({"to": "mot"}, "to"),
        ({"to": "hai", "priority": "elderly"}, "priority"),
        ({}, "to"),
    ):
        answer = house.ask("POST", REDIRECTS, json={"service": "ho-tich", **fields})
        errors = problem(answer, 422, "invalid_body")["errors"]
        assert [fault["field"] for fault in errors] == [field]
    for body, code in (
        ({"service": "ho-tich", "to": "ba"}, "unknown_centre"),
        ({"service": "khong-co", "to": "hai"}, "unknown_service"),
    ):
        problem(house.ask("POST", REDIRECTS, json=body), 404, code)
    body = {"service": "ho-tich", "to": "hai"}
    answer = house.ask("POST", REDIRECTS, json=body, headers={"Idempotency-Key": ""})
    problem(answer, 400, "idempotency_key_missing")


def test_a_limit_is_set_and_lifted(house: House) -> None:
    house.issue()
    answer = house.ask("POST", LIMIT, "manager", json={"limit": 1})
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in ("service", "limit", "issued")} == {
        "service": "ho-tich",
        "limit": 1,
        "issued": 1,
    }
    refused = house.ask("POST", "/centres/mot/tickets", "kiosk", json={"service": "ho-tich"})
    problem(refused, 409, "day_full")
    assert house.issue("greeter")["number"] == "H002"
    assert house.ask("POST", LIMIT, "admin", json={"limit": None}).json["limit"] is None
    assert house.ask("POST", LIMIT, "admin", json={"limit": 7.0}).json["limit"] == 7
    house.issue()
    for body in ({}, {"limit": 0}, {"limit": 1.5}, {"limit": "5"}):
        answer = house.ask("POST", LIMIT, "manager", json=body)
        errors = problem(answer, 422, "invalid_body")["errors"]
        assert errors[0]["field"] == "limit"
    unknown = "/centres/mot/services/khong-co/limit"
    problem(house.ask("POST", unknown, "manager", json={"limit": 5}), 404, "unknown_service")
    problem(
        house.ask("POST", LIMIT.replace("ho-tich", "%00"), "manager", json={"limit": 5}),
        404,
        "unknown_service",
    )
