"""One suite over every panel driver: what `display.ports.Panel` promises."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import NamedTuple

import pytest

from display.drivers.panel_virtual import VirtualPanel
from display.errors import PanelError, PanelSilent
from display.ports import Panel
from edge import drivers
from tests.edge.test_link import eventually
from tests.fakes.bus import BusServer, PtyBus
from tests.fakes.signs import AlphaSigns, FrameSigns
from wire.checks import Fault, Table


class Bench(NamedTuple):
    """A panel, how to read what it really shows, and how to switch its power."""

    panel: Panel
    shows: Callable[[], str]
    power: Callable[[bool], None]


def opened(driver: str, **options: object) -> Panel:
    faults: list[Fault] = []
    table = Table(options, "panel[1]", faults)
    panel: Panel = drivers.load("layso.display.panel", driver)(table, {})
    table.finish()
    assert not faults, faults
    return panel


Made = tuple[Panel, Callable[[], str], Callable[[], None]]


def _modbus(bus: PtyBus) -> Made:
    far = BusServer(bus.far_port, [3])
    panel = opened("modbus_rtu", port=str(bus.agent_port), unit=3, text_length=6, blink_register=8)
    return panel, lambda: far.text(3), far.stop


def _alpha(bus: PtyBus, confirm: str) -> Made:
    far = AlphaSigns(bus.far_port, "05", "07", acknowledges=confirm == "ack")
    # A PTY has no parity and all eight bits.
    panel = opened("alpha", port=str(bus.agent_port), address="05", data_bits=8, confirm=confirm)
    return panel, lambda: far.texts["05"], far.stop


def _frame(bus: PtyBus, **reply: object) -> Made:
    far = FrameSigns(bus.far_port, 3, 4, replies=bool(reply))
    template = {
        "template": "AA {unit} {text} {sum8} 55",
        "blink_template": "AA {unit} {text} {sum8} 55",
    }
    panel = opened("frame", port=str(bus.agent_port), unit=3, **template, **reply)
    return panel, lambda: far.texts[3], far.stop


SERIAL: dict[str, Callable[[PtyBus], Made]] = {
    "modbus_rtu": _modbus,
    "alpha, sent": lambda bus: _alpha(bus, "sent"),
    "alpha, acknowledged": lambda bus: _alpha(bus, "ack"),
    "alpha, read back": lambda bus: _alpha(bus, "read"),
    "frame, sent": _frame,
    "frame, with a reply": lambda bus: _frame(bus, reply="AA {unit} 06 {sum8} 55"),
    "frame, with a reply of a length": lambda bus: _frame(bus, reply_length=5),
}


@pytest.fixture(params=["virtual", *SERIAL])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "virtual":
        panel = opened("virtual", text_length=6)
        assert isinstance(panel, VirtualPanel)

        def power(on: bool) -> None:
            panel.trouble = None if on else PanelSilent("no answer in time")

        yield Bench(panel, lambda: panel.text, power)
        panel.close()
        return
    bus = PtyBus(tmp_path)
    serial, shows, stop = SERIAL[request.param](bus)

    def switch(on: bool) -> None:
        bus.to_far = (lambda data: data) if on else (lambda _: b"")

    yield Bench(serial, shows, switch)
    serial.close()
    stop()
    bus.close()


def settled(bench: Bench, text: str) -> str:
    """What it shows; one that does not answer may need a moment."""
    eventually(lambda: bench.shows() == text)
    return bench.shows()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("H047", "H047  "),
        ("----", "----  "),
        ("", "      "),
        ("      ", "      "),
        ("Z03001", "Z03001"),
        ("HC12345", "C12345"),  # too long: its last characters
        ("Đ047", "?047  "),  # no panel has that letter
    ],
)
def test_it_shows_the_text_left_aligned_and_blank_after_it(
    bench: Bench, text: str, shown: str
) -> None:
    bench.panel.show("888888", blink=True)
    bench.panel.show(text, blink=False)
    assert settled(bench, shown) == shown


def test_blinking_never_blanks_the_text(bench: Bench) -> None:
    bench.panel.show("H047", blink=True)
    assert settled(bench, "H047  ") == "H047  "


def test_showing_twice_is_showing_once(bench: Bench) -> None:
    for _ in range(3):
        bench.panel.show("A001", blink=False)
    assert settled(bench, "A001  ") == "A001  "


def test_a_panel_without_power_is_an_error_and_heals(bench: Bench) -> None:
    """One that never answers cannot be an error; it says so, and heals as well."""
    bench.panel.show("A001", blink=False)
    settled(bench, "A001  ")
    bench.power(False)
    for _ in range(2):
        with pytest.raises(PanelError) if bench.panel.answers else nullcontext():
            bench.panel.show("A002", blink=False)
    assert bench.shows() == "A001  "
    bench.power(True)
    bench.panel.show("A003", blink=False)
    assert settled(bench, "A003  ") == "A003  "


def test_after_close_it_opens_again(bench: Bench) -> None:
    bench.panel.show("A001", blink=False)
    bench.panel.close()
    bench.panel.close()
    bench.panel.show("A002", blink=False)
    assert settled(bench, "A002  ") == "A002  "


def test_it_says_where_it_is_and_how_long(bench: Bench) -> None:
    assert bench.panel.text_length == 6
    assert bench.panel.wire
    assert bench.panel.place
    assert bench.panel.blinks
    assert bench.panel.address in bench.panel.place
