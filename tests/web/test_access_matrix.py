"""Every route against every role: who is not named changes nothing, and nobody is forgotten."""

from typing import Any

import pytest

from server.web.operation import API, ApiOperation
from server.web.operations import OPERATIONS
from tests.web.conftest import House, problem
from wire.words import ROLES

BODIES: dict[str, dict[str, Any]] = {
    "issue_ticket": {"service": "ho-tich"},
    "call_ticket": {"counter": "q2", "why": "khách yếu"},
    "transfer_ticket": {"service": "dat-dai"},
    "set_priority_ticket": {"priority": "elderly", "why": "trên 80 tuổi"},
    "redirect_ticket": {"service": "ho-tich", "to": "hai"},
    "limit_service": {"limit": 5},
    "take_advice": {"kind": "open", "counter": "q2"},
    "receive": {"service": "ho-tich", "why": "khách yếu"},
    "take_heartbeat": {"version": "0.1.0"},
    "post_notice": {"text": {"vi": "Quầy 4 nghỉ chiều nay"}},
    "scan_slip": {"track": "x" * 21 + "A"},
    "set_hold_reason_ticket": {"reason": "papers_to_fetch"},
    "note_ticket": {"text": "Thiếu bản sao"},
    "print_ticket": {"device": "0" * 16},
    "end_print": {"outcome": "printed"},
    "rate_ticket": {"score": 5},
    "enrol": {"code": "ABCD-EFGH"},
    "own_password": {"current": "mật khẩu dài", "new": "mật khẩu mới"},
    "make_enrol_code": {"role": "hall"},
    "rename_device": {"name": "Cửa chính"},
    "add_user": {"name": "moi", "role": "clerk", "password": "mật khẩu dài"},
    "add_admin": {"name": "moi", "password": "mật khẩu dài"},
    "change_user": {"role": "greeter", "centre": "mot"},
    "reset_password": {"password": "mật khẩu mới"},
}
CONFIGURATION = {
    "centre": {"id": "mot", "name": {"vi": "Một", "en": "One"}},
    "service": [
        {
            "id": "ho-tich",
            "prefix": "H",
            "name": {"vi": "Hộ tịch", "en": "Civil status"},
            "target_wait_min": 15,
            "typical_service_min": 8,
        }
    ],
}
BODIES["replace_configuration"] = {"version": 1, "configuration": CONFIGURATION}
BODIES["preview_procedures"] = {"table": ""}
BODIES["import_procedures"] = {"table": "", "digest": "0" * 64}
BODIES["save_procedure"] = {"version": "", "name": {"vi": "Khai sinh"}, "service": "ho-tich"}
BODIES["remove_procedure"] = {"version": ""}
EMPTY = "00000000-0000-7000-8000-000000000000"


def path_of(operation: ApiOperation, centre: str = "mot", ticket: str = EMPTY) -> str:
    return operation.path.format(
        centre=centre,
        counter="q1",
        service="ho-tich",
        ticket=ticket,
        track="x" * 21 + "A",
        help="0" * 16,
        notice="0" * 16,
        print="0" * 16,
        device="0" * 16,
        procedure="1.001",
        user="0" * 16,
    )


def body_of(operation: ApiOperation, role: str | None) -> dict[str, Any]:
    """A body that fits; desks name the counter that calls for help, devices must not."""
    if operation.name == "call_help" and role in ("clerk", "manager"):
        return {"counter": "q1"}
    return BODIES.get(operation.name, {})


def send(house: House, operation: ApiOperation, role: str | None, **place: str):  # type: ignore[no-untyped-def]
    body = {"json": body_of(operation, role)} if operation.method == "POST" else {}
    return house.ask(operation.method, path_of(operation, **place), role, **body)


DOORS = [operation for operation in OPERATIONS if operation.door != "open"]


@pytest.mark.parametrize("operation", DOORS, ids=lambda operation: operation.name)
def test_a_route_lets_in_its_roles_and_no_other(house: House, operation: ApiOperation) -> None:
    called = house.call()
    for role in ROLES:
        before = house.state()
        answer = send(house, operation, role, ticket=called["id"])
        if operation.door == "token" and role in operation.roles:
            assert answer.status_code not in (401, 403), (role, answer.text)
        else:
            problem(answer, 403, "forbidden")
            assert house.state() == before, role


@pytest.mark.parametrize("operation", DOORS, ids=lambda operation: operation.name)
def test_a_route_is_closed_to_nobody_and_strangers(house: House, operation: ApiOperation) -> None:
    before = house.state()
    for sent in ({}, {"Authorization": "Bearer ls_unknown"}, {"Authorization": "Basic YTpi"}):
        answer = house.ask(
            operation.method,
            path_of(operation),
            None,
            headers=sent,
            **({"json": BODIES.get(operation.name, {})} if operation.method == "POST" else {}),
        )
        problem(answer, 401, "unauthenticated")
        assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert house.state() == before


CENTRE_ROUTES = [
    operation for operation in DOORS if "{centre}" in operation.path and operation.door == "token"
]


@pytest.mark.parametrize("operation", CENTRE_ROUTES, ids=lambda operation: operation.name)
def test_a_token_reaches_its_own_centre_only(house: House, operation: ApiOperation) -> None:
    role = sorted(operation.roles - {"admin", "pad"})[0]
    before = house.state()
    problem(send(house, operation, role, centre="hai"), 403, "forbidden")
    problem(send(house, operation, role, centre="nowhere"), 404, "unknown_centre")
    problem(send(house, operation, role, centre="%00"), 404, "unknown_centre")
    assert house.state() == before


def test_an_admin_sees_every_centre(house: House) -> None:
    for centre in ("mot", "hai"):
        assert house.ask("GET", f"/centres/{centre}/board", "admin").status_code == 200
    problem(house.ask("GET", "/centres/nowhere/board", "admin"), 404, "unknown_centre")


def test_an_admin_of_one_centre_sees_that_one_only(house: House) -> None:
    token = house.services.access.create_token("admin", "mot")
    assert house.ask("GET", "/centres/mot/board", token).status_code == 200
    problem(house.ask("GET", "/centres/hai/board", token), 403, "forbidden")
    problem(house.ask("GET", "/centres/hai/counters/q1/desk", token), 403, "forbidden")


def test_a_pad_works_its_own_counter_only(house: House) -> None:
    elsewhere = house.call("q2")
    before = house.state()
    problem(house.ask("POST", "/centres/mot/counters/q2/next", "pad"), 403, "forbidden")
    problem(house.ask("GET", "/centres/mot/counters/q2/current", "pad"), 403, "forbidden")
    for action in ("recall", "no-show"):
        path = f"/centres/mot/tickets/{elsewhere['id']}/{action}"
        problem(house.ask("POST", path, "pad"), 403, "forbidden")
    assert house.state() == before

    current = "/centres/mot/counters/q1/current"
    assert house.ask("GET", current, "pad").json == {"ticket": None}
    here = house.call("q1")
    told = house.ask("GET", current, "pad").json["ticket"]
    assert (told["id"], told["state"]) == (here["id"], "called")
    assert "track_url" not in told
    answer = house.ask("POST", f"/centres/mot/tickets/{here['id']}/recall", "pad")
    assert answer.status_code == 200, answer.text


def test_only_those_who_may_see_the_link_see_it(house: House) -> None:
    ticket = house.issue("kiosk")
    assert "track_url" in ticket
    seen = {
        role: "track_url" in house.ask("GET", f"/centres/mot/tickets/{ticket['id']}", role).json
        for role in ("kiosk", "clerk", "greeter", "manager")
    }
    assert seen == {"kiosk": False, "clerk": True, "greeter": True, "manager": True}


def test_every_rule_of_the_application_is_known(house: House) -> None:
    """A route that is not in the list of operations would escape the matrix above."""
    listed = {API + op.path.replace("{", "<").replace("}", ">") for op in OPERATIONS}
    rules = {rule.rule for rule in house.app.url_map.iter_rules()}
    beside = rules - listed
    assert beside == {
        "/",
        "/sign-in",
        "/sign-out",
        "/desk",
        "/greet",
        "/manage/<centre>",
        "/greet/tickets/<ticket>/qr.svg",
        "/admin",
        "/setup",
        "/t/<track>",
        "/rate/<counter>",
        "/healthz",
        "/readyz",
        "/metrics",
        "/look/<path:path>",
        "/static/<path:path>",
        "/voice/manifest.json",
        "/voice/<path:name>.wav",
        "/api/v1/openapi.json",
    }
