"""Finding tickets and papers at a chosen kiosk as HTTP says them."""

import pytest
from flask.testing import FlaskClient

from tests.web.conftest import PASSWORD, House, problem

TICKETS, PRINTS = "/centres/mot/tickets", "/centres/mot/prints"
TASKS = "/centres/mot/print-tasks"


def kiosk_of(house: House) -> str:
    devices = house.ask("GET", "/centres/mot/devices", "greeter").json
    return next(str(device["id"]) for device in devices if device["role"] == "kiosk")


def test_a_number_is_found_by_its_digits(house: House) -> None:
    house.issue()
    house.issue(service="dat-dai")
    for role in ("clerk", "greeter", "manager", "admin"):
        found = house.ask("GET", f"{TICKETS}?find=a00", role).json
        assert [one["number"] for one in found] == ["A001"]
        assert "track_url" in found[0]
    assert len(house.ask("GET", TICKETS, "greeter").json) == 2
    assert len(house.ask("GET", f"{TICKETS}?find=", "greeter").json) == 2


@pytest.mark.parametrize("text", ["%25", "H0_", "047%20", "x" * 13])
def test_a_search_for_what_no_number_holds_names_its_fault(house: House, text: str) -> None:
    told = problem(house.ask("GET", f"{TICKETS}?find={text}", "greeter"), 422, "invalid_body")
    assert [fault["field"] for fault in told["errors"]] == ["find"]


def test_a_paper_goes_the_whole_way(house: House) -> None:
    ticket, kiosk = house.issue("greeter"), kiosk_of(house)
    path = f"{TICKETS}/{ticket['id']}/print"
    order = house.ask("POST", path, "greeter", json={"device": kiosk}).json
    assert (order["state"], order["device"], order["copy"]) == ("waiting", kiosk, False)
    (task,) = house.ask("POST", TASKS, "kiosk").json["tasks"]
    assert task["ticket"]["number"] == ticket["number"]
    assert task["track_url"] == ticket["track_url"]
    end = {"outcome": "failed", "reason": "paper_out"}
    house.ask("POST", f"{PRINTS}/{order['id']}/end", "kiosk", json=end)
    told = house.ask("GET", f"{PRINTS}/{order['id']}", "clerk").json
    assert (told["state"], told["reason"]) == ("failed", "paper_out")
    assert house.ask("POST", TASKS, "kiosk").json == {"tasks": []}


def test_a_paper_that_cannot_be_is_refused_in_words(house: House) -> None:
    ticket = house.issue("greeter")
    path = f"{TICKETS}/{ticket['id']}/print"
    nobody = house.ask("POST", path, "greeter", json={"device": "0" * 16})
    problem(nobody, 404, "unknown_device")
    problem(house.ask("POST", path, "greeter", json={"device": "Máy 2"}), 422, "invalid_body")
    out = {"version": "1.0", "printer": {"state": "error", "paper": "out"}}
    house.ask("POST", "/heartbeat", "kiosk", json=out)
    device = {"device": kiosk_of(house)}
    refused = problem(house.ask("POST", path, "greeter", json=device), 409, "printer_not_ready")
    assert refused["detail"] == "Kiosk 1 cannot print now: paper out."
    house.ask("POST", f"{TICKETS}/{ticket['id']}/cancel", "greeter")
    ended = problem(house.ask("POST", path, "greeter", json=device), 409, "invalid_transition")
    assert (ended["from"], ended["action"]) == ("cancelled", "print")


def sign_in(house: House, role: str) -> FlaskClient:
    house.services.access.create_user(role, role, None if role == "admin" else "mot", PASSWORD)  # type: ignore[arg-type]
    client = house.app.test_client()
    answer = client.post("/sign-in", data={"user": role, "password": PASSWORD})
    assert answer.status_code == 303
    return client


def test_the_page_and_the_code_are_for_those_who_greet(house: House) -> None:
    ticket = house.issue("greeter")
    code = f"/greet/tickets/{ticket['id']}/qr.svg"
    problem(house.app.test_client().get(code), 401, "unauthenticated")
    assert house.app.test_client().get("/greet").status_code == 303
    pages, codes = {}, {}
    for role in ("greeter", "clerk", "manager", "admin"):
        client = sign_in(house, role)
        pages[role] = client.get("/greet").status_code
        codes[role] = client.get(code).status_code
    assert pages == {"greeter": 200, "clerk": 303, "manager": 200, "admin": 303}
    assert codes == {"greeter": 200, "clerk": 200, "manager": 200, "admin": 403}


def test_a_greeter_signs_in_to_the_page_and_sees_the_code_of_the_link(house: House) -> None:
    client = sign_in(house, "greeter")
    assert client.get("/").headers["Location"] == "/greet"
    ticket = house.issue("greeter")
    answer = client.get(f"/greet/tickets/{ticket['id']}/qr.svg")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/svg+xml", "no-store")
    assert b"<script" not in answer.data
    problem(client.get("/greet/tickets/none/qr.svg"), 404, "unknown_ticket")
    nobody = "00000000-0000-7000-8000-000000000000"
    problem(client.get(f"/greet/tickets/{nobody}/qr.svg"), 404, "unknown_ticket")
