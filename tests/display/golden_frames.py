"""The frames of every driver for every state, kept in files beside this one. A program.

    .venv/bin/python -m tests.display.golden_frames [--write]

Says what differs from the files; `--write` writes them anew. Look at each change: a sign in a
hall takes these very bytes.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, NamedTuple

from display.drivers.serial_wire import SerialWire
from display.frames import modbus
from display.ports import Panel
from edge import drivers
from wire.checks import Table

FOLDER: Final = Path(__file__).parent / "goldens"
PORT: Final = "/dev/ttyUSB0"


class State(NamedTuple):
    """What a counter does, and so what its panel is told."""

    text: str
    blink: bool


STATES: Final = {
    "free": State("----", False),
    "called": State("H047", True),
    "serving": State("H047", False),
    "paused-or-closed": State("", False),
    "emergency-number": State("Z03001", False),
}
PANELS: Final[dict[str, dict[str, Any]]] = {
    "modbus_rtu": {"driver": "modbus_rtu", "unit": 1, "blink_register": 10},
    "alpha": {"driver": "alpha", "address": "05", "sign_type": "f"},
    "alpha-unchecked": {"driver": "alpha", "checksum": False, "text_length": 4},
    "frame-text": {
        "driver": "frame",
        "template": "AA {unit} {text} {sum8} 55",
        "blink_template": "AB {unit} {text} {sum8} 55",
    },
    "frame-number": {
        "driver": "frame",
        "template": "{unit} {hi} {lo} {sum8}",
        "free_number": 65534,
        "blank_number": 65535,
    },
    "frame-bcd": {"driver": "frame", "text_length": 4, "template": "02 {unit} {bcd} {xor8:2-} 03"},
    "frame-segments": {
        "driver": "frame",
        "text_length": 4,
        "template": "{unit} {rest} {segments} {blink} {crc16_modbus}",
    },
    "frame-ascii": {
        "driver": "frame",
        "unit": 12,
        "text_length": 4,
        "template": "'$' {unit_ascii} ',' {digits_ascii} ',' {state:30,31,32,33} "
        "'*' {xor8_hex:2-10} 0D0A",
        "blank_template": "'$' {unit_ascii} ',C*' {xor8_hex:2-5} 0D0A",
    },
}


class Recorder(SerialWire):
    """A wire that keeps what is sent, and answers as a Modbus panel would."""

    def __init__(self) -> None:
        super().__init__(PORT, 9600, "none", 0.3)
        self.frames: list[bytes] = []

    def exchange(self, request: bytes, missing: Callable[[bytes], int], **_: Any) -> bytes:
        self.frames.append(request)
        return request[:6] + modbus.crc16(request[:6])

    def send(self, request: bytes) -> None:
        self.frames.append(request)


def made(panel: str, port: str | None = None) -> tuple[Panel, Recorder]:
    """The panel of that name, on a wire that records unless a `port` is given."""
    options = dict(PANELS[panel])
    driver = options.pop("driver")
    recorder = Recorder()
    if driver == "alpha":
        options |= {"parity": "none", "data_bits": 8}
    faults: list[Any] = []
    table = Table({"port": port or PORT} | options, "panel[1]", faults)
    opened = drivers.load("layso.display.panel", driver)(table, {f"serial:{PORT}": recorder})
    table.finish()
    assert not faults, faults
    return opened, recorder


def frames(panel: str, state: str) -> list[bytes]:
    """What goes over the wire."""
    opened, recorder = made(panel)
    opened.show(STATES[state].text, blink=STATES[state].blink)
    return recorder.frames


def written(panel: str, state: str) -> str:
    """The content of the file: what it is, then a frame a line."""
    told = STATES[state]
    head = f"# {panel}: '{told.text}'{', a call' if told.blink else ''}\n"
    return head + "".join(f"{frame.hex(' ')}\n" for frame in frames(panel, state))


def files() -> dict[Path, str]:
    """Every file and what it should hold."""
    return {
        FOLDER / f"{panel}-{state}.hex": written(panel, state)
        for panel in PANELS
        for state in STATES
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--write", action="store_true", help="write the files anew")
    write = parser.parse_args().write
    differ = 0
    for path, text in files().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        differ += 1
        print(f"{'written' if write else 'differs'}: {path.name}")
        if write:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return 0 if write or not differ else 1


if __name__ == "__main__":
    sys.exit(main())
