"""Panels of three drivers and a pad on one bus; faults of their options; a pulled adapter."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from display import turns
from display.drivers import panel_alpha, panel_frame, panel_modbus_rtu
from display.drivers.panel_alpha import AlphaPanel
from display.drivers.panel_frame import FramePanel
from display.drivers.serial_wire import SerialWire
from display.errors import PanelGarbled, PanelRefused, PanelSilent
from display.ports import Panel
from display.turns import Slot
from display.worker import WireWorker
from tests.display.conftest import Running
from tests.edge.test_link import eventually
from tests.fakes.bus import PtyBus
from tests.fakes.signs import AlphaSigns, FrameSigns
from tests.fakes.socket_server import LiveServer
from wire.checks import Fault, Table

OPEN: dict[str, Callable[[Table, dict[str, Any]], Panel]] = {
    "alpha": panel_alpha.open_panel,
    "frame": panel_frame.open_panel,
    "modbus_rtu": panel_modbus_rtu.open_panel,
}
FRAME = {"template": "AA {unit} {text} {sum8} 55", "reply": "AA {unit} 06 {sum8} 55"}
EIGHT = {"parity": "none", "data_bits": 8}


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PtyBus]:
    folder = tmp_path / "bus"
    folder.mkdir()
    bus = PtyBus(folder)
    yield bus
    bus.close()


def faults_of(*panels: tuple[str, dict[str, Any]]) -> dict[str, str]:
    faults: list[Fault] = []
    shared: dict[str, Any] = {}
    for number, (driver, options) in enumerate(panels, start=1):
        table = Table({"port": "/dev/ttyUSB0"} | options, f"panel[{number}]", faults)
        OPEN[driver](table, shared)
        table.finish()
    return {fault.where: fault.message for fault in faults}


def opened(driver: str, bus: PtyBus, shared: dict[str, Any], **options: Any) -> Panel:
    faults: list[Fault] = []
    panel = OPEN[driver](Table({"port": str(bus.agent_port)} | options, "", faults), shared)
    assert not faults, faults
    return panel


class TestOptions:
    def test_of_alpha_are_all_named(self) -> None:
        wrong = {
            "address": "5", "sign_type": "ZZ", "label": "?", "position": "midle", "mode": "holt",
            "blink_mode": "blink", "confirm": "true", "data_bits": 9, "checksum": "yes",
        }  # fmt: skip
        said = faults_of(("alpha", wrong))
        assert set(said) == {f"panel[1].{key}" for key in wrong}
        assert "did you mean 'middle'" in said["panel[1].position"]
        assert "did you mean 'hold'" in said["panel[1].mode"]

    def test_signs_on_one_port_need_addresses_of_their_own(self) -> None:
        one, two, every = ({"address": address} for address in ("01", "02", "00"))
        assert faults_of(("alpha", one), ("alpha", two)) == {}
        assert "panel[2].address" in faults_of(("alpha", one), ("alpha", one))
        assert "panel[2].address" in faults_of(("alpha", one), ("alpha", every))
        assert "panel[2].address" in faults_of(("alpha", every), ("alpha", one))
        assert "panel[1].confirm" in faults_of(("alpha", every | {"confirm": "read"}))

    def test_of_frame_are_all_named_with_the_place_in_the_template(self) -> None:
        wrong = {
            "template": "AA {unti} {text} {sum9} 55", "free_template": "{crc16}", "reply": "AA {}",
            "unit": 256, "free_number": 70000, "blank_code": -1, "reply_length": 3,
        }  # fmt: skip
        said = faults_of(("frame", wrong))
        assert set(said) == {f"panel[1].{key}" for key in wrong if key != "reply_length"}
        faults: list[Fault] = []
        panel_frame.open_panel(Table({"port": "p"} | wrong, "panel[1]", faults), {})
        lines = [fault.message for fault in faults if fault.where == "panel[1].template"]
        assert [line.split("'")[0] for line in lines] == ["part 2 ", "part 4 "]

    def test_what_would_not_arrive_as_it_is_written_is_a_fault(self) -> None:
        short = {"template": "02 {unit_ascii:1} {text} 03", "unit": 12}
        assert faults_of(("frame", short))["panel[1].template"].endswith("address 12")
        assert faults_of(("frame", short | {"unit": 7})) == {}
        seven = {"template": "02 {text} 03", "free_template": "7F AA", "data_bits": 7}
        assert faults_of(("frame", seven)) == {
            "panel[1].free_template": "part 2 'AA' needs data_bits = 8"
        }
        assert faults_of(("frame", seven | {"data_bits": 8})) == {}

    def test_a_reply_and_its_length_are_one_too_many(self) -> None:
        assert set(faults_of(("frame", FRAME | {"reply_length": 5}))) == {"panel[1].reply_length"}
        assert set(faults_of(("frame", {}))) == {"panel[1].template"}

    def test_one_address_twice_on_a_port_is_a_fault_unless_frames_carry_none(self) -> None:
        assert "panel[2].unit" in faults_of(("frame", FRAME), ("frame", FRAME))
        assert faults_of(("frame", FRAME), ("frame", FRAME | {"unit": 2})) == {}
        assert faults_of(("frame", {"template": "{text}"}), ("frame", FRAME)) == {}

    def test_drivers_share_a_port_at_one_speed_and_format_only(self) -> None:
        modbus = ("modbus_rtu", {"unit": 1})
        assert faults_of(modbus, ("alpha", EIGHT), ("frame", FRAME)) == {}
        said = faults_of(modbus, ("alpha", {}))
        assert "8 data bits; one bus has one speed" in said["panel[2].baud"]


def test_which_panels_blink() -> None:
    def frame(**options: str) -> FramePanel:
        return panel_frame.open_panel(Table({"port": "p"} | options, "", []), {})

    text = "{unit} {text}"
    assert not frame(template=text).blinks
    assert not frame(template=text, free_template="00", blank_template="01").blinks
    assert frame(template=text, blink_template="07").blinks
    assert frame(template=f"{text} {{blink}}").blinks
    still = Table({"port": "p", "blink_mode": "none"}, "", [])
    assert not panel_alpha.open_panel(still, {}).blinks


def test_a_sign_that_refuses_or_holds_another_text_is_not_taken_for_right(bus: PtyBus) -> None:
    signs = AlphaSigns(bus.far_port, "05", acknowledges=True)
    shared: dict[str, Any] = {}
    acknowledged = opened("alpha", bus, shared, address="05", confirm="ack", **EIGHT)
    signs.refuses = 0x20
    with pytest.raises(PanelRefused, match="no such command or file label"):
        acknowledged.show("H047", blink=False)
    signs.acknowledges = False
    with pytest.raises(PanelSilent):
        acknowledged.show("H047", blink=False)
    assert isinstance(acknowledged, AlphaPanel)
    reading = opened("alpha", bus, {}, address="05", confirm="read", **EIGHT)
    acknowledged.close()
    bus.to_far = lambda data: b"" if b"\x02A" in data else data  # the write is lost
    signs.texts["05"] = "H046  "
    with pytest.raises(PanelGarbled, match="it holds 'H046  ' instead of 'H048  '"):
        reading.show("H048", blink=False)
    reading.close()
    signs.stop()


def test_a_reply_of_another_panel_or_a_wrong_sum_is_garbled(bus: PtyBus) -> None:
    signs = FrameSigns(bus.far_port, 3)
    panel = opened("frame", bus, {}, unit=3, **FRAME)
    panel.show("H047", blink=False)
    bus.to_agent = lambda data: data[:3] + bytes([data[3] ^ 1]) + data[4:]
    with pytest.raises(PanelGarbled, match="not the reply of the config"):
        panel.show("H047", blink=False)
    bus.to_agent = lambda data: data[:1]
    with pytest.raises(PanelSilent, match="only a part"):
        panel.show("H047", blink=False)
    panel.close()
    signs.stop()


@pytest.mark.parametrize("driver", ["alpha", "frame"])
def test_a_panel_that_never_answers_is_dead_with_its_adapter_and_right_when_it_is_back(
    bus: PtyBus, driver: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("REFRESH_S", "RETRY_S", "FIRST_RETRY_S"):
        monkeypatch.setattr(turns, name, getattr(turns, name) / 10)
    options: dict[str, Any] = {"template": FRAME["template"], "unit": 3}
    if driver == "alpha":
        signs: Any = AlphaSigns(bus.far_port, "05")
        options = {"address": "05", **EIGHT}
    else:
        signs = FrameSigns(bus.far_port, 3, replies=False)
    slot = Slot("q1", driver, opened(driver, bus, {}, **options))
    assert not slot.panel.answers
    serving = WireWorker("bus", [slot])
    serving.start()
    serving.want(slot, "----", call=False)
    eventually(lambda: list(signs.texts.values()) == ["----  "])
    bus.unplug()
    eventually(lambda: slot.dead, within_s=10)
    assert slot.trouble == "port"
    serving.want(slot, "H047", call=True)
    bus.plug_in()
    eventually(lambda: list(signs.texts.values()) == ["H047  "], within_s=5)
    eventually(lambda: not slot.dead)
    serving.stop()
    signs.stop()


class Talker:
    """A pad on the bus that is asked when panels are not, and hears what came unasked."""

    def __init__(self, wire: SerialWire) -> None:
        self.wire = wire
        self.heard = b""
        self.threads: set[int] = set()
        wire.stray = self.hear

    def due_at(self, now: float) -> float:
        return now - 0.01

    def serve(self) -> None:
        self.threads.add(threading.get_ident())
        self.hear(self.wire.arrived())

    def hear(self, data: bytes) -> None:
        self.heard += data

    def close(self) -> None:
        """The panels close the port."""


def test_a_pad_that_always_wants_its_turn_leaves_panels_theirs(bus: PtyBus) -> None:
    signs = FrameSigns(bus.far_port, 1, 2)
    shared: dict[str, Any] = {}
    slots = [
        Slot(f"q{unit}", "frame", opened("frame", bus, shared, unit=unit, **FRAME))
        for unit in (1, 2)
    ]
    pad = Talker(shared[f"serial:{bus.agent_port}"])
    serving = WireWorker("bus", slots, [pad])
    serving.start()
    for turn in range(5):
        for slot in slots:
            serving.want(slot, f"A00{turn}", call=False)
        eventually(lambda turn=turn: set(signs.texts.values()) == {f"A00{turn}  "})
    eventually(lambda: all(slot.sent == ("A004", False) for slot in slots))
    pressed = os.open(bus.far_port, os.O_WRONLY | os.O_NOCTTY)
    os.write(pressed, b"\x7e\x01\x10")
    eventually(lambda: b"\x7e\x01\x10" in pad.heard)
    os.close(pressed)
    assert len(pad.threads) == 1
    serving.stop()
    signs.stop()


def test_what_came_unasked_just_before_a_request_is_handed_over_not_dropped(bus: PtyBus) -> None:
    wire = SerialWire(str(bus.agent_port), 9600, "none", 0.1)
    heard: list[bytes] = []
    wire.stray = heard.append
    assert wire.arrived() == b""
    pressed = os.open(bus.far_port, os.O_WRONLY | os.O_NOCTTY)
    os.write(pressed, b"\x7e\x01\x10")

    def handed_over() -> bool:
        wire.send(b"x")
        return b"".join(heard) == b"\x7e\x01\x10"

    eventually(handed_over)
    os.close(pressed)
    wire.close()


def test_the_agent_serves_three_drivers_on_one_bus(
    server: LiveServer, run_agent: Callable[..., Running], bus: PtyBus, tmp_path: Path
) -> None:
    """One far end decodes them all: what is not for it must not confuse it."""
    alpha = AlphaSigns(bus.far_port, "05", acknowledges=True)
    panels = (
        f'[[panel]]\ncounter = "q1"\ndriver = "alpha"\nport = "{bus.agent_port}"\n'
        'address = "05"\nparity = "none"\ndata_bits = 8\nconfirm = "ack"\n'
        f'[[panel]]\ncounter = "q2"\ndriver = "frame"\nport = "{bus.agent_port}"\n'
        'template = "{unit} {hi} {lo} {sum8}"\n'
        f'[[panel]]\ncounter = "q3"\ndriver = "modbus_rtu"\nport = "{bus.agent_port}"\nunit = 9\n'
    )
    running = run_agent(server.url, panels)
    for counter in ("q1", "q2", "q3"):
        server.call(counter, f"H04{counter[1]}")
    eventually(lambda: alpha.texts["05"] == "H041  ")
    eventually(lambda: bytes.fromhex("01002a2b") in bus.heard)
    states = {"q1": "ok", "q2": "ok", "q3": "dead"}  # nobody is there for q3
    eventually(lambda: running.states() == states, within_s=10)
    told = {panel["counter"]: panel["answers"] for panel in running.get("/api/panels")}
    assert told == {"q1": True, "q2": False, "q3": True}
    running.agent.stop()
    alpha.stop()
