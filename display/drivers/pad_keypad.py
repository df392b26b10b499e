"""Call keys on a USB numeric keypad, read as Linux input events.

The device is grabbed: what is pressed there reaches nobody else, and types into no session. The
events are read by hand: python-evdev comes as source alone, and a fresh machine has no compiler.

Source: linux/input.h (struct input_event, EVIOCGRAB), linux/input-event-codes.h.
"""

import errno
import fcntl
import os
import select
import struct
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from display.drivers.key_codes import KEY_CODES, LED_CODES
from display.errors import PadUnavailable
from display.pads.ports import PAD_KEYS, PAD_LAMPS, Lights, OnKey, PadKey, PadLamp
from edge.blinking import lit, next_change_s
from edge.contacts import Light
from wire.checks import Table, did_you_mean
from wire.units import Seconds

EVENT: Final = struct.Struct("llHHi")
"""Two longs of time, type, code, value: as the kernel of this machine lays them out."""
EV_SYN, EV_KEY, EV_LED = 0x00, 0x01, 0x11
EVIOCGRAB: Final = 0x40044590
_READ_MOST: Final = 64 * EVENT.size

Grab = Callable[[int], None]


def grab(device: int) -> None:
    """Take an input device for this program alone.

    Raises:
        OSError: another program has it (EBUSY), or it is no input device (ENOTTY, EINVAL).
    """
    fcntl.ioctl(device, EVIOCGRAB, 1)


def open_pad(
    options: Table, *, counter: str, data_dir: Path, shared: dict[str, Any]
) -> "KeypadPad":
    """See `display.pads.ports.OpenPad`."""
    what = "the keypad, such as /dev/input/by-id/usb-…-event-kbd"
    device = options.text("device", pattern="/.+", what=what)
    codes: dict[int, PadKey] = {}
    for key in PAD_KEYS:
        name = options.text(key, "KPENTER" if key == "next" else "-", what="a key, such as KPENTER")
        code = None if name == "-" else _code(options, key, name)
        if code is not None and codes.setdefault(code, key) != key:
            options.fault(key, f"'{name}' is {codes[code]} already; give another key")
    leds: dict[PadLamp, int] = {}
    for lamp in PAD_LAMPS:
        choices = ("-", *LED_CODES)
        default = "num" if lamp == "waiting" else "-"
        word = options.text(f"{lamp}_led", default, choices=choices)
        if word in LED_CODES:
            leds[lamp] = LED_CODES[word]
    if len(set(leds.values())) < len(leds):
        options.fault("waiting_led", "one light stands for two things; give each its own")
    options.finish()
    return KeypadPad(device, codes, leds, grab)


def _code(options: Table, key: str, name: str) -> int | None:
    code = KEY_CODES.get(name.upper().removeprefix("KEY_"))
    if code is None:
        near = did_you_mean(name.upper(), KEY_CODES)
        options.fault(key, f"'{name}' is no key known here, such as KPENTER or KP1{near}")
    return code


class KeypadPad:
    """A `Pad` on an input device. A thread of its own reads it and blinks its lights.

    Args:
        device: Its path, best below /dev/input/by-id.
        codes: Which of its keys means what.
        leds: Which of its lights stands for which lamp.
        take: How the device is taken for this program alone.
    """

    sounds = False

    def __init__(
        self,
        device: str,
        codes: Mapping[int, PadKey],
        leds: Mapping[PadLamp, int],
        take: Grab,
    ) -> None:
        self.place = device
        self.lines = (device,)
        self.keys: tuple[PadKey, ...] = tuple(codes.values())
        self.lamps: tuple[PadLamp, ...] = tuple(leds)
        self._codes = codes
        self._leds = leds
        self._take = take
        self._lights: dict[PadLamp, Light] = {}
        self._sent: dict[PadLamp, bool] = {}
        self._gone = ""
        self._device: int | None = None
        self._wake: tuple[int, int] | None = None
        self._thread: threading.Thread | None = None

    def open(self, on_key: OnKey) -> None:
        """See `Pad.open`."""
        self.close()
        self._device = self._opened()
        self._gone, self._sent = "", {}
        self._lights = dict.fromkeys(self.lamps, "off")
        self._wake = os.pipe()
        self._thread = threading.Thread(
            target=self._run, args=(on_key, self._device, self._wake[0]), daemon=True, name="keypad"
        )
        self._thread.start()

    def check(self) -> None:
        """See `Pad.check`."""
        if self._gone:
            raise PadUnavailable(self._gone, trouble="absent")
        if self._thread is not None and not self._thread.is_alive():
            raise PadUnavailable(f"{self.place}: nobody reads it any more", trouble="driver")

    def show(self, lights: Lights) -> None:
        """See `Pad.show`."""
        self.check()
        mine = {lamp: light for lamp, light in lights.items() if lamp in self._leds}
        if self._wake is not None and self._lights | mine != self._lights:
            self._lights = self._lights | mine
            os.write(self._wake[1], b"s")

    def beep(self, times: int) -> None:
        """See `Pad.beep`: a keypad has no buzzer."""

    def close(self) -> None:
        """See `Pad.close`."""
        thread, wake, device = self._thread, self._wake, self._device
        self._thread = self._wake = self._device = None
        if thread is None or wake is None or device is None:
            return
        os.write(wake[1], b"q")
        thread.join(timeout=2)
        for one in (device, *wake):
            os.close(one)

    def _opened(self) -> int:
        try:
            device = os.open(self.place, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
        except OSError as error:
            raise _unavailable(self.place, error) from error
        try:
            self._take(device)
        except OSError as error:
            os.close(device)
            raise _unavailable(self.place, error) from error
        return device

    def _run(self, on_key: OnKey, device: int, wake: int) -> None:
        rest = b""
        try:
            while True:
                self._light_up(device, self._lights)
                pause_s = next_change_s(self._lights, time.monotonic())
                ready, _, _ = select.select([device, wake], [], [], pause_s)
                if wake in ready and b"q" in os.read(wake, 64):
                    break
                if device in ready:
                    rest = self._read(device, rest, on_key)
            self._light_up(device, dict.fromkeys(self.lamps, "off"))
        except OSError as error:
            self._gone = f"{self.place}: {error.strerror or error}; plug it in again"

    def _read(self, device: int, rest: bytes, on_key: OnKey) -> bytes:
        """Tell of the events that are there; returns what is not whole yet."""
        try:
            data = os.read(device, _READ_MOST)
        except BlockingIOError:
            return rest
        if not data:
            raise OSError(errno.ENODEV, os.strerror(errno.ENODEV))
        data = rest + data
        whole = len(data) - len(data) % EVENT.size
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            key = self._codes.get(code) if kind == EV_KEY else None
            if key is not None and value in (0, 1):  # 2 is a key that is held
                on_key(key, value == 1, Seconds(time.monotonic()))
        return data[whole:]

    def _light_up(self, device: int, lights: Lights) -> None:
        events = b""
        for lamp, on in lit(lights, time.monotonic()).items():
            if self._sent.get(lamp) != on:
                events += EVENT.pack(0, 0, EV_LED, self._leds[lamp], int(on))
                self._sent[lamp] = on
        if events:
            os.write(device, events + EVENT.pack(0, 0, EV_SYN, 0, 0))


def _unavailable(place: str, error: OSError) -> PadUnavailable:
    if error.errno in (errno.EACCES, errno.EPERM):
        said = f"{place}: no permission; add this account to the group input"
        return PadUnavailable(said, trouble="permission")
    if error.errno == errno.EBUSY:
        return PadUnavailable(f"{place}: another program has taken it", trouble="taken")
    if error.errno in (errno.ENOTTY, errno.EINVAL):
        return PadUnavailable(f"{place}: is no input device", trouble="driver")
    return PadUnavailable(f"{place}: {error.strerror}", trouble="absent")
