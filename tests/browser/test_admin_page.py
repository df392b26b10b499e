"""Administration by people: staff, devices and the log, against a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.real_lobby import CENTRE, PASSWORD, RealLobby
from tests.realtime.conftest import Client

pytestmark = pytest.mark.browser
NEW = "mot mat khau khac"
SIZES = ((1440, 900), (720, 450), (320, 640))  # 720 × 450 is 1440 × 900 at 200 %


@pytest.fixture
def admin(real_lobby: RealLobby, page: Page) -> Iterator[Page]:
    """The province's admin, on the list of staff; no script may complain."""
    faults = fails(page)
    page.set_viewport_size({"width": 1440, "height": 900})
    real_lobby.sign_in(page, "admin")
    page.goto("about:blank")  # a page that is opened anew, not one that went on
    page.goto(f"{real_lobby.address}/admin#/users")
    expect(page.locator("main h1")).to_have_text("Cán bộ")
    yield page
    assert faults == []


def fit(page: Page, language: str = "vi") -> None:
    """The page as it stands is fit for everybody, on wide screens, zoomed in, and narrow."""
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), width
        assert targets(page, 44) == []
    check(page, language)
    page.set_viewport_size({"width": 1440, "height": 900})


def rows(page: Page) -> list[str]:
    return [text.split("(")[0].strip() for text in page.locator("tbody th").all_inner_texts()]


def said(page: Page, text: str) -> None:
    expect(page.locator(".adm-said")).to_contain_text(text)
    expect(page.locator("#said")).to_contain_text(text)


def test_an_account_is_made_by_keyboard_and_used(
    real_lobby: RealLobby, admin: Page, browser: Browser
) -> None:
    fit(admin)
    admin.keyboard.press("Tab")
    expect(admin.locator(".adm-skip")).to_be_focused()
    admin.locator("[data-add]").press("Enter")
    expect(admin.locator("main h1")).to_be_focused()
    admin.locator("#f-name").fill("hạnh nt")
    admin.locator("#f-password").fill("ngan")
    admin.locator("#f-password").press("Enter")
    name = admin.locator("#f-name")
    expect(name).to_be_focused()
    for field in ("f-name", "f-password", "f-again"):
        described = admin.locator(f"#{field}").get_attribute("aria-describedby") or ""
        assert f"{field}-wrong" in described
        expect(admin.locator(f"#{field}-wrong")).to_be_visible()
    fit(admin)
    name.fill("Clerk")
    admin.locator("#f-password").fill(NEW)
    admin.locator("#f-again").fill(NEW)
    admin.locator("#f-again").press("Enter")
    expect(admin.locator("#f-name-wrong")).to_have_text("Đã có tài khoản mang tên này")
    name.fill("hanh.nt")
    admin.locator("#f-role").select_option("manager")
    name.press("Enter")
    said(admin, "Đã tạo tài khoản hanh.nt.")
    expect(admin.locator("main h1")).to_have_text("hanh.nt")
    fit(admin)

    other = a_new_manager(real_lobby, browser)
    admin.locator('[data-action="disable"]').click()
    admin.locator('[data-answer="yes"]').click()
    said(admin, "Đã khóa tài khoản hanh.nt.")
    expect(admin.locator(".adm-h .chip")).to_have_text("Đã khóa")
    other.locator(".adm-nav a").last.click()
    other.wait_for_url("**/?lang=vi&next=*")
    other.context.close()


def a_new_manager(lobby: RealLobby, browser: Browser) -> Page:
    """Sign in as the one who was just made, look around, and change the password."""
    other = browser.new_context(locale="vi-VN").new_page()
    other.goto(f"{lobby.address}/admin#/users")
    other.fill("[name=user]", "hanh.nt")
    other.fill("[name=password]", NEW)
    other.locator("[name=password]").press("Enter")
    # A manager has neither the province's people nor the right to make another manager.
    other.locator('nav a[href="#/users"]').click()
    expect(other.locator("main h1")).to_have_text("Cán bộ")
    assert "admin" not in rows(other)
    other.locator("[data-add]").click()
    expect(other.locator("#f-role option")).to_have_count(2)
    other.locator("summary").click()
    other.locator("[data-own-password]").click()
    check(other, "vi")
    for field, text in (("current", "sai roi"), ("password", PASSWORD), ("again", PASSWORD)):
        other.locator(f"#own-{field}").fill(text)
    other.locator("dialog [data-save]").click()
    expect(other.locator("#own-current-wrong")).to_have_text("Mật khẩu hiện tại chưa đúng")
    other.locator("#own-current").fill(NEW)
    other.locator("dialog [data-save]").click()
    said(other, "Đã đổi mật khẩu.")
    return other


def test_a_list_is_searched_and_what_is_unsaved_is_not_lost(
    real_lobby: RealLobby, admin: Page
) -> None:
    find = admin.locator("#find-users")
    find.fill("cán Bộ hướng")
    assert rows(admin) == ["greeter"]
    find.fill("can bo huong")
    assert rows(admin) == ["greeter"]
    find.fill("xyz")
    expect(admin.locator(".adm-none")).to_be_visible()
    find.fill("")
    admin.get_by_role("link", name="greeter").click()
    admin.locator("#f-role").select_option("clerk")
    expect(admin.locator(".form-act")).to_contain_text("1 mục chưa lưu")
    admin.locator('.adm-nav a[href="#/devices"]').click()
    expect(admin.locator("dialog h2")).to_have_text("Rời trang mà không lưu?")
    check(admin, "vi")
    admin.keyboard.press("Escape")
    expect(admin.locator("#f-role")).to_have_value("clerk")
    assert admin.url.endswith(admin.evaluate("location.hash"))
    admin.locator("[data-reset]").click()
    expect(admin.locator("#f-role")).to_have_value("greeter")
    admin.locator('.adm-nav a[href="#/devices"]').click()
    expect(admin.locator("main h1")).to_have_text("Thiết bị")
    admin.goto(f"{real_lobby.address}/admin#/users/{'0' * 16}")
    expect(admin.locator("main h1")).to_have_text("Không tìm thấy mục này")
    check(admin, "vi")


def tablet_of(admin: Page, tablet: Page, address: str) -> None:
    """Bring in a tablet for counter 2; its address leads to the page that asks how it was."""
    admin.locator("[data-another]").click()
    admin.locator("#f-role").select_option("hall")
    admin.locator("#f-counter").select_option("q2")
    admin.locator("[data-save]").click()
    tablet.goto(admin.locator("[data-typed]").inner_text())
    expect(tablet.locator(".r-head")).to_contain_text("Quầy 2")
    assert tablet.url == address


def test_a_screen_is_brought_in_by_code_and_locked_out(
    real_lobby: RealLobby, admin: Page, browser: Browser
) -> None:
    admin.locator('[data-language="en"]').click()
    admin.locator('.adm-nav a[href="#/devices"]').click()
    expect(admin.locator("main h1")).to_have_text("Devices")
    fit(admin, "en")
    admin.locator("[data-add]").click()
    admin.locator("#f-role").select_option("pad")
    admin.locator("[data-save]").click()
    expect(admin.locator("#f-counter-wrong")).to_have_text("Call keys need a counter")
    admin.locator("#f-role").select_option("kiosk")
    admin.locator("[data-save]").click()
    code = admin.locator("[data-code]").inner_text()
    typed = " ".join(admin.locator("[data-typed]").inner_text().split())
    server = real_lobby.address
    assert typed == f"layso-kiosk enrol --server {server} --code {code} --config kiosk.toml"
    fit(admin, "en")
    admin.locator("[data-another]").click()
    admin.locator("#f-role").select_option("hall")
    admin.locator("#f-name").fill("<b>Sảnh</b>")
    admin.locator("[data-save]").click()
    expect(admin.locator("[data-code]")).not_to_have_text(code)

    screen = browser.new_context(locale="vi-VN").new_page()
    screen.goto(admin.locator("[data-typed]").inner_text())
    expect(screen.locator("[data-stale]")).to_have_count(0)
    assert "#" not in screen.url
    token = screen.wait_for_function(
        f"() => localStorage.getItem('layso.hall.token.{CENTRE}')"
    ).json_value()
    watching = Client(real_lobby.address, {"token": token})
    assert watching.watch(CENTRE)["board"]["centre"] == CENTRE

    tablet_of(admin, screen.context.new_page(), f"{server}/rate/q2")

    admin.locator('.adm-nav a[href="#/devices"]').click()
    admin.locator("#find-devices").fill("sanh")
    admin.get_by_role("link", name="<b>Sảnh</b>").click()
    expect(admin.locator("main h1")).to_have_text("<b>Sảnh</b>")
    fit(admin, "en")
    admin.locator("#f-name").fill("Sảnh tầng 1")
    admin.locator("[data-save]").click()
    said(admin, "The device’s name was saved.")
    admin.locator('[data-action="revoke"]').click()
    check(admin, "en")
    admin.locator('[data-answer="yes"]').click()
    said(admin, "The access of Sảnh tầng 1 was revoked.")
    expect(admin.get_by_role("link", name="Sảnh tầng 1")).to_have_count(0)
    assert watching.gone.wait(5)
    watching.close()
    screen.context.close()

    admin.locator('.adm-nav a[href="#/audit"]').click()
    expect(admin.locator("[data-audit]").first).to_contain_text("Sảnh tầng 1")
    fit(admin, "en")
    assert admin.locator("tbody b").count() == 0
    admin.locator('[data-language="vi"]').click()
    expect(admin.locator("[data-audit]").first).to_contain_text("thu hồi quyền kết nối")
    check(admin, "vi")


def test_a_lost_session_comes_back_to_the_same_page(real_lobby: RealLobby, admin: Page) -> None:
    admin.locator('.adm-nav a[href="#/devices"]').click()
    admin.locator("tbody a").first.click()
    expect(admin.locator("#f-name")).to_be_visible()
    where = admin.url
    admin.context.clear_cookies()
    admin.locator('.adm-nav a[href="#/audit"]').click()
    admin.wait_for_url("**/?lang=vi&next=*")
    admin.goto(where.replace("/admin", "/?next=%2Fadmin").replace("#", "%23"))
    admin.fill("[name=user]", "admin")
    admin.fill("[name=password]", PASSWORD)
    admin.locator("[name=password]").press("Enter")
    expect(admin.locator("#f-name")).to_be_visible()
    assert admin.url == where


def test_while_the_server_is_away_nothing_typed_is_lost(real_lobby: RealLobby, admin: Page) -> None:
    admin.get_by_role("link", name="clerk2").click()
    admin.locator("#f-role").select_option("greeter")
    admin.route("**/api/v1/**", lambda route: route.abort())
    admin.locator("[data-save]").click()
    expect(admin.locator("form [role=alert]")).to_contain_text("Máy chủ chưa trả lời.")
    check(admin, "vi")
    expect(admin.locator("#f-role")).to_have_value("greeter")
    admin.unroute("**/api/v1/**")
    admin.locator("[data-save]").click()
    said(admin, "Đã lưu quyền của clerk2.")


def test_a_manager_reaches_the_other_pages(
    real_lobby: RealLobby, admin: Page, browser: Browser
) -> None:
    # The province's admin serves at no counter: nothing leads to pages that are not theirs.
    assert admin.locator(".d-menu-list a").count() == 0
    other = browser.new_context(locale="vi-VN").new_page()
    real_lobby.sign_in(other, "manager")
    other.goto(f"{real_lobby.address}/greet")
    other.locator(".g-menu summary").click()
    other.locator('.g-menu a[href="/admin"]').click()
    other.locator("summary").click()
    for page in (f"/manage/{CENTRE}", "/desk", "/greet"):
        expect(other.locator(f'.d-menu-list a[href="{page}"]')).to_be_visible()
    other.context.close()
