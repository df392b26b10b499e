"""The call keys on the agent's page: what a clerk or technician reads after a press."""

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from display.errors import PadUnavailable
from tests.browser.accessible import check
from tests.display.conftest import Running, virtual
from tests.fakes.socket_server import LiveServer

pytestmark = pytest.mark.browser
PADS = "".join(
    f'[[pad]]\ncounter = "{name}"\ndriver = "virtual"\ntoken_file = "display.token"\n'
    for name in ("q1", "q2")
)


def test_a_press_and_its_fault_are_read_in_both_languages(
    page: Page, server: LiveServer, run_agent: Callable[..., Running], tmp_path: Path
) -> None:
    server.call("q1", "H047")
    server.write(("counter_opened", "q2", None, "open"))
    folder = tmp_path / "var" / "display" / "pads"
    running = run_agent(server.url, virtual("q1", "q2") + PADS)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(running.url)
    first, second = page.locator("[data-pad=q1]"), page.locator("[data-pad=q2]")
    expect(first).to_contain_text("Quầy 1")
    expect(first).to_contain_text("Lượt gọi: nháy chậm")
    expect(first).to_contain_text("Chưa bấm phím nào")
    expect(first).to_contain_text("Phím đang hoạt động")

    with (folder / "keys").open("a") as file:
        file.write("press q1 next\n")  # this server has no such route: a fault
    expect(first.locator(".p-last")).to_have_attribute("data-done", "false")
    expect(first).to_contain_text("Gọi tiếp lúc")
    expect(first).to_contain_text("máy chủ báo lỗi")
    (folder / "q2.condition").write_text("absent\n")
    expect(second).to_have_attribute("data-state", "dead")
    expect(second).to_contain_text("Không thấy phím: kiểm tra dây cắm")
    check(page, "vi")

    page.locator("[data-language=en]").click()
    expect(first).to_contain_text("Call: blinking")
    expect(second).to_contain_text("Keys not found: check the plug")
    check(page, "en")
    assert page.evaluate("document.documentElement.scrollWidth") <= 1280
    page.screenshot(path=tmp_path / "pads.png", full_page=True)


def test_an_agent_of_keys_alone_is_headed_so_and_words_nobody_knows_stop_nothing(
    page: Page,
    server: LiveServer,
    run_agent: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running = run_agent(server.url, PADS)
    page.goto(running.url)
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_have_text("Phím gọi tại quầy")
    expect(page).to_have_title("Phím gọi tại quầy")
    pad = running.agent.pads.workers[0].config.pad

    def odd() -> None:
        raise PadUnavailable("it is odd", trouble="odd")

    with monkeypatch.context() as patched:
        patched.setattr(pad, "check", odd)
        expect(page.locator("[data-pad=q1]")).to_contain_text("pad.trouble.odd")
    expect(page.locator("[data-pad=q1]")).to_contain_text("Phím đang hoạt động")
    page.locator("[data-language=en]").click()
    expect(heading).to_have_text("Call keys at the counters")
    check(page, "en")
