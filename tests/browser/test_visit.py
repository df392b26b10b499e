"""A citizen's visit with coffee, on a phone, and the tablet that asks how it was; a real server."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.real_lobby import CENTRE, RealLobby

pytestmark = pytest.mark.browser

# Headless browsers have nothing to sound with: this one counts the tones.
SOUNDS = """
window.tones = 0;
const none = () => {};
const param = () => ({ value: 0, setValueAtTime: none, linearRampToValueAtTime: none,
  exponentialRampToValueAtTime: none });
window.AudioContext = class {
  state = "suspended"; currentTime = 0; destination = {};
  async resume() { this.state = "running"; }
  createGain() { return { gain: param(), connect: (to) => to }; }
  createOscillator() {
    const start = () => { window.tones += 1; };
    return { frequency: param(), connect: (to) => to, start, stop: none };
  }
};
"""
WEIGHT_MOST = 60_000


@pytest.fixture
def phone(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, locale="vi-VN", reduced_motion="reduce"
    )
    context.set_default_timeout(10_000)
    context.add_init_script(SOUNDS)
    yield context.new_page()
    context.close()


def until_state(page: Page, state: str) -> None:
    expect(page.locator("body")).to_have_attribute("data-state", state, timeout=15_000)


def current(lobby: RealLobby, counter: str) -> Any:
    return lobby.ask("GET", f"/centres/{CENTRE}/counters/{counter}/desk")[1]["current"]


def steps_left(lobby: RealLobby, ticket: dict[str, Any]) -> int:
    track = ticket["track_url"].rsplit("/", 1)[1]
    left: int = lobby.ask("GET", f"/track/{track}")[1]["steps_left"]
    return left


def test_the_whole_page_weighs_less_than_60_kilobytes(real_lobby: RealLobby, phone: Page) -> None:
    own = real_lobby.issue("dat-dai")
    line = phone.context.new_cdp_session(phone)
    line.send("Network.enable")
    sizes: list[float] = []
    line.on("Network.loadingFinished", lambda done: sizes.append(done["encodedDataLength"]))
    phone.goto(own["track_url"])
    expect(phone.locator("[data-press=cancel]:visible")).to_be_visible()
    phone.wait_for_load_state("networkidle")
    assert len(sizes) >= 10
    assert sum(sizes) < WEIGHT_MOST


def lose(route: Route) -> None:
    """Let the server hear a command and lose its answer."""
    if route.request.method == "POST":
        route.fetch()
        route.abort()
    else:
        route.continue_()


def steps_back(lobby: RealLobby, phone: Page, own: dict[str, Any]) -> None:
    """By keyboard first; then the answer is lost, and a second press is still one step."""
    back = phone.locator(".p-main [data-press=step_back]")
    back.press("Enter")
    keep = phone.locator("[data-sheet=step_back] [data-keep]")
    expect(keep).to_be_focused()
    check(phone, "vi")
    phone.keyboard.press("Escape")
    expect(keep).to_be_hidden()
    expect(back).to_be_focused()

    phone.route("**/step-back", lose)
    back.click()
    phone.locator("[data-confirm=step_back]").dblclick()
    told = phone.locator('[data-slot="told"]')
    expect(told).to_contain_text("bấm lại chỉ tính một lần")
    phone.unroute("**/step-back")
    back.click()
    phone.locator("[data-confirm=step_back]").click()
    expect(told).to_contain_text("Đã lùi 3 lượt")
    expect(phone.locator("body")).to_have_attribute("data-ahead", "4")
    assert steps_left(lobby, own) == 2


def goes_out_of_reach(phone: Page) -> None:
    """Old news is said to be old, and the number still valid."""
    phone.context.set_offline(True)
    live = phone.locator("[data-live]:visible")
    expect(live).to_contain_text("Số vẫn còn hiệu lực", timeout=15_000)
    phone.context.set_offline(False)
    expect(live).to_contain_text("Tự cập nhật", timeout=15_000)


def is_called(lobby: RealLobby, phone: Page, own: dict[str, Any]) -> None:
    """The page says where to go, sounds at the call and at its repeat, and tells the desk."""
    while lobby.at_counter("q1", "next")["ticket"]["number"] != own["number"]:
        pass
    until_state(phone, "called")
    expect(phone.locator("h1:visible")).to_have_text("Mời đến quầy 1")
    expect(phone.locator(".p-dir")).to_have_text("Khu A, bên trái sảnh")
    expect(phone).to_have_title("H002 → 1")
    check(phone, "vi")
    heard = phone.evaluate("tones")
    assert heard >= 4
    lobby.ask("POST", f"/centres/{CENTRE}/tickets/{own['id']}/recall")
    phone.wait_for_function("heard => tones > heard", arg=heard)
    phone.locator(".p-call [data-press=coming]").click()
    expect(phone.locator(".p-coming:visible")).to_have_text("Quầy 1 đã biết quý khách đang đến.")
    assert current(lobby, "q1")["coming"] is True


def rates_in_english(phone: Page) -> None:
    """Served: the same page asks, in the other language, on a small screen."""
    phone.locator("[data-language=en]").click()
    phone.set_viewport_size({"width": 320, "height": 568})
    expect(phone.locator("[data-language=vi]")).to_be_visible()  # the other page is there
    send = phone.locator("[data-send]")
    expect(send).to_be_visible()
    expect(send).to_be_disabled()
    phone.locator("[name=score][value='2']").press("Space")
    expect(phone.locator("[data-why=high]")).to_be_hidden()
    expect(phone.locator("[data-why=low]")).to_be_visible()
    phone.get_by_label("Long wait").check(force=True)
    phone.locator("#comment").fill("The hall\nwas cold")
    check(phone, "en")
    send.click()
    expect(phone.locator(".p-thanks")).to_contain_text("Dissatisfied")
    phone.reload()
    expect(phone.locator(".p-thanks")).to_contain_text("Dissatisfied")
    expect(phone.locator("[data-rate]")).to_be_hidden()


def test_a_visit_with_coffee(real_lobby: RealLobby, phone: Page) -> None:
    lobby, faults = real_lobby, fails(phone)
    lobby.at_counter("q1", "open")
    _, own, *_ = [lobby.issue() for _ in range(5)]
    phone.goto(f"{own['track_url']}?lang=vi")
    expect(phone.locator("body")).to_have_attribute("data-ahead", "1")
    expect(phone.locator('[data-slot="place"]')).to_have_text("1, Khu A")
    assert targets(phone, 48) == []

    # The sound is switched on by a touch, and says so.
    sound = phone.locator("[data-sound]")
    sound.click()
    expect(sound).to_have_attribute("aria-pressed", "true")
    expect(phone.locator('[data-slot="alerts"]')).to_contain_text("điện thoại kêu")

    steps_back(lobby, phone, own)
    goes_out_of_reach(phone)
    is_called(lobby, phone, own)
    lobby.at_counter("q1", "next")
    until_state(phone, "served")
    rates_in_english(phone)
    told_of = lobby.ask("GET", f"/centres/{CENTRE}/ratings")[1]
    assert told_of["reasons"] == [{"reason": "long_wait", "count": 1}]
    assert [one["text"] for one in told_of["comments"]] == ["The hall was cold"]
    assert faults == []


def test_a_number_given_up_is_gone_for_good(real_lobby: RealLobby, phone: Page) -> None:
    own = real_lobby.issue("chung-thuc")
    phone.goto(f"{own['track_url']}?lang=en")
    phone.locator(".p-main [data-press=cancel]").click()
    sheet = phone.locator("[data-sheet=cancel]")
    expect(sheet).to_contain_text(f"Cancel {own['number']}?")
    check(phone, "en")
    sheet.locator("[data-keep]").click()
    expect(sheet).to_be_hidden()
    phone.locator(".p-main [data-press=cancel]").click()
    # Meanwhile somebody has called it and begun to serve: too late, and that is said.
    real_lobby.at_counter("q2", "open")
    tickets = f"/centres/{CENTRE}/tickets/{own['id']}"
    real_lobby.ask("POST", f"{tickets}/call", body={"counter": "q2", "why": "x"})
    real_lobby.ask("POST", f"{tickets}/start")
    sheet.locator("[data-confirm]").click()
    told = phone.locator('[data-slot="told"]')
    expect(told).to_contain_text("has just changed")
    until_state(phone, "serving")
    real_lobby.ask("POST", f"{tickets}/hold")
    until_state(phone, "on_hold")
    phone.locator(".p-main [data-press=cancel]").click()
    sheet.locator("[data-confirm]").click()
    until_state(phone, "cancelled")
    assert phone.locator("[data-press]:visible").count() == 0


def test_the_desk_sees_who_is_coming(real_lobby: RealLobby, page: Page) -> None:
    lobby = real_lobby
    own = lobby.issue("chung-thuc")
    lobby.at_counter("q4", "open")
    lobby.ask(
        "POST", f"/centres/{CENTRE}/tickets/{own['id']}/call", body={"counter": "q4", "why": "x"}
    )
    page.add_init_script(f"localStorage.setItem('layso.counter.{CENTRE}', 'q4')")
    lobby.sign_in(page, "clerk")
    expect(page.locator("[data-current-number]")).to_have_text(own["number"])
    expect(page.locator("[data-coming]")).to_have_count(0)
    lobby.ask("POST", f"/track/{own['track_url'].rsplit('/', 1)[1]}/coming")
    expect(page.locator("[data-coming]")).to_have_text("Người dân báo đang tới")


def test_the_tablet_asks_who_has_just_been_served(real_lobby: RealLobby, page: Page) -> None:
    lobby, faults = real_lobby, fails(page)
    screen = page.locator("[data-screen]")
    page.set_viewport_size({"width": 1280, "height": 800})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{lobby.address}/rate/q3")
    expect(screen).to_have_attribute("data-screen", "refused")
    check(page, "vi")
    page.goto(f"{lobby.address}/rate/q3#token={lobby.tokens['hall']}")
    page.reload()
    expect(page.locator(".r-head")).to_contain_text("Quầy 3")
    assert "token" not in page.url
    check(page, "vi")

    def serve() -> dict[str, Any]:
        """Serve a number at the tablet's counter."""
        ticket = lobby.issue("ho-tich")
        path = f"/centres/{CENTRE}/tickets/{ticket['id']}"
        lobby.ask("POST", f"{path}/call", body={"counter": "q3", "why": "x"})
        lobby.ask("POST", f"{path}/finish", body={})
        return ticket

    lobby.at_counter("q3", "open")
    first = serve()
    expect(screen).to_have_attribute("data-screen", "ask")
    expect(page.locator(".r-no")).to_contain_text(first["number"])
    expect(page.locator("h1")).to_be_focused()
    check(page, "vi")
    assert targets(page, 48) == []
    words = [text.split("\n")[-1] for text in page.locator(".r-score").all_inner_texts()]
    assert words == [
        "Rất hài lòng", "Hài lòng", "Bình thường", "Không hài lòng", "Rất không hài lòng",
    ]  # fmt: skip

    # A lost answer is asked for again, and counts once.
    page.route("**/rating", lose)
    page.locator("[data-score='4']").click()
    expect(page.locator(".r-told")).to_contain_text("chỉ tính một lần")
    page.unroute("**/rating")
    page.locator("[data-language=en]").click()
    page.set_viewport_size({"width": 320, "height": 568})
    check(page, "en")
    page.locator("[data-score='4']").press("Enter")
    expect(screen).to_have_attribute("data-screen", "thanks")
    check(page, "en")
    expect(screen).to_have_attribute("data-screen", "idle", timeout=8000)
    assert page.evaluate("document.documentElement.lang") == "vi"

    # A new call at the counter closes the question.
    serve()
    expect(screen).to_have_attribute("data-screen", "ask")
    lobby.issue("ho-tich")
    lobby.at_counter("q3", "next")
    expect(screen).to_have_attribute("data-screen", "idle")
    rated = lobby.ask("GET", f"/centres/{CENTRE}/ratings")[1]["scores"]
    assert {"score": 4, "count": 1} in rated
    assert faults == []
