"""What a clerk does at the real desk, key by key, for the tests that walk through it."""

from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.real_lobby import CENTRE, RealLobby

PROCEDURES = (
    "code,name_vi,name_en,field_vi,level,on_the_spot,documents_vi,service\n"
    "1.000001,Đăng ký khai sinh,Birth,Hộ tịch,commune,true,Tờ khai; Giấy chứng sinh,ho-tich\n"
)
"""A table of one procedure, as the command takes it."""

REST_MS = 700
"""More than the desk rests after a command, so that a finger that bounces is one press."""


def sit(page: Page, counter: str) -> None:
    """Sit down at a free counter, and open it."""
    page.locator(f'[data-counter="{counter}"]').click()
    expect(act(page, "open")).to_be_enabled()
    page.keyboard.press("p")
    expect(act(page, "pause")).to_be_enabled()


def rest(page: Page) -> None:
    """Let the page's clock pass the rest after a command, in no time."""
    page.clock.fast_forward(REST_MS)


def act(page: Page, name: str) -> Locator:
    """The control of this action."""
    return page.locator(f'[data-action="{name}"]').first


def current(page: Page) -> Locator:
    """The number that the counter has."""
    return page.locator("[data-current-number]")


def press(page: Page, action: str, key: str) -> None:
    """Press a key once the desk may take it."""
    rest(page)
    expect(act(page, action)).to_be_enabled()
    page.keyboard.press(key)


def answer(page: Page, asked: str, *keys: str) -> None:
    """Answer what the dialog of this name asks."""
    dialog = page.locator(f'dialog[data-ask="{asked}"]')
    expect(dialog).to_be_visible()
    rest(page)
    for key in keys:
        if len(key) > 1 and key != "Enter":
            page.keyboard.type(key)
        else:
            page.keyboard.press(key)


def free(page: Page) -> None:
    """Wait until the counter has no number, and may do something again."""
    rest(page)
    expect(current(page)).to_have_count(0)
    expect(act(page, "call")).to_be_enabled()


def figures(lobby: RealLobby, counter: str) -> dict[str, int]:
    """A counter's own day."""
    found = lobby.ask("GET", f"/centres/{CENTRE}/counters/{counter}/figures")[1]
    assert isinstance(found, dict)
    return found


def tidied(lobby: RealLobby, counter: str) -> bool:
    """End what a counter has and what waits for it, and close it; whether nothing is left."""
    desk = lobby.ask("GET", f"/centres/{CENTRE}/counters/{counter}/desk")[1]
    left = [one for one in [desk["current"], *desk["held"], *desk["next"]] if one]
    for one in left:
        action = "finish" if one["state"] in ("called", "serving") else "cancel"
        lobby.ask("POST", f"/centres/{CENTRE}/tickets/{one['id']}/{action}")
    lobby.at_counter(counter, "close")
    return not left


def press_until(page: Page, key: str, there: Locator) -> None:
    """Press a key until what it brings is there, as anybody does whose press came too soon."""
    for _ in range(10):
        page.keyboard.press(key)
        try:
            expect(there).to_be_visible(timeout=1_000)
        except AssertionError:
            continue
        return
    expect(there).to_be_visible()


def asked(page: Page, key: str, name: str) -> None:
    """Open the dialog of this name by its key."""
    press_until(page, key, page.locator(f'dialog[data-ask="{name}"]'))


def walk(page: Page, *keys: str) -> None:
    """Press these one after another."""
    for key in keys:
        page.keyboard.press(key)


def hold_and_call_out_of_turn(page: Page, number: str, words: tuple[str, ...]) -> None:
    """Put the present number aside, and call another one by its figures for a leader."""
    press(page, "hold", "g")
    expect(page.locator("[data-held-ask]")).to_be_visible()
    press_until(page, "1", page.locator(".queue-held").get_by_text(words[0]))
    free(page)
    asked(page, "s", "pick")  # the last of the line, by the end of its number
    answer(page, "pick", number[-2:], "Enter")
    expect(page.locator("[data-cost]")).to_contain_text(words[1])
    answer(page, "jump", "8", "Phó Chủ tịch", "Enter")
    expect(current(page)).to_have_text(number)
    page.keyboard.press("?")
    expect(page.locator(".ask-facts")).to_contain_text(words[2])
    expect(page.locator(".ask-facts")).to_contain_text("Phó Chủ tịch")
    page.keyboard.press("Escape")
    press(page, "start", "b")


def fine(page: Page) -> None:
    """Nothing was complained about; the browser is closed."""
    assert page.faults == []  # type: ignore[attr-defined]  # kept there by `enter`
    page.context.close()


def kept_now(page: Page) -> list[dict[str, Any]]:
    """What waits in this browser to be handed in."""
    kept = page.evaluate("JSON.parse(localStorage.getItem('layso.kept') ?? '[]')")
    assert isinstance(kept, list)
    return kept


def hurry_before_the_cost(page: Page, number: str, figure: str) -> None:
    """Pick a number and a reason, and press Enter before the cost is said: that does nothing yet.

    Only the Enter after it calls the number, and for the reason that was chosen.
    """
    late: list[Route] = []
    page.route("**/jump", lambda route: late.append(route))
    answer(page, "pick", number, "Enter")
    answer(page, "jump", figure, "Enter")
    expect(page.locator(f"[data-key='{figure}'][aria-pressed=true]")).to_be_focused()
    late[0].continue_()
    expect(page.locator("[data-sure]")).to_be_focused()
    page.unroute("**/jump")
    page.keyboard.press("Enter")
