"""The screen with a real browser: it waits in words, goes there, and comes back when it dies."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, Response
from playwright.sync_api import Page, expect

from display.screen.config import ScreenConfig
from display.screen.start_page import start_page
from look import STATIC_DIR
from tests.browser.accessible import check
from tests.browser.served import served
from tests.firmware_config.unit import Box, Service

pytestmark = pytest.mark.browser
TOKEN = "ls_only-this-screen-knows"


class Hall:
    """A server that shows a hall's page, or a proxy whose server is away."""

    def __init__(self) -> None:
        self.away = True
        self.asked: list[str] = []
        self.app = Flask("hall")
        self.app.get("/look/img/mark.svg")(self._mark)
        self.app.get("/hall/lai-thieu")(self._page)

    def _mark(self) -> Response:
        if self.away:
            return Response("Bad gateway", 502, content_type="text/html")
        return Response((STATIC_DIR / "img/mark.svg").read_bytes(), content_type="image/svg+xml")

    def _page(self) -> Response:
        self.asked.append("page")
        html = "<h1>sảnh</h1><script>document.title = location.hash</script>"
        return Response(html, content_type="text/html; charset=utf-8")


@pytest.fixture
def hall() -> Iterator[tuple[Hall, str]]:
    made = Hall()
    with served(made.app) as address:
        yield made, address


def screen(server: str, **more: Any) -> ScreenConfig:
    return ScreenConfig("hall", server, f"{server}/hall/lai-thieu", TOKEN, **more)


def test_it_waits_in_words_and_goes_there_with_its_token(
    hall: tuple[Hall, str], page: Page, tmp_path: Path
) -> None:
    lobby, server = hall
    start = tmp_path / "start.html"
    start.write_text(start_page(screen(server)), encoding="utf-8")
    page.set_viewport_size({"width": 1920, "height": 1080})
    page.goto(start.as_uri())
    expect(page.get_by_role("heading")).to_have_text("Đang chờ máy chủ")
    expect(page.get_by_role("status")).to_contain_text("Waiting for the server")
    assert TOKEN not in page.locator("main").inner_text()
    check(page, "vi")
    assert lobby.asked == []  # A proxy that answers for a server that is away is not believed.
    lobby.away = False
    steps = page.evaluate("history.length")
    expect(page.get_by_role("heading")).to_have_text("sảnh", timeout=10_000)
    assert page.title() == f"#token={TOKEN}"
    assert page.evaluate("history.length") == steps  # Nothing leads back.


def test_a_kiosk_s_page_says_that_it_starts(page: Page, tmp_path: Path) -> None:
    start = tmp_path / "start.html"
    config = ScreenConfig("kiosk", "http://127.0.0.1:9", "http://127.0.0.1:9/")
    start.write_text(start_page(config), encoding="utf-8")
    page.goto(start.as_uri())
    expect(page.get_by_role("heading")).to_have_text("Ki-ốt đang khởi động")


@pytest.fixture
def started(tmp_path: Path) -> Iterator[Callable[[str], Service]]:
    services: list[Service] = []

    def start(server: str) -> Service:
        box = Box(tmp_path)
        (box.etc / "token").write_text(TOKEN)
        browser = shutil.which("chromium")
        # Without a graphics card there is no compositor to run; the rest is as on a box.
        (box.etc / "screen.toml").write_text(
            f'show = "hall"\nserver = "{server}"\ncentre = "lai-thieu"\ntoken_file = "token"\n'
            f'compositor = ["env"]\nbrowser = "{browser}"\n'
            'browser_options = ["--headless=new", "--no-sandbox", "--disable-gpu",'
            ' "--ozone-platform=headless"]\n'
        )
        services.append(Service(box, "layso-screen.service", RUNTIME_DIRECTORY=str(box.runtime)))
        return services[0].ready()

    yield start
    for one in services:
        one.close()


def browsers(runtime: Path) -> list[tuple[int, str]]:
    """The processes of the browser that has its profile there, each with its command line."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            words = (place / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        if f"--user-data-dir={runtime}" in words and "layso-screen" not in words:
            found.append((int(place.name), words))
    return found


def eventually(holds: Callable[[], bool], within_s: float = 20) -> None:
    end = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.1)


def test_a_browser_that_dies_comes_back_and_none_is_left(
    hall: tuple[Hall, str], started: Callable[[str], Service], tmp_path: Path
) -> None:
    lobby, server = hall
    lobby.away = False
    service = started(server)
    runtime = tmp_path / "run"
    eventually(lambda: len(lobby.asked) == 1)
    running = browsers(runtime)
    assert running
    assert not any(TOKEN in words for _, words in running)
    assert (runtime / "start.html").stat().st_mode & 0o777 == 0o600
    os.kill(min(running)[0], signal.SIGKILL)
    eventually(lambda: len(lobby.asked) == 2)
    assert not {pid for pid, _ in running} & {pid for pid, _ in browsers(runtime)}
    assert service.ends() == 0
    assert browsers(runtime) == []


def test_a_program_that_is_not_there_is_named_with_what_to_install(tmp_path: Path) -> None:
    from display.screen.app import ProgramMissing, Screen

    with pytest.raises(ProgramMissing, match="apt-get install cage chromium"):
        Screen(screen("http://127.0.0.1:9", browser="/usr/lib/none/none"), tmp_path)
