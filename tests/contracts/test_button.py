"""Every button driver obeys the port: edges with their moments, lamps, letting go.

The gpio driver stands on gpiozero's mock pins; the virtual one on its file.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from edge.contacts import Light
from edge.drivers import load
from kiosk.errors import ButtonUnavailable
from kiosk.key_config import BUTTONS
from kiosk.ports import Button
from tests.kiosk.kiosk_stage import until
from wire.checks import Fault, Table

Edges = list[tuple[bool, float]]


@dataclass
class Bench:
    """A driver with hands on its contact and an eye on its lamp."""

    button: Button
    press: Callable[[], None]
    release: Callable[[], None]
    lamp: Callable[[], str]


@pytest.fixture
def mock_pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """gpiozero on pins that are not there."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    import gpiozero
    from gpiozero.pins.mock import MockFactory

    gpiozero.Device.pin_factory = MockFactory()
    yield gpiozero.Device.pin_factory
    gpiozero.Device.pin_factory.reset()


def made(driver: str, folder: Path, **options: Any) -> Button:
    faults: list[Fault] = []
    table = Table(options, "button[1]", faults)
    button: Button = load(BUTTONS, driver)(table, data_dir=folder, shared={})
    assert not faults
    return button


def gpio(folder: Path, pins: Any, **options: Any) -> Bench:
    button = made("gpio", folder, pin=17, led_pin=27, **options)
    low = options.get("active", "low" if options.get("pull", "up") == "up" else "high") == "low"
    key, led = pins.pin(17), pins.pin(27)
    down, up = (key.drive_low, key.drive_high) if low else (key.drive_high, key.drive_low)

    def lamp() -> str:
        seen = set()
        end = time.monotonic() + 1.0
        while time.monotonic() < end and len(seen) < 2:
            seen.add(led.state)
            time.sleep(0.01)
        return "blinking" if len(seen) == 2 else "on" if seen == {1} else "off"

    return Bench(button, down, up, lamp)


def virtual(folder: Path) -> Bench:
    button = made("virtual", folder, number=2)
    keys = folder / "buttons" / "keys"

    def write(line: str) -> None:
        with keys.open("a") as file:
            file.write(line + "\n")

    def lamp() -> str:
        word = (folder / "buttons" / "2.light").read_text().strip()
        return "blinking" if word in ("blink", "fast") else word

    return Bench(button, lambda: write("hold 2"), lambda: write("release 2"), lamp)


KINDS = {
    "gpio": {},
    "gpio, pulled down": {"pull": "down"},
    "gpio, opens when pressed": {"pull": "up", "active": "high"},
    "gpio, own resistor": {"pull": "none", "active": "low"},
    "virtual": None,
}


@pytest.fixture(params=KINDS)
def bench(request: pytest.FixtureRequest, tmp_path: Path, mock_pins: Any) -> Iterator[Bench]:
    options: dict[str, Any] | None = KINDS[request.param]
    made = virtual(tmp_path) if options is None else gpio(tmp_path, mock_pins, **options)
    yield made
    made.button.close()


def opened(bench: Bench) -> Edges:
    edges: Edges = []
    bench.button.open(lambda down, at: edges.append((down, at)))
    if "GPIO17" in bench.button.lines:
        bench.release()  # a mock pin begins where its resistor pulls it, whatever hangs there
        edges.clear()
    return edges


def test_edges_come_in_order_with_their_moments(bench: Bench) -> None:
    edges = opened(bench)
    began = time.monotonic()
    bench.press()
    until(lambda: len(edges) == 1)
    bench.release()
    until(lambda: len(edges) == 2)
    assert [down for down, _ in edges] == [True, False]
    assert began <= edges[0][1] <= edges[1][1] <= time.monotonic()


def test_a_callback_that_raises_leaves_the_key_alive(bench: Bench) -> None:
    heard: list[bool] = []

    def bad(down: bool, at_s: float) -> None:
        heard.append(down)
        raise RuntimeError("a fault of ours")

    bench.button.open(bad)
    if "GPIO17" in bench.button.lines:
        bench.release()
        heard.clear()
    bench.press()
    until(lambda: heard == [True])
    bench.release()
    until(lambda: heard == [True, False])


@pytest.mark.parametrize(
    ("light", "seen"), [("on", "on"), ("off", "off"), ("blink", "blinking"), ("fast", "blinking")]
)
def test_the_lamp_is_as_told(bench: Bench, light: Light, seen: str) -> None:
    opened(bench)
    bench.button.show(light)
    assert bench.lamp() == seen
    bench.button.show("on")
    assert bench.lamp() == "on"


def test_closed_it_is_dark_and_deaf_and_can_be_opened_again(bench: Bench) -> None:
    edges = opened(bench)
    bench.button.show("on")
    bench.button.close()
    bench.button.close()
    again = opened(bench)
    assert bench.lamp() == "off"
    bench.press()
    until(lambda: again)
    assert edges == []


def test_without_a_lamp_nothing_is_shown(tmp_path: Path, mock_pins: Any) -> None:
    button = made("gpio", tmp_path, pin=5)
    button.open(lambda down, at: None)
    button.show("blink")
    button.close()
    assert button.lines == ("GPIO5",)


def test_a_missing_library_is_named_with_its_remedy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("GPIOZERO_PIN_FACTORY", "LG_WD"):
        monkeypatch.setenv(name, "")  # so that it is put back as it was
        monkeypatch.delenv(name)
    monkeypatch.setitem(sys.modules, "lgpio", None)
    button = made("gpio", tmp_path, pin=5)
    with pytest.raises(ButtonUnavailable, match=r"pip install 'layso\[gpio\]'"):
        button.open(lambda down, at: None)
    assert os.environ["LG_WD"] == str(tmp_path)


def test_a_pin_that_is_taken_is_named(tmp_path: Path, mock_pins: Any) -> None:
    first, second = made("gpio", tmp_path, pin=5), made("gpio", tmp_path, pin=5, led_pin=6)
    first.open(lambda down, at: None)
    with pytest.raises(ButtonUnavailable, match="GPIO5"):
        second.open(lambda down, at: None)
    first.close()
    second.open(lambda down, at: None)
    second.close()


def test_what_stood_in_the_virtual_file_is_past(tmp_path: Path) -> None:
    (tmp_path / "buttons").mkdir()
    (tmp_path / "buttons" / "keys").write_text("press 2\n")
    bench = virtual(tmp_path)
    edges = opened(bench)
    with (tmp_path / "buttons" / "keys").open("a") as file:
        file.write("press 9\nnonsense\npress 2\n")
    until(lambda: len(edges) == 2)
    (tmp_path / "buttons" / "keys").write_text("press 2\n")
    until(lambda: len(edges) == 4)
    bench.button.close()
