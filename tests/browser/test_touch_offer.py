"""Before a number is taken: another centre that is quicker, or a day too short, in Chromium."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import check, targets
from tests.browser.test_touch_page import TARGET_PX, cut_off, number, tile, walk_to
from tests.browser.touch_stage import (
    ADDRESS,
    UPRIGHT,
    TouchStage,
    at,
    offering,
    shapes,
    upright,
)

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Iterator[TouchStage]:
    with TouchStage().open() as stage:
        stage.offer = offering()
        yield stage


@pytest.fixture
def kiosk(stage: TouchStage, page: Page) -> Iterator[Page]:
    with upright(stage, page, '[data-service="dat-dai"]') as shown:
        yield shown


def touch(page: Page) -> None:
    tile(page, "dat-dai").click()
    expect(page.locator("#choose-stay")).to_be_visible()


def widths(page: Page, kind: str) -> list[float]:
    """The bars' parts of a kind, in percent of the whole scale."""
    found: list[float] = page.locator(kind).evaluate_all(
        "all => all.map(one => parseFloat(one.getAttribute('width')))"
    )
    return found


def test_both_choices_are_told_alike_on_one_scale(stage: TouchStage, kiosk: Page) -> None:
    touch(kiosk)
    expect(kiosk.locator("h1")).to_have_text("Ở đây đang đông. Chi nhánh Thuận An đang vắng.")
    expect(kiosk.locator("h1")).to_be_focused()
    there, here = kiosk.locator(".opt").all()
    expect(there).to_contain_text("Cách 3,2 km · Trụ sở UBND thành phố Thuận An")
    expect(there.locator(".opt-sum")).to_have_text("Tổng khoảng 13 phút")
    expect(there.locator(".opt-key")).to_have_text("Đi xe 9 phútChờ 4 phút")
    expect(here).to_contain_text("Phường Lái Thiêu · 19 người đang chờ")
    expect(here.locator(".opt-sum")).to_have_text("Tổng khoảng 45 phút")
    boxes = [one.bounding_box() for one in (there, here)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert abs(boxes[0]["height"] - boxes[1]["height"]) < 1
    assert widths(kiosk, ".b-ride") == [20]
    assert [round(share, 1) for share in widths(kiosk, ".b-wait")] == [8.4, 100]
    check(kiosk, "vi")
    assert stage.offers_asked == [{"service": "dat-dai", "priority": "none"}]
    assert (stage.presses, stage.redirects) == ([], [])


def test_who_goes_has_the_other_centres_number(stage: TouchStage, kiosk: Page) -> None:
    touch(kiosk)
    kiosk.get_by_role("button", name="Đến Thuận An, giữ số ngay").click()
    expect(number(kiosk)).to_have_attribute("data-number", "A012")
    expect(kiosk.locator(".banner b")).to_have_text("Số này dùng tại Chi nhánh Thuận An.")
    expect(kiosk.locator(".slip-sv")).to_have_text("Đất đai · Chi nhánh Thuận An")
    expect(kiosk.locator(".slip-facts")).to_contain_text("Mời đến trước10:21")
    expect(kiosk.locator(".slip-facts")).to_contain_text(ADDRESS)
    assert cut_off(kiosk) == []
    check(kiosk, "vi")
    assert stage.redirects == [{"service": "dat-dai", "to": "branch-thuan-an", "language": "vi"}]
    assert stage.presses == []
    kiosk.clock.fast_forward(13_000)
    expect(tile(kiosk, "dat-dai")).to_be_visible()


def test_who_stays_has_a_number_here_and_a_double_touch_is_one(
    stage: TouchStage, kiosk: Page
) -> None:
    touch(kiosk)
    stage.hold.clear()
    kiosk.locator("#choose-stay").dblclick()
    kiosk.locator("#choose-go_there").click(force=True)
    expect(kiosk.locator("#choose-stay")).to_have_text("Đang lấy số…")
    stage.hold.set()
    expect(number(kiosk)).to_have_attribute("data-number", "H047")
    assert stage.presses == [{"service": "dat-dai", "priority": "none", "language": "vi"}]
    assert stage.redirects == []


def test_back_and_idle_forget_the_offer(stage: TouchStage, kiosk: Page) -> None:
    touch(kiosk)
    kiosk.locator("#done").click()
    expect(tile(kiosk, "dat-dai")).to_be_visible()
    touch(kiosk)
    kiosk.clock.fast_forward(31_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_visible()
    assert kiosk.locator(".k-frame").evaluate("frame => frame.inert")
    kiosk.clock.fast_forward(16_000)
    expect(tile(kiosk, "dat-dai")).to_be_visible()
    assert (stage.presses, stage.redirects) == ([], [])


@pytest.mark.parametrize(
    ("status", "code", "says"),
    [
        (409, "day_full", "Nơi kia hiện không cấp được số."),
        (503, "unavailable", "Chưa giữ được số ở nơi kia."),
    ],
)
def test_who_gets_none_there_takes_one_here(
    stage: TouchStage, kiosk: Page, status: int, code: str, says: str
) -> None:
    message = {"vi": says, "en": "…"}
    stage.refusal = (status, {"code": code, "message": message}, {})
    touch(kiosk)
    kiosk.locator("#choose-go_there").click()
    expect(kiosk.locator("h1")).to_have_text("Chưa giữ được số ở nơi kia")
    expect(kiosk.locator("main")).to_contain_text(says)
    check(kiosk, "vi")
    stage.refusal = None
    kiosk.get_by_role("button", name="Ở lại, lấy số tại đây").click()
    expect(number(kiosk)).to_have_attribute("data-number", "H047")


def test_a_day_too_short_is_said_with_where_there_is_time(stage: TouchStage, kiosk: Page) -> None:
    stage.offer = offering(fits=False)
    touch(kiosk)
    expect(kiosk.locator("h1")).to_have_text(
        "Hôm nay có thể không kịp. Chi nhánh Thuận An còn kịp."
    )
    expect(kiosk.locator(".k-ask")).to_contain_text("đóng cửa lúc 17:00")
    expect(kiosk.locator(".k-ask")).to_contain_text("07:30 Thứ Ba, 24/11")
    check(kiosk, "vi")
    kiosk.get_by_role("button", name="Vẫn lấy số tại đây").click()
    expect(number(kiosk)).to_have_attribute("data-number", "H047")


def test_a_day_too_short_everywhere_leaves_the_choice(stage: TouchStage, kiosk: Page) -> None:
    stage.offer = offering(fits=False, offers=False)
    touch(kiosk)
    expect(kiosk.locator("main")).to_contain_text("đóng cửa lúc 17:00")
    expect(kiosk.locator("main")).to_contain_text("07:30 Thứ Ba, 24/11")
    check(kiosk, "vi")
    kiosk.locator("#done").click()
    touch(kiosk)
    kiosk.locator("#choose-stay").click()
    expect(number(kiosk)).to_be_visible()


def test_a_service_of_this_centre_alone_asks_only_near_closing(
    stage: TouchStage, kiosk: Page
) -> None:
    stage.anywhere, stage.offer = False, offering(fits=False, offers=False)
    stage.closes_at = at("17:00")
    kiosk.reload()
    tile(kiosk, "dat-dai").click()
    expect(number(kiosk)).to_be_visible()
    assert stage.offers_asked == []
    stage.closes_at = at("10:30")
    kiosk.reload()
    touch(kiosk)
    assert len(stage.offers_asked) == 1


@pytest.mark.parametrize(
    "quiet",
    [
        {"offers": [], "fits": True},
        {"left": 0},
    ],
    ids=["nothing to offer", "the day is full"],
)
def test_without_an_offer_a_touch_is_a_number(
    stage: TouchStage, kiosk: Page, quiet: dict[str, Any]
) -> None:
    stage.offer = {**offering(), **quiet}
    tile(kiosk, "dat-dai").click()
    expect(number(kiosk)).to_be_visible()
    assert len(stage.presses) == 1


def test_a_slow_answer_priority_and_an_offline_kiosk_are_not_asked_to_wait(
    stage: TouchStage, kiosk: Page
) -> None:
    stage.offer_after_s = 3
    tile(kiosk, "dat-dai").click()
    expect(number(kiosk)).to_be_visible(timeout=2_000)
    kiosk.locator("#done").click()
    kiosk.locator("#choose-priority").click()
    kiosk.locator('[data-priority="elderly"]').click()
    tile(kiosk, "dat-dai").click()
    expect(number(kiosk)).to_be_visible()
    kiosk.locator("#done").click()
    stage.offline = True
    kiosk.clock.fast_forward(2500)
    expect(kiosk.locator(".banner")).to_be_visible()
    tile(kiosk, "dat-dai").click()
    expect(number(kiosk)).to_be_visible()
    assert len(stage.offers_asked) == 1


def test_the_keyboard_alone_chooses(stage: TouchStage, kiosk: Page) -> None:
    for choice, shown in (("#choose-go_there", "A012"), ("#choose-stay", "H047")):
        walk_to(kiosk, '[data-service="dat-dai"]')
        kiosk.keyboard.press("Enter")
        expect(kiosk.locator("h1")).to_be_focused()
        walk_to(kiosk, choice)
        kiosk.keyboard.press("Enter")
        expect(number(kiosk)).to_have_attribute("data-number", shown)
        walk_to(kiosk, "#done")
        kiosk.keyboard.press("Enter")
        expect(tile(kiosk, "dat-dai")).to_be_visible()


@pytest.mark.parametrize(
    ("mode", "size"),
    shapes(
        ["plain", "large", "low", "both", "english"],
        "plain-lying large-upright low-upright both-upright english-lying",
    ),
)
def test_every_offer_fits_and_is_easy_to_hit(
    stage: TouchStage, page: Page, size: dict[str, int], mode: str
) -> None:
    page.set_viewport_size(size)
    page.goto(stage.address)
    expect(tile(page, "dat-dai")).to_be_visible()
    if mode in ("large", "both"):
        page.get_by_role("button", name="Chữ to").click()
    if mode in ("low", "both") and size is UPRIGHT:
        page.get_by_role("button", name="Hạ thấp").click()
    if mode == "english":
        page.locator('[data-language="en"]').click()
    long_wait = {"wait": {"likely_s": 7200, "high_s": 9000}}
    for said in (
        offering(),
        offering(fits=False),
        offering(fits=False, offers=False),
        {**offering(fits=False), **long_wait},
    ):
        stage.offer = said
        touch(page)
        check(page, "en" if mode == "english" else "vi")
        assert targets(page, TARGET_PX) == []
        assert cut_off(page) + squeezed(page) == []
        page.locator("#done").click()


def squeezed(page: Page) -> list[str]:
    """What of an offer does not fit into its box, or stands on what is below it."""
    found: list[str] = page.evaluate(
        """() => {
          const rect = one => one.getBoundingClientRect();
          const past = (one, home) => one.bottom > home.bottom + 1 || one.top < home.top - 1;
          const faults = [];
          for (const box of document.querySelectorAll(".opt, .k-notice-box")) {
            const home = box.matches(".opt") ? box : box.parentElement;
            for (const one of box.children)
              if (one.checkVisibility() && past(rect(one), rect(home)))
                faults.push("out of its box: " + one.className + " " + one.textContent);
          }
          for (const bar of document.querySelectorAll(".opt-bar"))
            if (rect(bar).height < 12) faults.push("a bar is too thin");
          const main = document.querySelector("main");
          for (const one of main.children)
            if (rect(one).bottom > rect(main).bottom + 1) faults.push("below: " + one.className);
          return faults;
        }"""
    )
    return found
