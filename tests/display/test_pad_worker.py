"""A pad's thread with hardware that comes and goes, and a server that says yes."""

import time
from collections.abc import Iterator
from typing import Any

import pytest

from display.errors import PadUnavailable
from display.pads import worker as pad_worker
from display.pads.config import PadConfig, PadsConfig
from display.pads.ports import OnKey, PadKey
from display.pads.press import Outcome
from display.pads.worker import PadWorker
from tests.kiosk.kiosk_stage import until
from wire.units import Seconds


class Flaky:
    """Call keys that can be unplugged, or fall silent a while after they were opened."""

    place, lines, keys, lamps, sounds = "here", ("here",), ("next",), (), False

    def __init__(self) -> None:
        self.on_key: OnKey | None = None
        self.answers_for_s = float("inf")
        self._opened_s = 0.0

    def open(self, on_key: OnKey) -> None:
        self.on_key, self._opened_s = on_key, time.monotonic()

    def check(self) -> None:
        if time.monotonic() - self._opened_s > self.answers_for_s:
            raise PadUnavailable("here: does not answer", trouble="silent")

    def show(self, lights: Any) -> None:
        """It has no lamps."""

    def beep(self, times: int) -> None:
        """It has no buzzer."""

    def close(self) -> None:
        self.on_key = None

    def edge(self, down: bool) -> None:
        until(lambda: self.on_key)
        assert self.on_key is not None
        self.on_key("next", down, Seconds(time.monotonic()))


class Commands:
    """The server does whatever is asked."""

    help = "clear"

    def __init__(self) -> None:
        self.asked: list[PadKey] = []

    def run(self, key: PadKey, operation: str, until_s: float, holding: Any) -> Outcome:
        self.asked.append(key)
        return Outcome("called", "H001")


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Flaky, Commands, PadWorker]]:
    for name, value in {"TICK_S": 0.02, "RETRY_S": 0.05, "PROVEN_ELSE_S": 0.0}.items():
        monkeypatch.setattr(f"display.pads.worker.{name}", value)
    monkeypatch.setitem(pad_worker.PROVEN_S, "silent", 0.5)
    pad, commands = Flaky(), Commands()
    config = PadConfig("q1", "test", "token", pad)  # type: ignore[arg-type]
    worker = PadWorker(config, PadsConfig(debounce_s=0.05, quiet_s=0.0), commands)  # type: ignore[arg-type]
    worker.start()
    yield pad, commands, worker
    worker.stop()


def test_a_key_that_was_held_when_the_pad_went_away_acts_when_it_is_back(bench: Any) -> None:
    pad, commands, worker = bench
    pad.edge(True)
    until(lambda: commands.asked == ["next"])
    pad.answers_for_s = -1.0
    until(lambda: worker.dead)
    pad.answers_for_s = float("inf")
    until(lambda: not worker.dead)
    pad.edge(True)
    until(lambda: commands.asked == ["next", "next"])


def test_a_pad_that_falls_silent_again_and_again_stays_dead(bench: Any) -> None:
    pad, _, worker = bench
    pad.answers_for_s = 0.1
    until(lambda: worker.dead)
    looks: list[bool] = []
    for _ in range(60):
        looks.append(worker.dead)
        time.sleep(0.02)
    assert all(looks), "its state flutters"
    pad.answers_for_s = float("inf")
    until(lambda: not worker.dead)
