"""The loudspeaker on the agent's page in Chromium."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from display.drivers.speaker_virtual import VirtualSpeaker
from display.errors import SpeakerGone
from tests.browser.accessible import check
from tests.display.conftest import Running, virtual
from tests.edge.test_link import eventually
from tests.fakes.socket_server import LiveServer

pytestmark = pytest.mark.browser
SLOW_MS = 15_000


def test_what_is_said_and_what_is_wrong_in_both_languages(
    page: Page,
    server: LiveServer,
    run_agent: Callable[..., Running],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in ("CHECK_EVERY_S", "BROKEN_CHECK_EVERY_S"):
        monkeypatch.setattr(f"display.voice.loudspeaker.{name}", 0.2)
    running = run_agent(server.url, virtual("q3") + '[voice]\ndriver = "virtual"\nvolume = 70\n')
    eventually(lambda: running.get("/api/state")["link"] == "up")
    page.goto(running.url)
    line = page.locator("[data-voice]")
    expect(line).to_contain_text("Loa sẵn sàng")
    expect(line).to_contain_text("âm lượng 70 %")
    server.call("q3", "H047")
    expect(line).to_contain_text("Đang đọc: mời số H047 đến quầy số 3", timeout=SLOW_MS)
    expect(line).to_contain_text(": mời số H047 đến quầy số 3")
    page.locator("[data-language=en]").click()
    expect(line).to_contain_text("number H047 to counter 3")
    expect(line).to_contain_text("Said at", timeout=SLOW_MS)
    check(page, "en")
    loudspeaker = running.agent.loudspeaker
    assert loudspeaker is not None
    speaker = loudspeaker._config.speaker
    assert isinstance(speaker, VirtualSpeaker)
    speaker.trouble = SpeakerGone("unplugged")
    expect(line).to_have_attribute("data-voice", "broken", timeout=SLOW_MS)
    expect(line).to_contain_text("no device, check plug and power")
    page.locator("[data-language=vi]").click()
    expect(line).to_contain_text("Loa im: không thấy thiết bị")
    check(page, "vi")
    running.agent.stop()
    expect(line).to_have_attribute("data-voice", "unknown", timeout=SLOW_MS)
    expect(line).to_contain_text("Chưa rõ tình trạng loa")
