"""What is told before a number is taken, as HTTP says it."""

from tests.web.conftest import House, problem

OFFERS = "/centres/mot/offers?service=ho-tich"


def test_an_offer_is_read_and_accepted(house: House) -> None:
    for _ in range(12):
        house.issue()
    house.ask("POST", "/centres/mot/counters/q1/open")
    house.ask("POST", "/centres/hai/counters/q1/open", "other")
    answer = house.ask("GET", OFFERS, "kiosk")
    assert answer.status_code == 200
    told = answer.json
    assert set(told) == {
        *("centre", "service", "as_of", "waiting", "wait", "fits", "closes_at", "left"),
        *("opens_next", "offers"),
    }
    (offer,) = told["offers"]
    assert set(offer) == {
        *("centre", "name", "address", "km", "travel_s", "wait_s", "total_s", "saved_s"),
        "waiting",
    }
    assert (offer["centre"], offer["travel_s"], told["waiting"]) == ("hai", 180, 12)

    body = {"service": "ho-tich", "to": offer["centre"]}
    ticket = house.ask("POST", "/centres/mot/redirects", "kiosk", json=body).json
    assert ticket["centre_name"] == {"vi": "Trung tâm hai", "en": "Centre hai"}
    assert ticket["address"] == "Số 1"
    assert ticket["due_at"] < ticket["void_at"]
    assert house.ask("GET", OFFERS, "greeter").json["offers"][0]["waiting"] == 1


def test_a_question_that_is_none_names_the_parameter(house: House) -> None:
    for path, field in (
        ("/centres/mot/offers", "service"),
        (f"{OFFERS}&priority=vip", "priority"),
        (f"{OFFERS}&near=1,2", "near"),
        ("/centres/mot/offers?service=H%20T", "service"),
    ):
        errors = problem(house.ask("GET", path, "kiosk"), 422, "invalid_body")["errors"]
        assert [fault["field"] for fault in errors] == [field]
    unknown = house.ask("GET", "/centres/mot/offers?service=khong-co", "kiosk")
    problem(unknown, 404, "unknown_service")
