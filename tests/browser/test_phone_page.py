"""The citizen's phone: honest, light, and up to date by itself."""

from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.desk_stage import TRACK, DeskStage, minutes_ago
from wire.answers import CounterRef, Wait
from wire.visits import PublicTicket
from wire.words import LinkAction, Name, State

pytestmark = pytest.mark.browser
STATES: tuple[State, ...] = (
    "waiting", "called", "serving", "on_hold", "served", "no_show", "cancelled",
)  # fmt: skip
CAN: dict[State, tuple[LinkAction, ...]] = {
    "waiting": ("step_back", "cancel"), "called": ("step_back", "coming", "cancel"),
    "on_hold": ("cancel",), "served": ("rate",),
}  # fmt: skip
SIZES = ((390, 844), (320, 568))


def ticket(state: State, number: str = "H047", **more: Any) -> PublicTicket:
    known: dict[str, Any] = {
        "number": number, "service": Name("Hộ tịch", "Civil status"), "state": state,
        "counter": CounterRef("q3", 3) if state in ("called", "serving", "on_hold") else None,
        "zone": Name("Khu A", "Zone A") if state == "called" else None,
        "ahead": 4 if state == "waiting" else None,
        "wait": Wait(600, 890) if state == "waiting" else None,
        "issued_at": minutes_ago(12), "called_at": None,
        "ended_at": minutes_ago(0) if state in ("served", "no_show", "cancelled") else None,
        "side": "left" if state == "called" else None, "steps_left": 3, "can": CAN.get(state, ()),
        "counters": (3, 4) if state == "waiting" else (),
        "procedure": Name("Đăng ký khai sinh", "Birth registration"),
        "papers": ("Giấy chứng sinh (bản chính)", "Căn cước của cha hoặc mẹ"),
    }  # fmt: skip
    return PublicTicket(**(known | more))


@pytest.fixture
def stage() -> Iterator[DeskStage]:
    with DeskStage().open() as stage:
        yield stage


@pytest.fixture
def phone(page: Page) -> Page:
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def address(stage: DeskStage, language: str = "vi") -> str:
    return f"{stage.address}/t/{TRACK}?lang={language}"


EVERY_DAY = ("waiting", "called", "served", None)
"""The others look like one of these; all are looked at in the long run."""


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(one, marks=[] if one in EVERY_DAY else pytest.mark.full)
        for one in (*STATES, None)
    ],
)
def test_every_state_is_fit_for_everybody(
    stage: DeskStage, phone: Page, state: State | None
) -> None:
    faults = fails(phone)
    stage.public = ticket(state) if state else None
    for width, height in SIZES:
        phone.set_viewport_size({"width": width, "height": height})
        for language in ("vi", "en"):
            phone.goto(address(stage, language))
            check(phone, language)
            assert targets(phone, 44) == []
            assert phone.locator("[data-press]:visible").count() == len(
                [action for action in CAN.get(state or "no_show", ()) if action != "rate"]
            )
            expect(phone.locator("[data-state]")).to_have_attribute(
                "data-state", state or "unknown"
            )
    assert faults == []


@pytest.mark.parametrize("number", ["Z03001", "HC1000"])
def test_every_number_fits_a_small_phone(stage: DeskStage, phone: Page, number: str) -> None:
    stage.public = ticket("waiting", number)
    phone.set_viewport_size({"width": 320, "height": 568})
    phone.goto(address(stage))
    inside = """slip => { const range = document.createRange();
      range.selectNodeContents(slip.querySelector(".p-no"));
      const [text, paper] = [range.getBoundingClientRect(), slip.getBoundingClientRect()];
      return text.left >= paper.left && text.right <= paper.right }"""
    assert phone.locator(".p-slip").evaluate(inside)


def test_the_page_says_the_place_and_the_wait_before_any_script(
    stage: DeskStage, phone: Page
) -> None:
    stage.public = ticket("waiting")
    phone.route("**/phone/main.js", lambda route: route.abort())
    phone.goto(address(stage))
    expect(phone.locator("[data-ahead]")).to_have_attribute("data-ahead", "4")
    expect(phone.locator(".p-ahead p > :visible")).to_have_text("4 người trước quý khách")
    expect(phone.locator('[data-slot="wait"]')).to_have_text("10–15 phút")
    expect(phone.locator('[data-slot="place"]')).to_have_text("3 hoặc 4")
    expect(phone.locator(".p-prep li")).to_have_count(2)
    assert phone.locator("button:visible").count() == 0


def test_the_call_arrives_by_itself_and_is_said(stage: DeskStage, phone: Page) -> None:
    stage.public = ticket("waiting", ahead=1, wait=Wait(20, 50))
    phone.goto(address(stage))
    expect(phone.locator('[data-slot="wait"]')).to_have_text("dưới 1 phút")
    stage.public = ticket("waiting", ahead=0, wait=Wait(20, 50))
    expect(phone.locator("[data-ahead]")).to_have_attribute("data-ahead", "0")
    expect(phone.locator(".p-soon")).to_have_text("Sắp đến lượt quý khách")
    stage.public = ticket("called")
    expect(phone.locator("h1:visible")).to_have_text("Mời đến quầy 3")
    expect(phone.locator(".p-dir")).to_have_text("Khu A, bên trái sảnh")
    expect(phone.get_by_role("alert")).to_have_text("H047. Mời đến quầy 3")
    check(phone, "vi")
    stage.public = ticket("served")
    expect(phone.locator(".p-end h2:visible")).to_contain_text("Đã hoàn tất lúc")


def test_a_lost_server_is_said_and_the_number_stays(stage: DeskStage, phone: Page) -> None:
    stage.public = ticket("waiting", ahead=2)
    phone.goto(address(stage))
    stage.silent = True
    live = phone.locator("[data-live]:visible")
    expect(live).to_contain_text("Số vẫn còn hiệu lực")
    expect(phone.locator("h1:visible")).to_have_text("H047")
    check(phone, "vi")
    stage.silent = False
    expect(live).to_contain_text("Tự cập nhật")


def test_the_page_keeps_the_centre_s_time_wherever_the_phone_comes_from(
    stage: DeskStage, browser: Browser
) -> None:
    stage.public = ticket("waiting")
    context = browser.new_context(timezone_id="America/Lima")
    phone = context.new_page()
    phone.goto(address(stage))
    with phone.expect_response("**/api/v1/track/*"):
        pass
    phone.wait_for_timeout(200)
    centre = [minutes_ago(ago).astimezone(ZoneInfo("Asia/Ho_Chi_Minh")) for ago in (0, 1)]
    said = phone.locator("[data-live]:visible").inner_text()
    assert said[-5:] in [f"{moment:%H:%M}" for moment in centre]
    context.close()


def test_search_engines_are_told_to_stay_away(stage: DeskStage, phone: Page) -> None:
    stage.public = ticket("waiting")
    phone.goto(address(stage))
    robots = phone.locator('meta[name="robots"]')
    expect(robots).to_have_attribute("content", "noindex, nofollow")


def test_the_other_language_is_one_touch_away(stage: DeskStage, phone: Page) -> None:
    stage.public = ticket("waiting")
    phone.goto(address(stage))
    phone.locator('[data-language="en"]').click()
    expect(phone.locator(".p-ahead p > :visible")).to_have_text("4 people before you")
