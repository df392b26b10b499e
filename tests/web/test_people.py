"""What signed-in people may do over HTTP: their roles, their centre, their CSRF token."""

import json
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from server.web.gate import digest
from server.web.operations import OPERATIONS
from tests.fakes.accounts import PASSWORD, add_account
from tests.web.conftest import House, problem
from tests.web.test_access_matrix import BODIES

PEOPLE = (
    ("clerk", "clerk", "mot"),
    ("greeter", "greeter", "mot"),
    ("manager", "manager", "mot"),
    ("admin", "admin", None),
    ("local", "admin", "mot"),
    ("victim", "clerk", "mot"),
    ("far", "clerk", "hai"),
)
SESSIONS = [one for one in OPERATIONS if one.door == "session"]
NEW = "một mật khẩu khác"


class Browser:
    """Somebody signed in, as their page asks."""

    def __init__(self, house: House, name: str) -> None:
        self.client: Client = house.app.test_client()
        signed = self.client.post("/sign-in", data={"user": name, "password": PASSWORD})
        assert signed.status_code == 303, signed.text
        self.csrf = self.get("/session").json["csrf"]

    def get(self, path: str) -> TestResponse:
        """Ask."""
        return self.client.get(f"/api/v1{path}")

    def post(self, path: str, body: Any = None, key: str | None = None) -> TestResponse:
        """Command."""
        headers = {"X-CSRF-Token": self.csrf} | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{path}", json=body or {}, headers=headers)


@pytest.fixture
def office(house: House) -> House:
    """The house with its people; `ids` by name."""
    house.ids = {name: add_account(house.store, name, role, at) for name, role, at in PEOPLE}  # type: ignore[attr-defined,arg-type]
    return house


def ids(house: House) -> dict[str, str]:
    found: dict[str, str] = house.ids  # type: ignore[attr-defined]
    return found


def path_of(operation: Any, user: str) -> str:
    path: str = operation.path.format(centre="mot", user=user)
    return path


@pytest.mark.parametrize("operation", SESSIONS, ids=lambda operation: operation.name)
def test_a_route_of_people_lets_in_its_roles_and_no_other(office: House, operation: Any) -> None:
    for role in ("clerk", "greeter", "manager", "admin"):
        browser, before = Browser(office, role), office.state()
        path = path_of(operation, ids(office)["victim"])
        body = BODIES.get(operation.name, {})
        if operation.name == "own_password":
            body = {"current": PASSWORD, "new": NEW}
        post = operation.method == "POST"
        answer = browser.post(path, body) if post else browser.get(path)
        if role in operation.roles:
            assert answer.status_code in (200, 409), (role, answer.text)
        else:
            problem(answer, 403, "forbidden")
            assert office.state() == before, role
        if post:
            unsigned = browser.client.post(f"/api/v1{path}", json=body)
            assert unsigned.status_code in (401, 403), unsigned.text
            assert unsigned.json["code"] in ("csrf", "unauthenticated", "forbidden")


def test_a_manager_does_not_climb(office: House) -> None:
    manager, before = Browser(office, "manager"), office.state()
    users = "/centres/mot/users"
    for role in ("manager", "admin"):
        problem(manager.post(users, {"name": "x", "role": role, "password": NEW}), 403, "forbidden")
    fresh = {"name": "x", "role": "clerk", "password": NEW}
    problem(manager.post("/centres/hai/users", fresh), 403, "forbidden")
    for field, value in (("centre", None), ("id", "0" * 16), ("disabled_ms", 0), ("admin", True)):
        problem(manager.post(users, {**fresh, field: value}), 422, "invalid_body")
    own = f"/users/{ids(office)['manager']}"
    problem(manager.post(own, {"role": "admin", "centre": None}), 409, "own_account")
    for action in ("/disable", "/enable", "/sign-out"):
        problem(manager.post(own + action), 409, "own_account")
        problem(manager.post(f"/users/{ids(office)['far']}{action}"), 404, "unknown_user")
        problem(manager.post(f"/users/{ids(office)['local']}{action}"), 403, "forbidden")
    for user in (ids(office)["far"], ids(office)["admin"], "0" * 16, "x"):
        problem(manager.post(f"/users/{user}/password", {"password": NEW}), 404, "unknown_user")
    problem(manager.get("/users"), 403, "forbidden")
    problem(manager.get("/centres/hai/users"), 403, "forbidden")
    assert office.state() == before


def test_a_new_account_works_and_its_password_is_in_no_row(office: House) -> None:
    manager = Browser(office, "manager")
    body = {"name": "Hanh.NT", "role": "clerk", "password": NEW}
    made = manager.post("/centres/mot/users", body, "key-00000001")
    assert (made.status_code, made.json["name"], made.json["role"]) == (200, "hanh.nt", "clerk")
    again = manager.post("/centres/mot/users", body, "key-00000001")
    assert again.json == made.json
    problem(manager.post("/centres/mot/users", body), 409, "id_taken")
    other = {**body, "password": NEW + "!"}
    problem(manager.post("/centres/mot/users", other, "key-00000001"), 409, "idempotency_mismatch")
    rows = office.store.read(lambda tx: tx.all("SELECT * FROM operation"))
    assert NEW not in str(rows)
    # Nor a plain hash of the body, at which anybody with the file could guess.
    assert digest(json.dumps(body).encode()) not in str(rows)
    office.clock.forward(seconds=2)
    assert office.services.access.sign_in("hanh.nt", NEW) is not None


def test_trying_passwords_on_oneself_is_limited_as_signing_in_is(office: House) -> None:
    clerk = Browser(office, "clerk")
    for _ in range(10):
        wrong = clerk.post("/session/password", {"current": "sai", "new": NEW})
        problem(wrong, 409, "password_wrong")
    limited = clerk.post("/session/password", {"current": PASSWORD, "new": NEW})
    problem(limited, 429, "too_many_requests")
    office.clock.forward(seconds=60)
    done = clerk.post("/session/password", {"current": PASSWORD, "new": NEW})
    assert (done.status_code, done.json["yours"]) == (200, True)
    assert clerk.get("/session").status_code == 200


def test_a_disabled_clerk_is_out_in_the_middle_of_work(office: House) -> None:
    clerk, manager = Browser(office, "clerk"), Browser(office, "manager")
    assert clerk.post("/centres/mot/counters/q1/open").status_code == 200
    assert manager.post(f"/users/{ids(office)['clerk']}/disable").status_code == 200
    problem(clerk.post("/centres/mot/counters/q1/close"), 401, "unauthenticated")
    assert clerk.client.get("/desk").location == "/?next=/desk"


def test_names_that_would_be_markup_are_text(office: House) -> None:
    """Device names are shown to admins; account names have no such letters at all."""
    manager = Browser(office, "manager")
    evil = "<img src=x onerror=alert(1)>"
    problem(
        manager.post("/centres/mot/users", {"name": evil, "role": "clerk", "password": NEW}),
        422, "invalid_body",
    )  # fmt: skip
    for name in ("\u202egnp.exe", "a\u200b", " ", "x" * 65, "a\nb"):
        answer = manager.post("/centres/mot/enrol-codes", {"role": "hall", "name": name})
        problem(answer, 422, "invalid_body")
    code = manager.post("/centres/mot/enrol-codes", {"role": "hall", "name": evil})
    assert code.json["name"] == evil
    page = manager.client.get("/admin")
    assert evil not in page.text
    assert "script-src" not in page.headers["Content-Security-Policy"]


def test_tokens_are_listed_without_themselves_by_role(office: House) -> None:
    token = office.tokens["kiosk"]
    listed = office.ask("GET", "/centres/mot/tokens", "manager")
    by_role = {one["role"]: one for one in listed.json}
    assert token not in listed.text
    kiosk = by_role["kiosk"]
    assert (kiosk["band"], kiosk["state"]) == ({"first": 700, "last": 749}, "unknown")
    assert (by_role["integration"]["changeable"], kiosk["changeable"]) == (False, True)
    problem(
        office.ask("POST", f"/centres/mot/devices/{by_role['integration']['id']}/revoke"),
        403, "forbidden",
    )  # fmt: skip
    revoked = office.ask("POST", f"/centres/mot/devices/{kiosk['id']}/revoke")
    assert revoked.json["revoked_at"]
    problem(office.ask("GET", "/whoami", "kiosk"), 401, "unauthenticated")


TRICKS = (
    *("//evil.example", "https://evil.example/admin", "/\\evil.example", "/admin//evil"),
    *("javascript:x", "/admin?x=1", "/admin#x y", "/sign-out", "/api/v1/session", "admin", ""),
    *("/manage/", "/manage/mot/", "/manage//evil.example", "/manage/mot/desk", "/manage/<centre>"),
    *("/admin\r\nSet-Cookie: a=b", "/%2f%2fevil.example", "/admin@evil.example"),
    "/admin#/../..//evil.example<",
)


def test_signing_in_leads_to_no_foreign_place(office: House) -> None:
    client = office.app.test_client()
    for wanted in TRICKS:
        assert 'name="next"' not in client.get("/", query_string={"next": wanted}).text
        data = {"user": "manager", "password": PASSWORD, "next": wanted}
        assert client.post("/sign-in", data=data).location == "/manage/mot", wanted
        assert client.get("/", query_string={"next": wanted}).location == "/manage/mot", wanted
        client.post("/sign-out")


def test_signing_in_leads_back_to_the_page_that_was_left(office: House) -> None:
    client = office.app.test_client()
    assert client.get("/admin").location == "/?next=/admin"
    wanted = "/admin#/users/00ff"
    asked = client.get("/", query_string={"next": wanted})
    assert f'name="next" value="{wanted}"' in asked.text
    data = {"user": "manager", "password": "sai", "next": wanted}
    assert f'name="next" value="{wanted}"' in client.post("/sign-in", data=data).text
    assert client.post("/sign-in", data={**data, "password": PASSWORD}).location == wanted
    clerk = office.app.test_client()
    data = {"user": "clerk", "password": PASSWORD, "next": wanted}
    assert clerk.post("/sign-in", data=data).location == "/desk"
    assert clerk.get("/admin").location == "/"


def test_sessions_that_were_planted_are_worth_nothing(office: House) -> None:
    client = office.app.test_client()
    client.set_cookie("layso_session", "planted")
    client.post("/sign-in", data={"user": "clerk", "password": PASSWORD})
    cookie = client.get_cookie("layso_session")
    assert cookie is not None
    assert cookie.value != "planted"


def test_the_log_tells_managers_of_their_centre_and_nothing_secret(office: House) -> None:
    manager = Browser(office, "manager")
    manager.post(f"/users/{ids(office)['victim']}/disable")
    manager.post("/centres/mot/enrol-codes", {"role": "hall", "name": "Sảnh"})
    page = manager.get("/centres/mot/audit").json
    told = [(one["by"], one["actor"], one["action"], one["subject"]) for one in page["entries"][:3]]
    assert told == [
        ("person", "manager", "code_made", "Sảnh"),
        ("person", "manager", "user_disabled", "victim"),
        ("person", "manager", "signed_in", "manager"),
    ]
    problem(manager.get("/centres/hai/audit"), 403, "forbidden")
    problem(manager.get("/centres/mot/audit?before=x"), 422, "invalid_body")
