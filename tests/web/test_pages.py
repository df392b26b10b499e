"""Pages: sign-in with its limits, sessions with CSRF, the desk, the phone, static files."""

import gzip
import json
import re
from typing import Any

import pytest
from werkzeug.test import Client, TestResponse

from server.domain.accuracy import Accuracy
from server.service.wait_ports import DayAccuracy
from server.web.headers import PAGE_POLICY
from tests.web.conftest import PASSWORD, House, problem


@pytest.fixture
def visitor(house: House) -> Client:
    """A browser."""
    return house.app.test_client()


@pytest.fixture
def client(house: House, visitor: Client) -> Client:
    """A browser, and a clerk `lan` who may sign in."""
    house.services.access.create_user("lan", "clerk", "mot", PASSWORD)
    return visitor


def sign_in(
    client: Client, user: str = "lan", password: str = PASSWORD, **more: Any
) -> TestResponse:
    return client.post("/sign-in", data={"user": user, "password": password}, **more)


def test_a_clerk_signs_in_works_and_signs_out(house: House, client: Client) -> None:
    assert client.get("/desk").location == "/?next=/desk"
    signed = sign_in(client)
    assert (signed.status_code, signed.location) == (303, "/desk")
    cookie = signed.headers["Set-Cookie"]
    assert "layso_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie

    assert client.get("/desk").status_code == 200
    assert client.get("/").location == "/desk"
    session = client.get("/api/v1/session").json
    assert (session["name"], session["role"], session["centre"]) == ("lan", "clerk", "mot")
    assert house.services.access.authenticate(session["socket_token"]) is not None
    opened = client.post(
        "/api/v1/centres/mot/counters/q1/open", headers={"X-CSRF-Token": session["csrf"]}
    )
    assert opened.status_code == 200, opened.text

    assert client.post("/sign-out").location == "/"
    assert client.get("/desk").location == "/?next=/desk"
    problem(client.get("/api/v1/session"), 401, "unauthenticated")


def test_a_session_commands_only_with_its_csrf_token(house: House, client: Client) -> None:
    sign_in(client)
    before = house.state()
    for headers in ({}, {"X-CSRF-Token": "wrong"}, {"X-CSRF-Token": "ư"}):
        sent = {name: value.encode().decode("latin-1") for name, value in headers.items()}
        answer = client.post("/api/v1/centres/mot/counters/q1/open", headers=sent)
        problem(answer, 403, "csrf")
    assert house.state() == before
    assert client.get("/api/v1/centres/mot/board").status_code == 200


def test_a_token_has_no_session(house: House) -> None:
    problem(house.ask("GET", "/session", "manager"), 403, "forbidden")


def test_a_greeter_has_no_desk(house: House, visitor: Client) -> None:
    house.services.access.create_user("mai", "greeter", "mot", PASSWORD)
    assert sign_in(visitor, "mai").location == "/greet"
    assert visitor.get("/desk").location == "/"
    assert visitor.get("/").location == "/greet"


@pytest.fixture
def people(house: House) -> House:
    """A house with a manager and a clerk of `mot`, and an admin of the province."""
    for role, place in (("clerk", "mot"), ("manager", "mot"), ("admin", None)):
        house.services.access.create_user(role, role, place, PASSWORD)  # type: ignore[arg-type]  # a role by name
    return house


def test_the_live_page_is_for_the_managers_of_that_centre(people: House, visitor: Client) -> None:
    html = {"Accept": "text/html"}
    assert visitor.get("/manage/mot").location == "/?next=/manage/mot"
    assert sign_in(visitor, "manager").location == "/manage/mot"
    assert visitor.get("/").location == "/manage/mot"
    page = visitor.get("/manage/mot", headers=html)
    assert page.status_code == 200
    assert "Mọi lĩnh vực đạt mục tiêu." in json.loads(words_of(page.text))["vi"].values()
    for other in ("hai", "unknown"):  # Whether another centre exists is nothing to them.
        refused = visitor.get(f"/manage/{other}", headers=html)
        assert (refused.status_code, refused.mimetype) == (403, "text/html")
        assert visitor.get("/", query_string={"next": f"/manage/{other}"}).location == "/manage/mot"
    for path in ("/manage", "/manage/", "/manage/mot/x"):
        assert visitor.get(path, headers=html).status_code == 404


def test_the_live_page_of_every_centre_is_for_the_admin(people: House, visitor: Client) -> None:
    assert sign_in(visitor, "admin").location == "/admin"
    assert visitor.get("/manage/hai").status_code == 200
    assert visitor.get("/", query_string={"next": "/manage/hai"}).location == "/manage/hai"
    missing = visitor.get("/manage/unknown", headers={"Accept": "text/html"})
    assert (missing.status_code, missing.mimetype) == (404, "text/html")


def test_a_clerk_has_no_live_page(people: House, visitor: Client) -> None:
    data = {"user": "clerk", "password": PASSWORD, "next": "/manage/mot"}
    assert visitor.post("/sign-in", data=data).location == "/desk"
    assert visitor.get("/manage/mot").location == "/"


def words_of(html: str) -> str:
    found = re.search(r'<script type="application/json" id="words">(.*?)</script>', html, re.S)
    assert found is not None
    return found[1]


def test_a_wrong_password_is_said_in_plain_words(client: Client) -> None:
    answer = sign_in(client, password="sai")
    assert answer.status_code == 401
    assert "Tên hoặc mật khẩu chưa đúng." in answer.text
    assert 'value="lan"' in answer.text
    assert "Set-Cookie" not in answer.headers


def test_what_was_typed_cannot_become_markup(visitor: Client) -> None:
    answer = sign_in(visitor, user='"><script>x</script>', password="sai")
    assert "<script>x" not in answer.text


def test_ten_failures_a_minute_close_an_account_for_the_rest(house: House, client: Client) -> None:
    assert sign_in(client).status_code == 303
    answers = [sign_in(client, password="sai").status_code for _ in range(10)]
    assert answers == [401] * 10
    refused = sign_in(client)
    assert refused.status_code == 429
    assert "Đã thử nhiều lần" in refused.text
    assert int(refused.headers["Retry-After"]) >= 1
    assert sign_in(client, "another").status_code == 401
    house.clock.forward(seconds=60)
    assert sign_in(client).status_code == 303


def test_a_hundred_failures_a_minute_close_an_address(house: House, client: Client) -> None:
    limiter = house.services.limiter
    from server.service.limits import limit_key

    for _ in range(100):
        limiter.hit(limit_key("address", "192.0.2.9"), 100, 60)
    closed = sign_in(client, environ_overrides={"REMOTE_ADDR": "192.0.2.9"})
    assert closed.status_code == 429
    assert sign_in(client, environ_overrides={"REMOTE_ADDR": "192.0.2.10"}).status_code == 303


@pytest.mark.parametrize(
    ("origin", "status"),
    [("http://localhost", 303), (None, 303), ("http://evil.example", 403), ("null", 403),
     ("https://localhost", 403), ("http://localhost:1", 403)],
)  # fmt: skip
def test_a_form_of_another_site_is_refused(client: Client, origin: str | None, status: int) -> None:
    headers = {} if origin is None else {"Origin": origin}
    assert sign_in(client, headers=headers).status_code == status
    assert client.post("/sign-out", headers=headers).status_code == status


def test_pages_let_browsers_name_their_origin(visitor: Client) -> None:
    """Under `no-referrer` the sign-in form itself would be sent with `Origin: null`."""
    assert visitor.get("/").headers["Referrer-Policy"] == "same-origin"


def test_signing_in_again_ends_the_former_session(house: House, client: Client) -> None:
    sign_in(client)
    first = client.get_cookie("layso_session")
    assert first is not None
    sign_in(client)
    assert house.services.access.session(first.value) is None


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/", {}, "vi"),
        ("/?lang=en", {}, "en"),
        ("/", {"Accept-Language": "en-GB,en;q=0.9"}, "en"),
        ("/", {"Accept-Language": "fr"}, "vi"),
        ("/?lang=vi", {"Accept-Language": "en"}, "vi"),
        ("/?lang=xx", {}, "vi"),
    ],
)
def test_a_page_speaks_the_language_asked_for(
    visitor: Client, path: str, headers: dict[str, str], language: str
) -> None:
    assert f'<html lang="{language}"' in visitor.get(path, headers=headers).text


def test_a_chosen_language_is_remembered(visitor: Client) -> None:
    visitor.get("/?lang=en")
    assert '<html lang="en"' in visitor.get("/").text


def test_a_large_form_is_refused(visitor: Client) -> None:
    answer = visitor.post("/sign-in", data={"user": "x" * 70_000})
    assert answer.status_code == 413


def test_no_page_has_inline_scripts_or_styles(client: Client, house: House) -> None:
    sign_in(client)
    link = house.issue()["track_url"].removeprefix("http://localhost")
    for path in ("/desk", link, "/t/unknown", "/?lang=en"):
        text = client.get(path, follow_redirects=True).text
        assert not re.search(r"<script(?![^>]*(src=|application/json))", text), path
        assert not re.search(r'\sstyle="|<style|\son\w+="', text), path


def test_the_phone_page_shows_the_ticket(house: House, visitor: Client) -> None:
    ticket = house.issue()
    page = visitor.get(ticket["track_url"].removeprefix("http://localhost"))
    assert page.status_code == 200
    assert ticket["number"] in page.text
    assert 'data-state="waiting"' in page.text
    assert 'data-ahead="0"' in page.text
    assert "Trung tâm mot" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"


def test_the_phone_page_says_how_good_the_waits_of_the_last_day_were(
    house: House, visitor: Client
) -> None:
    link = house.issue()["track_url"].removeprefix("http://localhost")
    assert "lệch trung bình" not in visitor.get(link).text
    few = DayAccuracy("2026-11-19", Accuracy(3, 30, 30, 1.0))
    house.store.run("mot", lambda tx: tx.save_accuracy("mot", few))
    assert "lệch trung bình" not in visitor.get(link).text
    enough = DayAccuracy("2026-11-20", Accuracy(180, 171, 100, 0.928))
    house.store.run("mot", lambda tx: tx.save_accuracy("mot", enough))
    assert "lệch trung bình 3 phút; 93% số người" in visitor.get(link).text
    assert "off by 3 min on average; 93% were" in visitor.get(f"{link}?lang=en").text


@pytest.mark.parametrize("link", ["x" * 21 + "A", "short", "%00", "x" * 300])
def test_an_unknown_link_is_a_page_that_says_so(visitor: Client, link: str) -> None:
    page = visitor.get(f"/t/{link}", headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "Không tìm thấy số này" in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]


def test_unknown_pages_are_pages_for_people_and_problems_for_programs(visitor: Client) -> None:
    page = visitor.get("/nothing", headers={"Accept": "text/html,*/*"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "Không có trang này" in page.text
    problem(visitor.get("/nothing"), 404, "not_found")
    problem(visitor.get("/api/v1/nothing", headers={"Accept": "text/html"}), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "policy"),
    [
        ("/look/css/tokens.css", "default-src 'none'"),
        ("/static/phone/main.js", "default-src 'none'"),
        ("/look/img/mark.svg", PAGE_POLICY),  # opened by itself it is a document
        ("/", PAGE_POLICY),
    ],
)
def test_what_a_page_loads_may_do_nothing_by_itself(
    visitor: Client, path: str, policy: str
) -> None:
    with visitor.get(path) as answer:
        assert answer.headers["Content-Security-Policy"] == policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/look/css/tokens.css", "/static/phone/main.js"])
def test_static_files_are_asked_again_by_etag(visitor: Client, path: str) -> None:
    with visitor.get(path) as first:
        assert first.status_code == 200
        assert first.headers["Cache-Control"] == "no-cache"
    with visitor.get(path, headers={"If-None-Match": first.headers["ETag"]}) as again:
        assert again.status_code == 304


def test_an_icon_is_there_while_the_server_is_away(visitor: Client) -> None:
    with visitor.get("/look/icons/sprite.svg") as first:
        assert "stale-while-revalidate" in first.headers["Cache-Control"]
    asked = {"If-None-Match": first.headers["ETag"]}
    with visitor.get("/look/icons/sprite.svg", headers=asked) as again:
        assert (again.status_code, again.headers["Cache-Control"]) == (
            304, first.headers["Cache-Control"],
        )  # fmt: skip


@pytest.mark.parametrize("path", ["/look/css/tokens.css", "/static/phone/main.js"])
def test_texts_are_packed_for_who_takes_it(visitor: Client, path: str) -> None:
    packed = {"Accept-Encoding": "gzip"}
    with visitor.get(path) as plain, visitor.get(path, headers=packed) as small:
        assert gzip.decompress(small.data) == plain.data
        assert small.headers["Content-Encoding"] == "gzip"
        assert small.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
        assert int(small.headers["Content-Length"]) == len(small.data) < len(plain.data)
        assert small.headers["ETag"] != plain.headers["ETag"]
    again = {**packed, "If-None-Match": small.headers["ETag"]}
    with visitor.get(path, headers=again) as known:
        assert (known.status_code, known.data) == (304, b"")
    with visitor.get(path, headers={"Accept-Encoding": "gzip;q=0"}) as refused:
        assert "Content-Encoding" not in refused.headers


@pytest.mark.parametrize(
    "path", ["/look/../catalogue.py", "/look/%2e%2e/catalogue.py", "/static/nothing", "/look/"]
)
def test_nothing_beside_the_static_files_is_served(visitor: Client, path: str) -> None:
    assert visitor.get(path).status_code == 404
