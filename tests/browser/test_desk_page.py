"""The clerk's desk in a real browser: one press, one command, and never a lie on the screen."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.accessible import fails
from tests.browser.desk_stage import CENTRE, DeskStage, Item, minutes_ago

pytestmark = pytest.mark.browser


STOPWATCH = """() => {
  const pressed = performance.now();
  new MutationObserver(() => {
    if (document.querySelector("[data-fault]")) {
      window.saidAfterMs ??= performance.now() - pressed;
    }
  }).observe(document.body, {childList: true, subtree: true});
}"""


@pytest.fixture
def stage() -> Iterator[DeskStage]:
    """One open counter with three people waiting."""
    stage = DeskStage()
    stage.day.queue = [Item("H048", 14), Item("H049", 12, "elderly"), Item("H050", 4)]
    with stage.open():
        yield stage


@pytest.fixture
def desk(stage: DeskStage, page: Page) -> Iterator[Page]:
    """The desk of counter 3, chosen as a clerk chooses it; no script may complain."""
    faults = fails(page)
    page.goto(stage.address + "/desk")
    page.locator('[data-counter="q3"]').click()
    expect(action(page, "next")).to_be_enabled()
    yield page
    assert faults == []


def action(page: Page, name: str) -> Locator:
    return page.locator(f'[data-action="{name}"]')


def current(page: Page) -> Locator:
    return page.locator("[data-current-number]")


def did(stage: DeskStage) -> list[str]:
    return [command.action for command in stage.commands]


@pytest.mark.full
def test_the_keyboard_alone_serves_a_morning(stage: DeskStage, desk: Page) -> None:
    walk = [
        ("Space", "next", "H048"), ("r", "recall", "H048"), ("b", "start", "H048"),
        ("g", "hold", None), ("F9", "next", "H049"), ("h", "finish", None),
        ("Space", "next", "H050"), ("k", "no-show", None), ("Control+z", "undo", "H050"),
    ]  # fmt: skip
    for key, name, shown in walk:
        expect(desk.locator("[data-action]:enabled").first).to_be_visible()
        expect(action(desk, name).first).to_be_enabled()
        desk.keyboard.press(key)
        if shown is None:
            expect(current(desk)).to_have_count(0)
        else:
            expect(current(desk)).to_have_text(shown)
    assert did(stage) == [name for _, name, _ in walk]
    assert {command.csrf for command in stage.commands} == {"csrf-1"}
    assert len({command.key for command in stage.commands}) == len(walk)


def test_a_double_press_calls_one_number(stage: DeskStage, desk: Page) -> None:
    action(desk, "next").dblclick()
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H048")
    expect(action(desk, "next")).to_be_enabled()
    assert did(stage) == ["next"]


@pytest.mark.parametrize("same", [True, False])
def test_a_press_while_a_picture_comes_in_is_for_the_number_that_was_seen(
    stage: DeskStage, desk: Page, same: bool
) -> None:
    desk.keyboard.press("Space")
    expect(action(desk, "start")).to_be_enabled()
    under_way: list[Route] = []
    hold_up = lambda one: one.continue_() if under_way else under_way.append(one)  # noqa: E731
    desk.route("**/counters/q3/desk", hold_up)
    stage.tell("recalled", stage.day.current)
    while not under_way:
        desk.wait_for_timeout(20)
    desk.keyboard.press("b")
    if not same:
        stage.call(stage.day.queue.pop(0), minutes=0)
    under_way[0].continue_()
    expect(current(desk)).to_have_text("H048" if same else "H049")
    expect(desk.locator("[data-outcome]")).to_have_count(5 if same else 0)
    expect(action(desk, "transfer")).to_be_enabled()
    desk.wait_for_timeout(200)  # the press that waited would be sent by now
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H049" if same else "H050")
    assert did(stage) == (["next", "start", "next"] if same else ["next", "next"])


def test_space_after_a_click_calls_the_next_and_not_the_same_again(
    stage: DeskStage, desk: Page
) -> None:
    desk.keyboard.press("Space")
    expect(action(desk, "recall")).to_be_enabled()
    action(desk, "recall").click()
    expect(action(desk, "next")).to_be_enabled()
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H049")
    assert did(stage) == ["next", "recall", "next"]


def test_whoever_walks_by_tab_presses_what_has_the_ring(stage: DeskStage, desk: Page) -> None:
    desk.keyboard.press("Space")
    expect(action(desk, "hold")).to_be_enabled()
    for _ in range(30):
        desk.keyboard.press("Tab")
        if desk.evaluate("document.activeElement.dataset.action") == "hold":
            break
    desk.keyboard.press("Space")
    expect(desk.locator("[data-resume='H048']")).to_be_visible()
    assert did(stage) == ["next", "hold"]
    expect(action(desk, "next")).to_be_focused()


def test_hold_and_a_break_act_at_once_and_ask_why_in_nobodys_way(
    stage: DeskStage, desk: Page
) -> None:
    place = action(desk, "next").bounding_box()
    action(desk, "next").click()
    expect(action(desk, "hold")).to_be_enabled()
    action(desk, "hold").click()
    asked = desk.locator("[data-held-ask='H048']")
    expect(asked).to_contain_text("H048 đang giữ. Vì sao?")
    expect(current(desk)).to_have_count(0)
    assert did(stage) == ["next", "hold"]
    expect(action(desk, "next")).to_be_enabled()
    assert action(desk, "next").bounding_box() == place
    desk.keyboard.press("Escape")
    expect(asked).to_have_count(0)
    desk.locator("[data-why-held='H048']").click()  # nothing was missed: the list still asks
    expect(desk.locator('dialog[data-ask="hold"]')).to_be_visible()
    desk.keyboard.press("2")
    expect(desk.locator("[data-why-held]")).to_have_count(0)
    assert stage.commands[-1].body == {"reason": "waiting_for_signature"}
    action(desk, "pause").click()
    expect(action(desk, "open")).to_be_enabled()
    assert stage.commands[-1].body == {}
    assert action(desk, "open").bounding_box() == place
    desk.keyboard.press("p")
    expect(action(desk, "next")).to_be_enabled()
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H049")
    expect(action(desk, "hold")).to_be_enabled()
    desk.keyboard.press("g")
    expect(desk.locator("[data-held-ask='H049']")).to_be_visible()
    expect(action(desk, "next")).to_be_enabled()
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H050")
    assert did(stage)[-3:] == ["next", "hold", "next"]
    expect(desk.locator("[data-held-ask]")).to_have_count(0)


def test_a_lost_answer_is_said_and_pressing_again_does_not_call_twice(
    stage: DeskStage, desk: Page
) -> None:
    stage.answer_after_s = 6
    stage.silent = True  # nor does the socket tell that it arrived
    desk.route("**/desk", lambda route: route.abort())
    desk.evaluate(STOPWATCH)
    desk.keyboard.press("Space")
    expect(desk.locator("[data-fault=unreachable]")).to_be_visible()
    assert desk.evaluate("window.saidAfterMs") < 2500  # 2 s, and a busy machine's share
    desk.unroute("**/desk")
    stage.answer_after_s = 0
    expect(current(desk)).to_have_text("H048")
    expect(desk.locator("[data-fault]")).to_have_count(0)
    assert did(stage) == ["next"]


def test_the_same_press_after_no_answer_carries_the_same_key(stage: DeskStage, desk: Page) -> None:
    stage.refuse = {"next": "unavailable"}
    desk.keyboard.press("Space")
    expect(desk.locator("[data-fault=unreachable]")).to_be_visible()
    expect(action(desk, "next")).to_be_enabled()
    desk.keyboard.press("Space")
    expect(action(desk, "next")).to_be_enabled()
    stage.refuse = {}
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H048")
    assert did(stage) == ["next"] * 3
    assert len({command.key for command in stage.commands}) == 1


def test_a_refusal_stays_in_plain_words_until_it_is_read(stage: DeskStage, desk: Page) -> None:
    stage.refuse = {"no-show": "too_early"}
    desk.keyboard.press("Space")
    expect(action(desk, "no-show")).to_be_enabled()
    action(desk, "no-show").click()
    fault = desk.get_by_role("alert")
    expect(fault).to_contain_text("Chưa làm được: Vắng mặt. Vừa mời xong.")
    expect(current(desk)).to_have_text("H048")
    desk.locator("[data-dismiss]").click()
    expect(fault).to_have_count(0)


def test_the_screen_follows_what_happens_elsewhere(stage: DeskStage, desk: Page) -> None:
    stage.arrive(Item("H051", 0, "infant"))
    expect(desk.locator(".queue ol")).to_contain_text("H051")
    expect(desk.locator("[data-waiting]")).to_have_text("4")
    stage.call(stage.day.queue.pop(0), minutes=0)
    stage.tell("called", stage.day.current)
    expect(current(desk)).to_have_text("H048")


def test_the_next_button_lights_up_when_the_first_person_comes(
    stage: DeskStage, desk: Page
) -> None:
    stage.day.queue = []
    stage.tell("cancelled", Item("H048", state="cancelled"))
    expect(action(desk, "next")).to_be_disabled()
    expect(desk.locator("h1")).to_have_text("Chưa có ai chờ Hộ tịch")
    stage.arrive(Item("H051", 0))
    expect(action(desk, "next")).to_be_enabled()


def test_without_the_server_only_endings_can_be_pressed_and_are_handed_in(
    stage: DeskStage, desk: Page
) -> None:
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H048")
    stage.silent = True
    for sid in list(stage.socket.manager.rooms["/"][None]):
        stage.socket.disconnect(sid)
    banner = desk.locator(".banner-alert")
    expect(banner).to_contain_text("đang kết nối lại")
    expect(current(desk)).to_have_text("H048")
    for name in ("next", "recall", "start", "transfer", "undo", "pause"):
        expect(action(desk, name)).to_be_disabled()
    desk.keyboard.press("Space")
    desk.keyboard.press("h")
    expect(desk.locator("[data-kept=finish]")).to_contain_text("Sẽ gửi khi có mạng")
    expect(action(desk, "finish")).to_be_disabled()
    stage.silent = False
    expect(banner).to_have_count(0)
    expect(action(desk, "next")).to_be_enabled()
    assert did(stage) == ["next", "finish"]
    assert set(stage.commands[-1].body) == {"at"}


def test_a_link_that_falls_silent_counts_as_lost(stage: DeskStage, desk: Page) -> None:
    stage.silent = True
    expect(desk.locator(".chip-alert")).to_have_text("Mất kết nối", timeout=9000)
    expect(action(desk, "next")).to_be_disabled()


def test_a_break_and_the_way_back(stage: DeskStage, desk: Page) -> None:
    desk.keyboard.press("p")
    expect(desk.locator("h1")).to_have_text("Quầy 3 đang tạm nghỉ")
    expect(desk.locator(".now-help")).to_contain_text("Quầy tạm nghỉ.")
    expect(action(desk, "next")).to_have_count(0)
    expect(action(desk, "open")).to_be_enabled()
    desk.keyboard.press("2")
    expect(desk.get_by_role("status")).to_have_text("Đã ghi lý do nghỉ.")
    expect(action(desk, "open")).to_be_enabled()
    desk.keyboard.press("p")
    expect(action(desk, "next")).to_be_enabled()
    assert [one.body for one in stage.commands] == [{}, {"code": "meeting"}, {}]


def test_a_number_goes_to_another_service_by_keyboard(stage: DeskStage, desk: Page) -> None:
    desk.keyboard.press("Space")
    expect(action(desk, "transfer")).to_be_enabled()
    desk.keyboard.press("c")
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("h")  # the clerk's keys rest while something is asked
    desk.keyboard.press("Enter")
    expect(current(desk)).to_have_count(0)
    assert did(stage) == ["next", "transfer"]
    assert stage.commands[-1].body == {"service": "chung-thuc"}


def test_escape_leaves_the_number_where_it_is(stage: DeskStage, desk: Page) -> None:
    desk.keyboard.press("Space")
    expect(action(desk, "transfer")).to_be_enabled()
    action(desk, "transfer").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.get_by_role("dialog")).to_have_count(0)
    expect(current(desk)).to_have_text("H048")
    assert did(stage) == ["next"]


def test_undo_is_offered_for_ten_seconds(stage: DeskStage, desk: Page) -> None:
    desk.keyboard.press("Space")
    expect(action(desk, "finish")).to_be_enabled()
    action(desk, "finish").click()
    expect(desk.locator(".now-help")).to_contain_text("Đã ghi “hoàn tất” cho H048.")
    expect(action(desk, "undo")).to_be_enabled()
    offer, before = stage.undo or pytest.fail("nothing to undo")
    stage.undo = (type(offer)(offer.id, offer.action, offer.number, minutes_ago(0)), before)
    stage.tell("config_changed", None)
    expect(action(desk, "undo")).to_have_count(0)


def test_the_language_changes_at_once_and_stays(stage: DeskStage, desk: Page) -> None:
    desk.locator('[data-language="en"]').click()
    expect(action(desk, "next")).to_contain_text("Call next")
    expect(desk.locator("html")).to_have_attribute("lang", "en")
    expect(desk).to_have_title("Counter 3 – Lấy Số")
    cookies = {one["name"]: one["value"] for one in desk.context.cookies()}
    assert cookies["layso_language"] == "en"


def test_the_counter_is_remembered_and_can_be_changed(stage: DeskStage, desk: Page) -> None:
    desk.reload()
    expect(action(desk, "next")).to_be_enabled()
    assert desk.evaluate(f"localStorage.getItem('layso.counter.{CENTRE}')") == "q3"
    desk.locator(".d-menu summary").click()
    desk.get_by_role("button", name="Đổi quầy").click()
    expect(desk.locator("h1")).to_have_text("Hôm nay ngồi quầy nào?")


def test_whoever_is_signed_out_goes_to_the_sign_in_page(stage: DeskStage, desk: Page) -> None:
    stage.refuse = {"next": "unauthenticated"}
    desk.keyboard.press("Space")
    expect(desk.locator('input[name="password"]')).to_be_visible()


def test_a_simulation_says_that_it_is_one(stage: DeskStage, page: Page) -> None:
    stage.simulation = 20
    page.goto(stage.address + "/desk")
    expect(page.locator(".chip-sim")).to_have_text("mô phỏng 20×")


def test_what_is_done_is_said_to_a_screen_reader(stage: DeskStage, desk: Page) -> None:
    desk.keyboard.press("Space")
    expect(desk.get_by_role("status")).to_have_text("Đã mời H048.")


COUNT_TONES = """() => {
  window.tones = [];
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (at) {
    window.tones.push(this.frequency.value);
    return start.call(this, at);
  };
}"""


def test_the_idle_desk_that_is_to_call_lights_up_and_chimes_once(
    stage: DeskStage, desk: Page
) -> None:
    desk.evaluate(COUNT_TONES)
    lit = desk.locator(".next.is-lit")
    expect(lit).to_have_count(0)
    stage.light = True
    stage.arrive(Item("H051", 0))
    expect(lit).to_contain_text("Có người đang chờ, mời quầy gọi số H048")
    expect(desk.get_by_role("status")).to_have_text("Có người đang chờ, mời quầy gọi số H048")
    stage.arrive(Item("H052", 0))
    expect(desk.locator("[data-waiting]")).to_have_text("5")
    assert desk.evaluate("window.tones") == [660, 880]
    desk.keyboard.press("Space")
    expect(current(desk)).to_have_text("H048")
    expect(lit).to_have_count(0)
    action(desk, "finish").click()
    expect(lit).to_have_count(1)
    desk.wait_for_function("() => window.tones.length === 4")


def test_another_desks_rest_passes_its_light_on(stage: DeskStage, desk: Page) -> None:
    stage.light = True
    stage.tell_of_counter("counter_paused", "q1")
    expect(desk.locator(".next.is-lit")).to_have_count(1)
