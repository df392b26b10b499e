"""Contacts and lamps on the pins of a Raspberry Pi, through gpiozero and lgpio.

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

from edge.contacts import BLINK_S, FAST_S, Light, OnEdge
from edge.errors import PinUnavailable
from wire.checks import Table
from wire.units import Seconds

log = logging.getLogger(__name__)

PINS: Final = (2, 27)
BEEP_S: Final = 0.12
"""How long a buzzer sounds, and is quiet before it sounds again."""
_FACTORY: Final = "GPIOZERO_PIN_FACTORY"
_WORK_FOLDER: Final = "LG_WD"
_ACTIVE: Final = {"up": "low", "down": "high"}
_HOW_TO_INSTALL: Final = "pip install 'layso[gpio]'"


def read_pin(options: Table, key: str, *, required: bool = False) -> int | None:
    """The BCM number under `key`; None where it is absent and need not be there."""
    low, high = PINS
    default = None if required else 0
    return options.integer(key, default, low=low, high=high, what="a BCM pin number") or None


def read_levels(options: Table) -> tuple[str, str]:
    """`pull` and `active` of contacts; what is wrong is added to the table's faults."""
    pull = options.text("pull", "up", choices=("up", "down", "none"))
    active = options.text("active", _ACTIVE.get(pull, ""), choices=("low", "high"))
    if not active:
        options.fault("active", 'is missing; with pull = "none" say "low" or "high"')
    return pull, active


class _Pin:
    """What a contact and a lamp share: one gpiozero device on one pin.

    Args:
        pin: BCM number.
        data_dir: Where lgpio keeps its files; they land in the working directory otherwise.
    """

    def __init__(self, pin: int, data_dir: Path) -> None:
        self.pin = pin
        self._data_dir = data_dir
        self._device: Any = None

    @property
    def line(self) -> str:
        """The pin as messages name it."""
        return f"GPIO{self.pin}"

    def close(self) -> None:
        """Let go of the pin. Safe to repeat."""
        device, self._device = self._device, None
        if device is None:
            return
        try:
            self._rest(device)
            device.close()
        except Exception as error:  # noqa: BLE001 - as in `_take`; other pins are freed too
            log.warning("%s is not freed: %s", self.line, error)

    def _rest(self, device: Any) -> None:
        """What is left behind on the pin."""

    def _take(self, make: Callable[[ModuleType], Any]) -> None:
        gpiozero = self._library()
        try:
            self._device = make(gpiozero)
        except Exception as error:  # each pin library fails in a way of its own
            raise PinUnavailable(f"{self.line}: {_plainly(error)}") from error

    def _library(self) -> ModuleType:
        os.environ.setdefault(_WORK_FOLDER, str(self._data_dir))
        os.environ.setdefault(_FACTORY, "lgpio")
        try:
            if os.environ[_FACTORY] == "lgpio":
                importlib.import_module("lgpio")
            return importlib.import_module("gpiozero")
        except ImportError as error:
            message = f"keys on GPIO need gpiozero and lgpio ({error}): {_HOW_TO_INSTALL}"
            raise PinUnavailable(message) from error


class GpioContact(_Pin):
    """The contact of a key on one pin.

    Args:
        pin: BCM number.
        pull: The pin's own resistor: `up`, `down` or `none`.
        active: The level while it is pressed: `low` or `high`.
        data_dir: See `_Pin`.
    """

    def __init__(self, pin: int, pull: str, active: str, data_dir: Path) -> None:
        super().__init__(pin, data_dir)
        self._pull = pull
        self._active = active

    def open(self, on_edge: OnEdge) -> None:
        """Take the pin and tell of its edges, in a thread of the pin library's.

        Raises:
            PinUnavailable: the library is not there, or the pin is taken; nothing is held.
        """
        pull_up = {"up": True, "down": False}.get(self._pull)
        # With a resistor gpiozero settles itself what is active: against it, the closing
        # contact is what gpiozero calls the end.
        own = None if pull_up is not None else self._active == "high"
        self._take(
            lambda gpiozero: gpiozero.DigitalInputDevice(
                self.pin, pull_up=pull_up, active_state=own
            )
        )
        inverted = pull_up is not None and _ACTIVE[self._pull] != self._active
        self._device.when_activated = _passing_on(on_edge, not inverted)
        self._device.when_deactivated = _passing_on(on_edge, inverted)


class GpioLamp(_Pin):
    """A lamp or a buzzer on one pin, lit while the pin is high. Used from one thread."""

    def open(self) -> None:
        """Take the pin, dark.

        Raises:
            PinUnavailable: the library is not there, or the pin is taken; nothing is held.
        """
        self._take(lambda gpiozero: gpiozero.LED(self.pin))

    def show(self, light: Light) -> None:
        """Be lit, dark or blinking from now on; gpiozero keeps time.

        Raises:
            PinUnavailable: the pin does not obey.
        """
        self._tell(lambda led: _SHOW[light](led))

    def beep(self, times: int) -> None:
        """Sound `times` times and be quiet; returns at once.

        Raises:
            PinUnavailable: the pin does not obey.
        """
        self._tell(lambda led: led.blink(BEEP_S, BEEP_S, n=times))

    def _rest(self, device: Any) -> None:
        device.off()

    def _tell(self, act: Callable[[Any], None]) -> None:
        if self._device is None:
            return
        try:
            act(self._device)
        except Exception as error:  # as in `_take`
            raise PinUnavailable(f"the lamp at {self.line}: {error}") from error


_SHOW: Final[dict[Light, Callable[[Any], None]]] = {
    "off": lambda led: led.off(),
    "on": lambda led: led.on(),
    "blink": lambda led: led.blink(BLINK_S, BLINK_S),
    "fast": lambda led: led.blink(FAST_S, FAST_S),
}


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
