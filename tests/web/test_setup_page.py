"""The page of the first run: there while nobody has an account, for who has the code."""

import pytest
from werkzeug.test import Client, TestResponse

from server.web.setup_page import SETUP_TRIES
from tests.fakes.accounts import PASSWORD, add_account
from tests.web.conftest import House


@pytest.fixture
def visitor(house: House) -> Client:
    return house.app.test_client()


def send(client: Client, code: str, name: str = "quan.tri", **more: str) -> TestResponse:
    data = {"code": code, "name": name, "password": PASSWORD, "again": PASSWORD, **more}
    return client.post("/setup", data=data)


def test_the_code_makes_the_first_admin_and_the_page_is_gone(house: House, visitor: Client) -> None:
    assert "/setup?lang=vi" in visitor.get("/").text
    code = house.services.access.setup_code()
    assert 'name="code"' in visitor.get("/setup?lang=en").text
    done = send(visitor, code)
    assert (done.status_code, done.location) == (303, "/admin")
    assert "HttpOnly" in done.headers["Set-Cookie"]
    assert visitor.get("/admin").status_code == 200
    stranger = house.app.test_client()
    assert stranger.get("/setup").location == "/"
    assert send(stranger, code, "another").location == "/"
    assert "/setup" not in stranger.get("/").text


def test_every_fault_is_at_its_field_and_no_password_comes_back(
    house: House, visitor: Client
) -> None:
    code = house.services.access.setup_code()
    wrong = send(visitor, "AAAA-AAAA-AAAA", '"><b>x')
    assert (wrong.status_code, 'aria-describedby="code-hint"' in wrong.text) == (401, True)
    assert "<b>x" not in wrong.text
    differs = send(visitor, code, again="khác hẳn nhé")
    assert (differs.status_code, 'id="again-hint"' in differs.text) == (422, True)
    short = send(visitor, code, password="ngắn", again="ngắn")
    assert (short.status_code, PASSWORD in short.text + wrong.text) == (422, False)
    assert "ngắn" not in short.text
    assert send(visitor, code).location == "/admin"


def test_guessing_is_slow_and_forged_forms_are_refused(house: House, visitor: Client) -> None:
    code = house.services.access.setup_code()
    forged = visitor.post("/setup", data={}, headers={"Origin": "http://evil.example"})
    assert forged.status_code == 403
    for _ in range(SETUP_TRIES):
        assert send(visitor, "AAAA-AAAA-AAAA").status_code == 401
    closed = send(visitor, code)
    assert (closed.status_code, int(closed.headers["Retry-After"]) >= 1) == (429, True)
    house.clock.forward(seconds=60)
    assert send(visitor, code).location == "/admin"


def test_who_has_an_account_needs_no_first_run(house: House, visitor: Client) -> None:
    add_account(house.store, "an", "clerk", "mot")
    assert visitor.get("/setup").location == "/"
