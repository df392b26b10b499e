"""Every state of the desk is fit for everybody: both languages, 1366 and 320 wide."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.desk_stage import CENTRE, DeskStage, Item, minutes_ago
from wire.desk import UndoOffer

pytestmark = pytest.mark.browser
Set = Callable[[DeskStage], None]
SIZES = ((1366, 768), (320, 700))


def waiting(stage: DeskStage) -> None:
    stage.day.queue = [Item("H048", 14), Item("H049", 12, "elderly"), Item("H050", 0.5)]
    stage.day.held = [Item("H041", state="on_hold", why="bổ sung giấy tờ")]


def serving(stage: DeskStage) -> None:
    waiting(stage)
    stage.serve(Item("H047", priority="infant"), minutes=6.2)


def over(stage: DeskStage) -> None:
    waiting(stage)
    stage.serve(Item("Z03001", priority="appointment"), minutes=75, times=2)


def called(stage: DeskStage) -> None:
    waiting(stage)
    stage.call(Item("H047", priority="merit"), minutes=0.5)
    stage.simulation = 20


def empty(stage: DeskStage) -> None:
    stage.day.queue = []


def paused(stage: DeskStage) -> None:
    waiting(stage)
    stage.day.state = "paused"


def closed(stage: DeskStage) -> None:
    stage.day.state = "closed"


def lit(stage: DeskStage) -> None:
    waiting(stage)
    stage.light = True


def undoable(stage: DeskStage) -> None:
    waiting(stage)
    stage.undo = (UndoOffer("1", "no-show", "H046", minutes_ago(-10)), stage.day)


def show(stage: DeskStage, page: Page) -> None:
    page.add_init_script(f"localStorage.setItem('layso.counter.{CENTRE}', 'q3')")
    page.goto(stage.address + "/desk")
    expect(page.locator(".clerk")).to_be_visible()
    expect(page.locator(".chip-link.chip-good")).to_be_attached()


def check_everywhere(page: Page, *, least_px: int = 44) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for language in ("en", "vi"):
            other = page.locator(f'[data-language="{language}"]')
            if other.is_visible():
                other.click()
            check(page, language)
        assert targets(page, least_px) == []


@pytest.mark.parametrize(
    "state",
    [
        *(serving, called, empty, paused),
        *(pytest.param(one, marks=pytest.mark.full) for one in (over, waiting, lit)),
        *(pytest.param(one, marks=pytest.mark.full) for one in (closed, undoable)),
    ],
)
def test_every_state_is_fit_for_everybody(state: Set, page: Page) -> None:
    stage = DeskStage()
    state(stage)
    faults = fails(page)
    with stage.open():
        show(stage, page)
        check_everywhere(page)
    assert faults == []


def test_the_big_button_is_never_outside_the_screen_nor_moves(page: Page) -> None:
    tops = set()
    for state in (serving, called, waiting, paused):
        stage = DeskStage()
        state(stage)
        with stage.open():
            show(stage, page)
            box = page.locator(".next").bounding_box()
            assert box is not None
            assert box["y"] + box["height"] <= 768
            tops.add(round(box["y"]))
    assert max(tops) - min(tops) <= 4


def test_the_dialog_and_the_menu_are_fit_for_everybody(page: Page) -> None:
    stage = DeskStage()
    serving(stage)
    with stage.open():
        show(stage, page)
        page.locator(".d-menu summary").click()
        check(page, "vi")
        page.keyboard.press("Escape")
        page.locator('[data-action="transfer"]').click()
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            check(page, "vi")


def test_choosing_a_counter_is_fit_for_everybody(page: Page) -> None:
    stage = DeskStage()
    with stage.open():
        page.goto(stage.address + "/desk")
        expect(page.locator("[data-counter]").first).to_be_visible()
        check_everywhere(page)


def test_a_lost_link_is_fit_for_everybody(page: Page) -> None:
    stage = DeskStage()
    serving(stage)
    with stage.open():
        show(stage, page)
        stage.silent = True
        for sid in list(stage.socket.manager.rooms["/"][None]):
            stage.socket.disconnect(sid)
        expect(page.locator(".banner-alert")).to_be_visible()
        check_everywhere(page)


def test_nothing_moves_under_reduced_motion(page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    for state in (called, lit):
        stage = DeskStage()
        state(stage)
        with stage.open():
            show(stage, page)
            assert page.evaluate("document.getAnimations().length") == 0
