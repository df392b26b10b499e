"""A clerk's morning against the real server, by keyboard alone, in both languages."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Request, Route, expect

from tests.browser.accessible import check, fails, targets
from tests.browser.clerk_at_desk import (
    PROCEDURES,
    act,
    answer,
    asked,
    current,
    figures,
    fine,
    free,
    hold_and_call_out_of_turn,
    hurry_before_the_cost,
    kept_now,
    press,
    sit,
    tidied,
    walk,
)
from tests.browser.real_lobby import CENTRE, RealLobby

pytestmark = pytest.mark.browser
FIRST_LOAD_B = 150_000
COUNTERS = [f"q{n}" for n in range(1, 7)]
Enter = Callable[..., Page]


@pytest.fixture(scope="module")
def sessions() -> dict[tuple[str, str], Any]:
    """Who has signed in already, once a module."""
    return {}


@pytest.fixture
def enter(real_lobby: RealLobby, browser: Browser, sessions: dict[tuple[str, str], Any]) -> Enter:
    """Bring somebody to the desk on a browser of their own; no script of theirs may complain."""

    def open_desk(name: str, language: str = "vi") -> Page:
        known, size = sessions.get((name, language)), {"width": 1366, "height": 768}
        locale = {"vi": "vi-VN", "en": "en-GB"}[language]
        context = browser.new_context(viewport=size, locale=locale, storage_state=known)
        context.clock.install()
        page = context.new_page()
        page.faults = fails(page)  # type: ignore[attr-defined]  # looked at by `fine`
        if not known:
            real_lobby.sign_in(page, name)
            sessions[name, language] = context.storage_state()
        if known or name == "manager":
            page.goto(f"{real_lobby.address}/desk")
        return page

    return open_desk


@pytest.fixture(autouse=True)
def tidy(real_lobby: RealLobby) -> Iterator[None]:
    """Nobody sits or waits anywhere when the next test begins, however this one went."""
    yield
    for counter in COUNTERS:
        while not tidied(real_lobby, counter):
            pass


@pytest.mark.parametrize(
    ("language", "counter", "words"),
    [
        ("vi", "q1", ("bổ sung giấy tờ", "người chờ thêm khoảng", "Lãnh đạo yêu cầu")),
        pytest.param(
            "en",
            "q2",
            ("papers to fetch", "about 8 min longer", "A leader’s order"),
            marks=pytest.mark.full,
        ),
    ],
)
def test_the_keyboard_alone_serves_a_morning(
    real_lobby: RealLobby, enter: Enter, language: str, counter: str, words: tuple[str, ...]
) -> None:
    numbers = [real_lobby.issue()["number"] for _ in range(5)]
    page = enter("clerk", language)
    sit(page, counter)
    press(page, "next", "Space")
    expect(current(page)).to_have_text(numbers[0])
    expect(act(page, "no-show")).to_be_disabled()
    expect(act(page, "no-show")).to_contain_text("5")  # seconds that are left of sixty
    press(page, "start", "b")
    expect(page.locator("[data-outcome]")).to_have_count(5)
    page.keyboard.press("n")
    page.keyboard.type("Số 079 123 456 789")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    page.locator("#note").fill("Đã xem bản chính")
    page.keyboard.press("Enter")
    expect(page.locator("[data-note]")).to_have_text("Đã xem bản chính")
    hold_and_call_out_of_turn(page, numbers[4], words)
    for key in "++1":
        press(page, "end-1", key)
    free(page)
    asked(page, "e", "jump")
    answer(page, "jump", "1", "1")
    expect(page.locator("[data-cost='3']")).to_be_visible()
    answer(page, "jump", "1", "Enter")
    expect(act(page, "end-5")).to_be_enabled()
    asked(page, "u", "jump")
    answer(page, "jump", "6")
    expect(page.locator("[data-cost='0']")).to_be_visible()
    answer(page, "jump", "4", "Enter")
    expect(page.locator(".now-tags .chip-care")).to_be_visible()
    press(page, "end-5", "5")
    free(page)
    asked(page, "v", "pick")
    answer(page, "pick", numbers[0], "Enter")
    expect(page.locator(".queue-held")).to_have_count(0)
    expect(page.locator(".queue ol")).to_contain_text(numbers[0])
    press(page, "pause", "p")
    answer(page, "pause", "3")
    expect(act(page, "open")).to_be_enabled()
    page.keyboard.press("p")
    free(page)
    page.keyboard.press("l")
    expect(page.locator("dialog table")).to_contain_text("2")
    page.keyboard.press("Escape")
    day = figures(real_lobby, counter)
    assert (day["served"], day["dossiers"]) == (2, 2)
    assert day["outcomes"] == {"taken_in": 1, "advice_given": 1}
    asked(page, "q", "close")
    answer(page, "close", "Enter")
    expect(act(page, "open")).to_be_enabled()
    assert real_lobby.ask("GET", f"/centres/{CENTRE}/seats")[1]["seats"] == []
    fine(page)


def test_endings_are_kept_over_a_restart_and_handed_in_once(
    real_lobby: RealLobby, enter: Enter, browser: Browser
) -> None:
    for _ in range(2):
        real_lobby.issue()
    page = enter("clerk")
    sit(page, "q3")
    press(page, "next", "Space")
    press(page, "start", "b")
    expect(act(page, "end-3")).to_be_enabled()
    real_lobby.stop()
    expect(page.locator(".chip-alert")).to_be_visible()
    for off in ("next", "transfer", "pause", "recall"):
        expect(act(page, off)).to_be_disabled()
    page.keyboard.press("+")
    press(page, "end-3", "3")
    kept = page.locator("[data-kept=finish]")
    expect(kept).to_contain_text("Sẽ gửi khi có mạng")
    expect(act(page, "end-1")).to_have_count(0)
    page.keyboard.press("Control+z")
    expect(kept).to_have_count(0)
    press(page, "hold", "g")
    expect(page.locator("[data-kept=hold]")).to_contain_text("Vì sao?")
    page.keyboard.press("2")
    expect(page.locator("[data-kept=hold]")).to_contain_text("Sẽ gửi khi có mạng")
    assert kept_now(page)[0]["body"]["reason"] == "waiting_for_signature"
    page.keyboard.press("Control+z")
    press(page, "end-3", "3")
    expect(kept).to_be_visible()
    state = page.context.storage_state()
    page.context.close()  # the browser is closed before the server is back
    real_lobby.start()
    other = real_lobby.ask("GET", f"/centres/{CENTRE}/counters/q3/desk")[1]
    assert other["current"]["state"] == "serving"
    again = browser.new_context(storage_state=state, locale="vi-VN")
    sent: list[Request] = []
    again.on("request", lambda one: sent.append(one))
    tabs = [again.new_page(), again.new_page()]
    for tab in tabs:  # both at once
        tab.goto(f"{real_lobby.address}/desk", wait_until="commit")
    for tab in tabs:
        expect(act(tab, "next")).to_be_enabled()
        expect(current(tab)).to_have_count(0)
        expect(tab.get_by_role("alert")).to_have_count(0)
        assert kept_now(tab) == []
    day = figures(real_lobby, "q3")
    assert (day["outcomes"], day["dossiers"]) == ({"papers_missing": 1}, 1)
    # The second tab may still have read the list as it was: one key, so one ending.
    endings = [one.headers["idempotency-key"] for one in sent if one.url.endswith("/finish")]
    assert len(set(endings)) == 1
    again.close()


def test_what_is_kept_is_nobody_elses_and_a_refusal_stays(
    real_lobby: RealLobby, enter: Enter
) -> None:
    real_lobby.issue()
    page = enter("clerk")
    sit(page, "q4")
    press(page, "next", "Space")
    expect(current(page)).to_be_visible()
    ticket = real_lobby.ask("GET", f"/centres/{CENTRE}/counters/q4/desk")[1]["current"]
    entry = {
        "key": "kept-by-nobody-else", "action": "finish", "body": {"at": ticket["called_at"]},
        "path": f"/centres/{CENTRE}/tickets/{ticket['id']}/finish", "at": ticket["called_at"],
        "ticket": ticket["id"], "number": ticket["number"], "who": "clerk2", "centre": CENTRE,
        "counter": "q4", "tried": False, "refused": None,
    }  # fmt: skip
    keep = "entry => localStorage.setItem('layso.kept', JSON.stringify([entry]))"
    page.evaluate(keep, entry)
    page.reload()
    expect(act(page, "finish")).to_be_enabled()
    assert figures(real_lobby, "q4")["served"] == 0
    real_lobby.ask("POST", f"/centres/{CENTRE}/tickets/{ticket['id']}/cancel")
    page.evaluate(keep, entry | {"who": "clerk"})
    page.reload()
    refused = page.locator("[data-kept-refused=invalid_transition]")
    expect(refused).to_contain_text(f"Chưa ghi được “Hoàn tất” của {ticket['number']}")
    page.reload()
    refused.get_by_role("button").click()
    expect(refused).to_have_count(0)
    assert kept_now(page) == []
    fine(page)


def test_a_counter_is_taken_over_handed_on_and_two_desks_call_once(
    real_lobby: RealLobby, enter: Enter
) -> None:
    numbers = [real_lobby.issue()["number"] for _ in range(2)]
    first, second = enter("clerk"), enter("clerk2")
    sit(first, "q5")
    second.locator('[data-counter="q5"]').click()
    answer(second, "taken", "Enter")
    expect(first.locator("[data-moved]")).to_have_text("Quầy 5 nay do clerk2 phụ trách.Đã hiểu")
    expect(current(first)).to_have_count(0)
    expect(act(second, "next")).to_be_enabled()
    second.keyboard.press("o")
    answer(second, "handover", "1")
    expect(second.locator("[data-moved]")).to_contain_text("nay do clerk phụ trách")
    expect(act(first, "next")).to_be_enabled()  # what is given to somebody comes to them
    twin = first.context.new_page()
    twin.goto(f"{real_lobby.address}/desk")
    expect(act(twin, "next")).to_be_enabled()
    moved_on = twin.locator("[data-fault=counter_moved_on]")

    def other_was_faster(route: Route) -> None:
        if route.request.url.endswith("/next"):
            real_lobby.at_counter("q5", "next")
        else:
            current_id = real_lobby.ask("GET", f"/centres/{CENTRE}/counters/q5/desk")[1]["current"][
                "id"
            ]
            real_lobby.ask("POST", f"/centres/{CENTRE}/tickets/{current_id}/start")
        route.continue_()

    twin.route("**/next", other_was_faster)
    twin.route("**/undo", other_was_faster)
    act(twin, "next").click()
    expect(moved_on).to_be_visible()
    for desk in (first, twin):
        expect(current(desk)).to_have_text(numbers[0])
    assert figures(real_lobby, "q5")["served"] == 0
    twin.locator("[data-dismiss]").click()
    press(twin, "undo", "Control+z")  # the call; the other desk has begun to serve meanwhile
    expect(moved_on).to_be_visible()
    expect(act(first, "end-1")).to_be_enabled()
    twin.close()
    fine(second)
    fine(first)


@pytest.mark.full
def test_every_dialog_is_fit_for_everybody(
    real_lobby: RealLobby, enter: Enter, tmp_path: Path
) -> None:
    table = tmp_path / "procedures.csv"
    table.write_text(PROCEDURES, encoding="utf-8")
    real_lobby.layso("procedures", "import", str(table), "--centre", CENTRE)
    real_lobby.issue(priority="elderly", procedure="1.000001")
    page = enter("manager", "en")
    sit(page, "q6")
    free_asks = [("pause", "p"), ("close", "q"), ("pick", "s")]
    asks = [("papers", "y"), ("why", "?"), ("jump", "u"), ("jump", "e"), ("figures", "l"),
            ("keys", "F2"), ("handover", "o")]  # fmt: skip
    for name, key in [*free_asks, *asks]:
        if (name, key) == asks[0]:
            real_lobby.at_counter("q6", "next")
            expect(act(page, "recall")).to_be_enabled()
        page.keyboard.press(key)
        dialog = page.locator(f"dialog[data-ask={name}]")
        expect(dialog).to_be_visible()
        if name == "papers":
            expect(dialog).to_contain_text("Giấy chứng sinh")
        look(page, dialog)
    press(page, "hold", "g")
    strip = page.locator("[data-held-ask]")
    expect(strip).to_be_visible()
    look(page, strip)
    page.locator("[data-why-held]").click()
    look(page, page.locator("dialog[data-ask=hold]"))
    real_lobby.at_counter("q6", "pause")
    look(page, page.locator("[data-pause-codes]"))
    fine(page)


def look(page: Page, asked: Locator) -> None:
    """At a wide desk, at 200 % on it, on the smallest phone; then leave what is asked."""
    expect(asked).to_be_visible()
    modal = asked.get_attribute("data-ask") is not None
    for width, height in ((1366, 768), (683, 384), (320, 700)):
        page.set_viewport_size({"width": width, "height": height})
        check(page, "en")
        assert targets(page, 44) == []
        box = asked.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= width
        assert not modal or box["y"] + box["height"] <= height
    page.set_viewport_size({"width": 1366, "height": 768})
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)


def test_any_number_of_today_is_found(real_lobby: RealLobby, enter: Enter) -> None:
    path = f"/centres/{CENTRE}/configuration"
    body = real_lobby.ask("GET", path)[1]
    body = {name: body[name] for name in ("version", "configuration")}
    body["configuration"]["policy"]["no_show_after_s"] = 0
    assert real_lobby.ask("POST", path, body=body)[0] == 200
    missed, other = real_lobby.issue()["number"], real_lobby.issue("dat-dai")["number"]
    page = enter("clerk")
    sit(page, "q3")
    press(page, "next", "Space")
    press(page, "no-show", "k")
    free(page)
    page.keyboard.press("v")  # the desk lists it nowhere any more
    answer(page, "pick", missed)
    expect(page.locator(f"[data-choice='{missed}']")).to_contain_text("vắng mặt")
    page.keyboard.press("Enter")
    expect(page.locator(".queue ol")).to_contain_text(missed)
    press(page, "call", "s")  # of a service that this counter has not; Enter waits for the answer
    hurry_before_the_cost(page, other, "5")
    expect(current(page)).to_have_text(other)
    page.keyboard.press("v")
    answer(page, "pick", missed)
    expect(page.locator(f"[data-choice='{missed}']")).to_be_disabled()  # it waits already
    fine(page)


def test_keys_are_changed_shown_and_given_back(real_lobby: RealLobby, enter: Enter) -> None:
    page = enter("clerk2")  # who signs out at the end
    sit(page, "q3")
    before = figures(real_lobby, "q3")["served"]
    page.keyboard.press("F2")
    line = page.locator('[data-remap="finish"]')
    said = page.locator(".ask-said")
    line.press("Enter")
    page.keyboard.press("k")
    expect(said).to_have_text("Phím K đang dùng cho “Vắng mặt”. Chọn phím khác.")
    line.press("Enter")
    page.keyboard.press("w")
    expect(line.locator("kbd")).to_have_text("W")
    page.keyboard.press("Escape")
    ticket = real_lobby.issue()
    press(page, "next", "Space")
    expect(act(page, "finish")).to_have_attribute("aria-keyshortcuts", "W")
    page.reload()
    expect(current(page)).to_have_text(ticket["number"])
    press(page, "finish", "h")
    press(page, "finish", "w")
    expect(current(page)).to_have_count(0)
    page.keyboard.press("F2")
    page.locator("[data-defaults]").press("Enter")
    expect(line.locator("kbd")).to_have_text("H")
    assert figures(real_lobby, "q3")["served"] == before + 1
    expect(page.get_by_role("dialog")).to_contain_text("Đổi quầy và đăng xuất")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    walk(page, "m", "ArrowUp", "ArrowUp", "Enter")
    expect(page.locator("[data-counter]").first).to_be_visible()
    walk(page, "m", "ArrowUp", "Enter")
    expect(page.locator("[name=password]")).to_be_visible()
    fine(page)


def test_the_first_load_is_small(real_lobby: RealLobby, enter: Enter, browser: Browser) -> None:
    page = enter("clerk")
    state = page.context.storage_state()
    fine(page)
    fresh = browser.new_context(storage_state=state).new_page()
    wire = fresh.context.new_cdp_session(fresh)
    wire.send("Network.enable")
    sizes: list[int] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    fresh.goto(f"{real_lobby.address}/desk")
    expect(fresh.locator("[data-counter]").first).to_be_visible()
    assert len(sizes) > 20
    assert sum(sizes) <= FIRST_LOAD_B, sum(sizes)
    fresh.context.close()
