"""Keys and lamps on the pins of a Raspberry Pi, through gpiozero and lgpio.

The only file that imports gpiozero. Pins are BCM numbers. Edges are passed on as they come:
lgpio's own debouncing is not used, and an exception in a callback would end lgpio's thread and
leave every key dead, so that nothing here raises into it.
"""

import importlib
import logging
import os
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from kiosk.errors import ButtonUnavailable
from kiosk.ports import Light, OnEdge
from wire.checks import Table
from wire.units import Seconds

log = logging.getLogger(__name__)

PINS: Final = (2, 27)
BLINK_S: Final = 0.4
FAST_S: Final = 0.1
_FACTORY: Final = "GPIOZERO_PIN_FACTORY"
_WORK_FOLDER: Final = "LG_WD"
_ACTIVE: Final = {"up": "low", "down": "high"}
_HOW_TO_INSTALL: Final = "pip install 'layso[gpio]'"


def open_button(options: Table, *, data_dir: Path, shared: dict[str, Any]) -> "GpioButton":
    """Read the options of one key; no pin is touched. Faults are added to the table."""
    low, high = PINS
    pin = options.integer("pin", low=low, high=high, what="a BCM pin number")
    led_pin = options.integer("led_pin", 0, low=low, high=high, what="a BCM pin number") or None
    pull = options.text("pull", "up", choices=("up", "down", "none"))
    active = options.text("active", _ACTIVE.get(pull, ""), choices=("low", "high"))
    if not active:
        options.fault("active", 'is missing; with pull = "none" say "low" or "high"')
    if pin == led_pin:
        options.fault("led_pin", f"{led_pin} is the key's own pin")
    options.finish()
    return GpioButton(pin, led_pin, pull, active, data_dir)


class GpioButton:
    """A `Button` on one pin, its lamp on another.

    Args:
        pin: BCM number of the key.
        led_pin: BCM number of the lamp, lit while the pin is high; None without one.
        pull: The pin's own resistor: `up`, `down` or `none`.
        active: The level of a pressed key: `low` or `high`.
        data_dir: Where lgpio keeps its files; they land in the working directory otherwise.
    """

    def __init__(
        self, pin: int, led_pin: int | None, pull: str, active: str, data_dir: Path
    ) -> None:
        self._pin = pin
        self._led_pin = led_pin
        self._pull = pull
        self._active = active
        self._data_dir = data_dir
        self._input: Any = None
        self._led: Any = None

    @property
    def lines(self) -> tuple[str, ...]:
        """The pins."""
        key = f"GPIO{self._pin}"
        return (key,) if self._led_pin is None else (key, f"GPIO{self._led_pin}")

    def open(self, on_edge: OnEdge) -> None:
        """See `Button.open`."""
        gpiozero = self._library()
        try:
            self._take(gpiozero, on_edge)
        except Exception as error:  # each pin library fails in a way of its own
            self.close()
            raise ButtonUnavailable(f"{' and '.join(self.lines)}: {_plainly(error)}") from error

    def show(self, light: Light) -> None:
        """See `Button.show`."""
        if self._led is None:
            return
        try:
            if light in ("blink", "fast"):
                half_s = BLINK_S if light == "blink" else FAST_S
                self._led.blink(half_s, half_s)
            elif light == "on":
                self._led.on()
            else:
                self._led.off()
        except Exception as error:  # as in `open`
            raise ButtonUnavailable(f"the lamp at GPIO{self._led_pin}: {error}") from error

    def close(self) -> None:
        """See `Button.close`."""
        for device in (self._input, self._led):
            if device is None:
                continue
            try:
                device.close()
            except Exception as error:  # noqa: BLE001 - as in `open`; the other pin is freed too
                log.warning("%s is not freed: %s", device, error)
        self._input = self._led = None

    def _take(self, gpiozero: ModuleType, on_edge: OnEdge) -> None:
        if self._led_pin is not None:
            self._led = gpiozero.LED(self._led_pin)
        pull_up = {"up": True, "down": False}.get(self._pull)
        # With a resistor gpiozero settles itself what is active: against it, the closing
        # contact is what gpiozero calls the end.
        own = None if pull_up is not None else self._active == "high"
        device = gpiozero.DigitalInputDevice(self._pin, pull_up=pull_up, active_state=own)
        self._input = device
        inverted = pull_up is not None and _ACTIVE[self._pull] != self._active
        device.when_activated = _passing_on(on_edge, not inverted)
        device.when_deactivated = _passing_on(on_edge, inverted)

    def _library(self) -> ModuleType:
        os.environ.setdefault(_WORK_FOLDER, str(self._data_dir))
        os.environ.setdefault(_FACTORY, "lgpio")
        try:
            if os.environ[_FACTORY] == "lgpio":
                importlib.import_module("lgpio")
            return importlib.import_module("gpiozero")
        except ImportError as error:
            message = f"keys on GPIO need gpiozero and lgpio ({error}): {_HOW_TO_INSTALL}"
            raise ButtonUnavailable(message) from error


def _passing_on(on_edge: OnEdge, down: bool) -> Callable[[], None]:
    def passed_on() -> None:
        try:
            on_edge(down, Seconds(time.monotonic()))
        except Exception:  # see the top of this file
            log.exception("an edge was lost")

    return passed_on


def _plainly(error: Exception) -> str:
    if isinstance(error, PermissionError) or "permission" in str(error).lower():
        return "no permission; add this account to the group gpio"
    return str(error) or type(error).__name__
