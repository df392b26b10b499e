"""A greeter's rush against the real server: every tap, every fault, both languages, any width."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from edge.client import ServerClient
from tests.browser.accessible import check, fails, targets
from tests.browser.real_lobby import CENTRE, RealLobby

pytestmark = pytest.mark.browser

PHONE = {"width": 360, "height": 740}
CHIMES = """() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.tones += 1; start.apply(this, at); };
}"""
BASE = f"/centres/{CENTRE}"


class Kiosk:
    """A kiosk that the test speaks for."""

    def __init__(self, lobby: RealLobby) -> None:
        self._client = ServerClient(lobby.address, lobby.tokens["kiosk"])

    def beat(self, **printer: str) -> None:
        report = {"state": "ok", "paper": "ok", "cover": "closed", **printer}
        self._client.post("/api/v1/heartbeat", {"version": "1.0", "printer": report})

    def post(self, path: str, body: dict[str, Any]) -> Any:
        return self._client.post(f"/api/v1{BASE}{path}", body).body

    def fetch(self) -> list[Any]:
        tasks: list[Any] = self.post("/print-tasks", {})["tasks"]
        return tasks

    def end(self, order: str, outcome: str, reason: str = "") -> None:
        self.post(f"/prints/{order}/end", {"outcome": outcome, "reason": reason})


@pytest.fixture(scope="module")
def kiosk(real_lobby: RealLobby) -> Kiosk:
    made = Kiosk(real_lobby)
    made.beat()
    return made


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A cheap phone."""
    context = browser.new_context(viewport=PHONE, locale="vi-VN", has_touch=True)
    context.set_default_timeout(10_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def greet(real_lobby: RealLobby, kiosk: Kiosk, page: Page) -> Iterator[Page]:
    """The greeter's page, in touch with the lobby; no script may complain."""
    faults = fails(page)
    kiosk.beat()
    real_lobby.sign_in(page, "greeter")
    assert page.url == f"{real_lobby.address}/greet"
    expect(tile(page, "ho-tich")).to_be_enabled()
    page.evaluate(CHIMES)
    yield page
    assert [fault for fault in faults if "ERR_CONNECTION_REFUSED" not in fault] == []


def tile(page: Page, service: str) -> Locator:
    return page.locator(f'[data-service="{service}"]')


def number(page: Page) -> str:
    shown = page.locator("[data-number]")
    expect(shown).to_be_visible()
    return str(shown.get_attribute("data-number"))


def issue(page: Page, service: str = "ho-tich") -> str:
    tile(page, service).click()
    return number(page)


def done(page: Page) -> None:
    page.locator("[data-done]").click()
    expect(tile(page, "ho-tich")).to_be_enabled()


def tickets(lobby: RealLobby, find: str = "") -> list[dict[str, Any]]:
    status, found = lobby.ask("GET", f"{BASE}/tickets?find={find}", "manager")
    assert status == 200
    assert isinstance(found, list)
    return found


def ticket(lobby: RealLobby, wanted: str) -> dict[str, Any]:
    return next(one for one in tickets(lobby, wanted) if one["number"] == wanted)


def test_a_number_and_its_paper_in_three_taps(
    real_lobby: RealLobby, kiosk: Kiosk, greet: Page
) -> None:
    mine = issue(greet)
    found = ticket(real_lobby, mine)
    assert (found["source"], found["language"]) == ("greeter", "vi")
    code = greet.locator(".g-qr img")
    assert code.evaluate("async img => { await img.decode(); return img.naturalWidth > 0; }")
    assert found["track_url"].removeprefix("http://") in str(
        greet.locator(".g-link").text_content()
    )
    expect(greet.locator("[data-say]")).to_contain_text(
        "Mời quý khách ngồi chờ, khu A, bên trái sảnh."
    )
    greet.get_by_role("button", name="In phiếu ở máy 1").click()
    state = greet.locator("[data-print-state]")
    expect(state).to_have_text(f"Đang gửi phiếu {mine} tới máy 1…")
    (task,) = kiosk.fetch()
    assert (task["ticket"]["number"], task["papers"]) == (mine, 0)
    kiosk.end(task["id"], "printed")
    expect(state).to_have_text(f"Phiếu {mine} đã in. Mời lấy ở máy 1.")
    expect(greet.locator("#said")).to_have_text(f"Phiếu {mine} đã in. Mời lấy ở máy 1.")

    greet.get_by_role("button", name="In lại ở máy 1").click()
    expect(state).to_have_attribute("data-print-state", "waiting")
    (task,) = kiosk.fetch()
    assert task["papers"] == 1
    done(greet)
    kiosk.end(task["id"], "failed", "paper_out")
    fault = greet.locator(".banner-alert", has_text="hết giấy")
    expect(fault).to_contain_text(mine)
    fault.get_by_role("button", name="Đã đọc").click()
    expect(fault).to_have_count(0)

    greet.locator('[data-view="find"]').click()
    real_lobby.ask("POST", f"{BASE}/tickets/{found['id']}/cancel", "manager")
    greet.locator(f'[data-found="{mine}"]').click()
    expect(state).to_have_attribute("data-print-state", "failed")
    expect(greet.locator("[data-print]")).to_have_count(0)
    greet.locator("[data-done]").click()
    greet.locator('[data-view="issue"]').click()

    kiosk.beat(state="error", paper="out")
    issue(greet)
    expect(greet.locator(".g-prints")).to_contain_text("Máy 1 hết giấy")
    expect(greet.locator(".g-prints")).to_contain_text("Chưa có máy nào in được.")
    expect(greet.locator("[data-print]")).to_have_count(0)
    kiosk.beat()
    expect(greet.locator("[data-print]")).to_be_enabled()


def test_a_double_tap_and_a_lost_answer_are_one_number(real_lobby: RealLobby, greet: Page) -> None:
    before = len(tickets(real_lobby, "C"))
    tile(greet, "chung-thuc").dblclick()
    number(greet)
    assert len(tickets(real_lobby, "C")) == before + 1
    done(greet)

    keys: list[str] = []

    def lose(route: Route) -> None:
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) < 3:
            route.fetch()  # It arrives, and its answer does not.
            route.abort()
        else:
            route.continue_()

    greet.route("**/api/v1/**/tickets", lambda route: (
        lose(route) if route.request.method == "POST" else route.continue_()
    ))  # fmt: skip
    tile(greet, "chung-thuc").click()
    pending = greet.locator("[data-pending=issue]")
    expect(pending).to_contain_text("một lần bấm không thành hai")
    expect(tile(greet, "ho-tich")).to_be_disabled()
    greet.reload()
    number(greet)
    assert len(set(keys)) == 1
    assert len(tickets(real_lobby, "C")) == before + 2


def test_priority_takes_a_group_and_one_reason(real_lobby: RealLobby, greet: Page) -> None:
    greet.locator('[data-group="elderly"]').click()
    first = greet.locator("[data-reason]").first
    expect(first).to_have_text("Cao tuổi hoặc sức khỏe yếu")
    first.click()
    expect(greet.locator("[data-chosen]")).to_contain_text("Số sắp lấy: Cao tuổi.")
    with greet.expect_request("**/priority") as sent:
        mine = issue(greet)
    assert sent.value.post_data_json == {
        "priority": "elderly", "reason": "elderly_or_frail", "why": "Cao tuổi hoặc sức khỏe yếu",
    }  # fmt: skip
    expect(greet.locator(".chip", has_text="Cao tuổi")).to_be_visible()
    assert ticket(real_lobby, mine)["priority"] == "elderly"
    expect(greet.locator('[data-action="priority"]')).to_be_enabled()

    greet.locator('[data-action="priority"]').click()
    expect(greet.locator('[data-pick-group="elderly"]')).to_be_disabled()
    greet.locator('[data-pick-group="none"]').click()
    greet.locator('[data-reason="leader_order"]').click()
    greet.get_by_label("Tên lãnh đạo").fill("Phó Chủ tịch phường")
    with greet.expect_request("**/priority") as sent:
        greet.get_by_role("button", name="Đồng ý").click()
    assert sent.value.post_data_json == {
        "priority": "none", "reason": "leader_order", "by": "Phó Chủ tịch phường",
        "why": "Theo chỉ đạo của lãnh đạo",
    }  # fmt: skip
    expect(greet.locator(".chip", has_text="Cao tuổi")).to_have_count(0)
    done(greet)
    issue(greet)
    expect(greet.locator(".chip-care")).to_have_count(0)


def test_a_missed_turn_is_found_and_put_back(real_lobby: RealLobby, greet: Page) -> None:
    mine = real_lobby.issue("dat-dai")
    real_lobby.at_counter("q1", "open")
    called = real_lobby.at_counter("q1", "next")["ticket"]
    while called["id"] != mine["id"]:
        called = real_lobby.at_counter("q1", "next")["ticket"]
    greet.locator('[data-view="find"]').click()
    greet.get_by_label("Các chữ số trên phiếu").fill(mine["number"][1:])
    greet.locator(f'[data-found="{mine["number"]}"]').click()
    expect(greet.locator("[data-say]")).to_contain_text(
        "“Mời quý khách đến quầy 1, khu A, bên trái sảnh.”"
    )
    hold = f"{BASE}/tickets/{mine['id']}/hold"
    assert real_lobby.ask("POST", hold, "clerk")[0] == 200
    expect(greet.locator("[data-state]")).to_have_attribute("data-state", "on_hold")
    greet.locator('[data-action="return"]').click()
    expect(greet.locator("[data-state]")).to_have_attribute("data-state", "waiting")
    assert ticket(real_lobby, mine["number"])["state"] == "waiting"

    expect(greet.locator('[data-action="cancel"]')).to_be_enabled()
    greet.locator('[data-action="cancel"]').click()
    greet.locator("[data-keep]").click()
    assert ticket(real_lobby, mine["number"])["state"] == "waiting"
    greet.locator('[data-action="cancel"]').click()
    # Somebody else was quicker: the refusal is said in words, and the screen is true.
    assert real_lobby.ask("POST", f"{BASE}/tickets/{mine['id']}/cancel", "manager")[0] == 200
    greet.locator("[data-cancel]").click()
    fault = greet.locator("[data-fault=invalid_transition]")
    expect(fault).to_contain_text("vừa được xử lý ở nơi khác")
    expect(greet.locator("[data-state]")).to_have_attribute("data-state", "cancelled")
    expect(greet.locator("[data-action]")).to_have_count(0)
    real_lobby.at_counter("q1", "close")


def test_the_lobby_calls_and_is_heard(real_lobby: RealLobby, greet: Page) -> None:
    greet.locator("h1").click()
    real_lobby.ask("POST", f"{BASE}/help", "clerk", {"counter": "q4"})
    greet.locator("[data-see]").click()
    call = greet.locator("[data-help]", has_text="Quầy 4")
    expect(call).to_have_attribute("data-help", "called")
    greet.wait_for_function("() => window.tones === 2")
    call.get_by_role("button", name="Tôi tới").click()
    expect(call).to_have_attribute("data-help", "coming")
    call.get_by_role("button", name="Đã xong").click()
    expect(call).to_have_count(0)
    real_lobby.ask("POST", f"{BASE}/notices", "manager", {
        "text": {"vi": "Quầy 4 nghỉ chiều nay"}, "audience": "staff",
    })  # fmt: skip
    notice = greet.locator(".banner", has_text="Quầy 4 nghỉ chiều nay")
    notice.get_by_role("button", name="Đã đọc").click()
    expect(notice).to_have_count(0)
    assert greet.evaluate("window.tones") == 2


def test_away_from_the_server_nothing_is_shown_as_live(
    real_lobby: RealLobby, kiosk: Kiosk, greet: Page
) -> None:
    mine = issue(greet)
    real_lobby.stop()
    lost = greet.locator("[data-lost]")
    expect(lost).to_contain_text("máy vẫn cấp số")
    expect(greet.locator(".g-stale")).to_be_visible()
    expect(greet.locator("[data-ahead] dd")).to_have_text("–")
    expect(greet.locator('[data-action="cancel"]')).to_be_disabled()
    greet.locator("[data-done]").click()
    expect(tile(greet, "ho-tich")).to_be_disabled()
    expect(tile(greet, "ho-tich")).to_contain_text("chưa cập nhật")
    check(greet, "vi")
    real_lobby.start()
    expect(lost).to_have_count(0, timeout=20_000)
    expect(tile(greet, "ho-tich")).to_be_enabled()
    assert ticket(real_lobby, mine)["state"] == "waiting"
    kiosk.beat()
    greet.context.clear_cookies()
    tile(greet, "ho-tich").click()
    expect(greet.locator("[name=password]")).to_be_visible()


def test_by_keyboard_alone(real_lobby: RealLobby, greet: Page) -> None:
    def tab_to(hook: str) -> None:
        for _ in range(40):
            greet.keyboard.press("Tab")
            if greet.evaluate(f"document.activeElement.matches('{hook}')"):
                return
        raise AssertionError(f"no way to {hook}")

    tab_to('[data-group="infant"]')
    greet.keyboard.press("Enter")
    tab_to('[data-reason="pregnant_or_infant"]')
    greet.keyboard.press("Enter")
    tab_to('[data-service="chung-thuc"]')
    greet.keyboard.press("Enter")
    mine = number(greet)
    expect(greet.locator('[data-action="cancel"]')).to_be_enabled()
    assert ticket(real_lobby, mine)["priority"] == "infant"
    tab_to('[data-action="cancel"]')
    greet.keyboard.press("Enter")
    tab_to("[data-cancel]")
    greet.keyboard.press("Enter")
    expect(greet.locator("[data-state]")).to_have_attribute("data-state", "cancelled")
    expect(greet.locator(".g-no")).to_be_focused()
    tab_to("[data-done]")
    greet.keyboard.press("Enter")
    expect(tile(greet, "ho-tich")).to_be_focused()
    greet.locator("summary").press("Enter")
    expect(greet.locator(".g-menu[open]")).to_have_count(1)
    greet.keyboard.press("Escape")
    expect(greet.locator(".g-menu[open]")).to_have_count(0)
    expect(greet.locator("summary")).to_be_focused()


SIZES: tuple[tuple[int, tuple[str, ...]], ...] = (
    (1366, ()), (683, ()), (820, ("vi",)), (320, ("en", "vi")),
)  # fmt: skip
"""Widths (683: a desktop at 200 %), and the languages in which each is judged by axe."""


def test_every_view_is_fit_for_everybody(real_lobby: RealLobby, kiosk: Kiosk, greet: Page) -> None:
    kiosk.beat(paper="low", state="warn")
    real_lobby.ask("POST", f"{BASE}/help", "clerk", {"counter": "q5"})
    expect(greet.locator(".banner", has_text="đang gọi hỗ trợ")).to_be_visible()
    views: dict[str, Callable[[], object]] = {
        "issue": lambda: greet.locator('[data-view="issue"]').click(),
        "find": lambda: greet.locator('[data-view="find"]').click(),
        "lobby": lambda: greet.locator('[data-view="lobby"]').click(),
        "card": lambda: (greet.locator('[data-view="issue"]').click(), issue(greet)),
        "group": lambda: greet.locator('[data-action="priority"]').click(),
    }  # fmt: skip
    for view, go in views.items():
        greet.set_viewport_size(PHONE)
        if view == "group":
            expect(greet.locator('[data-action="priority"]')).to_be_enabled()
        go()
        expect(greet.locator("h1:visible")).to_have_count(1)
        for width, languages in SIZES:
            greet.set_viewport_size({"width": width, "height": 740})
            for language in languages if view != "group" else ():
                switch(greet, language)
                check(greet, language)
            assert greet.evaluate("document.documentElement.scrollWidth") <= width, (view, width)
        if view == "group":
            check(greet, "vi")
        assert targets(greet, 44) == [], view


def switch(greet: Page, language: str) -> None:
    button = greet.locator(f'[data-language="{language}"]')
    if button.is_visible():
        button.click()
