"""The kept frames are what the drivers send, and what encoders nobody here wrote would send."""

from collections.abc import Iterator
from pathlib import Path

import minimalmodbus
import pytest
from alphasign import Packet
from alphasign.commands import WriteText
from alphasign.protocol import DELAY, DisplayMode, DisplayPosition

from display.frames.panel_text import fitted
from tests.display.golden_frames import FOLDER, PANELS, STATES, files, made
from tests.fakes.bus import BusServer, PtyBus

WRITE_WITH = ".venv/bin/python -m tests.display.golden_frames --write"


def golden(panel: str, state: str) -> list[bytes]:
    text = (FOLDER / f"{panel}-{state}.hex").read_text(encoding="utf-8")
    return [bytes.fromhex(line) for line in text.splitlines() if not line.startswith("#")]


def test_every_driver_and_state_sends_what_was_approved() -> None:
    expected = files()
    assert set(FOLDER.iterdir()) == set(expected), f"look at it, then {WRITE_WITH}"
    differing = [path.name for path, text in expected.items() if path.read_text("utf-8") != text]
    assert differing == [], f"look at each, then {WRITE_WITH}"


def test_every_serial_driver_has_goldens() -> None:
    assert {options["driver"] for options in PANELS.values()} == {"modbus_rtu", "alpha", "frame"}


@pytest.mark.parametrize("state", STATES)
def test_alpha_goldens_equal_the_other_encoder(state: str) -> None:
    text, blink = STATES[state]
    mode = DisplayMode.FLASH if blink else DisplayMode.HOLD
    for panel, type_code, address, length in (
        ("alpha", b"f", "05", 6),
        ("alpha-unchecked", b"Z", "00", 4),
    ):
        command = WriteText(
            fitted(text, length), label="A", position=DisplayPosition.MIDDLE_LINE, mode=mode
        )
        packet = Packet(type_code=type_code, address=address)
        packet.add(command, checksum=panel == "alpha")
        assert golden(panel, state) == [packet.to_bytes().replace(DELAY, b"")]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PtyBus]:
    bus = PtyBus(tmp_path)
    yield bus
    bus.close()


def other_master(bus: PtyBus) -> minimalmodbus.Instrument:
    """minimalmodbus on the same port; it waits longer for answers than it does by itself."""
    other = minimalmodbus.Instrument(str(bus.agent_port), 1, close_port_after_each_call=True)
    assert other.serial is not None
    other.serial.baudrate = 9600
    other.serial.timeout = 2
    return other


def test_modbus_goldens_equal_the_other_master_and_it_reads_what_we_wrote(bus: PtyBus) -> None:
    far = BusServer(bus.far_port, [1])
    other = other_master(bus)
    for state, (text, blink) in STATES.items():
        bus.heard.clear()
        other.write_registers(0, [ord(letter) for letter in fitted(text, 6)])
        other.write_register(10, int(blink), functioncode=6)
        assert b"".join(bus.heard) == b"".join(golden("modbus_rtu", state))
    ours, _ = made("modbus_rtu", port=str(bus.agent_port))
    for text, blink in STATES.values():
        ours.show(text, blink=blink)
        ours.close()
        assert "".join(map(chr, other.read_registers(0, 6))) == fitted(text, 6)
        assert other.read_register(10) == int(blink)
    far.stop()
