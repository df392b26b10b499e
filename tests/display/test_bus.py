"""modbus_rtu on a bus of PTYs, at its worst: garbage, silence, a pulled plug, many panels."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from display.drivers.panel_modbus_rtu import ModbusPanel, open_panel
from display.drivers.panel_virtual import VirtualPanel
from display.errors import (
    PanelError,
    PanelGarbled,
    PanelRefused,
    PanelSilent,
    PortUnreachable,
)
from display.frames import modbus as frames
from display.turns import Slot
from display.worker import WireWorker
from tests.edge.test_link import eventually
from tests.fakes.bus import BusServer, PtyBus
from wire.checks import Fault, Table


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PtyBus]:
    bus = PtyBus(tmp_path)
    yield bus
    bus.close()


@pytest.fixture
def far(bus: PtyBus) -> Iterator[BusServer]:
    server = BusServer(bus.far_port, [1, 2, 3])
    yield server
    server.stop()


def panels(bus: PtyBus, *units: int, **more: object) -> list[ModbusPanel]:
    faults: list[Fault] = []
    shared: dict[str, object] = {}
    made = [
        open_panel(Table({"port": str(bus.agent_port), "unit": unit, **more}, "", faults), shared)
        for unit in units
    ]
    assert not faults
    return made


def test_registers_hold_the_ascii_codes_from_the_configured_one(
    bus: PtyBus, far: BusServer
) -> None:
    (panel,) = panels(bus, 1, text_register=4, text_length=5, blink_register=2)
    panel.show("H047", blink=True)
    assert far.registers(1, 0, 12) == [0, 0, 1, 0, 72, 48, 52, 55, 32, 0, 0, 0]
    panel.show("", blink=False)
    assert far.registers(1, 2, 7) == [0, 0, 32, 32, 32, 32, 32]
    panel.close()


def test_three_panels_share_one_port_and_keep_apart(bus: PtyBus, far: BusServer) -> None:
    three = panels(bus, 1, 2, 3)
    assert {panel.wire for panel in three} == {f"serial:{bus.agent_port}"}
    for turn in range(5):
        for unit, panel in enumerate(three, start=1):
            panel.show(f"A{unit}0{turn}", blink=False)
    assert [far.text(unit) for unit in (1, 2, 3)] == ["A104  ", "A204  ", "A304  "]
    three[0].close()


def wrong_crc(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 0xFF])


def garbage(_: bytes) -> bytes:
    return b"\x55\xaa\x00\xff\x13\x37\x42\x99"


def another_unit(data: bytes) -> bytes:
    body = bytes([data[0] + 1]) + data[1:-2]
    return body + frames.crc16(body)


@pytest.mark.parametrize(
    ("mangle", "error"),
    [
        (wrong_crc, PanelGarbled),
        (garbage, PanelGarbled),
        (another_unit, PanelGarbled),
        (lambda data: data[:4], PanelSilent),
        (lambda _: b"", PanelSilent),
    ],
)
def test_a_bad_answer_is_an_error_and_the_next_good_one_counts(
    bus: PtyBus, far: BusServer, mangle: Callable[[bytes], bytes], error: type[PanelError]
) -> None:
    (panel,) = panels(bus, 1)
    panel.show("A001", blink=False)
    bus.to_agent = mangle
    began = time.monotonic()
    with pytest.raises(error):
        panel.show("A002", blink=False)
    assert time.monotonic() - began < 0.6
    bus.to_agent = lambda data: data
    panel.show("A003", blink=False)
    assert far.text(1) == "A003  "
    panel.close()


def test_a_late_answer_is_not_taken_for_the_next_panels(bus: PtyBus, far: BusServer) -> None:
    one, two = panels(bus, 1, 2, timeout_s=0.1)
    late: list[bytes] = []
    bus.to_agent = lambda data: late.append(data) or b""  # type: ignore[func-returns-value]
    with pytest.raises(PanelSilent):
        one.show("A001", blink=False)
    bus.to_agent = lambda data: late.pop(0) + data if late else data
    with pytest.raises(PanelGarbled):
        two.show("A002", blink=False)
    two.show("A002", blink=False)
    assert far.text(2) == "A002  "
    one.close()


def test_a_wrong_register_is_named_as_the_panels_refusal(bus: PtyBus, far: BusServer) -> None:
    (panel,) = panels(bus, 1, text_register=12, text_length=6)
    with pytest.raises(PanelRefused, match="no such register"):
        panel.show("A001", blink=False)
    panel.close()


def test_an_absent_unit_is_silent(bus: PtyBus, far: BusServer) -> None:
    bus.to_far = lambda _: b""
    (panel,) = panels(bus, 77)
    with pytest.raises(PanelSilent):
        panel.show("A001", blink=False)
    panel.close()


def test_a_pulled_adapter_is_an_error_and_works_again_when_back(
    bus: PtyBus, far: BusServer
) -> None:
    (panel,) = panels(bus, 1)
    panel.show("A001", blink=False)
    bus.unplug()
    for _ in range(3):
        with pytest.raises(PortUnreachable):
            panel.show("A002", blink=False)
    bus.plug_in()
    panel.show("A003", blink=False)
    assert far.text(1) == "A003  "
    panel.close()


def test_an_adapter_pulled_while_waiting_for_the_answer(bus: PtyBus, far: BusServer) -> None:
    bus.to_far = lambda _: b""
    (panel,) = panels(bus, 77, timeout_s=2)
    threading.Timer(0.3, bus.unplug).start()
    with pytest.raises(PortUnreachable):
        panel.show("A001", blink=False)


def test_the_worker_reports_and_heals_a_pulled_adapter_within_five_seconds(
    bus: PtyBus, far: BusServer
) -> None:
    slots = [Slot(f"q{n}", "modbus_rtu", p) for n, p in enumerate(panels(bus, 1, 2), start=1)]
    serving = WireWorker("bus", slots)
    serving.start()
    for slot in slots:
        serving.want(slot, "----", call=False)
    eventually(lambda: all(slot.sent for slot in slots))
    bus.unplug()
    assert eventually(lambda: all(slot.dead for slot in slots), within_s=10) < 10
    serving.want(slots[1], "H047", call=True)
    bus.plug_in()
    assert eventually(lambda: not any(slot.dead for slot in slots), within_s=5) < 5
    eventually(lambda: (far.text(1), far.text(2)) == ("----  ", "H047  "))
    serving.stop()


def test_frames_keep_their_distance_on_the_wire(bus: PtyBus, far: BusServer) -> None:
    """At 9600 baud 3.5 characters are 4 ms: ten frames cannot take less than 36 ms."""
    one, two = panels(bus, 1, 2)
    began = time.monotonic()
    for _ in range(5):
        one.show("A001", blink=False)
        two.show("A001", blink=False)
    assert time.monotonic() - began > 9 * 3.5 * 11 / 9600
    one.close()


def test_a_second_program_on_the_port_is_kept_out(bus: PtyBus, far: BusServer) -> None:
    (first,) = panels(bus, 1)
    (second,) = panels(bus, 2)
    first.show("A001", blink=False)
    with pytest.raises(PortUnreachable):
        second.show("A002", blink=False)
    first.close()
    second.show("A002", blink=False)
    second.close()


def test_faults_of_the_options_are_all_named() -> None:
    faults: list[Fault] = []
    shared: dict[str, object] = {}
    port = "/dev/ttyUSB0"
    open_panel(Table({"port": port, "unit": 5}, "panel[1]", faults), shared)
    assert not faults
    wrong = {
        "port": port, "unit": 5, "baud": 9601, "parity": "evn", "text_length": 99,
        "blink_register": 0,
    }  # fmt: skip
    open_panel(Table(wrong, "panel[2]", faults), shared)
    open_panel(Table({"port": port, "unit": 6, "baud": 19200}, "panel[3]", faults), shared)
    said = [(fault.where, fault.message) for fault in faults]
    assert {where for where, _ in said} == {
        "panel[2].unit", "panel[2].baud", "panel[2].parity", "panel[2].text_length",
        "panel[2].blink_register", "panel[3].baud",
    }  # fmt: skip
    assert any("did you mean 'even'" in message for _, message in said)
    assert any("has the address 5 already" in message for _, message in said)


def test_virtual_and_modbus_panels_may_stand_side_by_side() -> None:
    assert VirtualPanel().wire != "serial:/dev/ttyUSB0"
