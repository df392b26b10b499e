"""The desk hears who needs help and what the manager tells, and calls for help itself."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.desk_stage import DeskStage, Item
from wire.answers import CounterRef
from wire.help import CounterCaller, KioskCaller

pytestmark = pytest.mark.browser
KIOSK = KioskCaller(2, "Cửa chính")
NEIGHBOUR = CounterCaller(CounterRef("q5", 5))

CHIMES = """() => {
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...at) { window.tones += 1; start.apply(this, at); };
}"""


@pytest.fixture
def stage() -> Iterator[DeskStage]:
    stage = DeskStage()
    stage.day.queue = [Item("H048", 14)]
    with stage.open():
        yield stage


@pytest.fixture
def desk(stage: DeskStage, page: Page) -> Iterator[Page]:
    """The desk of counter 3; no script may complain."""
    faults = fails(page)
    page.goto(stage.address + "/desk")
    page.locator('[data-counter="q3"]').click()
    expect(page.locator('[data-action="next"]')).to_be_enabled()
    page.evaluate(CHIMES)
    yield page
    assert faults == []


def banner(desk: Page, text: str) -> Locator:
    return desk.locator(".banner", has_text=text)


def did(stage: DeskStage) -> list[str]:
    return [command.action for command in stage.commands]


def test_one_key_calls_for_help_and_the_same_takes_it_back(stage: DeskStage, desk: Page) -> None:
    mine = desk.locator("[data-help-mine]")
    desk.keyboard.press("t")
    expect(mine).to_have_attribute("data-help-mine", "called")
    expect(banner(desk, "Đã gọi người hỗ trợ tới quầy này.")).to_be_visible()
    assert stage.commands[0].body == {"counter": "q3"}
    stage.lobby.calls = []
    stage.lobby.caller("c", CounterCaller(CounterRef("q3", 3)), "coming")
    expect(banner(desk, "Đang có người tới quầy này.")).to_be_visible()
    expect(mine).to_have_text("Đã được hỗ trợT")
    desk.keyboard.press("t")
    expect(mine).to_have_attribute("data-help-mine", "clear")
    assert did(stage) == ["help", "help-clear"]
    assert {command.csrf for command in stage.commands} == {"csrf-1"}
    assert desk.evaluate("window.tones") == 0


def test_who_calls_is_heard_once_answered_and_over(stage: DeskStage, desk: Page) -> None:
    desk.mouse.click(5, 300)
    stage.lobby.caller("a", KIOSK)
    call = banner(desk, "Máy lấy số 2 (Cửa chính) cần người hỗ trợ.")
    expect(call).to_be_visible()
    expect(desk.locator("#said")).to_have_text("Máy lấy số 2 (Cửa chính) cần người hỗ trợ.")
    desk.wait_for_function("() => window.tones === 2")
    stage.lobby.show()
    call.get_by_role("button", name="Tôi tới").click()
    over = banner(desk, "Máy lấy số 2 (Cửa chính) đã có người tới hỗ trợ.")
    over.get_by_role("button", name="Đã xong").click()
    expect(over).to_have_count(0)
    assert did(stage) == ["help-coming", "help-clear"]
    assert desk.evaluate("window.tones") == 2


def test_who_called_before_the_desk_opened_is_seen_without_a_chime(
    stage: DeskStage, page: Page
) -> None:
    stage.lobby.caller("a", NEIGHBOUR)
    page.goto(stage.address + "/desk")
    page.evaluate(CHIMES)
    page.locator('[data-counter="q3"]').click()
    expect(banner(page, "Quầy 5 cần người hỗ trợ.")).to_be_visible()
    assert page.evaluate("window.tones") == 0


def test_many_who_call_do_not_push_the_queue_away(stage: DeskStage, desk: Page) -> None:
    big = desk.locator(".next").bounding_box()
    for name in "abdef":
        stage.lobby.caller(name, NEIGHBOUR)
    expect(desk.locator("[data-help]")).to_have_count(2)
    expect(banner(desk, "Còn 3 nơi khác đang gọi.")).to_be_visible()
    assert desk.locator(".next").bounding_box() == big


def test_a_call_that_did_not_get_through_says_so(stage: DeskStage, desk: Page) -> None:
    stage.refuse["help"] = "too_many_requests"
    desk.locator('[data-action="help"]').click()
    expect(desk.locator("[data-fault]")).to_contain_text("Gọi hỗ trợ")
    expect(desk.locator("[data-help-mine]")).to_have_attribute("data-help-mine", "clear")
    stage.refuse.clear()
    desk.keyboard.press("t")
    expect(desk.locator("[data-fault]")).to_have_count(0)


def test_a_notice_stays_until_it_was_read_or_is_over(stage: DeskStage, desk: Page) -> None:
    stage.lobby.notice("1", "Họp giao ban lúc 17:00", "staff")
    stage.lobby.notice("2", "Mất điện khu B", "all", urgent=True)
    stage.lobby.notice("3", "Chào mừng quý khách", "hall")
    expect(desk.locator("[data-notice]")).to_have_count(2)
    expect(banner(desk, "Thông báo khẩn: Mất điện khu B")).to_be_visible()
    banner(desk, "Họp giao ban").get_by_role("button").click()
    expect(desk.locator("[data-notice]")).to_have_count(1)
    desk.reload()
    expect(banner(desk, "Mất điện khu B")).to_be_visible()
    expect(desk.locator("[data-notice]")).to_have_count(1)
    stage.lobby.notices.clear()
    stage.lobby.show()
    expect(desk.locator("[data-notice]")).to_have_count(0)


def test_a_lobby_in_need_is_fit_for_everybody(stage: DeskStage, page: Page) -> None:
    stage.lobby.caller("c", CounterCaller(CounterRef("q3", 3)), "coming")
    stage.lobby.caller("a", KIOSK)
    stage.lobby.caller("b", NEIGHBOUR, "coming")
    stage.lobby.notice("1", "Họp giao ban lúc 17:00 tại phòng họp tầng 2", "staff")
    stage.lobby.notice("2", "Mất điện khu B, mời người dân sang khu A", "all", urgent=True)
    page.goto(stage.address + "/desk")
    page.locator('[data-counter="q3"]').click()
    expect(page.locator("[data-help]")).to_have_count(2)
    for width in (1366, 320):
        page.set_viewport_size({"width": width, "height": 768})
        for language in ("en", "vi"):
            if page.locator(f'[data-language="{language}"]').is_visible():
                page.locator(f'[data-language="{language}"]').click()
            check(page, language)
        assert targets(page, 44) == []
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width
