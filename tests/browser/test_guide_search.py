"""The search by ear: what is found, what a procedure wants, and no words that are not there."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import fails
from tests.browser.guide_stage import GuideStage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Iterator[GuideStage]:
    with GuideStage().open() as stage:
        yield stage


@pytest.fixture
def found(stage: GuideStage, page: Page) -> Iterator[Page]:
    """The page with guidance on, and birth registration found in the search."""
    faults = fails(page)
    page.set_viewport_size({"width": 1080, "height": 1920})
    page.goto(stage.address)
    expect(page.locator("#search")).to_be_visible()
    page.keyboard.press("F1")
    page.locator("#search").click()
    page.locator("#query").fill("khai sinh")
    expect(page.locator(".results button").first).to_be_visible()
    stage.forget()
    yield page
    assert faults == []


def said(page: Page, stage: GuideStage, words: str) -> None:
    for _ in range(80):
        if words in stage.heard():
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never said: {words!r}; but {stage.said}")


def step_to(page: Page, stage: GuideStage, selector: str) -> None:
    for _ in range(25):
        stage.forget()
        page.keyboard.press("ArrowDown")
        if page.evaluate(f"document.activeElement.matches({selector!r})"):
            return
    pytest.fail(f"never reached {selector}")


def test_a_name_is_said_in_one_breath(stage: GuideStage, found: Page) -> None:
    step_to(found, stage, ".results button")
    said(found, stage, "Đăng ký khai sinh, Hộ tịch · chờ khoảng 12 phút")


def test_a_procedure_is_told_with_its_wait_and_papers(stage: GuideStage, found: Page) -> None:
    step_to(found, stage, ".results button")
    found.keyboard.press("Enter")
    said(found, stage, "Đăng ký khai sinh. Hộ tịch, chờ khoảng 12 phút.")
    said(found, stage, "Giấy tờ thường cần: Tờ khai đăng ký khai sinh; Giấy chứng sinh;")


def test_the_search_is_opened_without_its_buttons_in_the_sentence(
    stage: GuideStage, page: Page
) -> None:
    page.goto(stage.address)
    expect(page.locator("#search")).to_be_visible()
    page.keyboard.press("F1")
    page.locator("#search").click()
    said(page, stage, "Gõ vài chữ của thủ tục")
    assert "Đóng" not in stage.heard()


def test_a_call_for_staff_is_a_state_and_no_switch(stage: GuideStage, found: Page) -> None:
    stage.help = "called"
    expect(found.locator("#call-staff")).to_contain_text("Đã gọi nhân viên", timeout=8000)
    step_to(found, stage, "#call-staff")
    said(found, stage, "Đã gọi nhân viên.")
    assert "nhân viên: đang bật" not in stage.heard()
