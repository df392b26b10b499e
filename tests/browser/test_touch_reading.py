"""The touch page for whoever reads slowly or sees badly: sizes, lines, and what is said when."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import check, targets
from tests.browser.touch_stage import LYING, UPRIGHT, TouchStage, at, shapes

pytestmark = pytest.mark.browser
LEAST_PX = 21
SMALL = """least => [...document.querySelectorAll("body *")]
  .filter((one) => one.checkVisibility() && !one.closest(".sr, svg"))
  .filter((one) => [...one.childNodes].some((node) => node.nodeType === 3 && node.data.trim()))
  .filter((one) => parseFloat(getComputedStyle(one).fontSize) < least)
  .map((one) => one.textContent.trim())"""
SETTLED = """() => document.fonts.status === 'loaded'
  && [...document.images].every((one) => one.complete)"""
FULL = """() => [...document.querySelectorAll(".tile, .k-tool, .slip")]
  .filter((one) => one.scrollHeight > one.clientHeight + 1)
  .map((one) => one.textContent.trim())"""
BUILDING = '[data-service="xay-dung"]'


@pytest.fixture
def stage() -> Iterator[TouchStage]:
    with TouchStage(services=13).open() as stage:
        yield stage


def opened(page: Page, stage: TouchStage, size: dict[str, int]) -> None:
    page.set_viewport_size({"width": size["width"], "height": size["height"]})
    page.goto(stage.address)
    expect(page.locator("h1")).to_be_visible()


def fits(page: Page, language: str) -> None:
    """Every letter can be read, nothing is cut off, and every control can be hit."""
    page.wait_for_timeout(300)
    assert page.evaluate(SMALL, LEAST_PX) == []
    assert page.evaluate(FULL) == []
    assert targets(page, 88) == []
    check(page, language)


@pytest.mark.parametrize("paper", ["ok", "out"])
@pytest.mark.parametrize(("language", "size"), shapes(["vi", "en"], "vi-upright en-lying"))
def test_every_way_of_showing_the_tiles_can_be_read(
    stage: TouchStage, page: Page, size: dict[str, int], language: str, paper: str
) -> None:
    stage.paper, stage.printer = paper, "ok" if paper == "ok" else "error"
    opened(page, stage, size)
    page.locator(f"[data-language={language}]").click()
    page.locator(".k-more").click()
    expect(page.locator(BUILDING)).to_be_visible()
    fits(page, language)
    page.locator(".k-tool").first.click()
    fits(page, language)
    if size is UPRIGHT:
        page.locator(".k-tool-low").click()
        fits(page, language)
        page.locator(".k-tool").first.click()
        fits(page, language)


@pytest.mark.parametrize("large", [False, True], ids=["plain", "large"])
@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
def test_facts_of_a_paused_service_have_room(
    stage: TouchStage, page: Page, size: dict[str, int], large: bool
) -> None:
    stage.paused = {"ho-tich"}
    opened(page, stage, size)
    if large:
        page.locator(".k-tool").first.click()
    page.locator('[data-service="ho-tich"]').click()
    sentence = page.locator(".slip-unknown")
    expect(sentence).to_contain_text("số được gọi khi quầy mở")
    page.wait_for_function(SETTLED)  # else what loads late moves one of the two boxes
    fact = page.locator(".slip-facts > div").first.bounding_box()
    told = sentence.bounding_box()
    assert fact
    assert told
    assert told["y"] >= fact["y"] + fact["height"]
    assert told["width"] >= 1.8 * fact["width"]
    fits(page, "vi")


def test_away_from_the_server_the_code_is_for_later(stage: TouchStage, page: Page) -> None:
    stage.offline = True
    opened(page, stage, UPRIGHT)
    page.locator('[data-service="ho-tich"]').click()
    expect(page.locator(".slip-qr")).to_contain_text("khi máy có mạng trở lại")


def test_before_the_first_session_no_number_is_spoken_of(stage: TouchStage, page: Page) -> None:
    stage.tickets, stage.opens_at, stage.clock = False, at("07:30"), at("06:50")
    opened(page, stage, UPRIGHT)
    expect(page.locator("main")).to_contain_text("Chưa đến giờ lấy số")
    expect(page.locator("main")).not_to_contain_text("Số đã lấy")
    check(page, "vi")


def test_a_full_service_says_when_to_come_back(stage: TouchStage, page: Page) -> None:
    stage.refusal = (409, {"code": "day_full"}, {})
    opened(page, stage, UPRIGHT)
    page.locator('[data-service="ho-tich"]').click()
    expect(page.locator("h1")).to_have_text("Hộ tịch đã hết lượt hôm nay")
    expect(page.locator("main")).to_contain_text("ngày làm việc tiếp theo")
