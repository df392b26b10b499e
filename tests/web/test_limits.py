"""How often devices, links and strangers may ask."""

from server.service.limits import limit_key
from server.web.people_pages import ACCOUNT_LIMIT, ADDRESS_LIMIT
from tests.web.conftest import House, problem

TICKETS = "/centres/mot/tickets"


def test_a_kiosk_may_ask_120_times_a_minute(house: House) -> None:
    answers = [house.ask("GET", "/whoami", "kiosk").status_code for _ in range(120)]
    assert set(answers) == {200}
    refused = house.ask("POST", TICKETS, "kiosk", json={"service": "ho-tich"})
    problem(refused, 429, "too_many_requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    problem(house.ask("POST", TICKETS, "kiosk", json={"service": 1}), 429, "too_many_requests")
    assert house.ask("GET", "/whoami", "pad").status_code == 200

    house.clock.forward(seconds=60)
    assert house.ask("GET", "/whoami", "kiosk").status_code == 200


def test_hand_ins_are_never_turned_away(house: House) -> None:
    for _ in range(125):
        house.ask("GET", "/whoami", "kiosk")
    issued_at = house.clock.now().isoformat()
    for number in range(700, 750):
        body = {"service": "ho-tich", "number": f"H{number}", "issued_at": issued_at}
        answer = house.ask("POST", TICKETS, "kiosk", json=body)
        assert answer.status_code == 201, answer.text


def test_a_null_number_is_no_hand_in(house: House) -> None:
    for _ in range(120):
        house.ask("GET", "/whoami", "kiosk")
    body = {"service": "ho-tich", "number": None}
    problem(house.ask("POST", TICKETS, "kiosk", json=body), 429, "too_many_requests")


def test_people_and_integrations_are_not_limited(house: House) -> None:
    for role in ("integration", "clerk", "manager"):
        answers = {house.ask("GET", "/whoami", role).status_code for _ in range(130)}
        assert answers == {200}


def test_a_link_may_be_asked_60_times_a_minute(house: House) -> None:
    link = house.issue()["track_url"].rpartition("/")[2]
    answers = [house.ask("GET", f"/track/{link}", None).status_code for _ in range(60)]
    assert set(answers) == {200}
    problem(house.ask("GET", f"/track/{link}", None), 429, "too_many_requests")
    assert house.ask("GET", f"//t/{link}", None).status_code == 429

    other = house.issue()["track_url"].rpartition("/")[2]
    assert house.ask("GET", f"/track/{other}", None).status_code == 200


def test_strangers_may_try_60_links_a_minute(house: House) -> None:
    def tries(address: str) -> int:
        answer = house.ask("GET", "/track/guess", None, environ_overrides={"REMOTE_ADDR": address})
        return answer.status_code

    assert {tries("192.0.2.1") for _ in range(60)} == {404}
    assert tries("192.0.2.1") == 429
    assert tries("192.0.2.2") == 404

    link = house.issue()["track_url"].rpartition("/")[2]
    known = house.ask("GET", f"/track/{link}", None, environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert known.status_code == 200


def test_an_address_beyond_its_limit_counts_against_no_account(house: House) -> None:
    limiter = house.services.limiter
    for _ in range(ADDRESS_LIMIT):
        limiter.hit(limit_key("address", "127.0.0.1"), ADDRESS_LIMIT, 60)
    for _ in range(ACCOUNT_LIMIT):
        answer = house.ask("POST", "//sign-in", None, data={"user": "An", "password": "guess"})
        assert answer.status_code == 429
        assert 1 <= int(answer.headers["Retry-After"]) <= 60
    assert limiter.hit(limit_key("account", "an"), 1, 60) == 0


def test_codes_may_be_tried_ten_times_a_minute(house: House) -> None:
    code = {"code": "ABCD-EFGH-JKLM"}
    answers = [house.ask("POST", "/enrol", None, json=code).status_code for _ in range(11)]
    assert answers == [401] * 10 + [429]


def test_a_code_enrols_a_device(house: House) -> None:
    code = house.services.access.create_enrol_code("kiosk", "mot")
    enrolled = house.ask("POST", "/enrol", None, json={"code": code})
    assert enrolled.status_code == 201
    me = house.ask("GET", "/whoami", enrolled.json["token"])
    assert (me.json["role"], me.json["centre"], me.json["kiosk"]) == ("kiosk", "mot", 2)
    problem(house.ask("POST", "/enrol", None, json={"code": code}), 401, "bad_credentials")
