"""The manager's live page against the real server: load, advice, help, notices, devices, faults."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.real_lobby import CENTRE, RealLobby

pytestmark = pytest.mark.browser

BASE = f"/centres/{CENTRE}"
DESK = {"width": 1440, "height": 900}


@pytest.fixture(scope="module")
def manage(real_lobby: RealLobby, browser: Browser) -> Iterator[Page]:
    """The manager's page, open all the time; no script may complain."""
    context = browser.new_context(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]  # a dict
    context.set_default_timeout(10_000)
    page = context.new_page()
    faults = fails(page)
    real_lobby.sign_in(page, "manager")
    assert page.url == f"{real_lobby.address}/manage/{CENTRE}"
    expect(page.locator("main")).to_have_attribute("data-live", "true")
    yield page
    assert [fault for fault in faults if "ERR_CONNECTION_REFUSED" not in fault] == []
    context.close()


def headline(page: Page) -> Locator:
    return page.locator("[data-headline]")


def tile(page: Page, counter: str) -> Locator:
    return page.locator(f'[data-counter="{counter}"]')


def state_of(lobby: RealLobby, counter: str) -> str:
    board = lobby.ask("GET", f"{BASE}/board")[1]
    return next(str(one["state"]) for one in board["counters"] if one["id"] == counter)


def test_an_overload_shows_itself_and_one_press_opens_a_counter(
    real_lobby: RealLobby, manage: Page
) -> None:
    expect(headline(manage)).to_have_text("Mọi lĩnh vực đạt mục tiêu.")
    expect(manage.locator(".m-adv")).to_contain_text("Chưa cần làm gì thêm.")
    real_lobby.at_counter("q2", "open")
    real_lobby.ask("POST", f"{BASE}/counters/q6/seat", "manager", {"name": "clerk2"})
    for _ in range(6):
        real_lobby.issue("ho-tich")
    real_lobby.issue("dat-dai")
    expect(headline(manage)).to_have_text(
        "Hộ tịch đang quá tải. Đất đai chưa có quầy phục vụ, 1 lĩnh vực đạt mục tiêu."
    )
    row = manage.locator('[data-strain="ho-tich"]')
    expect(row.locator(".chip-alert")).to_have_text("Vượt 33 phút")
    expect(row.locator("svg[role=img]")).to_have_attribute(
        "aria-label", "Hết hàng chờ sau khoảng 48 phút, mục tiêu 15 phút"
    )
    longest = manage.locator('[data-strain="ho-tich"] .b-over')
    assert float(str(longest.get_attribute("width")).rstrip("%")) > 60
    expect(manage.locator('[data-strain="dat-dai"]')).to_contain_text("Chưa có quầy mở")
    expect(manage.locator('[data-figure="waiting"]')).to_contain_text("7 người")

    advised = manage.locator('[data-advice^="open."][data-advice$=".ho-tich"]')
    wanted = str(advised.get_attribute("data-advice"))
    counter = wanted.split(".")[1]
    card = manage.locator(f'[data-advice="{wanted}"]')
    card.get_by_role("button", name="Để sau").click()
    expect(card).to_have_count(0)
    manage.locator("[data-sooner]").click()
    keys = losing(manage, "**/api/v1/**/advice")
    card.locator("[data-take]").dblclick()
    expect(tile(manage, counter)).to_have_attribute("data-look", "free")
    assert state_of(real_lobby, counter) == "open"
    expect(card).to_have_count(0)
    expect(manage.locator("[data-pending]")).to_have_count(0)
    assert (len(keys), len(set(keys))) == (2, 1)
    expect(tile(manage, counter)).to_contain_text("Rảnh")


def losing(page: Page, pattern: str) -> list[str]:
    """Let the first command arrive and its answer be lost; the keys of all that are sent."""
    keys: list[str] = []

    def handle(route: Route) -> None:
        if route.request.method != "POST":
            return route.continue_()
        keys.append(route.request.headers["idempotency-key"])
        if len(keys) > 1:
            return route.continue_()
        route.fetch()
        return route.abort()

    page.route(pattern, handle)
    return keys


def test_a_loan_is_seen_and_taken_back(real_lobby: RealLobby, manage: Page) -> None:
    lend = {"kind": "lend", "counter": "q2", "service": "dat-dai"}
    assert real_lobby.ask("POST", f"{BASE}/advice", "manager", lend)[0] == 200
    loan = manage.locator('[data-loan="take_back.q2.dat-dai"]')
    expect(loan).to_contain_text("Quầy 2 nhận thêm Đất đai")
    loan.get_by_role("button").press("Enter")
    expect(loan).to_have_count(0)
    focused = "() => document.activeElement.closest('.m-adv, [data-headline]') !== null"
    assert manage.wait_for_function(focused), "who works by keyboard lost their place"
    assert real_lobby.ask("GET", f"{BASE}/advice")[1]["loans"] == []


def test_counters_say_what_they_do_and_who_sits_there(real_lobby: RealLobby, manage: Page) -> None:
    real_lobby.ask("POST", f"{BASE}/counters/q2/seat", "manager", {"name": "clerk"})
    ticket = real_lobby.at_counter("q2", "next")["ticket"]
    expect(tile(manage, "q2")).to_contain_text(ticket["number"])
    expect(tile(manage, "q2")).to_contain_text("đang mời")
    expect(tile(manage, "q2")).to_contain_text("clerk")
    expect(tile(manage, "q2").locator(".tab")).to_have_text(re.compile(r"^\d\d:\d\d$"))
    real_lobby.ask("POST", f"{BASE}/tickets/{ticket['id']}/start")
    expect(tile(manage, "q2")).to_contain_text("đang làm")
    real_lobby.at_counter("q5", "open")
    real_lobby.at_counter("q5", "pause")
    expect(tile(manage, "q5")).to_contain_text("Nghỉ")
    expect(tile(manage, "q5")).to_contain_text("từ")
    expect(tile(manage, "q4")).to_contain_text("Đóng")


def test_a_call_for_help_is_answered(real_lobby: RealLobby, manage: Page) -> None:
    real_lobby.ask("POST", f"{BASE}/help", "clerk", {"counter": "q3"})
    call = manage.locator("[data-help]")
    expect(call).to_contain_text("Quầy 3 gọi lúc")
    call.get_by_role("button", name="Tôi tới: Quầy 3").dblclick()
    expect(call).to_have_attribute("data-help", "coming")
    assert real_lobby.ask("GET", f"{BASE}/help")[1]["calls"][0]["state"] == "coming"
    call.get_by_role("button", name="Đã xong: Quầy 3").click()
    expect(call).to_have_count(0)


def test_a_notice_is_posted_and_ended(real_lobby: RealLobby, manage: Page) -> None:
    def told() -> list[Any]:
        notices: list[Any] = real_lobby.ask("GET", f"{BASE}/notices")[1]["notices"]
        return notices

    manage.locator("[data-write]").click()
    manage.locator("[data-post]").click()
    expect(manage.locator("#wrong-vi")).to_be_visible()
    expect(manage.locator("#notice-vi")).to_be_focused()
    check(manage, "vi")
    manage.locator("#notice-vi").fill("Chiều nay nghỉ lúc 16 giờ.")
    manage.locator("#notice-en").fill("Closing at four today.")
    manage.get_by_label("Sảnh chờ và nhân viên").check()
    manage.get_by_label("Thông báo khẩn").check()
    manage.locator("[data-post]").dblclick()
    row = manage.locator("[data-notice]")
    expect(row).to_contain_text("Chiều nay nghỉ lúc 16 giờ.")
    expect(row).to_contain_text("Khẩn · Sảnh chờ và nhân viên")
    expect(manage.locator("dialog")).to_have_count(0)
    (notice,) = told()
    assert notice["text"] == {"vi": "Chiều nay nghỉ lúc 16 giờ.", "en": "Closing at four today."}
    assert (notice["audience"], notice["urgent"], notice["until"]) == ("all", True, None)
    row.get_by_role("button", name="Kết thúc").click()
    expect(row).to_have_count(0)
    assert told() == []


UNTIL = """async ([text, now, zone]) => {
  const { momentToday } = await import("/static/manage/notices.js");
  return momentToday(text, Date.parse(now), zone);
}"""


def test_the_end_of_a_notice_is_meant_in_the_centres_time(manage: Page) -> None:
    def moment(text: str, now: str, zone: str = "Asia/Ho_Chi_Minh") -> Any:
        return manage.evaluate(UNTIL, [text, now, zone])

    assert moment("16:30", "2027-03-01T02:10:25Z") == "2027-03-01T09:30:00.000Z"
    assert moment("00:30", "2027-02-28T17:10:00Z") == "2027-02-28T17:30:00.000Z"
    assert moment("09:10", "2027-03-01T02:10:25Z") is None
    assert moment("23:00", "2027-03-01T02:10:25Z", "America/Lima") == "2027-03-01T04:00:00.000Z"


def test_a_machine_in_trouble_comes_first_in_words(real_lobby: RealLobby, manage: Page) -> None:
    real_lobby.ask("POST", "/heartbeat", "hall", {"version": "1.0"})
    report = {"state": "error", "paper": "out", "cover": "closed"}
    real_lobby.ask("POST", "/heartbeat", "kiosk", {"version": "1.0", "printer": report})
    first = manage.locator(".m-dev li").first
    expect(first).to_have_attribute("data-trouble", "paper_out")
    expect(first).to_have_text("Máy lấy số 1Hết giấy")
    expect(manage.locator('[data-calm="hall"]').first).to_be_visible()


def test_the_page_is_fit_for_everybody(manage: Page) -> None:
    for width, height, languages in (
        (1440, 900, ("vi", "en")), (720, 450, ("vi",)), (320, 640, ("vi", "en")),
    ):  # fmt: skip
        manage.set_viewport_size({"width": width, "height": height})
        for language in languages:
            button = manage.locator(f'[data-language="{language}"]')
            if button.is_visible():
                button.click()
            check(manage, language)
        if width == DESK["width"]:
            assert manage.evaluate("document.documentElement.scrollHeight") <= height
        assert targets(manage, 44) == [], width
    manage.locator("[data-write]").click()
    expect(manage.locator("[data-post]")).to_be_in_viewport(ratio=1)
    manage.keyboard.press("Escape")
    expect(manage.locator("[data-write]")).to_be_focused()
    manage.locator('[data-language="vi"]').click()
    manage.set_viewport_size(DESK)  # type: ignore[arg-type]  # a dict


def test_a_lost_server_is_never_shown_as_live(real_lobby: RealLobby, manage: Page) -> None:
    for _ in range(6):
        real_lobby.issue("ho-tich")
    expect(manage.locator("[data-take]").first).to_be_enabled()
    real_lobby.stop()
    expect(manage.locator("[data-lost]")).to_contain_text("Chưa cập nhật được từ")
    expect(manage.locator("main")).to_have_attribute("data-live", "false")
    expect(headline(manage)).to_contain_text("Lúc ")
    expect(manage.locator("[data-take]").first).to_be_disabled()
    expect(tile(manage, "q2").locator(".tab")).to_have_count(0)
    check(manage, "vi")
    real_lobby.start()
    expect(manage.locator("main")).to_have_attribute("data-live", "true")
    expect(manage.locator("[data-lost]")).to_be_hidden()
    expect(manage.locator("[data-take]").first).to_be_enabled()


def test_an_admin_of_the_province_chooses_the_centre(
    real_lobby: RealLobby, browser: Browser
) -> None:
    stored = real_lobby.ask("GET", f"{BASE}/configuration", "admin")[1]["configuration"]
    stored["centre"] |= {"id": "thuan-an", "name": {"vi": "Thuận An", "en": "Thuận An"}}
    made = {"version": 0, "configuration": stored}
    assert real_lobby.ask("POST", "/centres/thuan-an/configuration", "admin", made)[0] == 200
    real_lobby.ask("POST", f"{BASE}/help", "clerk", {"counter": "q4"})
    context = browser.new_context(viewport=DESK, locale="vi-VN")  # type: ignore[arg-type]  # a dict
    page = context.new_page()
    real_lobby.sign_in(page, "admin")
    page.goto(f"{real_lobby.address}/manage/{CENTRE}")
    expect(page.locator("[data-help]")).to_contain_text("Quầy 4")
    expect(page.locator("[data-help] button")).to_have_count(0)
    page.locator("[data-centre]").select_option("thuan-an")
    page.wait_for_url("**/manage/thuan-an")
    expect(page.locator(".d-where b")).to_have_text("Thuận An")
    expect(headline(page)).to_have_text("Mọi lĩnh vực đạt mục tiêu.")
    context.close()
