"""Many presses on a wire that fails in every way: each is answered in time, none calls twice."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from tests.display.pad_stage import Desk, PadLobby
from tests.display.test_pads import QUICK
from tests.kiosk.kiosk_stage import until

ROUNDS = 40


@pytest.fixture
def house(tmp_path: Path, free_port: Callable[[], int]) -> Iterator[PadLobby]:
    made = PadLobby(tmp_path, free_port())
    yield made
    made.thaw()
    made.close()


@pytest.mark.full
@pytest.mark.timeout(900)
def test_whoever_presses_until_it_is_done_calls_exactly_one(
    house: PadLobby, tmp_path: Path
) -> None:
    chance = random.Random(5)
    house.clean()
    numbers = [house.issue() for _ in range(ROUNDS)]
    desk = Desk(house, tmp_path / "desk", more=QUICK).ready()
    for number in numbers:
        fault = chance.choice(["cut", "hole", "freeze", "pass"])
        down_s = chance.uniform(0.1, 3.0)
        desk.rest()
        if fault == "freeze":
            house.freeze()
        else:
            house.lobby.relay.set(fault)
        before, touched = desk.report()["last"], time.time()
        desk.touch()
        heal_at = time.monotonic() + down_s
        while time.monotonic() < heal_at:
            time.sleep(0.02)
        house.thaw()
        house.lobby.relay.set("pass")
        last = until(lambda: (now := desk.report()["last"]) != before and now)  # noqa: B023
        assert datetime.fromisoformat(last["at"]).timestamp() - touched < 2.0, (fault, down_s, last)
        if not last["done"] and chance.random() < 0.5:
            until(lambda: desk.agent.link.state == "up", 15)
        while not (last := desk.report()["last"])["done"]:
            desk.touch()
            until(lambda: desk.report()["last"] != last, 15)  # noqa: B023
        assert house.holds() == number, (fault, down_s, last)
        until(lambda: desk.agent.link.state == "up", 15)
        until(lambda: desk.worker.truth.view and desk.worker.truth.view.ticket == number)  # noqa: B023
    desk.stop()
    house.lobby.layso("verify")
