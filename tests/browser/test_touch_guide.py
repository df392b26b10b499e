"""Spoken guidance in a real Chromium: four keys and the voice are enough for every screen."""

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from edge.speech import Speech
from tests.browser.accessible import check, fails, targets
from tests.browser.guide_stage import GuideStage
from tests.browser.touch_stage import UPRIGHT, at, offering

pytestmark = pytest.mark.browser
LYING = {"width": 1920, "height": 1080}


@pytest.fixture
def stage() -> Iterator[GuideStage]:
    with GuideStage().open() as stage:
        yield stage


@pytest.fixture
def pad(stage: GuideStage, page: Page) -> Iterator[Page]:
    """The page on an upright panel; from here on only the pad's keys are pressed."""
    faults = fails(page)
    page.set_viewport_size(UPRIGHT)
    page.goto(stage.address)
    expect(page.locator(".tile").first).to_be_visible()
    yield page
    assert faults == []


def said(page: Page, stage: GuideStage, words: str, language: str = "vi") -> None:
    """Wait until the voice has said this."""
    for _ in range(80):
        if words in stage.heard(language):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"never said: {words!r}; but {stage.said}")


def press(page: Page, stage: GuideStage, key: str, words: str, language: str = "vi") -> None:
    stage.forget()
    page.keyboard.press(key)
    said(page, stage, words, language)


def walk_to(page: Page, stage: GuideStage, key: str, words: str, language: str = "vi") -> None:
    """Step on until the voice says this."""
    for _ in range(25):
        stage.forget()
        page.keyboard.press(key)
        page.wait_for_timeout(120)
        if words in stage.heard(language):
            return
    pytest.fail(f"never reached {words!r}")


def start(page: Page, stage: GuideStage) -> None:
    press(page, stage, "ArrowDown", "Trên trang này có 6 lĩnh vực")


def test_a_number_by_ear_in_vietnamese(stage: GuideStage, pad: Page) -> None:
    start(pad, stage)
    assert "Bấm phím xuống để đến mục kế tiếp, phím lên" in stage.heard()
    assert "For English, press the up key once" in stage.heard("en")
    expect(pad.locator("h1")).to_be_focused()
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch. Chờ khoảng 12 phút. 4 người đang chờ. Bấm phím chọn")
    expect(pad.locator('[data-service="ho-tich"]')).to_be_focused()
    check(pad, "vi")
    press(pad, stage, "ArrowDown", "Chứng thực.")
    press(pad, stage, "ArrowUp", "Hộ tịch.")
    press(pad, stage, "Enter", "Số của quý khách là H047. Xin nhắc lại: H047.")
    said(
        pad, stage, "Quầy 3 hoặc 4. Khu A. Trước quý khách còn 4 người. Chờ khoảng 10 đến 15 phút."
    )
    said(pad, stage, "Mời nhận phiếu ở khe bên dưới.")
    check(pad, "vi")
    press(pad, stage, "F1", "Số của quý khách là H047.")
    press(pad, stage, "ArrowDown", "Xong.")
    press(pad, stage, "Enter", "Đã trở về trang đầu.")
    assert stage.presses == [{"service": "ho-tich", "priority": "none", "language": "vi"}]


@pytest.mark.full
def test_a_number_by_ear_in_english(stage: GuideStage, pad: Page) -> None:
    start(pad, stage)
    press(pad, stage, "ArrowUp", "English. Press the choose key for English.", "en")
    press(pad, stage, "Enter", "Services on this page, 6: Civil status", "en")
    assert "Press the down key for the next item" in stage.heard("en")
    press(pad, stage, "ArrowDown", "Search a procedure.", "en")
    press(pad, stage, "ArrowDown", "Civil status. About 12 min. 4 people are waiting.", "en")
    press(pad, stage, "Enter", "Your number is H047. Once more: H047.", "en")
    said(pad, stage, "Counter 3 or 4. Zone A. There are 4 people ahead of you.", "en")
    said(pad, stage, "Please take your ticket from the slot below.", "en")
    assert stage.heard("vi") == ""
    assert stage.presses[0]["language"] == "en"


def test_priority_by_ear(stage: GuideStage, pad: Page) -> None:
    start(pad, stage)
    walk_to(pad, stage, "ArrowDown", "Ưu tiên và giúp đỡ: Chọn.")
    press(pad, stage, "Enter", "Có 5 nhóm.")
    said(pad, stage, "Người cao tuổi.")
    press(pad, stage, "ArrowDown", "Người khuyết tật.")
    press(pad, stage, "Enter", "Đã chọn ưu tiên: Người khuyết tật.")
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch.")
    press(pad, stage, "Enter", "Số của quý khách là H047.")
    said(pad, stage, "Người khuyết tật.")
    assert stage.presses[0]["priority"] == "disabled"


def test_all_services_are_reached_and_the_round_is_told(page: Page) -> None:
    with GuideStage(services=8).open() as stage:
        page.goto(stage.address)
        expect(page.locator(".tile").first).to_be_visible()
        start(page, stage)
        walk_to(page, stage, "ArrowDown", "Xem 2 lĩnh vực khác, Đăng ký doanh nghiệp, Xây dựng.")
        press(page, stage, "Enter", "Trang 2 trên 2. Trên trang này có 2 lĩnh vực")
        walk_to(page, stage, "ArrowDown", "Đăng ký doanh nghiệp, đầu tư.")
        walk_to(page, stage, "ArrowDown", "Hết trang, trở lại từ đầu.")
        said(page, stage, "Hết trang, trở lại từ đầu. Tiếng Việt. Đang dùng.")


@pytest.mark.full
def test_the_next_key_silences_the_voice(page: Page) -> None:
    with GuideStage(tone_ms=700).open() as stage:
        page.goto(stage.address)
        expect(page.locator(".tile").first).to_be_visible()
        press(page, stage, "ArrowDown", "Máy lấy số.")
        press(page, stage, "ArrowDown", "Tìm thủ tục")
        press(page, stage, "ArrowDown", "Hộ tịch.")
        page.wait_for_timeout(1200)
        assert "Đã bật đọc to" not in stage.heard()
        assert "For English" not in stage.heard("en")
        assert stage.heard().startswith("Hộ tịch. Chờ khoảng 12 phút.")


def test_a_real_voice_is_played_to_its_end(stage: GuideStage, pad: Page) -> None:
    stage.voice = Speech()
    begun = time.monotonic()
    press(pad, stage, "ArrowDown", "For English", "en")
    assert time.monotonic() - begun > 2, "two sentences take their time"
    assert stage.said[:2] == [("vi", "Máy lấy số."), ("vi", "Đã bật đọc to.")]


def test_both_ways_of_an_offer_are_told_with_their_totals(stage: GuideStage, pad: Page) -> None:
    stage.offer = offering()
    start(pad, stage)
    walk_to(pad, stage, "ArrowDown", "Đất đai.")
    press(pad, stage, "Enter", "Lựa chọn 1: Chi nhánh Thuận An. Tổng khoảng 13 phút")
    said(pad, stage, "Lựa chọn 2: Ở lại đây. Chờ khoảng 45 phút.")
    press(pad, stage, "ArrowDown", "Đến Thuận An, giữ số ngay. Tổng khoảng 13 phút")
    press(pad, stage, "ArrowDown", "Ở lại, lấy số tại đây. Chờ khoảng 45 phút.")
    press(pad, stage, "ArrowUp", "Đến Thuận An")
    press(pad, stage, "Enter", "Số của quý khách là A012.")
    said(pad, stage, "Số này dùng tại Chi nhánh Thuận An. Mời quý khách mang phiếu theo.")
    said(pad, stage, "Mời đến trước 10:21. Được gọi từ 09:51.")
    check(pad, "vi")


@pytest.mark.full
def test_a_late_number_is_told_with_what_happens(stage: GuideStage, pad: Page) -> None:
    stage.offer = offering(fits=False, offers=False)
    start(pad, stage)
    walk_to(pad, stage, "ArrowDown", "Đất đai.")
    press(pad, stage, "Enter", "Hôm nay có thể không kịp.")
    said(pad, stage, "17:00")
    press(pad, stage, "ArrowDown", "Vẫn lấy số tại đây.")


@pytest.mark.full
def test_paper_that_runs_out_is_told_after_the_number(stage: GuideStage, pad: Page) -> None:
    stage.outcomes = ["printing", "failed"]
    stage.message = {"vi": "Máy đã hết giấy, số vẫn có hiệu lực. Vui lòng nhớ số.", "en": "…"}
    stage.paper, stage.printer = "out", "error"
    start(pad, stage)
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch.")
    press(pad, stage, "Enter", "Máy đã hết giấy, số vẫn có hiệu lực. Vui lòng nhớ số.")
    said(pad, stage, "Số của quý khách là H047.")
    press(pad, stage, "F1", "Số của quý khách là H047.")
    said(pad, stage, "Máy đã hết giấy")
    assert "Mời nhận phiếu" not in stage.heard()


@pytest.mark.full
def test_a_lost_connection_is_news(stage: GuideStage, pad: Page) -> None:
    start(pad, stage)
    stage.forget()
    stage.offline = True
    said(pad, stage, "Máy đang mất kết nối mạng.")
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch. Vẫn lấy số được.")
    press(pad, stage, "Enter", "Số của quý khách là H047.")
    said(pad, stage, "Thời gian chờ tạm thời chưa có.")


def test_a_closed_house_is_told(stage: GuideStage, page: Page) -> None:
    stage.tickets, stage.clock, stage.opens_at = False, at("11:45"), at("13:30")
    page.goto(stage.address)
    expect(page.locator("h1")).to_have_text("Nghỉ trưa đến 13:30")
    press(page, stage, "ArrowDown", "Nghỉ trưa đến 13:30")
    said(page, stage, "quầy hướng dẫn")
    press(page, stage, "ArrowUp", "English.", "en")


@pytest.mark.full
def test_a_refusal_is_told_and_leads_back(stage: GuideStage, pad: Page) -> None:
    stage.refusal = (409, {"code": "day_full"}, {})
    start(pad, stage)
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch.")
    press(pad, stage, "Enter", "Hộ tịch đã hết lượt hôm nay")
    press(pad, stage, "ArrowDown", "Quay lại.")
    press(pad, stage, "Enter", "Trên trang này có 6 lĩnh vực")


@pytest.mark.full
def test_a_slow_number_is_said_to_be_on_its_way(stage: GuideStage, pad: Page) -> None:
    start(pad, stage)
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch.")
    stage.hold.clear()
    press(pad, stage, "Enter", "Đang lấy số")
    stage.hold.set()
    said(pad, stage, "Số của quý khách là H047.")


def test_who_listens_has_more_time(stage: GuideStage, page: Page) -> None:
    page.clock.install()
    page.goto(stage.address)
    expect(page.locator(".tile").first).to_be_visible()
    start(page, stage)
    page.wait_for_timeout(300)
    page.clock.fast_forward(31_000)
    said(page, stage, "Còn 30 giây, rồi màn hình trở về trang đầu. Bấm phím chọn")
    said(page, stage, "Có, tôi cần thêm thời gian.")
    page.clock.fast_forward(20_000)
    check(page, "vi")
    press(page, stage, "Enter", "Quý khách cần làm thủ tục gì?")
    expect(page.get_by_role("alertdialog")).to_have_count(0)
    page.clock.fast_forward(31_000)
    expect(page.get_by_role("alertdialog")).to_be_visible()
    stage.forget()
    page.clock.fast_forward(31_000)
    said(page, stage, "Đã trở về trang đầu.")
    expect(page.get_by_role("button", name="Đọc to")).to_have_attribute("aria-pressed", "false")


@pytest.mark.full
def test_an_issued_number_stays_for_who_listens(stage: GuideStage, page: Page) -> None:
    page.clock.install()
    page.goto(stage.address)
    expect(page.locator(".tile").first).to_be_visible()
    start(page, stage)
    press(page, stage, "ArrowDown", "Tìm thủ tục")
    press(page, stage, "ArrowDown", "Hộ tịch.")
    press(page, stage, "Enter", "Mời nhận phiếu")
    page.clock.fast_forward(50_000)
    press(page, stage, "F1", "Số của quý khách là H047.")
    page.clock.fast_forward(50_000)
    expect(page.locator("[data-number]")).to_be_visible()
    page.clock.fast_forward(20_000)
    expect(page.locator(".tile").first).to_be_visible()


def test_help_twice_explains_the_keys_and_held_calls_staff(stage: GuideStage, pad: Page) -> None:
    start(pad, stage)
    press(pad, stage, "ArrowDown", "Tìm thủ tục")
    press(pad, stage, "ArrowDown", "Hộ tịch.")
    press(pad, stage, "F1", "Hộ tịch. Chờ khoảng 12 phút.")
    press(pad, stage, "F1", "giữ một giây để gọi nhân viên")
    assert stage.helped == 0
    hold(pad, stage, "Đã báo nhân viên.")
    assert stage.helped == 1
    stage.staffed = False
    hold(pad, stage, "Chưa báo được nhân viên.")


def hold(page: Page, stage: GuideStage, words: str) -> None:
    stage.forget()
    page.keyboard.down("F1")
    page.wait_for_timeout(1200)
    page.keyboard.up("F1")
    said(page, stage, words)


def test_louder_and_softer(stage: GuideStage, pad: Page) -> None:
    pad.keyboard.press("F2")
    assert stage.said == []
    start(pad, stage)
    press(pad, stage, "F2", "Âm lượng lớn.")
    press(pad, stage, "F2", "Âm lượng nhỏ.")
    press(pad, stage, "F2", "Âm lượng vừa.")


@pytest.mark.full
def test_the_keys_are_those_of_the_configuration(stage: GuideStage, page: Page) -> None:
    stage.keys |= {"previous": "ArrowLeft", "next": "F8", "choose": "F9", "repeat": "F10"}
    page.goto(stage.address)
    expect(page.locator(".tile").first).to_be_visible()
    press(page, stage, "F8", "Bấm phím kế tiếp để đến mục kế tiếp, phím trái để về mục trước")
    press(page, stage, "F8", "Tìm thủ tục")
    press(page, stage, "F8", "Hộ tịch.")
    press(page, stage, "F9", "Số của quý khách là H047.")


def test_without_a_voice_the_pad_still_chooses(page: Page) -> None:
    with GuideStage(speech=False).open() as stage:
        page.goto(stage.address)
        expect(page.locator(".tile").first).to_be_visible()
        expect(page.get_by_role("button", name="Đọc to")).to_have_count(0)
        for _ in range(4):  # to begin, then past the search and the first service
            page.keyboard.press("ArrowDown")
        expect(page.locator('[data-service="chung-thuc"]')).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("[data-number]")).to_have_text("H047")
        assert stage.said == []


def test_read_aloud_on_the_screen_turns_it_on_and_off(stage: GuideStage, pad: Page) -> None:
    tool = pad.get_by_role("button", name="Đọc to")
    tool.click()
    said(pad, stage, "Trên trang này có 6 lĩnh vực")
    expect(tool).to_have_attribute("aria-pressed", "true")
    stage.forget()
    tool.click()
    expect(tool).to_have_attribute("aria-pressed", "false")
    pad.wait_for_timeout(300)
    assert stage.said == []


@pytest.mark.full
def test_a_barcode_readers_enter_starts_nothing(stage: GuideStage, pad: Page) -> None:
    pad.keyboard.type("HTTPX12")
    pad.keyboard.press("Enter")
    pad.wait_for_timeout(500)
    assert stage.said == []
    press(pad, stage, "Enter", "Máy lấy số.")


@pytest.mark.parametrize("size", [UPRIGHT, LYING], ids=["upright", "lying"])
def test_guided_pages_fit_and_show_the_focus(
    stage: GuideStage, page: Page, size: dict[str, int]
) -> None:
    page.set_viewport_size(size)
    page.goto(stage.address)
    expect(page.locator(".tile").first).to_be_visible()
    start(page, stage)
    press(page, stage, "ArrowDown", "Tìm thủ tục")
    press(page, stage, "ArrowDown", "Hộ tịch.")
    ring = page.locator('[data-service="ho-tich"]').evaluate("one => getComputedStyle(one).outline")
    assert "solid" in ring
    assert targets(page, 88) == []
    check(page, "vi")


@pytest.fixture
def pieces(stage: GuideStage, page: Page) -> Callable[[str], list[str]]:
    """The sentences that a text is said in."""
    page.goto(stage.address)

    def cut(text: str) -> list[str]:
        found: list[str] = page.evaluate(
            """async text => (await import("/touch/spoken.js"))
              .pieces([{text, language: "vi"}]).map(piece => piece.text)""",
            text,
        )
        return found

    return cut


def test_texts_are_said_sentence_by_sentence(pieces: Callable[[str], list[str]]) -> None:
    assert pieces("Một. Hai? Ba, bốn!") == ["Một.", "Hai?", "Ba, bốn!"]
    assert pieces("cách 3.2 km. TP. Thuận An") == ["cách 3.2 km.", "TP. Thuận An"]
    assert pieces(" · … ") == []
    long = pieces("Trung tâm, " * 60)
    assert all(len(piece) <= 300 for piece in long)
    assert "".join(long).replace(" ", "") == "Trungtâm," * 60
    assert all(len(piece) <= 300 for piece in pieces("x" * 1000))
