"""The waiting-hall screen fits: long names and numbers, notices, every shape and language."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import check, fails
from tests.browser.hall_stage import HallStage
from wire.answers import ZoneInfo
from wire.words import Name

pytestmark = pytest.mark.browser
SHAPES = [(1920, 1080), (3840, 2160), (1080, 1920), (1280, 1024)]
LONG = [
    ZoneInfo(
        "a",
        Name(
            "Khu tiếp nhận hồ sơ Đăng ký đất đai và Môi trường",
            "Land registration and environment reception area",
        ),
        1,
        "left",
    ),
    ZoneInfo("b", Name("Khu Hộ tịch – Chứng thực", "Civil status area"), 2, "right"),
]
DRILL = (
    "Diễn tập phòng cháy chữa cháy lúc 10 giờ. Khi nghe chuông, mời quý khách đi theo nhân viên "
    "ra cửa số 2, không dùng thang máy, giúp người già và trẻ em. Việc tiếp nhận hồ sơ tạm ngừng "
    "đến 10 giờ 30; số của quý khách vẫn giữ nguyên thứ tự."
)

# What is wider or taller than its place, or past an edge.
MISFITS = """() => {
  const wrong = [];
  const bottom = document.querySelector(".h-tick").getBoundingClientRect().top + 1;
  for (const one of document.querySelectorAll(
      ".call-n, .call-c, .call-z, .call-t, .call-q, .was b, .was > span, .zone-n, .zone-q, "
      + ".zone h2, .h-clock, .h-lang, .h-sound, .h-org b, .tick-text")) {
    const box = one.getBoundingClientRect();
    const home = one.closest(".call-to, .call-no, .was, .zone-call, .zone, .h-tick, .h-head")
      .getBoundingClientRect();
    const tall = one.matches(".was b, .was > span, .call-z, .zone h2, .tick-text");
    if (one.scrollWidth > one.clientWidth + 1 && !one.matches(".h-org b, .was > span")
      || box.right > home.right + 2 || box.left < home.left - 8
      || tall && (box.bottom > home.bottom + 2 || box.top < home.top - 2)
      || box.bottom > bottom && !one.closest(".h-tick") || box.right > innerWidth)
      wrong.push(`${innerWidth}: ${one.className} ${one.textContent.trim()}`);
  }
  return wrong;
}"""
SHARES = """() => {
  const height = one => one.getBoundingClientRect().height / innerHeight;
  const calls = [...document.querySelectorAll(".call[data-number], .zone-call")].map(height);
  const upright = innerHeight > innerWidth;
  return [upright ? calls.reduce((a, b) => a + b) : Math.min(...calls),
    height(document.querySelector(".h-tick"))];
}"""


@pytest.fixture
def wide(page: Page) -> Iterator[Page]:
    faults = fails(page)
    yield page
    assert faults == []


def fits(page: Page, language: str) -> None:
    page.evaluate("document.fonts.ready.then(() => 1)")
    for width, height in SHAPES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(550)  # the band is fitted anew with the next drawing
        assert page.evaluate(MISFITS) == []
        call, band = page.evaluate(SHARES)
        assert call >= 0.6, (width, height)
        assert band <= 0.15, (width, height)
    check(page, language)


@pytest.mark.parametrize("counters", [pytest.param(12, marks=pytest.mark.full), 110])
def test_long_names_and_numbers_fit_in_both_languages(wide: Page, counters: int) -> None:
    with HallStage(counters=counters, zones=LONG).open() as stage:
        for number, counter in [("F029", counters), ("AB1000", 7), ("Z03001", 12), ("C121", 6)]:
            stage.call(number, counter, ago_s=60)
        stage.call("MW10000", 105 if counters > 100 else 12, ago_s=60)
        wide.goto(stage.url())
        wide.locator("[data-number]").first.wait_for()
        fits(wide, "vi")
        wide.locator('[data-language="en"]').click()
        fits(wide, "en")
        stage.notice(DRILL, "Fire drill at 10:00. Please follow the staff.", urgent=True)
        expect(wide.locator(".h-tick")).to_contain_text("Urgent notice")
        fits(wide, "en")


def shown_of(page: Page, words: int) -> list[str]:
    """The parts of the notice as they are shown, until so many words were seen."""
    parts: list[str] = []
    fits = "one => one.offsetHeight <= one.closest('.h-tick').clientHeight"
    while len(" ".join(parts).split()) < words:
        part = page.locator(".h-tick span").inner_text()
        assert page.locator(".tick-text").evaluate(fits), part
        if not parts or parts[-1] != part:
            parts.append(part)
        page.clock.run_for(1000)
    return parts


@pytest.mark.parametrize("size", [(1920, 1080), (1080, 1920)])
def test_a_long_notice_is_shown_whole(page: Page, size: tuple[int, int]) -> None:
    page.clock.install()
    page.set_viewport_size({"width": size[0], "height": size[1]})
    with HallStage().open() as stage:
        stage.call("H047", 3, ago_s=60)
        stage.notice(DRILL, "")
        page.goto(stage.url("?voice=off"))
        page.locator(".h-tick b").wait_for()
        page.evaluate("document.fonts.ready.then(() => 1)")
        assert " ".join(shown_of(page, len(DRILL.split()))) == DRILL


def test_an_urgent_notice_is_told_by_word_and_sign(page: Page) -> None:
    with HallStage().open() as stage:
        stage.call("H047", 3, ago_s=60)
        stage.notice("Quầy 3 nghỉ trưa sớm", "Counter 3 closes early")
        page.goto(stage.url("?voice=off"))
        band = page.locator(".h-tick")
        expect(band).to_contain_text("Quầy 3 nghỉ trưa sớm")
        expect(band.locator("use")).to_have_attribute("href", "#bell")
        stage.notice("Mời ra cửa số 2", "Please leave by exit 2", urgent=True)
        expect(band).to_contain_text("Thông báo khẩn")
        expect(band.locator("use")).to_have_attribute("href", "#alert-triangle")
        expect(band.locator("span")).to_have_attribute("lang", "vi")
        stage.notices = []
        stage.push_notices()
        expect(band).not_to_contain_text("Thông báo")
