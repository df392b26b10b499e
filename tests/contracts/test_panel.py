"""One suite over every panel driver: what `display.ports.Panel` promises."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from display.drivers.panel_virtual import VirtualPanel
from display.errors import PanelError, PanelSilent
from display.ports import Panel
from edge import drivers
from tests.fakes.bus import BusServer, PtyBus
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


@pytest.fixture(params=["virtual", "modbus_rtu"])
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
    server = BusServer(bus.far_port, [3])

    def switch(on: bool) -> None:
        bus.to_far = (lambda data: data) if on else (lambda _: b"")

    panel = opened("modbus_rtu", port=str(bus.agent_port), unit=3, text_length=6, blink_register=8)
    yield Bench(panel, lambda: server.text(3), switch)
    panel.close()
    server.stop()
    bus.close()


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
    assert bench.shows() == shown


def test_blinking_never_blanks_the_text(bench: Bench) -> None:
    bench.panel.show("H047", blink=True)
    assert bench.shows() == "H047  "


def test_showing_twice_is_showing_once(bench: Bench) -> None:
    for _ in range(3):
        bench.panel.show("A001", blink=False)
    assert bench.shows() == "A001  "


def test_a_panel_without_power_is_an_error_and_heals(bench: Bench) -> None:
    bench.panel.show("A001", blink=False)
    bench.power(False)
    for _ in range(2):
        with pytest.raises(PanelError):
            bench.panel.show("A002", blink=False)
    assert bench.shows() == "A001  "
    bench.power(True)
    bench.panel.show("A003", blink=False)
    assert bench.shows() == "A003  "


def test_after_close_it_opens_again(bench: Bench) -> None:
    bench.panel.show("A001", blink=False)
    bench.panel.close()
    bench.panel.close()
    bench.panel.show("A002", blink=False)
    assert bench.shows() == "A002  "


def test_it_says_where_it_is_and_how_long(bench: Bench) -> None:
    assert bench.panel.text_length == 6
    assert bench.panel.wire
    assert bench.panel.place
    assert bench.panel.blinks
