"""Sheets say what the drivers do: the same pins, the same addresses."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from gpiozero.pins.pi import PiBoardInfo

from display.drivers.pad_gpio import open_pad
from edge.gpio import PINS
from firmware_config.sheets import buses, pins
from firmware_config.sheets.__main__ import main, page
from kiosk.drivers.buttons_gpio import open_button
from tests.firmware_config.debian_root import CHECKOUT
from wire.checks import Table

HARDWARE = CHECKOUT / "docs/hardware"


def examples(page: str) -> dict[str, list[dict[str, Any]]]:
    """Every table of the examples on a page of the manual."""
    text = (HARDWARE / page).read_text(encoding="utf-8")
    found: dict[str, list[dict[str, Any]]] = {}
    for block in re.findall(r"```toml\n(.*?)```", text, re.DOTALL):
        for name, tables in tomllib.loads(block).items():
            if isinstance(tables, list):
                found.setdefault(name, []).extend(tables)
    return found


@pytest.mark.parametrize("revision", [0xC03114, 0xC04170], ids=["pi4", "pi5"])
def test_the_header_is_the_boards(revision: int) -> None:
    board = PiBoardInfo.from_revision(revision).headers["J8"].pins
    for position, ours in enumerate(pins.HEADER, start=1):
        theirs = board[position].name
        assert theirs == (f"GPIO{ours}" if isinstance(ours, int) else ours)
    on_it = {pin for pin in pins.HEADER if isinstance(pin, int)}
    assert on_it - {0, 1} == set(range(PINS[0], PINS[1] + 1))


def test_the_pins_are_those_that_the_drivers_take(tmp_path: Path) -> None:
    keys = examples("keys-and-scanners.md")["button"]
    pads = [table for table in examples("pads.md")["pad"] if table["driver"] == "gpio"]
    assert keys
    assert pads
    for options in keys:
        if options["driver"] == "gpio":
            known = {key: options[key] for key in options if key not in ("driver", "service")}
            pressed = {key: known[key] for key in ("pin", "led_pin", "pull") if key in known}
            taken = open_button(Table(pressed, "", []), data_dir=tmp_path, shared={}).lines
            used = pins.uses({"button": [options]}, {})
            assert {f"GPIO{use.pin}" for use in used} == set(taken)
    for options in pads:
        known = {key: options[key] for key in options if key.endswith("_pin")}
        pad = open_pad(Table(known, "", []), counter="q1", data_dir=tmp_path, shared={})
        used = pins.uses({}, {"pad": [options]})
        assert {f"GPIO{use.pin}" for use in used} == set(pad.lines)
        assert not any(use.what.endswith("_pin") for use in used)
    said = page({"button": keys}, {"pad": pads})
    for use in pins.uses({"button": keys}, {"pad": pads}):
        left = re.search(rf"<td>([^<]*)</td><td>GPIO{use.pin}</td><td class", said)
        right = re.search(rf"</td><td>GPIO{use.pin}</td><td>([^<]*)</td></tr>", said)
        cell = left or right
        assert cell is not None
        assert f"{use.owner}: {use.what}" in cell[1]


@pytest.mark.parametrize(
    ("pin", "said"),
    [(15, "UART RX"), (1, "board identification"), (28, "is not there"), (17, "used already by a")],
)
def test_a_pin_that_cannot_be_is_named(pin: int, said: str) -> None:
    button = {"driver": "gpio", "service": "a", "pin": 17}
    (fault,) = pins.faults(
        pins.uses({"button": [button, {"driver": "gpio", "service": "b", "pin": pin}]}, {})
    )
    assert fault.startswith(f"GPIO{pin} (b")
    assert said in fault


def test_addresses_are_those_of_the_examples() -> None:
    display = {"panel": examples("panels.md")["panel"], "pad": examples("pads.md")["pad"]}
    found = {(one.port, one.address, one.counter) for one in buses.stations(display)}
    assert {
        ("/dev/ttyUSB0", 1, "q1"),
        ("/dev/ttyUSB1", 5, "q2"),
        ("/dev/ttyUSB2", 5, "q3"),
    } <= found
    said = page({}, display)
    assert "<td>5 (0x05)</td><td>1</td><td>0</td><td>1</td><td>0</td>" in said


def station(**more: Any) -> dict[str, Any]:
    """A panel on one line with another."""
    return {"counter": "q2", "driver": "modbus_rtu", "port": "/dev/x", "unit": 2} | more


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"unit": 1}, "address 1 is there twice"),
        ({"driver": "alpha", "unit": 0, "parity": "none"}, "address 0 is every panel's"),
        ({"baud": 19200}, "'19200, none' is not '9600, none'"),
    ],
)
def test_two_that_cannot_share_a_line_are_named(other: dict[str, Any], said: str) -> None:
    first = station(counter="q1", unit=1)
    assert buses.faults(buses.stations({"panel": [first, station()]})) == []
    (fault,) = buses.faults(buses.stations({"panel": [first, station(**other)]}))
    assert fault.startswith("/dev/x, q2")
    assert said in fault


def test_the_command_prints_the_box(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path)]) == 2
    file = tmp_path / "kiosk.toml"
    file.write_text('[[button]]\ndriver = "gpio"\npin = 14\nservice = "<ho-tich>"\n')
    assert main([str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert "&lt;ho-tich&gt;" in out
    assert "GPIO14" in err
    file.write_text("[[button]\n")
    assert main([str(tmp_path)]) == 2
