"""The waiting-hall screen over days: lines that flap, tabs that sleep, servers that are renewed."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import CDPSession, Page, Route, WebSocketRoute, expect

from tests.browser.accessible import fails
from tests.browser.hall_stage import HallStage

pytestmark = pytest.mark.browser


@pytest.fixture
def stage() -> Iterator[HallStage]:
    with HallStage().open() as stage:
        stage.call("H001", 1, ago_s=60)
        yield stage


@pytest.fixture
def hall(page: Page) -> Iterator[Page]:
    """A page that is not open yet; no script may complain."""
    faults = fails(page)
    yield page
    assert [fault for fault in faults if "WebSocket" not in fault] == []


def open_hall(page: Page, stage: HallStage, query: str = "?voice=off") -> None:
    page.goto(stage.url(query))
    page.locator(".call[data-number]").wait_for()


def kept(cdp: CDPSession) -> tuple[int, int]:
    """Nodes and listeners that are still there after a collection."""
    cdp.send("HeapProfiler.collectGarbage")
    found = {one["name"]: one["value"] for one in cdp.send("Performance.getMetrics")["metrics"]}
    return int(found["Nodes"]), int(found["JSEventListeners"])


def storm(stage: HallStage, page: Page, cuts: int) -> None:
    for number in range(cuts):
        stage.silent = number % 3 == 2  # now and then a server that refuses, too
        watches = stage.watches
        stage.cut()
        page.wait_for_timeout(800 if stage.silent else 100)
        stage.silent = False
        while stage.watches == watches:
            page.wait_for_timeout(100)


@pytest.mark.parametrize("cuts", [3, pytest.param(40, marks=pytest.mark.full)])
def test_storms_leave_one_line_and_no_growth(stage: HallStage, hall: Page, cuts: int) -> None:
    open_hall(hall, stage)
    cdp = hall.context.new_cdp_session(hall)
    cdp.send("Performance.enable")
    storm(stage, hall, 1)
    before = kept(cdp)
    storm(stage, hall, cuts)
    stage.call("H002", 2)
    expect(hall.locator(".call")).to_have_attribute("data-number", "H002")
    stage.give_back("H002")
    expect(hall.locator(".call")).to_have_attribute("data-number", "H001")
    assert len(list(stage.socket.manager.get_participants("/", "binh-duong"))) == 1
    after = kept(cdp)
    assert after[0] <= before[0] + 120  # the waits and the band turn their pages
    assert after[1] <= before[1] + 8  # one line's, while it dials; forty cuts would show more


def test_a_tab_that_slept_is_right_again(stage: HallStage, hall: Page) -> None:
    open_hall(hall, stage)
    cdp = hall.context.new_cdp_session(hall)
    cdp.send("Page.setWebLifecycleState", {"state": "frozen"})
    stage.silent = True
    stage.call("H002", 2)
    stage.silent = False
    stage.cut()
    cdp.send("Page.setWebLifecycleState", {"state": "active"})
    expect(hall.locator(".call")).to_have_attribute("data-number", "H002", timeout=9000)
    expect(hall.locator("[data-stale]")).to_have_count(0)


def test_another_day_begins_empty(stage: HallStage, hall: Page) -> None:
    hall.clock.install()
    open_hall(hall, stage)
    stage.day, stage.calls, stage.current = "2026-11-24", [], {}
    hall.clock.run_for(11_000)
    expect(hall.locator(".call-none")).to_be_visible()


RENEWAL = """async quiet => {
  const {Renewal} = await import("/hall-static/renewal.js");
  window.calm = quiet;
  window.renewal = new Renewal({build: "of-yesterday", quiet: () => window.calm});
  window.asked = async now => {
    renewal.keep(now);
    while (renewal.asking) await new Promise(done => setTimeout(done, 20));
    return renewal.dueAt;
  };
}"""


def test_a_renewed_server_brings_a_new_page_at_a_quiet_moment_once(
    stage: HallStage, hall: Page
) -> None:
    open_hall(hall, stage)
    loads: list[Any] = []
    hall.on("load", lambda one: loads.append(one))
    hall.evaluate(RENEWAL, False)
    assert hall.evaluate("asked(299_000)") == 300_000
    assert hall.evaluate("asked(300_000)") == 315_000
    with hall.expect_navigation():
        hall.evaluate("() => { calm = true; renewal.keep(315_000); }")
    hall.locator(".call[data-number]").wait_for()
    assert len(loads) == 1
    hall.evaluate(RENEWAL, True)
    assert hall.evaluate("asked(300_000)") == 600_000
    hall.wait_for_timeout(300)
    assert len(loads) == 1


def test_the_page_that_is_still_the_servers_stays(stage: HallStage, hall: Page) -> None:
    open_hall(hall, stage)
    hall.evaluate(RENEWAL, True)
    hall.evaluate(
        "() => (renewal.build = JSON.parse(document.getElementById('page').textContent).build)"
    )
    assert hall.evaluate("asked(300_000)") == 600_000
    assert hall.evaluate("sessionStorage.length") == 0


OPENED = '0{"sid":"x","upgrades":[],"pingInterval":25000,"pingTimeout":20000}'


@pytest.mark.parametrize("says", [[], [OPENED]])
def test_a_dial_that_is_swallowed_is_given_up_in_time(
    stage: HallStage, hall: Page, says: list[str]
) -> None:
    """However far it came before the line fell silent: the next one begins within 3 s."""
    start = datetime(2026, 11, 23, 1, tzinfo=UTC)
    hall.clock.install(time=start)
    dialled: list[WebSocketRoute] = []

    def swallow(line: WebSocketRoute) -> None:
        dialled.append(line)
        for word in says:
            line.send(word)

    hall.route_web_socket("**/socket.io/**", swallow)
    hall.goto(stage.url("?voice=off"))
    until(hall, lambda: len(dialled) == 1)
    hall.clock.pause_at(start + timedelta(hours=1))  # the clock stands, but for the runs below
    for _ in range(4):
        before = len(dialled)
        hall.clock.run_for(3100)
        until(hall, lambda before=before: len(dialled) > before)


def test_clips_that_a_hole_swallowed_are_asked_for_again(stage: HallStage, hall: Page) -> None:
    hall.clock.install()
    asked: list[str] = []

    def swallow_the_first(route: Route) -> None:
        asked.append(route.request.url)
        if len(asked) > 1:
            route.continue_()

    hall.route("**/voice/manifest.json", swallow_the_first)
    hall.goto(stage.url())
    until(hall, lambda: len(asked) == 1)
    hall.clock.run_for(40_000)
    until(hall, lambda: len(asked) > 1)


def until(page: Page, truth: Callable[[], bool]) -> None:
    """Wait for something that the page makes happen outside itself."""
    for _ in range(100):
        if truth():
            return
        page.wait_for_timeout(50)
    raise AssertionError("did not come true in time")
