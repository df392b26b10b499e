"""The way in: two fields, one button, plain words when it does not work."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.desk_stage import DeskStage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Iterator[DeskStage]:
    with DeskStage().open() as stage:
        yield stage


@pytest.mark.parametrize("error", [None, "bad_credentials", "too_many_requests", "internal"])
def test_every_state_is_fit_for_everybody(stage: DeskStage, page: Page, error: str | None) -> None:
    faults = fails(page)
    stage.error = error
    for width, height in ((1366, 768), (390, 844), (320, 700)):
        page.set_viewport_size({"width": width, "height": height})
        for language in ("vi", "en"):
            page.goto(f"{stage.address}/?lang={language}")
            check(page, language)
            assert targets(page, 44) == []
    assert faults == []


def test_a_failed_try_keeps_the_name_and_waits_for_the_password(
    stage: DeskStage, page: Page
) -> None:
    stage.error = "bad_credentials"
    page.goto(stage.address)
    expect(page.get_by_role("alert")).to_have_text(
        "Chưa đăng nhập được. Tên hoặc mật khẩu chưa đúng."
    )
    expect(page.locator('input[name="user"]')).to_have_value("hanh.nt")
    expect(page.locator('input[name="password"]')).to_be_focused()
    expect(page.locator('input[name="password"]')).to_have_value("")


def test_the_form_is_filled_and_sent_by_keyboard(stage: DeskStage, page: Page) -> None:
    page.goto(stage.address)
    page.keyboard.type("hanh.nt")
    page.keyboard.press("Tab")
    page.keyboard.type("mật khẩu dài")
    with page.expect_request("**/sign-in?lang=vi") as sent:
        page.keyboard.press("Enter")
    assert sent.value.method == "POST"
    assert (sent.value.post_data or "").startswith("user=hanh.nt&password=m%E1%BA%ADt")


def test_the_language_is_one_touch_away(stage: DeskStage, page: Page) -> None:
    page.goto(stage.address)
    page.locator('[data-language="en"]').click()
    expect(page.locator("h1")).to_have_text("Sign in")
    page.locator('[data-language="vi"]').click()
    expect(page.locator("h1")).to_have_text("Đăng nhập")
