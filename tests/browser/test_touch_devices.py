"""Keys and scanners on the touch page in a real Chromium: told to the right person, readably."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.touch_stage import TouchStage

pytestmark = pytest.mark.browser
UPRIGHT: ViewportSize = {"width": 1080, "height": 1920}
LYING: ViewportSize = {"width": 1920, "height": 1080}
TARGET_PX = 88
CARD = "079066001234|023456789|Nguyen Thi Hoa|01021940|Nu|12 Le Loi|01072021"
OLD = {"kind": "age_group", "elderly": True}
YOUNG = {"kind": "age_group", "elderly": False}
TICKET = {
    "id": "0198-c", "number": "H012", "service": "ho-tich", "state": "waiting", "counter": None,
    "counters": [3, 4], "zone": {"vi": "Khu A", "en": "Zone A"},
}  # fmt: skip


def copy(outcome: str = "printed") -> dict[str, Any]:
    message = {"vi": "Máy đã hết giấy. Vui lòng nhớ số.", "en": "Out of paper. Remember it."}
    ticket = TICKET | {"track_url": "http://127.0.0.1:8000/t/x", "ahead": 2, "wait": None}
    return {"kind": "ticket", "ticket": ticket, "outcome": outcome, "message": message}


def standing(state: str, **more: Any) -> dict[str, Any]:
    return {"kind": "state", "ticket": TICKET | {"state": state, **more}}


SCANS: dict[str, dict[str, Any]] = {
    "printed": copy(),
    "printing": copy("printing"),
    "failed": copy("failed"),
    "checked_in": {"kind": "checked_in", "ticket": TICKET},
    "called": standing("called", counter=3),
    **{
        state: standing(state)
        for state in ("waiting", "serving", "served", "no_show", "on_hold", "cancelled")
    },
    "rateable": standing("served", can_rate=True),
    "unknown": {"kind": "unknown"},
    "refused": {"kind": "refused", "code": "unavailable", "message": copy()["message"]},
    "silent": {"kind": "refused", "code": "silent", "message": None},
}


@pytest.fixture
def stage() -> Iterator[TouchStage]:
    with TouchStage().open() as stage:
        stage.scanner = "keyboard"
        yield stage


@pytest.fixture
def kiosk(stage: TouchStage, page: Page) -> Iterator[Page]:
    faults = fails(page)
    page.clock.install()
    page.set_viewport_size(UPRIGHT)
    with page.expect_response("**/api/happenings?page=*"):
        page.goto(stage.address)
    expect(page.locator("[data-service]").first).to_be_visible()
    yield page
    assert faults == []


def number(page: Page) -> Any:
    return page.locator("[data-number]")


def scan(page: Page, text: str = CARD, end: str = "Enter") -> None:
    """As a wedge does: fast, ended by Enter, unless it was set to another end, or none."""
    page.evaluate(
        """([text, end]) => {
          const at = document.activeElement ?? document.body;
          for (const key of [...text, ...(end ? [end] : [])]) {
            const event = new KeyboardEvent("keydown", {key, bubbles: true, cancelable: true});
            const passed = at.dispatchEvent(event);
            if (passed && key.length === 1 && at.matches("input")) at.value += key;
            if (passed && key === "Enter" && at.matches("button")) at.click();
          }
        }""",
        [text, end],
    )


def test_a_keys_number_is_shown_on_an_idle_page(stage: TouchStage, kiosk: Page) -> None:
    stage.key()
    expect(number(kiosk)).to_have_attribute("data-number", "H047")
    check(kiosk, "vi")
    stage.key(id="0198-b", number="H048")
    expect(number(kiosk)).to_have_attribute("data-number", "H048")
    kiosk.clock.fast_forward(13_000)
    expect(kiosk.locator("[data-service]").first).to_be_visible()
    assert stage.presses == []


def test_a_keys_number_does_not_disturb_who_stands_at_the_page(
    stage: TouchStage, kiosk: Page
) -> None:
    kiosk.locator('[data-language="en"]').click()
    stage.key()
    time.sleep(0.5)
    expect(number(kiosk)).to_have_count(0)
    kiosk.locator('[data-service="dat-dai"]').click()
    expect(number(kiosk)).to_have_attribute("data-number", "H047")
    stage.key(id="0198-b", number="H099")
    time.sleep(0.5)
    expect(number(kiosk)).to_have_attribute("data-number", "H047")


def test_a_keys_refusal_is_said(stage: TouchStage, kiosk: Page) -> None:
    stage.tell("refused", service="dat-dai", code="day_full", retry_s=None, message=None)
    expect(kiosk.locator("h1")).to_contain_text("Đất đai đã hết lượt hôm nay")
    check(kiosk, "vi")


def test_a_card_chooses_the_group_and_says_so(stage: TouchStage, kiosk: Page) -> None:
    stage.scan = OLD
    scan(kiosk)
    expect(kiosk.locator(".banner")).to_contain_text("Đã ghi nhận: người cao tuổi.")
    expect(kiosk.locator(".prio")).to_contain_text("Người cao tuổi")
    assert stage.scans == [CARD]
    check(kiosk, "vi")
    kiosk.clock.fast_forward(13_000)
    expect(kiosk.locator(".banner")).to_have_count(0)
    kiosk.locator('[data-service="ho-tich"]').click()
    expect(number(kiosk)).to_be_visible()
    assert stage.presses[0]["priority"] == "elderly"


def test_a_card_answers_the_open_question(stage: TouchStage, kiosk: Page) -> None:
    stage.scan = OLD
    kiosk.locator("#choose-priority").click()
    scan(kiosk)
    expect(kiosk.locator(".prio")).to_contain_text("Người cao tuổi")
    expect(kiosk.locator("[role=dialog]")).to_have_count(0)


def test_a_chosen_group_stays_and_a_young_card_takes_nothing(
    stage: TouchStage, kiosk: Page
) -> None:
    kiosk.locator("#choose-priority").click()
    kiosk.locator('[data-priority="pregnant"]').click()
    stage.scan = OLD
    scan(kiosk)
    expect(kiosk.locator(".banner")).to_be_visible()
    expect(kiosk.locator(".prio")).to_contain_text("Phụ nữ mang thai")
    stage.scan = YOUNG
    scan(kiosk, CARD + "|")
    expect(kiosk.locator(".banner")).to_contain_text("Chưa ghi nhận nhóm ưu tiên")
    expect(kiosk.locator(".prio")).to_contain_text("Phụ nữ mang thai")
    check(kiosk, "vi")


def test_a_scan_presses_no_button_and_no_person_is_taken_for_one(
    stage: TouchStage, kiosk: Page
) -> None:
    stage.scan = YOUNG
    kiosk.locator('[data-service="ho-tich"]').focus()
    scan(kiosk)
    expect(kiosk.locator(".banner")).to_be_visible()
    kiosk.locator("h1").focus()
    kiosk.keyboard.type("khai sinh 123456789", delay=70)
    assert stage.presses == []
    assert len(stage.scans) == 1
    kiosk.locator('[data-service="ho-tich"]').focus()
    kiosk.keyboard.press("Enter")
    expect(number(kiosk)).to_be_visible()


def test_a_real_wedges_keys(stage: TouchStage, kiosk: Page) -> None:
    stage.scan = SCANS["checked_in"]
    kiosk.locator('[data-service="ho-tich"]').focus()
    # A busy machine hands these keys over one by one: by the page's clock they come at once.
    kiosk.clock.pause_at(time.time() + 60)
    kiosk.keyboard.type("https://so.example.vn/t/AbCdEfGhIjKlMnOpQrSt_A\n")
    expect(kiosk.locator("[data-scanned]")).to_have_text("H012")
    assert stage.scans == ["https://so.example.vn/t/AbCdEfGhIjKlMnOpQrSt_A"]
    assert stage.presses == []


@pytest.mark.parametrize("end", ["Enter", "Tab", ""])
def test_a_field_is_put_back_as_it_was(stage: TouchStage, kiosk: Page, end: str) -> None:
    stage.scan = YOUNG
    kiosk.evaluate(
        """() => {
          const field = document.createElement("input");
          field.id = "written"; field.value = "khai";
          document.body.append(field); field.focus();
        }"""
    )
    scan(kiosk, end=end)
    expect(kiosk.locator(".banner")).to_be_visible()
    assert stage.scans == [CARD]
    assert kiosk.evaluate("document.activeElement.value ?? ''") in ("khai", "")
    assert kiosk.evaluate("document.getElementById('written')?.value ?? 'khai'") == "khai"


def test_without_a_wedge_nobody_listens(stage: TouchStage, page: Page) -> None:
    stage.scanner = "serial"
    page.goto(stage.address)
    expect(page.locator("[data-service]").first).to_be_visible()
    scan(page)
    time.sleep(0.3)
    assert stage.scans == []


def test_a_serial_scan_is_shown_and_closes_by_itself(stage: TouchStage, kiosk: Page) -> None:
    stage.tell("scanned", scan=SCANS["printing"])
    expect(kiosk.locator("h1")).to_have_text("Đang in lại phiếu")
    stage.presses.append({"service": "ho-tich"})
    kiosk.clock.fast_forward(800)
    expect(kiosk.locator("h1")).to_have_text("Đã in lại phiếu")
    kiosk.clock.fast_forward(13_000)
    expect(kiosk.locator("[data-service]").first).to_be_visible()


@pytest.mark.parametrize(
    "size", [UPRIGHT, pytest.param(LYING, marks=pytest.mark.full)], ids=["upright", "lying"]
)
def test_every_outcome_is_readable(stage: TouchStage, kiosk: Page, size: ViewportSize) -> None:
    kiosk.set_viewport_size(size)
    for name in SCANS:
        readable(stage, kiosk, name)
        kiosk.get_by_role("button", name="Large text").click()
        kiosk.locator("#done").click()
        expect(kiosk.locator("[data-service]").first).to_be_visible()
        kiosk.locator('[data-language="vi"]').click()


def readable(stage: TouchStage, kiosk: Page, name: str) -> None:
    stage.tell("scanned", scan=SCANS[name])
    expect(kiosk.locator("#done"), name).to_be_visible()
    check(kiosk, "vi")
    kiosk.locator('[data-language="en"]').click()
    check(kiosk, "en")
    assert targets(kiosk, TARGET_PX) == []
    kiosk.get_by_role("button", name="Large text").click()
    assert kiosk.evaluate("document.documentElement.scrollHeight <= innerHeight")
    hidden = kiosk.evaluate(
        """() => {
          const box = document.querySelector("main").getBoundingClientRect();
          return [...document.querySelectorAll("main :is(h1, p, button)")].filter((one) => {
            const own = one.getBoundingClientRect();
            return own.height > 0 && (own.top < box.top - 1 || own.bottom > box.bottom + 1);
          }).map((one) => one.textContent);
        }"""
    )
    assert hidden == []


def test_a_visit_that_is_over_is_rated_in_one_touch(stage: TouchStage, kiosk: Page) -> None:
    stage.tell("scanned", scan=SCANS["rateable"])
    stage.rates = False
    kiosk.locator("[data-score='2']").click()
    expect(kiosk.get_by_role("alert")).to_contain_text("mất kết nối")
    check(kiosk, "vi")
    stage.rates = True
    kiosk.locator("[data-score='2']").click()
    expect(kiosk.locator("h1")).to_have_text("Cảm ơn quý khách đã đánh giá")
    assert stage.ratings == [{"ticket": TICKET["id"], "score": 2}] * 2
    kiosk.clock.fast_forward(13_000)
    expect(kiosk.locator("[data-service]").first).to_be_visible()
