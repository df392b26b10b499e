"""The waiting-hall screen in a real Chromium: the truth, at once, and never an old call as live."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.accessible import check, fails
from tests.browser.hall_stage import HallStage

pytestmark = pytest.mark.browser
SIZES = [(1920, 1080), (3840, 2160), (1080, 1920), (1366, 768), (1280, 1024)]


@pytest.fixture
def stage() -> Iterator[HallStage]:
    with HallStage().open() as stage:
        yield stage


@pytest.fixture
def hall(stage: HallStage, page: Page) -> Iterator[Page]:
    """The screen, open and live; no script may complain."""
    faults = fails(page)
    page.set_viewport_size({"width": 1920, "height": 1080})
    open_hall(page, stage)
    yield page
    assert faults == []


def open_hall(page: Page, stage: HallStage, query: str = "") -> None:
    watches = stage.watches
    page.goto(stage.url(query))
    expect(page.locator(".h-clock time")).to_be_visible()
    page.locator(".call, .zone-call").first.wait_for(state="attached")
    assert stage.watches == watches + 1


def numbers(page: Page) -> list[str]:
    return page.locator("[data-call]").evaluate_all("all => all.map(one => one.dataset.number)")


def large(page: Page) -> Locator:
    return page.locator(".call[data-number]")


def fill(stage: HallStage) -> None:
    for number, counter in [("F029", 8), ("H046", 4), ("L075", 9), ("A063", 12), ("C121", 6)]:
        stage.call(number, counter, ago_s=60)


def test_a_call_is_large_at_once_and_the_earlier_ones_follow(stage: HallStage, hall: Page) -> None:
    fill(stage)
    stage.call("H047", 3, ago_s=60)
    hall.reload()
    expect(large(hall)).to_have_attribute("data-number", "H047")
    expect(large(hall)).to_have_attribute("data-counter", "q3")
    expect(large(hall)).to_contain_text("Khu A")
    assert numbers(hall) == ["H047", "C121", "A063", "L075", "H046", "F029"]
    stage.call("H048", 7)
    expect(large(hall)).to_have_attribute("data-number", "H048")
    assert numbers(hall) == ["H048", "H047", "C121", "A063", "L075", "H046"]


def test_two_calls_in_one_moment_both_stand_large(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3)
    stage.call("C122", 9)
    expect(hall.locator("[data-call]")).to_have_count(2)
    assert numbers(hall) == ["C122", "H047"]
    expect(large(hall)).to_have_attribute("data-number", "H047")
    expect(large(hall)).to_have_attribute("data-number", "C122", timeout=8000)
    assert numbers(hall) == ["C122", "H047"]


@pytest.mark.full
def test_a_number_called_again_flashes_again(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3)
    expect(large(hall)).to_have_class(re.compile("flash-"))
    first = large(hall).get_attribute("class")
    stage.call("H047", 3, times=2)
    expect(large(hall)).to_contain_text("Mời lại số")
    assert large(hall).get_attribute("class") != first
    expect(large(hall).locator(".call-t")).to_have_text("Mời lại số Calling again")
    assert overflowing(hall) == []


def test_a_call_that_is_taken_back_leaves_the_screen(stage: HallStage, hall: Page) -> None:
    stage.call("H046", 4, ago_s=30)
    hall.reload()
    expect(large(hall)).to_have_attribute("data-number", "H046")
    stage.call("H047", 3)
    expect(large(hall)).to_have_attribute("data-number", "H047")
    stage.give_back("H047")
    expect(large(hall)).to_have_attribute("data-number", "H046")
    assert numbers(hall) == ["H046"]


def test_silence_is_told_and_healed(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3)
    expect(large(hall)).to_contain_text("Mời số")
    assert hall.locator("[data-stale]").count() == 0
    stage.silent = True
    stage.call("H048", 4)
    expect(hall.locator("[data-stale]")).to_be_attached(timeout=8000)
    expect(large(hall)).to_contain_text("Số gọi gần nhất")
    expect(hall.locator(".h-state")).to_contain_text("Đang nối lại")
    check(hall, "vi")
    stage.silent = False
    expect(large(hall)).to_have_attribute("data-number", "H048", timeout=9000)
    expect(hall.locator("[data-stale]")).to_have_count(0)


def test_a_missed_change_is_asked_for(stage: HallStage, hall: Page) -> None:
    stage.pulsing = False
    stage.silent = True
    stage.call("H047", 3)
    stage.silent = False
    stage.call("H048", 4)
    expect(hall.locator("[data-call]")).to_have_count(2)
    assert numbers(hall) == ["H048", "H047"]
    assert stage.watches == 2


def test_a_pulse_tells_of_a_missed_last_change(stage: HallStage, hall: Page) -> None:
    stage.silent = True
    stage.call("H047", 3)
    stage.silent = False
    expect(large(hall)).to_have_attribute("data-number", "H047", timeout=3000)
    assert stage.watches == 2


def test_the_token_is_kept_and_leaves_the_address(stage: HallStage, hall: Page) -> None:
    assert hall.url == stage.url(token="")
    hall.goto(stage.url(token=""))
    stage.call("H047", 3)
    expect(large(hall)).to_have_attribute("data-number", "H047")


@pytest.mark.parametrize("token", ["", "of-another-house"])
def test_without_a_good_token_it_says_what_to_do(stage: HallStage, page: Page, token: str) -> None:
    page.goto(stage.url(token=token))
    expect(page.locator("h1")).to_have_text("Màn hình này chưa được ghép nối")
    expect(page.locator("main")).to_contain_text("#token=")
    check(page, "vi")


def test_a_token_that_is_revoked_shows_nothing_any_more(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3)
    expect(large(hall)).to_be_visible()
    stage.tokens.clear()
    expect(hall.locator("h1")).to_have_text("Màn hình này chưa được ghép nối", timeout=15_000)
    assert numbers(hall) == []


def test_a_zone_sees_its_own_calls_only(stage: HallStage, page: Page) -> None:
    stage.call("H047", 3, ago_s=30)
    stage.call("A063", 12, ago_s=30)
    open_hall(page, stage, "?zone=a")
    assert numbers(page) == ["H047"]
    stage.call("A064", 11)
    stage.call("H048", 2)
    expect(large(page)).to_have_attribute("data-number", "H048")
    assert numbers(page) == ["H048", "H047"]
    page.goto(stage.url("?zone=x"))
    expect(page.locator("h1")).to_have_text("Không có khu “x”")


def test_a_hall_of_thirty_counters_has_two_sides(page: Page) -> None:
    page.set_viewport_size({"width": 1920, "height": 1080})
    with HallStage(counters=32).open() as stage:
        open_hall(page, stage)
        stage.call("H047", 3)
        stage.call("A064", 21)
        expect(page.locator(".zone-1 .zone-call")).to_have_attribute("data-number", "H047")
        expect(page.locator(".zone-2 .zone-call")).to_have_attribute("data-number", "A064")
        expect(page.locator(".zone-2 h2")).to_contain_text("Quầy 17–32")
        check(page, "vi")


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_call_takes_six_tenths_and_fits(
    stage: HallStage, page: Page, width: int, height: int
) -> None:
    page.set_viewport_size({"width": width, "height": height})
    fill(stage)
    stage.call("AB1000", 12, ago_s=60)
    open_hall(page, stage)
    box = page.locator(".call").bounding_box()
    ticker = page.locator(".h-tick").bounding_box()
    assert box is not None
    assert ticker is not None
    assert box["height"] >= 0.6 * height
    assert ticker["height"] <= 0.15 * height
    assert overflowing(page) == []
    check(page, "vi")


def overflowing(page: Page) -> list[str]:
    """What does not fit: letters wider than their box, or past the edge of the screen."""
    return page.evaluate(
        """() => [...document.querySelectorAll(".call-n, .call-c, .was, .was b, .zone-n, .call-t")]
          .filter(one => {
            const box = one.getBoundingClientRect();
            const list = one.parentElement.closest(".was, .call, .zone-call") ?? document.body;
            const home = list.getBoundingClientRect();
            return one.scrollWidth > one.clientWidth + 1 || box.right > home.right + 1
              || box.bottom > innerHeight || box.right > innerWidth;
          }).map(one => one.className + " " + one.textContent)"""
    )


@pytest.mark.full
def test_english_is_one_press_away_and_stays(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3)
    hall.locator('[data-language="en"]').click()
    expect(large(hall)).to_contain_text("Now calling")
    expect(hall.locator(".h-org")).to_contain_text("Lai Thieu Ward")
    check(hall, "en")
    hall.reload()
    expect(large(hall)).to_contain_text("Zone A")
    assert hall.evaluate("document.documentElement.lang") == "en"


def test_waits_are_honest(stage: HallStage, hall: Page) -> None:
    shown = hall.locator(".h-waits li")
    expect(shown.filter(has_text="Đất đai").or_(shown.filter(has_text="Thuế"))).to_be_visible()
    texts = set()
    for _ in range(20):
        texts |= set(shown.all_inner_texts())
        if any("Thuế" in text for text in texts) and any("Đất đai" in text for text in texts):
            break
        hall.wait_for_timeout(500)
    by_name = {text.split("\n")[0]: " ".join(text.split("\n")[1:]) for text in texts}
    assert by_name["Đất đai"].replace(" ", "") == "45phút"
    assert by_name["Thuế"] == "chưa mở quầy"
    assert by_name["Đăng ký doanh nghiệp"].split() == ["dưới", "1", "phút"]


@pytest.mark.full
def test_at_night_it_says_when_it_opens(stage: HallStage, page: Page) -> None:
    stage.opens_at = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)
    open_hall(page, stage)
    expect(page.locator(".call-none")).to_contain_text("Mở lại 07:30 Thứ Ba, 24/11.")
    check(page, "vi")


def test_simulated_days_say_so(stage: HallStage, page: Page) -> None:
    stage.simulation = 20
    open_hall(page, stage)
    expect(page.locator(".h-chip")).to_have_text("mô phỏng 20×")


def test_reduced_motion_stands_still(stage: HallStage, hall: Page) -> None:
    stage.call("H047", 3)
    expect(large(hall)).to_be_visible()
    running = "document.getAnimations().length"
    assert hall.evaluate(running) == 1
    hall.emulate_media(reduced_motion="reduce")
    assert hall.evaluate(running) == 0


def test_a_thousand_calls_leave_no_trace_in_the_page(stage: HallStage, hall: Page) -> None:
    fill(stage)
    stage.call("H001", 1)
    expect(hall.locator("[data-call]")).to_have_count(6)
    before = hall.evaluate("document.querySelectorAll('*').length")
    for number in range(1000):
        stage.call(f"C{number:03}", number % 12 + 1)
    expect(hall.locator("[data-call]").first).to_have_attribute("data-number", "C999")
    assert hall.evaluate("document.querySelectorAll('*').length") <= before + 2
