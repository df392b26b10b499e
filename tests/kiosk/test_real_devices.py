"""The kiosk, the real server, and who looks after the lobby: paper, silence, calls for help."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from edge.client import ServerClient
from tests.kiosk.kiosk_stage import Kiosk, call, until
from tests.kiosk.test_real_server import Lobby
from tests.realtime.conftest import Client

CENTRE = "/api/v1/centres/binh-duong"


class Staff:
    """One member of staff: a page that watches the centre, and the API."""

    def __init__(self, lobby: Lobby, role: str) -> None:
        token = lobby.layso("token", "create", "--role", role, "--centre", "binh-duong")
        url = f"http://127.0.0.1:{lobby.port}"
        self.api = ServerClient(url, token)
        self.page = Client(url, {"token": token})
        self.page.watch("binh-duong")

    def device(self) -> Any:
        """The kiosk as the API has it."""
        return next(one for one in self.api.get(f"{CENTRE}/devices").body if one["kiosk"] == 1)

    def shown(self) -> Any:
        """The kiosk's state and trouble as the page was told last."""
        told = self.page.named("devices")
        found = [one for one in told[-1]["devices"] if one["kiosk"] == 1] if told else []
        return (found[0]["state"], found[0]["trouble"]) if found else None

    def helped(self) -> Any:
        """The states of the calls for help as the page was told last."""
        told = self.page.named("help")
        return [one["state"] for one in told[-1]["calls"]] if told else None

    def close(self) -> None:
        self.page.close()
        self.api.close()


@pytest.fixture
def lobby(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[Lobby]:
    made = Lobby(tmp_path, free_port())
    yield made
    made.close()


@pytest.fixture
def kiosk(lobby: Lobby) -> Iterator[Kiosk]:
    made = Kiosk(lobby.config())
    yield made.met()
    made.stop()


@pytest.fixture
def staff(lobby: Lobby) -> Iterator[dict[str, Staff]]:
    made = {role: Staff(lobby, role) for role in ("greeter", "manager")}
    yield made
    for one in made.values():
        one.close()


def test_paper_that_runs_out_is_known_to_staff_within_ten_seconds(
    kiosk: Kiosk, staff: dict[str, Staff]
) -> None:
    for one in staff.values():
        until(lambda: one.shown() == ("ok", []), 10)  # noqa: B023
    kiosk.pretend("paper_out")
    begun = time.monotonic()
    for one in staff.values():
        until(lambda: one.shown() == ("error", ["paper_out"]), 10)  # noqa: B023
        assert one.device()["trouble"] == ["paper_out"]
    assert time.monotonic() - begun < 10
    assert kiosk.press()["outcome"] == "failed"
    until(lambda: staff["greeter"].device()["report"]["unprinted"] == 1)

    kiosk.pretend("fault")
    until(lambda: staff["manager"].shown() == ("error", ["printer_error"]), 10)
    kiosk.pretend("ok")
    until(lambda: staff["greeter"].shown() == ("ok", []), 10)


def test_a_kiosk_that_stops_is_silent_and_well_again_when_it_is_back(
    lobby: Lobby, kiosk: Kiosk, staff: dict[str, Staff]
) -> None:
    manager = staff["manager"]
    until(lambda: manager.shown() == ("ok", []), 10)
    lobby.relay.set("hole")
    until(lambda: manager.shown() == ("silent", ["silent"]), 12)
    lobby.relay.set("pass")
    until(lambda: manager.shown() == ("ok", []), 12)


def test_help_that_a_kiosk_calls_comes_and_the_kiosk_knows(
    lobby: Lobby, kiosk: Kiosk, staff: dict[str, Staff]
) -> None:
    greeter = staff["greeter"]
    until(lambda: greeter.helped() == [])
    until(lambda: kiosk.state()["link"] == "up")
    assert call(f"{kiosk.url}/api/help", {}) == {"state": "called"}
    until(lambda: greeter.helped() == ["called"], 2)
    told = greeter.page.named("help")[-1]["calls"][0]
    assert told["caller"] == {"kind": "kiosk", "kiosk": 1, "name": "kiosk"}

    greeter.api.post(f"{CENTRE}/help/{told['id']}/coming", {})
    until(lambda: kiosk.view()["help"] == "coming", 2)
    until(lambda: staff["manager"].helped() == ["coming"], 2)
    assert call(f"{kiosk.url}/api/help", {}) == {"state": "coming"}
    greeter.api.post(f"{CENTRE}/help/{told['id']}/clear", {})
    until(lambda: kiosk.view()["help"] == "clear", 2)
    assert greeter.api.get(f"{CENTRE}/help").body["calls"] == []


def test_a_greeter_s_paper_comes_out_once_whatever_the_line_does(
    lobby: Lobby, kiosk: Kiosk, staff: dict[str, Staff]
) -> None:
    greeter = staff["greeter"]

    def issue() -> Any:
        body = {"service": "ho-tich"}
        return greeter.api.post(f"{CENTRE}/tickets", body, key=f"issue-{time.monotonic_ns()}").body

    def ask(ticket: Any) -> str:
        body = {"device": greeter.device()["id"]}
        return str(greeter.api.post(f"{CENTRE}/tickets/{ticket['id']}/print", body).body["id"])

    def shown() -> dict[str, str]:
        told = greeter.page.named("prints")
        return {one["id"]: one["state"] for one in told[-1]["orders"]} if told else {}

    until(lambda: greeter.shown() == ("ok", []), 10)
    first, ticket = ask(issue()), issue()
    until(lambda: shown().get(first) == "printed", 3)
    lobby.relay.set("hole")
    second = ask(ticket)
    assert ask(ticket) == second
    until(lambda: kiosk.state()["link"] != "up", 15)
    lobby.relay.set("pass")
    until(lambda: shown().get(second) in ("printed", "failed"), 25)
    assert kiosk.papers() == 1 + (shown()[second] == "printed")
    assert greeter.api.get(f"{CENTRE}/prints/{second}").body["copy"] is False
