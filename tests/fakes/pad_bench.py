"""Pads of every driver, with hands on their keys, eyes on their lamps and ears for their buzzer."""

import contextlib
import os
import select
import time
import tty
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from display.drivers.key_codes import KEY_CODES
from display.drivers.pad_keypad import EV_KEY, EV_LED, EV_SYN, EVENT
from display.drivers.pad_virtual import VirtualPad
from display.frames.pad import frame
from display.pads.config import PAD_DRIVERS
from display.pads.ports import Pad
from edge.drivers import load
from wire.checks import Fault, Table

LOOK_S = 1.1
"""Longer than a lamp that blinks is dark or lit."""


@dataclass
class PadBench:
    """`set_key` closes or opens a contact; `unplug` and `plug_in` are None where nothing can."""

    pad: Pad
    set_key: Callable[[str, bool], None]
    lit: Callable[[str], bool]
    beeps: Callable[[], int]
    unplug: Callable[[], None] | None
    plug_in: Callable[[], None] | None
    end: Callable[[], None]
    tells_of_opening: bool = True

    def touch(self, key: str) -> None:
        """A short touch."""
        self.set_key(key, True)
        self.set_key(key, False)

    def lamp(self, lamp: str) -> str:
        """`on`, `off` or `blinking`, after a look that is long enough to tell."""
        seen = set()
        end = time.monotonic() + LOOK_S
        while time.monotonic() < end and len(seen) < 2:
            seen.add(self.lit(lamp))
            time.sleep(0.01)
        return "blinking" if len(seen) == 2 else "on" if seen == {True} else "off"


def made(driver: str, folder: Path, **options: Any) -> Pad:
    """A pad as the config makes it."""
    faults: list[Fault] = []
    table = Table(options, "pad[1]", faults)
    pad: Pad = load(PAD_DRIVERS, driver)(table, counter="q1", data_dir=folder, shared={})
    assert not faults, faults
    return pad


class Line:
    """A device file whose far end the test holds: what the agent wrote, and what it hears."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.heard = b""
        self._ends: tuple[int, int] | None = None
        self.plug_in()

    def plug_in(self) -> None:
        master, slave = os.openpty()
        tty.setraw(slave)
        self.path.symlink_to(os.ttyname(slave))
        self._ends = master, slave

    def unplug(self) -> None:
        if self._ends is not None:
            self.path.unlink()
            for end in self._ends:
                os.close(end)
            self._ends = None

    def say(self, data: bytes) -> None:
        assert self._ends is not None
        os.write(self._ends[0], data)

    def listen(self) -> bytes:
        """All that the agent has written so far."""
        if self._ends is not None:
            while select.select([self._ends[0]], [], [], 0)[0]:
                self.heard += os.read(self._ends[0], 4096)
        return self.heard


def gpio(folder: Path, pins: Any) -> PadBench:
    """On gpiozero's mock pins."""
    keys = {"next": 5, "recall": 6, "no_show": 13, "help": 19}
    lamps = {"waiting": 17, "link": 27, "call": 22, "help": 23}
    pad = made(
        "gpio", folder, buzzer_pin=24, **{f"{key}_pin": pin for key, pin in keys.items()},
        **{f"{lamp}_led_pin": pin for lamp, pin in lamps.items()},
    )  # fmt: skip
    buzzer = pins.pin(24)

    def set_key(key: str, down: bool) -> None:
        pin = pins.pin(keys[key])
        (pin.drive_low if down else pin.drive_high)()

    def beeps() -> int:
        time.sleep(0.9)
        return sum(1 for state in buzzer.states if state.state)

    def lit(lamp: str) -> bool:
        return bool(pins.pin(lamps[lamp]).state)

    return PadBench(pad, set_key, lit, beeps, None, None, pad.close)


def keypad(folder: Path) -> PadBench:
    """A PTY that speaks the kernel's input events; who takes it is up to the test."""
    line = Line(folder / "event-kbd")
    pad = made(
        "keypad", folder, device=str(line.path), recall="KPPLUS", no_show="KPMINUS", help="F1",
        waiting_led="num", link_led="caps", call_led="scroll",
    )  # fmt: skip
    codes = {"next": "KPENTER", "recall": "KPPLUS", "no_show": "KPMINUS", "help": "F1"}
    leds = {"waiting": 0, "link": 1, "call": 2}

    def set_key(key: str, down: bool) -> None:
        code = KEY_CODES[codes[key]]
        line.say(EVENT.pack(1, 2, 4, 4, 458840) + EVENT.pack(1, 2, EV_KEY, code, int(down)))
        if down:  # it repeats while it is held
            line.say(EVENT.pack(1, 2, EV_KEY, code, 2))
        line.say(EVENT.pack(1, 2, EV_SYN, 0, 0))

    def lit(lamp: str) -> bool:
        state = 0
        for _, _, kind, code, value in EVENT.iter_unpack(line.listen()):
            if (kind, code) == (EV_LED, leds[lamp]):
                state = value
        return bool(state)

    def end() -> None:
        pad.close()
        line.unplug()

    return PadBench(pad, set_key, lit, lambda: 0, line.unplug, line.plug_in, end)


LAMP_FRAMES = {
    f"{lamp}_{word}": f"AA {{unit}} {code + on:02X} {{sum8}} 55"
    for lamp, code in (("waiting", 0x10), ("link", 0x20), ("call", 0x30), ("help", 0x40))
    for on, word in enumerate(("off", "on"))
}


def frames(folder: Path) -> PadBench:
    """A PTY with a pad of another maker's on it."""
    line = Line(folder / "ttyS0")
    keys = {key: f"AA {{unit}} 0{n} {{sum8}} 55" for n, key in
            enumerate(("next", "recall", "no_show", "help"), 1)}  # fmt: skip
    pad = made("frame", folder, port=str(line.path), unit=7, beep="AA {unit} 50 {sum8} 55",
               **keys, **LAMP_FRAMES)  # fmt: skip

    def set_key(key: str, down: bool) -> None:
        if down:
            line.say(b"\x00" + frame(keys[key], 7))

    def lit(lamp: str) -> bool:
        heard = line.listen()
        on, off = (heard.rfind(frame(LAMP_FRAMES[f"{lamp}_{word}"], 7)) for word in ("on", "off"))
        return on > off

    def beeps() -> int:
        time.sleep(0.2)
        return line.listen().count(frame("AA {unit} 50 {sum8} 55", 7))

    def end() -> None:
        pad.close()
        line.unplug()

    return PadBench(pad, set_key, lit, beeps, line.unplug, line.plug_in, end, False)


def virtual(folder: Path) -> PadBench:
    """Lines in a file."""
    pad = made("virtual", folder)
    assert isinstance(pad, VirtualPad)
    place = folder / "pads"

    def set_key(key: str, down: bool) -> None:
        with (place / "keys").open("a") as file:
            file.write(f"{'hold' if down else 'release'} q1 {key}\n")

    def lit(lamp: str) -> bool:
        words = dict(line.split() for line in (place / "q1.lamps").read_text().splitlines())
        half_s = {"blink": 0.4, "fast": 0.1}.get(words[lamp])
        return words[lamp] == "on" if half_s is None else int(time.monotonic() / half_s) % 2 == 0

    def beeps() -> int:
        with contextlib.suppress(FileNotFoundError):
            return sum(map(int, (place / "q1.beeps").read_text().split()))
        return 0

    def condition(word: str) -> None:
        (place / "q1.condition").write_text(word + "\n")

    return PadBench(
        pad, set_key, lit, beeps, lambda: condition("absent"), lambda: condition("ok"), pad.close
    )
