"""Bodies, queries and operation keys: what is wrong is named, and nothing changes."""

import io

import pytest

from tests.web.conftest import House, problem

TICKETS = "/centres/mot/tickets"
JSON = {"Content-Type": "application/json"}


def test_a_ticket_is_issued(house: House) -> None:
    answer = house.ask("POST", TICKETS, "kiosk", json={"service": "ho-tich"})
    assert answer.status_code == 201
    ticket = answer.json
    assert (ticket["number"], ticket["state"], ticket["source"]) == ("H001", "waiting", "kiosk")
    assert ticket["track_url"].startswith("http://localhost/t/")


def test_every_fault_of_a_body_is_listed(house: House) -> None:
    before = house.state()
    body = {
        "service": "Ho Tich",
        "priority": "eldery",
        "servise": 1,
        "language": 5,
        "replaces": "x",
    }
    errors = problem(house.ask("POST", TICKETS, "kiosk", json=body), 422, "invalid_body")["errors"]
    faults = {fault["field"]: fault["message"] for fault in errors}
    assert set(faults) == {"service", "priority", "servise", "language", "replaces"}
    assert "did you mean 'elderly'?" in faults["priority"]
    assert "did you mean 'service'?" in faults["servise"]
    assert house.state() == before


def test_what_is_missing_is_named(house: House) -> None:
    answer = house.ask("POST", TICKETS, "kiosk", json={})
    assert problem(answer, 422, "invalid_body")["errors"] == [
        {"field": "service", "message": "is missing"}
    ]


@pytest.mark.parametrize("body", ["[]", '"x"', "1", "null", "true"])
def test_a_body_that_is_no_object_is_refused(house: House, body: str) -> None:
    answer = house.ask("POST", TICKETS, data=body, headers=JSON)
    assert "object" in problem(answer, 422, "invalid_body")["errors"][0]["message"]


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{]",
        b'{"service": NaN}',
        b'{"service": "\xff"}',
        b"\x00",
        b"[" * 30_000,
        b"{}{}",
        b'{"service": "\\ud800"}',
    ],
)
def test_what_is_not_json_is_refused(house: House, body: bytes) -> None:
    before = house.state()
    problem(house.ask("POST", TICKETS, data=body, headers=JSON), 400, "bad_request")
    assert house.state() == before


def test_a_large_body_is_refused_before_it_is_read(house: House) -> None:
    answer = house.ask("POST", TICKETS, data=b" " * 65_537, headers=JSON)
    problem(answer, 413, "body_too_large")
    fits = b'{"service": "ho-tich"}'.ljust(65_536)
    assert house.ask("POST", TICKETS, data=fits, headers=JSON).status_code == 201


def test_a_large_body_in_chunks_is_refused(house: House) -> None:
    answer = house.ask(
        "POST",
        TICKETS,
        headers={**JSON, "Transfer-Encoding": "chunked"},
        input_stream=io.BytesIO(b" " * 70_000),
        environ_overrides={"wsgi.input_terminated": True},
    )
    problem(answer, 413, "body_too_large")


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_media_types_are_refused(house: House, kind: str) -> None:
    answer = house.ask(
        "POST", TICKETS, data=b'{"service": "ho-tich"}', headers={"Content-Type": kind}
    )
    problem(answer, 415, "unsupported_media_type")


def test_a_command_without_particulars_needs_no_body(house: House) -> None:
    assert house.ask("POST", "/centres/mot/counters/q1/open").status_code == 200
    answer = house.ask("POST", "/centres/mot/counters/q1/open", json={"at": 1})
    assert problem(answer, 422, "invalid_body")["errors"][0]["field"] == "at"


@pytest.mark.parametrize("text", ["hai\ndòng", "nul\u0000", "tab\t", "cuối\n", ""])
def test_reasons_hold_no_control_characters(house: House, text: str) -> None:
    ticket = house.issue()
    path = f"{TICKETS}/{ticket['id']}/priority"
    answer = house.ask("POST", path, json={"priority": "elderly", "why": text})
    assert problem(answer, 422, "invalid_body")["errors"][0]["field"] == "why"


@pytest.mark.parametrize("service", ["ho-tich\n", "../x", "a" * 65])
def test_a_slug_is_a_slug_to_its_end(house: House, service: str) -> None:
    answer = house.ask("POST", TICKETS, json={"service": service})
    problem(answer, 422, "invalid_body")


def test_unknown_things_are_named(house: House) -> None:
    problem(house.ask("POST", TICKETS, json={"service": "nowhere"}), 404, "unknown_service")
    problem(house.ask("POST", "/centres/mot/counters/q9/open"), 404, "unknown_counter")
    problem(house.ask("POST", "/centres/mot/counters/Q%201/open"), 404, "unknown_counter")
    problem(house.ask("POST", f"{TICKETS}/abc/recall"), 404, "unknown_ticket")
    unknown = "018f0000-0000-7000-8000-000000000000"
    problem(house.ask("POST", f"{TICKETS}/{unknown}/recall"), 404, "unknown_ticket")
    problem(house.ask("GET", "/nowhere"), 404, "not_found")
    problem(house.ask("GET", "//nowhere"), 404, "not_found")
    problem(house.ask("GET", "/centres//board"), 404, "not_found")


def test_a_wrong_method_names_the_right_ones(house: House) -> None:
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "PATCH"):
        answer = house.ask(method, "/centres/mot/counters/q1/open")
        problem(answer, 405, "method_not_allowed")
        assert answer.headers["Allow"] == "POST"
    assert house.ask("POST", "/centres/mot/board").headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("x=1", ["x"]),
        ("near=1,2&neer=3", ["neer"]),
        ("near=north", ["near"]),
        ("near=91,0", ["near"]),
        ("near=1,2&near=1,2", ["near"]),
        ("service=HO&near=0", ["near", "service"]),
        ("service=", ["service"]),
    ],
)
def test_faulty_queries_are_refused(house: House, query: str, fields: list[str]) -> None:
    answer = house.ask("GET", f"/centres?{query}")
    errors = problem(answer, 422, "invalid_body")["errors"]
    assert sorted(fault["field"] for fault in errors) == fields


def test_routes_without_parameters_take_none(house: House) -> None:
    for method, path in (("GET", "/centres/mot/board"), ("POST", TICKETS)):
        answer = house.ask(method, f"{path}?fast=1", **({} if method == "GET" else {"json": {}}))
        assert problem(answer, 422, "invalid_body")["errors"][0]["field"] == "fast"


def test_centres_are_listed_by_distance(house: House) -> None:
    answer = house.ask("GET", "/centres?near=10.98,106.67&service=ho-tich", "hall")
    assert answer.status_code == 200
    assert {centre["id"] for centre in answer.json} == {"mot", "hai"}
    assert answer.json[0]["km"] == 0


def test_a_key_is_required_where_a_repeat_would_hurt(house: House) -> None:
    before = house.state()
    for path in (TICKETS, "/centres/mot/counters/q1/next"):
        answer = house.ask(
            "POST", path, json={"service": "ho-tich"}, headers={"Idempotency-Key": ""}
        )
        problem(answer, 400, "idempotency_key_missing")
    assert house.state() == before
    answer = house.ask("POST", "/centres/mot/counters/q1/open", headers={"Idempotency-Key": ""})
    assert answer.status_code == 200


@pytest.mark.parametrize("key", ["short", "x" * 65, "with space", "tiếng-việt", "a/b/c/d/e"])
@pytest.mark.parametrize("path", [TICKETS, "/centres/mot/counters/q1/open"])
def test_a_malformed_key_is_refused_everywhere(house: House, path: str, key: str) -> None:
    answer = house.ask(
        "POST",
        path,
        json={"service": "ho-tich"} if path == TICKETS else {},
        headers={"Idempotency-Key": key.encode().decode("latin-1")},
    )
    problem(answer, 400, "idempotency_key_malformed")


def test_a_repeat_answers_the_same_and_another_body_does_not(house: House) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    first = house.ask("POST", TICKETS, json={"service": "ho-tich", "language": "en"}, headers=key)
    before = house.state()

    spaced = b'{ "service": "ho-tich",\n "language": "en" }'
    again = house.ask("POST", TICKETS, data=spaced, headers={**key, **JSON})
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.data == first.data

    other = house.ask("POST", TICKETS, json={"service": "dat-dai"}, headers=key)
    problem(other, 409, "idempotency_mismatch")
    assert house.state() == before

    elsewhere = house.ask("POST", TICKETS, "clerk", json={"service": "dat-dai"}, headers=key)
    assert elsewhere.status_code == 201


def test_a_refused_command_is_not_remembered(house: House) -> None:
    key = {"Idempotency-Key": "the-same-key"}
    path = "/centres/mot/counters/q1/next"
    problem(house.ask("POST", path, headers=key), 409, "counter_not_open")
    house.ask("POST", "/centres/mot/counters/q1/open")
    assert house.ask("POST", path, headers=key).status_code == 200


def test_refusals_of_the_lobby_keep_their_words(house: House) -> None:
    called = house.call()
    path = f"{TICKETS}/{called['id']}"
    body = problem(house.ask("POST", f"{path}/resume"), 409, "invalid_transition")
    assert (body["from"], body["action"]) == ("called", "resume")
    problem(house.ask("POST", f"{path}/no-show"), 409, "too_early")
    problem(house.ask("POST", "/centres/mot/counters/q1/close"), 409, "counter_busy")
    neither = house.ask("POST", f"{path}/transfer", json={})
    assert problem(neither, 422, "invalid_body")["errors"]


def test_only_a_kiosk_brings_an_identity(house: House) -> None:
    body = {"service": "ho-tich", "track": "x" * 21 + "A"}
    problem(house.ask("POST", TICKETS, "integration", json=body), 403, "forbidden")
    assert house.ask("POST", TICKETS, "kiosk", json=body).status_code == 201


def test_a_hand_in_names_its_time(house: House) -> None:
    answer = house.ask("POST", TICKETS, "kiosk", json={"service": "ho-tich", "number": "H700"})
    assert problem(answer, 422, "invalid_body")["errors"][0]["field"] == "issued_at"


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_absurd_moments_do_not_break_anything(house: House, at: str) -> None:
    called = house.call()
    answer = house.ask("POST", f"{TICKETS}/{called['id']}/finish", json={"at": at})
    assert answer.status_code in (200, 422), answer.text
    body = {"service": "ho-tich", "number": "H700", "issued_at": at}
    answer = house.ask("POST", TICKETS, "kiosk", json=body)
    assert answer.status_code in (201, 422), answer.text


def test_a_fault_of_our_own_tells_nothing(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.store.run("", lambda tx: tx.execute("UPDATE ledger SET version = 99"))
    house.store.run("", lambda tx: tx.execute("UPDATE centre SET text = 'broken', version = 99"))
    answer = house.ask("GET", "/centres/mot/board")
    body = problem(answer, 500, "internal")
    assert "broken" not in answer.text
    assert body["detail"] == "The server failed here; its log says why."
    assert "get_board failed" in caplog.text


def test_a_lost_database_is_said_and_can_be_tried_again(house: House) -> None:
    house.store.run("", lambda tx: tx.execute("DROP TABLE outbox"))
    house.store.run("", lambda tx: tx.execute("DROP TABLE ledger"))
    answer = house.ask("GET", "/centres/mot/board")
    problem(answer, 503, "unavailable")
    assert int(answer.headers["Retry-After"]) >= 1


def test_every_answer_is_strict(house: House) -> None:
    for path in ("/centres/mot/board", "/nowhere", "//look/nothing.css", "//"):
        headers = house.ask("GET", path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
