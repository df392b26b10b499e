"""A pad, its agent and the real server: one wish, one call, and a fault that is seen and heard."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.display.pad_stage import CENTRE, COUNTER, Desk, PadLobby
from tests.kiosk.kiosk_stage import until

QUICK = "[pads]\ndebounce_s = 0.05\nquiet_s = 0.5\n"


@pytest.fixture(scope="module")
def lobby(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PadLobby]:
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    made = PadLobby(tmp_path_factory.mktemp("pads"), port)
    yield made
    made.close()


@pytest.fixture
def house(lobby: PadLobby) -> Iterator[PadLobby]:
    lobby.clean()
    yield lobby
    lobby.thaw()
    lobby.lobby.relay.set("pass")


@pytest.fixture
def desk(house: PadLobby, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(house, tmp_path, more=QUICK)
    yield made.ready()
    made.stop()


def result(press: Any) -> tuple[str, str | None]:
    return press["result"], press["number"]


def fault_was_seen_and_heard(desk: Desk) -> bool:
    lights = [set(shown.lights.values()) for shown in desk.pad.shown]
    return {"fast"} in lights and any(times == 3 for _, times in desk.pad.beeps)


def test_a_press_calls_the_next_and_the_lamps_tell(house: PadLobby, desk: Desk) -> None:
    assert desk.lamps() == {"waiting": "off", "link": "on", "call": "off", "help": "off"}
    first, second = house.issue(), house.issue()
    until(lambda: desk.lamps()["waiting"] == "on")
    assert result(desk.press()) == ("called", first)
    until(lambda: desk.lamps()["call"] == "blink")
    until(lambda: desk.lamps()["waiting"] == "on")
    desk.rest()
    assert result(desk.press()) == ("called", second)
    until(lambda: desk.lamps()["waiting"] == "off")
    desk.rest()
    assert result(desk.press()) == ("nobody", None)
    assert desk.pad.beeps[-1][1] == 1
    assert house.holds() is None
    assert not fault_was_seen_and_heard(desk)


def test_two_touches_within_a_moment_are_one_wish(house: PadLobby, desk: Desk) -> None:
    first, second = house.issue(), house.issue()
    desk.touch()
    time.sleep(0.15)  # longer than a contact bounces, shorter than a second thought
    desk.touch()
    until(lambda: desk.report()["presses"].get("folded") == 1)
    assert result(desk.report()["last"]) == ("called", first)
    assert house.holds() == first
    desk.rest()
    assert result(desk.press()) == ("called", second)


def test_a_wire_that_is_down_for_a_moment_is_no_fault(house: PadLobby, desk: Desk) -> None:
    first, _ = house.issue(), house.issue()
    house.lobby.relay.set("cut")
    before = desk.report()["last"]
    desk.touch()
    until(lambda: desk.lamps()["call"] == "blink")
    house.lobby.relay.set("pass")
    press = until(lambda: (now := desk.report()["last"]) != before and now)
    assert result(press) == ("called", first)
    assert house.holds() == first
    assert not fault_was_seen_and_heard(desk)


def test_with_the_server_away_a_press_is_a_fault_and_not_done_later(
    house: PadLobby, desk: Desk
) -> None:
    first = house.issue()
    house.lobby.relay.set("cut")
    assert desk.press()["result"] in ("away", "unsure")
    assert fault_was_seen_and_heard(desk)
    until(lambda: "fast" not in desk.lamps().values())
    house.lobby.relay.set("pass")
    until(lambda: desk.lamps()["link"] == "on", 15)
    assert house.holds() is None
    assert result(desk.press()) == ("called", first)


def test_a_press_that_is_repeated_because_nobody_answered_calls_once(
    house: PadLobby, desk: Desk
) -> None:
    first, second = house.issue(), house.issue()
    house.freeze()
    assert desk.press()["result"] == "unsure"
    assert fault_was_seen_and_heard(desk)
    assert desk.press()["result"] == "unsure"
    house.thaw()
    until(lambda: desk.report()["last"]["result"] == "late", 15)
    assert desk.report()["last"]["number"] == first
    until(lambda: "fast" not in desk.lamps().values())
    assert house.holds() == first
    desk.rest()
    assert result(desk.press()) == ("called", second)
    house.lobby.layso("verify")


def test_recall_and_no_show_are_about_the_ticket_the_counter_has(
    house: PadLobby, desk: Desk
) -> None:
    assert result(desk.press("recall")) == ("no_ticket", None)
    first = house.issue()
    desk.press()
    assert result(desk.press("recall")) == ("recalled", first)
    assert house.board()["calls"][0]["times"] == 2
    assert result(desk.press("no_show"))[0] == "too_early"
    assert fault_was_seen_and_heard(desk)


def test_after_a_restart_the_ticket_is_asked_for(house: PadLobby, tmp_path: Path) -> None:
    first = house.issue()
    house.do(f"{COUNTER}/next")
    again = Desk(house, tmp_path / "again", more=QUICK).ready()
    assert again.worker.truth.holding is None  # a board does not say its id
    assert result(again.press("recall")) == ("recalled", first)
    until(lambda: again.worker.truth.holding is not None)
    again.stop()


def test_a_closed_counter_and_a_revoked_token_are_said(house: PadLobby, tmp_path: Path) -> None:
    token = house.token("pad")
    desk = Desk(house, tmp_path / "revoked", more=QUICK, token=token).ready()
    house.do(f"{COUNTER}/close")
    until(lambda: desk.report()["status"] == "closed")
    assert desk.press()["result"] == "not_open"
    house.lobby.layso("token", "revoke", token)
    assert until(lambda: desk.press()["result"] == "refused")
    until(lambda: desk.report()["trouble"] == "refused", 15)
    until(lambda: desk.lamps()["link"] == "blink", 8)
    desk.stop()
    house.do(f"{COUNTER}/open")


def test_help_is_called_and_the_lamp_tells_that_somebody_comes(house: PadLobby, desk: Desk) -> None:
    assert result(desk.press("help")) == ("help_called", None)
    (call,) = house.staff.get(f"{CENTRE}/help").body["calls"]
    assert call["caller"]["counter"]["id"] == "q1"
    until(lambda: desk.lamps()["help"] == "blink")
    house.do(f"{CENTRE}/help/{call['id']}/coming")
    until(lambda: desk.lamps()["help"] == "on")
    house.do(f"{CENTRE}/help/{call['id']}/clear")
    until(lambda: desk.lamps()["help"] == "off")


def test_a_pad_that_is_unplugged_is_known_to_staff_and_works_when_it_is_back(
    house: PadLobby, desk: Desk
) -> None:
    def device() -> Any:
        found = house.staff.get(f"{CENTRE}/devices").body
        return [
            one["trouble"] for one in found if one["role"] == "pad" and one["state"] != "silent"
        ]

    until(lambda: [] in device(), 10)
    (desk.folder / "q1.condition").write_text("absent\n")
    until(lambda: ["keys_dead"] in device(), 10)
    assert (desk.report()["state"], desk.report()["trouble"]) == ("dead", "absent")
    (desk.folder / "q1.condition").write_text("ok\n")
    until(lambda: desk.report()["state"] == "ok", 10)
    until(lambda: [] in device(), 10)
    assert result(desk.press())[0] == "nobody"


def test_presses_are_counted_for_whoever_watches(house: PadLobby, desk: Desk) -> None:
    desk.press()
    lines = desk.get("/metrics").splitlines()
    assert 'layso_display_pads{state="ok"} 1' in lines
    assert 'layso_display_pad_presses_total{counter="q1",outcome="nobody"} 1' in lines
