"""The kiosk's touch page in a real Chromium: one touch, one number, whatever has failed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import check, targets
from tests.browser.touch_stage import LYING, UPRIGHT, TouchStage, at, shapes, upright

pytestmark = pytest.mark.browser
TARGET_PX = 88
PAPER_OUT = {
    "vi": "Máy đã hết giấy, số vẫn có hiệu lực. Vui lòng nhớ số.",
    "en": "Out of paper; your number is valid. Remember it.",
}


@pytest.fixture
def stage() -> Iterator[TouchStage]:
    with TouchStage().open() as stage:
        yield stage


@pytest.fixture
def kiosk(stage: TouchStage, page: Page) -> Iterator[Page]:
    with upright(stage, page) as shown:
        yield shown


def reopen(page: Page, stage: TouchStage) -> None:
    page.goto(stage.address)
    expect(page.locator("h1")).not_to_have_text("Máy đang khởi động")


def tile(page: Page, service: str) -> Locator:
    return page.locator(f'[data-service="{service}"]')


def number(page: Page) -> Locator:
    return page.locator("[data-number]")


def priority(page: Page, group: str) -> None:
    page.locator("#choose-priority").click()
    page.locator(f'[data-priority="{group}"]').click()


def test_one_touch_gives_a_number_with_where_and_how_long(stage: TouchStage, kiosk: Page) -> None:
    expect(tile(kiosk, "ho-tich")).to_contain_text("12 phút")
    expect(tile(kiosk, "ho-tich")).to_contain_text("4 người")
    tile(kiosk, "ho-tich").click()
    expect(number(kiosk)).to_have_attribute("data-number", "H047")
    expect(kiosk.locator(".slip-facts")).to_contain_text("10–15 phút")
    expect(kiosk.locator(".slip-facts")).to_contain_text("3 hoặc 4")
    expect(kiosk.locator("img.qr")).to_be_visible()
    expect(kiosk.locator(".take")).to_contain_text("Lấy phiếu bên dưới")
    assert stage.presses == [{"service": "ho-tich", "priority": "none", "language": "vi"}]


def test_a_double_touch_is_one_number(stage: TouchStage, kiosk: Page) -> None:
    stage.hold.clear()
    tile(kiosk, "ho-tich").dblclick()
    tile(kiosk, "dat-dai").click(force=True)
    expect(tile(kiosk, "ho-tich")).to_contain_text("Đang lấy số")
    stage.hold.set()
    expect(number(kiosk)).to_be_visible()
    assert len(stage.presses) == 1


def test_priority_is_three_touches(stage: TouchStage, kiosk: Page) -> None:
    kiosk.locator("#choose-priority").click()
    assert kiosk.locator(".k-frame").evaluate("frame => frame.inert")
    check(kiosk, "vi")
    kiosk.locator('[data-priority="elderly"]').click()
    expect(kiosk.locator(".prio")).to_contain_text("Người cao tuổi")
    tile(kiosk, "dat-dai").click()
    expect(number(kiosk)).to_be_visible()
    assert stage.presses[0]["priority"] == "elderly"
    kiosk.locator("#done").click()
    expect(kiosk.locator("#choose-priority")).to_be_visible()


def test_all_services_are_reached_in_their_order(page: Page) -> None:
    with TouchStage(services=13).open() as stage:
        page.set_viewport_size(UPRIGHT)
        reopen(page, stage)
        seen = []
        while True:
            services = page.locator("[data-service]")
            assert services.count() <= 6
            seen += services.evaluate_all("all => all.map(one => one.dataset.service)")
            more = page.get_by_role("button", name="lĩnh vực khác")
            if more.count() == 0:
                break
            more.click()
        assert seen == [service["id"] for service in stage.view()["centre"]["services"]]
        tile(page, seen[-1]).click()
        expect(number(page)).to_be_visible()


def test_english_is_one_touch_and_goes_with_the_number(stage: TouchStage, kiosk: Page) -> None:
    kiosk.locator('[data-language="en"]').click()
    expect(kiosk.locator("h1")).to_have_text("What do you need to do today?")
    check(kiosk, "en")
    tile(kiosk, "ho-tich").click()
    expect(kiosk.locator(".take")).to_contain_text("Take your ticket below")
    check(kiosk, "en")
    assert stage.presses[0]["language"] == "en"
    kiosk.clock.fast_forward(13_000)
    expect(kiosk.locator("h1")).to_have_text("Quý khách cần làm thủ tục gì?")


def test_paper_out_keeps_the_number_on_screen(stage: TouchStage, kiosk: Page) -> None:
    stage.outcomes, stage.message = ["printing", "failed"], PAPER_OUT
    stage.paper, stage.printer = "out", "error"
    tile(kiosk, "ho-tich").click()
    expect(kiosk.locator(".take")).to_contain_text("Đang in phiếu")
    kiosk.clock.fast_forward(1000)
    expect(kiosk.locator(".banner b")).to_have_text("Máy đã hết giấy, số vẫn có hiệu lực.")
    expect(number(kiosk)).to_have_text("H047")
    check(kiosk, "vi")
    kiosk.clock.fast_forward(50_000)
    expect(number(kiosk)).to_be_visible()
    kiosk.locator("#done").click()
    expect(tile(kiosk, "ho-tich")).to_be_visible()
    expect(kiosk.locator(".banner")).to_contain_text("Quý khách vẫn lấy số được")


def test_a_printer_that_never_answers_does_not_hold_the_screen(
    stage: TouchStage, kiosk: Page
) -> None:
    stage.outcomes = ["printing"]
    tile(kiosk, "ho-tich").click()
    expect(kiosk.locator(".take")).to_contain_text("Đang in phiếu")
    kiosk.clock.fast_forward(61_000)
    expect(tile(kiosk, "ho-tich")).to_be_visible()


def test_an_unknown_slip_can_be_printed_again(stage: TouchStage, kiosk: Page) -> None:
    stage.outcomes = ["unknown"]
    tile(kiosk, "ho-tich").click()
    expect(kiosk.locator(".banner")).to_contain_text("Số vẫn có hiệu lực")
    kiosk.get_by_role("button", name="In lại phiếu").click()
    expect(kiosk.locator(".take")).to_contain_text("Lấy phiếu bên dưới")
    assert stage.copies == 1


def test_away_from_the_server_numbers_go_on(stage: TouchStage, kiosk: Page) -> None:
    stage.offline = True
    kiosk.clock.fast_forward(2500)
    expect(kiosk.locator(".banner")).to_contain_text("Máy đang mất kết nối mạng.")
    expect(tile(kiosk, "ho-tich")).to_contain_text("Vẫn lấy số được")
    tile(kiosk, "ho-tich").click()
    expect(number(kiosk)).to_be_visible()
    expect(kiosk.locator(".slip-facts")).to_contain_text("Thời gian chờ tạm thời chưa có")
    check(kiosk, "vi")


@pytest.mark.parametrize(
    ("now", "opens", "title", "more"),
    [
        (at("11:45"), at("13:30"), "Nghỉ trưa đến 13:30", "từ 13:30"),
        (at("06:10"), at("07:00"), "Chưa đến giờ lấy số", "07:00 hôm nay"),
        (
            at("17:20"),
            "2026-11-24T07:30:00+07:00",
            "Đã hết giờ tiếp nhận",
            "Mở lại 07:30 Thứ Ba, 24/11",
        ),
        (at("17:20"), None, "Đã hết giờ tiếp nhận", "giờ làm việc"),
    ],
)
def test_a_closed_house_says_when_it_opens(
    stage: TouchStage, page: Page, now: str, opens: str | None, title: str, more: str
) -> None:
    stage.tickets, stage.clock, stage.opens_at = False, now, opens
    reopen(page, stage)
    expect(page.locator("h1")).to_have_text(title)
    expect(page.locator("main")).to_contain_text(more)
    check(page, "vi")


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (409, "day_full", "Hộ tịch đã hết lượt hôm nay"),
        (429, "too_many_requests", "Mỗi người một số"),
        (404, "unknown_service", "Lĩnh vực này vừa thay đổi"),
        (503, "unavailable", "Mời quý khách lấy số tại quầy hướng dẫn"),
        (500, "internal", "Mời quý khách lấy số tại quầy hướng dẫn"),
    ],
)
def test_a_refusal_says_what_to_do(
    stage: TouchStage, kiosk: Page, status: int, code: str, says: str
) -> None:
    stage.refusal = (status, {"code": code}, {"Retry-After": "20"})
    tile(kiosk, "ho-tich").click()
    expect(kiosk.locator("h1")).to_have_text(says)
    check(kiosk, "vi")
    stage.refusal = None
    kiosk.get_by_role("button", name="Quay lại").click()
    tile(kiosk, "ho-tich").click()
    expect(number(kiosk)).to_be_visible()


def test_a_press_as_the_house_closes_shows_when_it_opens(stage: TouchStage, kiosk: Page) -> None:
    stage.refusal = (409, {"code": "centre_closed"}, {})
    stage.tickets, stage.clock, stage.opens_at = False, at("11:30"), at("13:30")
    tile(kiosk, "ho-tich").click()
    expect(kiosk.locator("h1")).to_have_text("Nghỉ trưa đến 13:30")


def test_a_kiosk_that_was_never_connected_sends_people_to_staff(
    stage: TouchStage, page: Page
) -> None:
    stage.ready = False
    reopen(page, stage)
    expect(page.locator("h1")).to_have_text("Mời quý khách lấy số tại quầy hướng dẫn")
    check(page, "vi")


def test_a_silent_agent_is_told_and_comes_back(stage: TouchStage, kiosk: Page) -> None:
    stage.dead = True
    for _ in range(3):
        with kiosk.expect_response("**/api/view"):
            kiosk.clock.fast_forward(2000)
    expect(kiosk.locator("h1")).to_have_text("Máy đang khởi động lại")
    stage.dead = False
    kiosk.clock.fast_forward(2000)
    expect(tile(kiosk, "ho-tich")).to_be_visible()


def test_idle_asks_then_forgets(stage: TouchStage, kiosk: Page) -> None:
    kiosk.clock.fast_forward(60_000)
    expect(kiosk.locator(".dialog")).to_have_count(0)
    kiosk.locator('[data-language="en"]').click()
    priority(kiosk, "merit")
    kiosk.clock.fast_forward(31_000)
    dialog = kiosk.get_by_role("alertdialog")
    expect(dialog).to_contain_text("Do you need more time?")
    assert kiosk.locator(".k-frame").evaluate("frame => frame.inert")
    check(kiosk, "en")
    dialog.get_by_role("button", name="Yes, I need more time").click()
    expect(kiosk.locator(".prio")).to_contain_text("Person of merit")
    kiosk.clock.fast_forward(31_000)
    expect(dialog).to_be_visible()
    kiosk.clock.fast_forward(16_000)
    expect(kiosk.locator("h1")).to_have_text("Quý khách cần làm thủ tục gì?")
    expect(kiosk.locator("#choose-priority")).to_be_visible()


def test_the_keyboard_alone_gets_a_priority_number(stage: TouchStage, kiosk: Page) -> None:
    walk_to(kiosk, "#choose-priority")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#dialog-first")).to_be_focused()
    kiosk.keyboard.press("Escape")
    expect(kiosk.locator("#choose-priority")).to_be_focused()
    kiosk.keyboard.press("Enter")
    kiosk.keyboard.press("Tab")
    kiosk.keyboard.press("Enter")
    walk_to(kiosk, '[data-service="chung-thuc"]')
    kiosk.keyboard.press("Space")
    expect(number(kiosk)).to_be_visible()
    walk_to(kiosk, "#done")
    kiosk.keyboard.press("Enter")
    expect(tile(kiosk, "ho-tich")).to_be_visible()
    assert stage.presses[0]["priority"] == "disabled"


def walk_to(page: Page, selector: str) -> None:
    for _ in range(25):
        if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"Tab never reached {selector}")


@pytest.mark.parametrize(
    ("mode", "size"),
    shapes(
        ["plain", "large", "low", "offline", "english"],
        "plain-upright large-lying low-upright offline-lying english-upright",
    ),
)
def test_every_home_fits_and_is_easy_to_hit(page: Page, size: dict[str, int], mode: str) -> None:
    if mode == "low" and size is LYING:
        size = {"width": 1200, "height": 1920}
    with TouchStage(services=13).open() as stage:
        stage.offline = mode == "offline"
        page.set_viewport_size(size)
        reopen(page, stage)
        if mode in ("large", "low"):
            page.locator(f".k-tool >> nth={('large', 'low').index(mode)}").click()
        if mode == "english":
            page.locator('[data-language="en"]').click()
        check(page, "en" if mode == "english" else "vi")
        for _ in range(3):
            assert targets(page, TARGET_PX) == []
            assert cut_off(page) == []
            more = page.locator(".k-more:not(.k-prev)")
            if more.count():
                more.click()


def test_a_lowered_page_has_nothing_to_press_in_its_upper_third(kiosk: Page) -> None:
    kiosk.get_by_role("button", name="Hạ thấp").click()
    tops = kiosk.locator("button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top / innerHeight)"
    )
    assert min(tops) >= 0.35
    expect(kiosk.locator(".k-above")).to_contain_text("H043")
    kiosk.locator("#choose-priority").click()
    asked = kiosk.locator(".dialog button").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().top / innerHeight)"
    )
    assert min(asked) >= 0.35, "what the dialog asks comes down as well"


def test_a_squarer_panel_fits_too(page: Page) -> None:
    with TouchStage(services=13).open() as stage:
        page.set_viewport_size({"width": 1280, "height": 1024})
        reopen(page, stage)
        for _ in range(3):
            assert targets(page, 60) == []  # 60 px are 16 mm on a 17-inch panel of this size
            assert cut_off(page) == []
            more = page.locator(".k-more:not(.k-prev)")
            if more.count():
                more.click()
        tile(page, "van-xa").click()
        expect(number(page)).to_be_visible()
        assert cut_off(page) == []


@pytest.mark.parametrize(
    ("shown", "size"),
    shapes(["H047", "H1000", "Z03001", "AB1000"], "H047-lying AB1000-upright Z03001-lying"),
)
def test_every_number_fits(page: Page, size: dict[str, int], shown: str) -> None:
    with TouchStage().open() as stage:
        stage.number = shown
        stage.outcomes = ["unknown"]
        page.set_viewport_size(size)
        reopen(page, stage)
        tile(page, "bao-hiem").click()
        expect(number(page)).to_have_text(shown)
        assert targets(page, TARGET_PX) == []
        assert cut_off(page) == []
        check(page, "vi")


def cut_off(page: Page) -> list[str]:
    """What does not fit: text past its tile, slip or screen, and boxes that overlap."""
    return page.evaluate(
        """() => {
          const rect = one => one.getBoundingClientRect();
          const past = (one, home) => rect(one).right > rect(home).right + 1
            || rect(one).bottom > rect(home).bottom + 1 || rect(one).left < rect(home).left - 1;
          const faults = [];
          for (const tile of document.querySelectorAll(".tile")) {
            const wait = tile.querySelector(".tile-wait");
            if (rect(tile.querySelector(".tile-text")).bottom > rect(wait).top + 2)
              faults.push("text over wait: " + tile.textContent);
            for (const span of wait.children)
              if (span.checkVisibility() && past(span, tile))
                faults.push("wait cut: " + tile.textContent);
          }
          for (const one of document.querySelectorAll(".slip > *, .slip-facts > div"))
            if (past(one, document.querySelector(".slip"))) faults.push("slip: " + one.className);
          for (const one of document.querySelectorAll("button, h1, .banner, .take, .k-close"))
            if (past(one, document.body)) faults.push("screen: " + one.outerHTML.slice(0, 80));
          return faults;
        }"""
    )
