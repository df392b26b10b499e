"""What a centre is, changed by people who are tired, in a hurry, or two at once."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from server.config import ServerConfig
from server.parts import make_data_dir, make_secret_key, open_parts
from server.storage.migrate import migrate
from tests.browser.accessible import check, fails, targets
from tests.browser.real_lobby import CENTRE, PASSWORD, RealLobby

pytestmark = pytest.mark.browser
SIZES = ((1440, 900), (720, 450), (320, 640))  # 720 × 450 is 1440 × 900 at 200 %

HEADER = "code;name_vi;name_en;field_vi;level;on_the_spot;documents_vi;service\r\n"
FAULTY = HEADER + (
    "1,001;Khai sinh;;;Xã;TRUE;Tờ khai;ho-tich\r\n"
    "1.002;<b>Kết hôn</b>;;;huyện;;;Đất đai\r\n"
    "1.003;;;;;;;chung-thuc\r\n"
)
RIGHT = FAULTY.replace("1,001", "1.001").replace("huyện", "both").replace("1.003;;", "1.003;Sao y;")


def fit(page: Page, language: str = "vi") -> None:
    """The page as it stands is fit for everybody, on wide screens, zoomed in, and narrow."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert targets(page, 44) == []
    check(page, language)
    page.set_viewport_size({"width": 1440, "height": 900})


def opened(lobby: RealLobby, page: Page, name: str, where: str) -> Page:
    """Sign in and open a page of administration."""
    page.set_viewport_size({"width": 1440, "height": 900})
    page.emulate_media(reduced_motion="reduce")  # colours are judged as they come to rest
    lobby.sign_in(page, name)
    page.goto(f"{lobby.address}/admin#/{where}")
    expect(page.locator("form.panel, .list").first).to_be_visible()
    return page


@pytest.fixture
def second(browser: Browser) -> Iterator[Page]:
    """Somebody else's browser."""
    context = browser.new_context(locale="vi-VN")
    yield context.new_page()
    context.close()


def go(page: Page, where: str) -> None:
    page.locator(f'nav a[href="#/{where}"]').click()
    expect(page.locator(f'nav a[href="#/{where}"]')).to_have_attribute("aria-current", "page")
    expect(page.locator("[aria-busy=true]")).to_have_count(0)


def save(page: Page, text: str = "Đã lưu") -> None:
    page.locator("[data-save]").click()
    expect(page.locator(".adm-said")).to_contain_text(text)


def stored(lobby: RealLobby) -> dict[str, Any]:
    status, view = lobby.ask("GET", f"/centres/{CENTRE}/configuration")
    assert status == 200
    found: dict[str, Any] = view["configuration"]
    return found


def test_a_service_is_changed_and_nobody_is_overwritten(
    real_lobby: RealLobby, page: Page, second: Page
) -> None:
    faults = fails(page)
    opened(real_lobby, page, "admin", "services/ho-tich")
    opened(real_lobby, second, "manager", "services/ho-tich")
    fit(page)

    target = page.locator("#f-target_wait_min")
    target.fill("mười")
    page.locator("#f-prefix").fill("a")
    expect(page.locator(".form-act")).to_contain_text("2 mục chưa lưu")
    target.press("Enter")
    expect(target).to_be_focused()
    expect(target).to_have_attribute("aria-invalid", "true")
    target.fill("12,5")
    target.press("Enter")
    expect(page.locator("#f-prefix-wrong")).to_contain_text("chưa lĩnh vực nào dùng")
    expect(page.locator("#f-prefix")).to_be_focused()
    fit(page)
    page.locator("#f-prefix").fill("T")
    page.locator("#f-vi").fill(" Hô\u0323\u00a0ti\u0323ch <i>")
    save(page)
    expect(page.locator("main h1")).to_have_text("Hộ tịch <i>")
    expect(page.locator(".con-later")).to_contain_text("Hôm nay vẫn là H")
    fit(page)
    assert stored(real_lobby)["service"][0]["target_wait_min"] == 12.5

    second.locator("#f-typical_service_min").fill("9")
    second.locator("[data-save]").click()
    expect(second.locator(".banner-alert")).to_contain_text("admin đã lưu thay đổi khác lúc")
    expect(second.locator("#f-typical_service_min")).to_have_value("9")
    fit(second)
    second.locator(".banner [data-reload]").click()
    expect(second.locator("#f-target_wait_min")).to_have_value("12,5")
    second.locator("#f-typical_service_min").fill("9")
    save(second)
    second.locator('[data-language="en"]').click()
    fit(second, "en")
    assert faults == []


def test_a_counter_is_given_work_by_keyboard_and_goes_only_once_it_is_closed(
    real_lobby: RealLobby, page: Page
) -> None:
    faults = fails(page)
    opened(real_lobby, page, "manager", "counters/q6")
    work = page.locator("[data-picks=services] input")
    expect(work.nth(2)).not_to_be_checked()
    work.nth(2).focus()
    page.keyboard.press("Space")
    page.locator("#f-vi").fill("Quầy sáu")
    save(page)
    fit(page)
    assert stored(real_lobby)["counter"][5]["services"] == ["ho-tich", "chung-thuc", "dat-dai"]

    real_lobby.at_counter("q6", "open")
    page.locator("[data-retire]").press("Enter")
    page.locator("[data-answer=yes]").press("Enter")
    expect(page.locator("dialog h2")).to_have_text("Chưa ngừng được “Quầy sáu”")
    expect(page.locator("dialog")).to_contain_text("đang mở. Đóng quầy trước")
    check(page, "vi")
    page.keyboard.press("Escape")
    real_lobby.at_counter("q6", "close")
    page.locator("[data-retire]").click()
    page.locator("[data-answer=yes]").click()
    expect(page.locator(".adm-said")).to_contain_text("Đã ngừng dùng “Quầy sáu”.")
    assert [one["id"] for one in stored(real_lobby)["counter"]] == ["q1", "q2", "q3", "q4", "q5"]
    fit(page)

    page.locator("[data-add]").click()
    expect(page.locator("#f-number")).to_have_value("6")
    page.locator("#f-number").fill("5")
    page.locator("[data-save]").click()
    expect(page.locator("#f-services-wrong")).to_contain_text("ít nhất một lĩnh vực")
    page.locator("[data-picks=services] input").first.check()
    page.locator("[data-save]").click()
    expect(page.locator("#f-number-wrong")).to_contain_text("mỗi quầy một số")
    page.locator("#f-number").fill("16")
    save(page, "Đã thêm quầy")
    expect(page.locator("tbody tr")).to_have_count(6)
    assert faults == []


def test_hours_calls_and_zones_say_what_is_right(real_lobby: RealLobby, page: Page) -> None:
    faults = fails(page)
    opened(real_lobby, page, "manager", "zones/a")
    expect(page.locator("[data-retire]")).to_be_disabled()
    fit(page)

    go(page, "hours")
    page.locator("[data-add-row=hours]").click()
    page.locator("[data-add-row=hours]").click()
    second_row = page.locator("[data-rows=hours] li").nth(1)
    second_row.get_by_label("Mở").fill("13:30")
    page.locator("[data-save]").click()
    wrong = page.locator("[data-rows=hours] .wrong")
    expect(wrong).to_contain_text("Dòng 2: Giờ viết như 11:30, sau giờ mở")
    fit(page)
    second_row.get_by_label("Đóng").fill("17h")
    second_row.get_by_label("Thứ Sáu").click()
    page.locator("[data-add-row=closed_dates]").click()
    page.locator("[data-rows=closed_dates] input").fill("2027-02-05")
    expect(page.locator("[data-rows=closed_dates]")).to_contain_text("Thứ Sáu")
    page.locator("[data-save]").click()
    expect(wrong).to_contain_text("Dòng 2")
    second_row.get_by_label("Đóng").fill("17h00")
    save(page)
    head = stored(real_lobby)["centre"]
    assert head["hours"] == [
        {"days": "mon-fri", "open": "07:30", "close": "11:30"},
        {"days": "mon-thu", "open": "13:30", "close": "17:00"},
    ]
    assert head["closed_dates"] == ["2027-02-05"]

    go(page, "calls")
    page.locator("#f-undo_s").fill("61")
    page.locator("[data-add-row=priority]").click()
    page.locator("[data-save]").click()
    expect(page.locator("#f-undo_s-wrong")).to_have_text("Từ 0 đến 60 giây.")
    fit(page)
    page.locator("#f-undo_s").fill("20")
    save(page)
    assert stored(real_lobby)["policy"]["undo_s"] == 20

    go(page, "centre")
    page.locator("#f-lat").fill("91")
    page.locator("[data-save]").click()
    expect(page.locator("#f-lat-wrong")).to_be_visible()
    fit(page)
    page.locator("#f-lat").fill("10,98")
    page.locator("#f-en").fill("Lái Thiêu")
    save(page)
    assert faults == []


def choose(page: Page, text: str) -> None:
    file = {"name": "thu-tuc.csv", "mimeType": "text/csv", "buffer": text.encode("utf-8-sig")}
    page.locator("input[type=file]").set_input_files([file])  # type: ignore[list-item]


def test_a_table_with_three_faults_is_put_right_and_taken(
    real_lobby: RealLobby, page: Page
) -> None:
    faults = fails(page)
    opened(real_lobby, page, "manager", "services")
    go(page, "procedures")
    page.locator("[data-import]").press("Enter")
    choose(page, FAULTY)
    listed = page.locator("[data-faults] tbody tr")
    expect(listed).to_have_count(3)
    expect(page.locator("#found")).to_be_focused()
    assert [row.split("\t")[:3] for row in listed.all_inner_texts()] == [
        ["2", "code", "1,001"],
        ["3", "level", "huyện"],
        ["4", "name_vi", "–"],
    ]
    expect(listed.first).to_contain_text("1.001")
    fit(page)
    page.locator('[data-language="en"]').click()
    expect(listed.nth(1)).to_contain_text("Level is none of commune, province, both.")
    fit(page, "en")
    page.locator('[data-language="vi"]').click()

    choose(page, RIGHT)
    expect(page.locator("[data-sum=new] dd")).to_have_text("3")
    expect(page.locator("[data-take]")).to_be_enabled()
    fit(page)
    page.locator("[data-take]").press("Enter")
    expect(page.locator(".adm-said")).to_contain_text("Đã nhập bảng: 3 thủ tục.")
    fit(page)
    page.locator("tbody a", has_text="<b>Kết hôn</b>").click()
    page.locator("#f-papers").fill("Tờ khai\nCăn cước ")
    page.locator("[name=accepting]").uncheck()
    save(page)
    fit(page)
    _, table = real_lobby.ask("GET", f"/centres/{CENTRE}/procedures", "kiosk")
    assert [one["code"] for one in table["procedures"]] == ["1.001", "1.003"]

    with page.expect_download() as download:
        page.goto(f"{real_lobby.address}/admin#/procedures")
        page.locator("[data-export]").click()
    exported = download.value.path().read_text("utf-8")
    assert "Tờ khai; Căn cước,dat-dai,false" in exported
    _, audit = real_lobby.ask("GET", f"/centres/{CENTRE}/audit")
    assert "procedures_imported" in json.dumps(audit)
    go(page, "audit")
    expect(page.locator("tbody")).to_contain_text("Đổi thủ tục 1.002")
    assert faults == []


class BareLobby(RealLobby):
    """A server that has its first account, and no centre yet."""

    def _furnish(self, config: ServerConfig, counters: int) -> None:
        make_data_dir(config)
        make_secret_key(config)
        migrate(config.database_url)
        parts = open_parts(config)
        parts.access.create_user("admin", "admin", None, PASSWORD)
        parts.close()


@pytest.mark.full
def test_the_first_centre_is_made_by_page(
    tmp_path: Path, free_port: Callable[[], int], page: Page
) -> None:
    lobby = BareLobby(tmp_path, free_port())
    try:
        faults = fails(page)
        lobby.sign_in(page, "admin")
        page.goto(f"{lobby.address}/admin#/centre")
        first = {"vi": "Phường Mới", "en": "New ward", "service_vi": "Hộ tịch", "prefix": "z"}
        for name, text in first.items():
            page.locator(f"#f-{name}").fill(text)
        page.locator("[data-save]").click()
        expect(page.locator("#f-service_en")).to_have_attribute("aria-invalid", "true")
        page.locator("#f-service_en").fill("Civil status")
        page.locator("[data-save]").click()
        expect(page.locator("#f-prefix-wrong")).to_contain_text("từ A đến Y")
        page.locator("#f-prefix").fill("h")
        page.locator("[data-save]").click()
        expect(page.locator('nav a[href="#/counters"]')).to_be_visible()
        go(page, "services")
        expect(page.locator("tbody")).to_contain_text("Hộ tịch")
        assert faults == []
    finally:
        lobby.stop()
