"""Liveness, readiness and metrics, and who may see them."""

import pytest

from tests.web.conftest import House, problem

PATHS = ("//healthz", "//readyz", "//metrics")


@pytest.mark.parametrize("path", PATHS)
def test_this_machine_may_look(house: House, path: str) -> None:
    for address in ("127.0.0.1", "::1", "127.8.9.1"):
        answer = house.ask("GET", path, None, environ_overrides={"REMOTE_ADDR": address})
        assert answer.status_code == 200


@pytest.mark.parametrize("path", PATHS)
def test_others_need_a_token(house: House, path: str) -> None:
    outside = {"environ_overrides": {"REMOTE_ADDR": "192.0.2.1"}}
    proxied = {"headers": {"X-Forwarded-For": "127.0.0.1"}}
    for way in (outside, proxied):
        problem(house.ask("GET", path, None, **way), 401, "unauthenticated")  # type: ignore[arg-type]
        problem(house.ask("GET", path, "kiosk", **way), 403, "forbidden")  # type: ignore[arg-type]
        for role in ("manager", "admin", "integration"):
            assert house.ask("GET", path, role, **way).status_code == 200  # type: ignore[arg-type]


def test_not_ready_says_why(house: House) -> None:
    house.faults.append("the database is older than this program; run layso-server migrate")
    body = problem(house.ask("GET", "//readyz", None), 503, "unavailable")
    assert "migrate" in body["detail"]
    assert house.ask("GET", "//healthz", None).status_code == 200


def test_metrics_count_tickets_and_answers(house: House) -> None:
    house.call()
    key = {"Idempotency-Key": "once-only"}
    for _ in range(2):
        house.ask("POST", "/centres/mot/tickets", json={"service": "ho-tich"}, headers=key)
    house.ask("GET", "/centres/nowhere/board")
    text = house.ask("GET", "//metrics", None).text
    assert "layso_tickets_issued_total 2.0" in text
    assert "layso_tickets_called_total 1.0" in text
    assert 'layso_http_answers_total{operation="issue_ticket",status="201"} 2.0' in text
    assert 'layso_http_answers_total{operation="issue_ticket",status="200"} 1.0' in text
    assert 'layso_http_answers_total{operation="get_board",status="404"} 1.0' in text
    assert 'layso_http_request_seconds_bucket{le="0.002",operation="issue_ticket"}' in text
