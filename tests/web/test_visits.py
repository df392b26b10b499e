"""The link's own commands and ratings from the outside: limits, doors, faults, languages."""

from typing import Any

import pytest

from tests.web.conftest import House, problem


def link_of(ticket: dict[str, Any]) -> str:
    return "/track/" + ticket["track_url"].rsplit("/", 1)[1]


def served(house: House, counter: str = "q1") -> dict[str, Any]:
    """A ticket that was served, as the kiosk's answer has it."""
    house.ask("POST", f"/centres/mot/counters/{counter}/open")
    ticket = house.issue()
    house.ask("POST", f"/centres/mot/counters/{counter}/next")
    done = house.ask("POST", f"/centres/mot/tickets/{ticket['id']}/finish", json={})
    assert done.status_code == 200, done.text
    return ticket


def test_a_visit_by_its_link(house: House) -> None:
    house.ask("POST", "/centres/mot/counters/q1/open")
    link = link_of(house.issue())
    assert house.ask("GET", link, None).json["can"] == ["step_back", "cancel"]
    back = house.ask("POST", f"{link}/step-back", None, json={})
    assert (back.status_code, back.json["steps_left"]) == (200, 2)
    problem(house.ask("POST", f"{link}/coming", None, json={}), 409, "invalid_transition")
    problem(house.ask("POST", f"{link}/rating", None, json={"score": 5}), 409, "rating_closed")
    house.ask("POST", "/centres/mot/counters/q1/next")
    assert house.ask("POST", f"{link}/coming", None, json={}).json["coming"] is True
    assert house.ask("POST", f"{link}/cancel", None, json={}).json["state"] == "cancelled"
    problem(house.ask("POST", f"{link}/step-back", None, json={}), 409, "invalid_transition")


@pytest.mark.parametrize("action", ["step-back", "coming", "cancel", "rating"])
def test_a_link_that_leads_nowhere_changes_nothing(house: House, action: str) -> None:
    body = {"score": 5} if action == "rating" else {}
    before = house.state()
    for link in ("x" * 21 + "A", "short"):
        problem(house.ask("POST", f"/track/{link}/{action}", None, json=body), 404, "unknown_track")
    assert house.state() == before


def test_a_link_s_commands_and_questions_share_one_limit(house: House) -> None:
    link = link_of(house.issue())
    for _ in range(59):
        assert house.ask("GET", link, None).status_code == 200
    assert house.ask("POST", f"{link}/step-back", None, json={}).status_code == 200
    answer = house.ask("POST", f"{link}/cancel", None, json={})
    problem(answer, 429, "too_many_requests")
    assert int(answer.headers["Retry-After"]) > 0


def test_a_lost_answer_is_asked_for_again(house: House) -> None:
    link = link_of(served(house))
    key = {"Idempotency-Key": "rating-0001"}
    first = house.ask("POST", f"{link}/rating", None, headers=key, json={"score": 5})
    again = house.ask("POST", f"{link}/rating", None, headers=key, json={"score": 5})
    assert (first.status_code, again.status_code, again.json) == (200, 200, first.json)
    other = house.ask("POST", f"{link}/rating", None, headers=key, json={"score": 1})
    problem(other, 409, "idempotency_mismatch")
    problem(house.ask("POST", f"{link}/rating", None, json={"score": 1}), 409, "already_rated")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"score": 0},
        {"score": 6},
        {"score": 4.5},
        {"score": 5, "reasons": ["long_wait"]},
        {"score": 2, "reasons": ["quick"]},
        {"score": 2, "reasons": ["nothing"]},
        {"score": 5, "comment": "x" * 501},
        {"score": 5, "comment": "a\u0000b"},
        {"score": 5, "name": "An"},
    ],
)
def test_a_faulty_rating_is_refused_by_field(house: House, body: dict[str, Any]) -> None:
    link = link_of(served(house))
    before = house.state()
    answer = house.ask("POST", f"{link}/rating", None, json=body)
    assert problem(answer, 422, "invalid_body")["errors"][0]["field"]
    assert house.state() == before


def test_a_rating_with_everything(house: House) -> None:
    link = link_of(served(house))
    body = {"score": 2, "reasons": ["long_wait", "other"], "comment": "Chờ lâu quá"}
    answer = house.ask("POST", f"{link}/rating", None, json=body)
    assert (answer.status_code, answer.json["rating"]) == (200, {"score": 2})
    assert "Chờ" not in answer.text
    told = house.ask("GET", "/centres/mot/ratings", "manager").json
    assert (told["satisfied"], told["response"], told["rated"]) == (0.0, 1.0, 1)
    assert told["comments"][0]["text"] == "Chờ lâu quá"
    assert house.ask("GET", "/centres/mot/ratings", "integration").json["comments"] == []
    one_day = f"/centres/mot/ratings?from={told['to']}&to={told['to']}"
    assert house.ask("GET", one_day, "manager").json["rated"] == 1
    faulty = house.ask("GET", "/centres/mot/ratings?from=2026-02-31", "manager")
    assert problem(faulty, 422, "invalid_body")["errors"][0]["field"] == "from"


def test_a_tablet_asks_and_hands_in_but_a_clerk_never_rates(house: House) -> None:
    ticket = served(house)
    path = f"/centres/mot/tickets/{ticket['id']}/rating"
    asked = house.ask("GET", "/centres/mot/counters/q1/rating", "hall").json["ticket"]
    assert (asked["id"], asked["number"]) == (ticket["id"], ticket["number"])
    for role in ("clerk", "greeter", "manager", "admin", "pad"):
        problem(house.ask("POST", path, role, json={"score": 5}), 403, "forbidden")
    assert house.ask("POST", path, "hall", json={"score": 5}).json["score"] == 5
    assert house.ask("GET", "/centres/mot/counters/q1/rating", "hall").json == {"ticket": None}
