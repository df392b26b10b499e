"""Advice over HTTP: who sees it, what it says, what a body may be."""

import pytest

from tests.web.conftest import House, problem

ADVICE = "/centres/mot/advice"


def crowded(house: House) -> None:
    """Six wait for civil status at the one open counter."""
    house.ask("POST", "/centres/mot/counters/q1/open")
    for _ in range(6):
        house.issue()


@pytest.mark.parametrize("role", ["manager", "admin"])
def test_a_manager_is_told_and_acts(house: House, role: str) -> None:
    crowded(house)
    seen = house.ask("GET", ADVICE, role)
    assert seen.status_code == 200
    assert set(seen.json) == {"centre", "as_of", "seq", "services", "advice", "loans"}
    (one,) = seen.json["advice"]
    assert (one["id"], one["kind"], one["counter"]) == (
        "open.q2.ho-tich", "open", {"id": "q2", "number": 2},
    )  # fmt: skip
    assert all(type(one[name]) is int for name in ("drain_s", "gain_s", "saved_s"))
    body = {"kind": "open", "counter": "q2", "service": "ho-tich"}
    taken = house.ask("POST", ADVICE, role, json=body)
    assert taken.status_code == 200
    assert taken.json["counter"] == {
        "id": "q2", "number": 2, "state": "open", "services": ["ho-tich"], "ticket": None,
    }  # fmt: skip
    assert taken.json["advised"] == one
    assert house.ask("GET", ADVICE, role).json["advice"] == []


def test_a_loan_is_given_and_ended(house: House) -> None:
    house.ask("POST", "/centres/mot/counters/q2/open")
    loan = {"counter": "q2", "service": "dat-dai"}
    lent = house.ask("POST", ADVICE, json={"kind": "lend", **loan})
    assert lent.json["counter"]["services"] == ["ho-tich", "dat-dai"]
    assert lent.json["service"]["name"] == {"vi": "Đất đai", "en": "Land"}
    (held,) = house.ask("GET", ADVICE).json["loans"]
    assert (held["counter"]["number"], held["service"]["id"]) == (2, "dat-dai")
    land = house.issue(service="dat-dai")
    called = house.ask("POST", "/centres/mot/counters/q2/next").json["ticket"]
    assert called["id"] == land["id"]
    ended = house.ask("POST", ADVICE, json={"kind": "take_back", **loan})
    assert ended.json["counter"]["services"] == ["ho-tich"]


def test_a_body_that_cannot_be_names_the_field(house: House) -> None:
    for body, field in (
        ({"counter": "q2"}, "kind"),
        ({"kind": "close", "counter": "q2"}, "kind"),
        ({"kind": "open"}, "counter"),
        ({"kind": "lend", "counter": "q2"}, "service"),
        ({"kind": "lend", "counter": "q2", "service": None}, "service"),
        ({"kind": "lend", "counter": "q2", "service": "ho-tich"}, "service"),
        ({"kind": "take_back", "counter": "q2", "service": "dat-dai"}, "service"),
        ({"kind": "open", "counter": "q2", "why": "đông"}, "why"),
    ):
        answer = house.ask("POST", ADVICE, json=body)
        errors = problem(answer, 422, "invalid_body")["errors"]
        assert [fault["field"] for fault in errors] == [field], body
    for body, code in (
        ({"kind": "open", "counter": "q9"}, "unknown_counter"),
        ({"kind": "open", "counter": "q2", "service": "khong-co"}, "unknown_service"),
    ):
        problem(house.ask("POST", ADVICE, json=body), 404, code)


def test_a_repeat_answers_what_was_done(house: House) -> None:
    body = {"kind": "lend", "counter": "q2", "service": "dat-dai"}
    key = {"Idempotency-Key": "lend-it-once"}
    first = house.ask("POST", ADVICE, json=body, headers=key)
    again = house.ask("POST", ADVICE, json=body, headers=key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    other = house.ask("POST", ADVICE, json={**body, "kind": "take_back"}, headers=key)
    problem(other, 409, "idempotency_mismatch")
