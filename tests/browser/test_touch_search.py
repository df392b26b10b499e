"""The touch page's search, a procedure, and calling staff, in a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.test_touch_page import LYING, TARGET_PX, number, reopen, tile, walk_to
from tests.browser.touch_stage import UPRIGHT, TouchStage, at, catalogue, offering, upright

pytestmark = pytest.mark.browser
BIRTH = '[data-procedure="1.001193"]'
LONGEST = "a name of over a thousand letters"


@pytest.fixture
def stage() -> Iterator[TouchStage]:
    with TouchStage().open() as stage:
        yield stage


@pytest.fixture
def kiosk(stage: TouchStage, page: Page) -> Iterator[Page]:
    with upright(stage, page, "#search") as shown:
        yield shown


def touch_keys(page: Page, text: str) -> None:
    for letter in text:
        name = "dấu cách" if letter == " " else letter
        page.locator(".kbd").get_by_role("button", name=name, exact=True).click()


def search(page: Page, text: str) -> None:
    page.locator("#search").click()
    page.locator("#query").fill(text)


def test_a_misspelt_word_is_three_touches_from_paper(stage: TouchStage, kiosk: Page) -> None:
    kiosk.locator("#search").click()
    touch_keys(kiosk, "kahi sinh")
    expect(kiosk.locator("#query")).to_have_value("kahi sinh")
    first = kiosk.locator(".results li").first
    expect(first).to_contain_text("Đăng ký khai sinh")
    expect(first.locator("mark")).to_have_text("khai sinh")
    expect(first).to_contain_text("Hộ tịch · chờ khoảng 12 phút · làm ngay tại chỗ")
    expect(kiosk.get_by_role("status")).to_contain_text("khớp với “kahi sinh”")
    first.click()
    expect(kiosk.locator("h1")).to_have_text("Đăng ký khai sinh")
    expect(kiosk.locator(".proc-papers")).to_contain_text("Giấy tờ thường cần")
    expect(kiosk.locator(".proc-papers li").first).to_have_text("Tờ khai đăng ký khai sinh")
    expect(kiosk.locator(".proc-spot")).to_contain_text("ngay tại chỗ")
    kiosk.locator("#take").click()
    expect(number(kiosk)).to_be_visible()
    assert stage.presses == [
        {"service": "ho-tich", "priority": "none", "language": "vi", "procedure": "1.001193"}
    ]
    kiosk.locator("#done").click()
    tile(kiosk, "ho-tich").click()
    expect(number(kiosk)).to_be_visible()
    assert "procedure" not in stage.presses[1], "the next citizen came for something else"


def test_the_keyboard_alone_finds_and_takes(stage: TouchStage, kiosk: Page) -> None:
    walk_to(kiosk, "#search")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("#query")).to_be_focused()
    kiosk.keyboard.type("khai sinh dk")
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator(BIRTH)).to_be_focused()
    kiosk.keyboard.press("Enter")
    expect(kiosk.locator("h1")).to_be_focused()
    walk_to(kiosk, "#take")
    kiosk.keyboard.press("Enter")
    expect(number(kiosk)).to_be_visible()
    assert stage.presses[0]["procedure"] == "1.001193"


def test_back_is_one_step_and_keeps_what_was_typed(kiosk: Page) -> None:
    search(kiosk, "khai sinh")
    kiosk.locator(BIRTH).click()
    kiosk.locator("#done").click()
    expect(kiosk.locator("#query")).to_have_value("khai sinh")
    kiosk.locator("#done").click()
    kiosk.locator("#search").click()
    expect(kiosk.locator("#query")).to_have_value("")
    kiosk.locator(".k-chips button").first.click()
    expect(kiosk.locator(BIRTH)).to_be_visible()


def test_more_results_are_a_touch_away_and_a_new_letter_begins_anew(kiosk: Page) -> None:
    search(kiosk, "khai sinh")
    seen = kiosk.locator(".results button").count()
    kiosk.get_by_role("button", name="Kết quả tiếp theo").click()
    expect(kiosk.locator(BIRTH)).to_have_count(0)
    expect(kiosk.locator(".k-turns")).to_contain_text("2/")
    kiosk.locator("#query").fill("khai sin")
    expect(kiosk.locator(BIRTH)).to_be_visible()
    assert seen == 4


def test_an_offer_on_the_way_keeps_what_one_came_for(stage: TouchStage, kiosk: Page) -> None:
    stage.offer = offering()
    search(kiosk, "tach thua")
    kiosk.locator(".results button").first.click()
    kiosk.locator("#take").click()
    expect(kiosk.locator("h1")).to_contain_text("Ở đây đang đông")
    kiosk.locator("#done").click()
    expect(kiosk.locator("h1")).to_have_text("Tách thửa hoặc hợp thửa đất")
    kiosk.locator("#take").click()
    kiosk.locator("#choose-go_there").click()
    expect(number(kiosk)).to_be_visible()
    assert stage.redirects[0]["procedure"] == "1.012784"


def test_no_match_says_what_to_do(stage: TouchStage, kiosk: Page) -> None:
    search(kiosk, "xyzzy qwq")
    expect(kiosk.locator(".k-none")).to_contain_text("Chưa tìm thấy “xyzzy qwq”")
    expect(kiosk.locator(".k-none")).to_contain_text("Gọi nhân viên")
    check(kiosk, "vi")
    kiosk.get_by_role("button", name="Xem các lĩnh vực").click()
    expect(tile(kiosk, "ho-tich")).to_be_visible()


def test_english_names_are_found_and_papers_stay_vietnamese(kiosk: Page) -> None:
    kiosk.locator('[data-language="en"]').click()
    search(kiosk, "birht registration")
    expect(kiosk.locator(".results li").first).to_contain_text("Birth registration")
    kiosk.locator(BIRTH).click()
    expect(kiosk.locator(".proc-papers ul")).to_have_attribute("lang", "vi")
    expect(kiosk.locator(".proc-papers")).to_contain_text("Papers people usually need")


def test_accents_can_be_set(kiosk: Page) -> None:
    search(kiosk, "ket hon")
    kiosk.get_by_role("button", name="Thêm dấu").click()
    kiosk.get_by_role("button", name="dấu mũ").click()
    expect(kiosk.locator("#query")).to_have_value("ket hôn")
    kiosk.get_by_role("button", name="Xóa một chữ").click()
    expect(kiosk.locator("#query")).to_have_value("ket hô")
    kiosk.get_by_role("button", name="Xóa hết").click()
    expect(kiosk.locator("#query")).to_have_value("")


def test_away_from_the_server_the_search_goes_on(stage: TouchStage, kiosk: Page) -> None:
    stage.offline = True
    kiosk.clock.fast_forward(2500)
    expect(kiosk.locator(".banner")).to_contain_text("mất kết nối")
    search(kiosk, "khai sinh")
    expect(kiosk.locator(".results li").first).not_to_contain_text("phút")
    kiosk.locator(BIRTH).click()
    expect(kiosk.locator(".proc-where")).to_contain_text("Vẫn lấy số được")
    kiosk.locator("#take").click()
    expect(number(kiosk)).to_be_visible()


def test_a_table_that_changes_is_followed(stage: TouchStage, kiosk: Page) -> None:
    search(kiosk, "khai sinh")
    kiosk.locator(BIRTH).click()
    stage.procedures = catalogue("chung-thuc")
    kiosk.clock.fast_forward(2500)
    expect(kiosk.locator(".k-none")).to_contain_text("Chưa tìm thấy")
    stage.procedures = []
    kiosk.clock.fast_forward(2500)
    kiosk.get_by_role("button", name="Xem các lĩnh vực").click()
    expect(kiosk.locator("#search")).to_have_count(0)


def test_a_search_left_behind_is_forgotten(kiosk: Page) -> None:
    search(kiosk, "khai sinh")
    kiosk.clock.fast_forward(31_000)
    expect(kiosk.get_by_role("alertdialog")).to_be_visible()
    kiosk.clock.fast_forward(16_000)
    expect(tile(kiosk, "ho-tich")).to_be_visible()
    kiosk.locator("#search").click()
    expect(kiosk.locator("#query")).to_have_value("")


def test_staff_are_called_once_and_said_to_come(stage: TouchStage, kiosk: Page) -> None:
    kiosk.get_by_role("button", name="Gọi nhân viên").click()
    dialog = kiosk.get_by_role("dialog")
    expect(dialog).to_contain_text("Đã gọi nhân viên")
    check(kiosk, "vi")
    dialog.get_by_role("button", name="Đóng").click()
    expect(kiosk.locator("#call-staff")).to_be_focused()
    expect(kiosk.locator("#call-staff")).to_have_attribute("data-help", "called")
    stage.help = "coming"
    kiosk.clock.fast_forward(2500)
    kiosk.locator("#call-staff").click()
    expect(dialog).to_contain_text("Nhân viên đang đến")
    assert stage.helped == ["call"]
    stage.help = "clear"
    kiosk.clock.fast_forward(2500)
    expect(dialog).to_have_count(0)
    kiosk.locator("#call-staff").click()
    kiosk.get_by_role("button", name="Tôi không cần nữa").click()
    expect(kiosk.locator("#call-staff")).to_have_attribute("data-help", "clear")
    assert stage.helped == ["call", "call", "clear"]


def test_where_nobody_can_be_called_the_desk_is_named(stage: TouchStage, kiosk: Page) -> None:
    stage.help_works = False
    kiosk.locator("#call-staff").click()
    expect(kiosk.get_by_role("dialog")).to_contain_text("Mời đến quầy hướng dẫn")
    check(kiosk, "vi")
    kiosk.keyboard.press("Escape")
    expect(kiosk.locator("#call-staff")).to_contain_text("Gọi nhân viên")


def test_lunch_within_a_wait_is_said(stage: TouchStage, page: Page) -> None:
    stage.clock, stage.closes_at, stage.resumes_at = at("11:00"), at("11:30"), at("13:30")
    stage.anywhere = False
    page.set_viewport_size(UPRIGHT)
    reopen(page, stage)
    said = page.locator(".k-pause")
    expect(said).to_have_text("Thời gian chờ không kể giờ nghỉ trưa, đến 13:30.")
    search(page, "khai sinh")
    page.locator(BIRTH).click()
    expect(page.locator(".proc-where")).not_to_contain_text("nghỉ trưa")  # 12 minutes end before
    page.locator("#take").click()
    expect(page.locator(".slip-facts")).not_to_contain_text("trừ giờ trưa")
    stage.clock = at("11:25")
    reopen(page, stage)
    tile(page, "ho-tich").click()
    page.get_by_role("button", name="Vẫn lấy số").or_(number(page)).first.wait_for()
    expect(page.locator(".slip-facts")).to_contain_text("Chờ, trừ giờ trưa")


def test_before_the_doors_open_waits_count_from_then(stage: TouchStage, page: Page) -> None:
    stage.clock, stage.resumes_at = at("07:10"), at("07:30")
    stage.opened = False
    reopen(page, stage)
    expect(page.locator(".k-pause")).to_have_text("Thời gian chờ tính từ lúc mở cửa, 07:30.")


def test_a_paused_service_gives_numbers_and_says_so(stage: TouchStage, kiosk: Page) -> None:
    stage.paused = {"ho-tich"}
    kiosk.clock.fast_forward(2500)
    expect(tile(kiosk, "ho-tich")).to_contain_text("Chưa mở quầy")
    search(kiosk, "khai sinh")
    kiosk.locator(BIRTH).click()
    expect(kiosk.locator(".proc-where")).to_contain_text("số được gọi khi quầy mở")
    kiosk.locator("#take").click()
    expect(kiosk.locator(".slip-facts")).to_contain_text("Chưa mở quầy")
    check(kiosk, "vi")


def test_little_paper_is_said_before_it_is_out(stage: TouchStage, kiosk: Page) -> None:
    stage.paper, stage.printer = "low", "warn"
    kiosk.clock.fast_forward(2500)
    expect(kiosk.locator(".banner")).to_contain_text("Máy sắp hết giấy.")


def test_the_centres_own_logo_leads(page: Page, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30"/>')
    with TouchStage(logo=logo).open() as stage:
        reopen(page, stage)
        wide = page.locator(".k-logo").evaluate(
            "async one => (await one.decode(), one.naturalWidth)"
        )
        assert wide == 90
        expect(page.locator(".k-brand .mark")).to_have_count(0)


STATES = {
    "empty": lambda page: page.locator("#search").click(),
    "found": lambda page: search(page, "đăng ký"),
    "none": lambda page: search(page, "xyzzy qwq"),
    "accents": lambda page: (search(page, "khai sinh"), page.locator(".kbd .kw").last.click()),
    "procedure": lambda page: (search(page, "khai sinh"), page.locator(BIRTH).click()),
    "long": lambda page: (search(page, LONGEST), page.locator(".results button").first.click()),
    "help": lambda page: page.locator("#call-staff").click(),
}


@pytest.mark.parametrize(
    ("mode", "language"),
    [
        ("low", "en"),
        *(
            pytest.param(mode, language, marks=pytest.mark.full)
            for mode, language in (
                ("plain", "vi"),
                ("plain", "en"),
                ("large", "vi"),
                ("large", "en"),
                ("low", "vi"),
                ("lying", "vi"),
                ("lying", "en"),
                ("lying large", "vi"),
                ("lying large", "en"),
            )
        ),
    ],
)
def test_every_state_fits_and_is_easy_to_hit(page: Page, mode: str, language: str) -> None:
    faults = fails(page)
    with TouchStage().open() as stage:
        longest = max(catalogue(), key=lambda row: len(row["name"]["vi"]))
        papers = max((row["papers"] for row in catalogue()), key=lambda all_: sum(map(len, all_)))
        names = {"vi": longest["name"]["vi"] + LONGEST, "en": longest["name"]["en"] + LONGEST}
        stage.procedures.append(longest | {"service": "ho-tich", "papers": papers, "name": names})
        page.set_viewport_size(LYING if "lying" in mode else UPRIGHT)
        for name, go in STATES.items():
            reopen(page, stage)
            stage.help = "clear"
            page.locator(f'[data-language="{language}"]').click()
            if "large" in mode:
                page.locator(".k-tool").first.click()
            if mode == "low":
                page.locator(".k-tool-low").click()
            go(page)
            check(page, language)
            assert targets(page, TARGET_PX) == [], name
            assert outside(page) == [], name
    assert faults == []


def outside(page: Page) -> list[str]:
    """What is cut by the screen or by the box it stands in."""
    return page.evaluate(
        """() => {
          const faults = [];
          const frame = document.querySelector(".k-frame").getBoundingClientRect();
          for (const one of document.querySelectorAll(".k-main *, .k-tools *, .dialog *")) {
            const box = one.getBoundingClientRect();
            const out = Math.max(box.right - frame.right, box.bottom - frame.bottom, -box.left) > 1;
            const seen = one.checkVisibility() && box.width > 1;
            if (out && seen && !one.closest(".proc-read, .sr, h1"))
              faults.push("screen: " + one.outerHTML.slice(0, 80));
          }
          for (const one of document.querySelectorAll(
            ".results button, .kbd button, .k-tool, .k-find-l, .k-main, .proc-act .btn, .k-count"))
            if (one.checkVisibility() && (one.scrollHeight > one.clientHeight + 2
                || one.scrollWidth > one.clientWidth + 2))
              faults.push("cut: " + one.className + " " + one.innerText.slice(0, 60));
          return faults;
        }"""
    )
