"""The agent's page in Chromium: what a technician or manager sees."""

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from display.drivers.panel_virtual import VirtualPanel
from display.errors import PanelSilent
from tests.browser.accessible import check
from tests.display.conftest import Running, virtual
from tests.edge.test_link import eventually
from tests.fakes.socket_server import LiveServer

pytestmark = pytest.mark.browser
SLOW_MS = 15_000  # a refresh is due every 5 s, and silence counts after 6 s
RunAgent = Callable[..., Running]


@pytest.fixture
def complaints(page: Page) -> list[str]:
    """What the browser's console says against the page, CSP violations included."""
    said: list[str] = []
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("console", lambda message: said.append(message.text))
    return said


def test_panels_are_live_in_both_languages(
    page: Page, server: LiveServer, run_agent: RunAgent, complaints: list[str]
) -> None:
    server.write(("counter_opened", "q2", None, "open"))
    server.call("q1", "H047")
    running = run_agent(server.url, virtual("q1", "q2"))
    page.goto(running.url)
    first, second = page.locator("[data-counter=q1]"), page.locator("[data-counter=q2]")
    expect(first).to_have_attribute("data-text", "H047")
    expect(first).to_have_attribute("data-state", "ok")
    expect(first).to_contain_text("Quầy 1")
    expect(first).to_contain_text("Đang mời")
    expect(second).to_have_attribute("data-text", "----")
    expect(page.locator("header")).to_contain_text("Đã kết nối máy chủ")
    expect(page.locator("header")).to_contain_text("Trung tâm thử")
    expect(page.locator("header")).to_contain_text("mô phỏng 20×")

    page.locator("[data-language=en]").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(first).to_contain_text("Counter 1")
    expect(first).to_contain_text("Calling")
    expect(page).to_have_title("LED panels – Lấy Số")
    page.reload()
    expect(page.locator("html")).to_have_attribute("lang", "en")

    server.call("q2", "C012")
    expect(second).to_have_attribute("data-text", "C012")
    expect(second.get_by_role("img")).to_have_attribute("aria-label", "Counter 2: shows C012")
    dots = second.locator(".dot-on").get_attribute("d") or ""
    assert len(re.findall("M", dots)) > 40, "the number is drawn in dots"
    assert complaints == []


def test_times_are_those_of_the_centre_wherever_the_page_is_read(
    browser: Browser, server: LiveServer, run_agent: RunAgent
) -> None:
    server.call("q1", "H047")
    running = run_agent(server.url, virtual("q1"))
    eventually(lambda: running.states() == {"q1": "ok"})
    page = browser.new_page(timezone_id="America/New_York")
    page.goto(running.url)
    expect(page.locator("header")).to_contain_text("Trung tâm thử")
    shown = page.locator("[data-counter=q1] .p-note").inner_text()
    page.close()
    found = re.search(r"\d\d:\d\d:\d\d", shown)
    assert found is not None
    there = datetime.now(ZoneInfo("Asia/Ho_Chi_Minh"))
    told = datetime.strptime(found[0], "%H:%M:%S").replace(tzinfo=there.tzinfo)
    away_s = abs((told.time().hour - there.hour) * 3600 + (told.minute - there.minute) * 60)
    assert min(away_s, 86_400 - away_s) <= 60, (shown, there)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("trouble", [False, True])
def test_the_page_is_accessible_well_and_in_trouble(
    page: Page, server: LiveServer, run_agent: RunAgent, language: str, trouble: bool
) -> None:
    server.call("q1", "H047")
    running = run_agent(server.url, virtual("q1", "q2"))
    eventually(lambda: running.states() == {"q1": "ok", "q2": "ok"})
    page.goto(running.url)
    page.locator(f"[data-language={language}]").click()
    if trouble:
        running.agent.stop()
        expect(page.locator("[data-counter=q1]")).to_have_attribute("data-state", "stale")
    check(page, language)


def test_dead_and_stale_panels_say_so_in_words(
    page: Page, server: LiveServer, run_agent: RunAgent
) -> None:
    server.call("q1", "H047")
    running = run_agent(server.url, virtual("q1", "q2"))
    eventually(lambda: running.states() == {"q1": "ok", "q2": "ok"})
    broken = running.agent.slots[1].panel
    assert isinstance(broken, VirtualPanel)
    broken.trouble = PanelSilent("no answer in time")
    page.goto(running.url)
    second = page.locator("[data-counter=q2]")
    expect(second).to_have_attribute("data-state", "dead", timeout=SLOW_MS)
    expect(second).to_contain_text("Bảng không trả lời: kiểm tra nguồn và dây")
    server.kill()
    first = page.locator("[data-counter=q1]")
    expect(first).to_have_attribute("data-state", "stale", timeout=SLOW_MS)
    expect(second).to_contain_text("Trung tâm không có quầy này")
    expect(first).to_have_attribute("data-text", "H047")
    expect(first).to_contain_text("Có thể đã cũ")
    expect(page.get_by_role("status")).to_contain_text("Mất kết nối máy chủ")
    running.agent.stop()
    expect(page.get_by_role("status")).to_contain_text("không nhận được tin")
    expect(first).to_have_attribute("data-text", "H047")


@pytest.mark.parametrize("size", [(1920, 1080), (1366, 768), (390, 844), (320, 640)])
def test_nothing_is_cut_off_at_any_size(
    page: Page,
    server: LiveServer,
    run_agent: RunAgent,
    size: tuple[int, int],
    tmp_path: Path,
) -> None:
    running = run_agent(server.url, virtual(*(f"q{n}" for n in range(1, 13))))
    server.call("q1", "Z03001")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(running.url)
    expect(page.locator("[data-counter=q1]")).to_have_attribute("data-text", "Z03001")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.screenshot(path=tmp_path / "panels.png")
