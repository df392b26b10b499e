"""A key and its lamp on the pins of a Raspberry Pi."""

from pathlib import Path
from typing import Any

from edge.contacts import Light, OnEdge
from edge.errors import PinUnavailable
from edge.gpio import GpioContact, GpioLamp, read_levels, read_pin
from kiosk.errors import ButtonUnavailable
from wire.checks import Table


def open_button(options: Table, *, data_dir: Path, shared: dict[str, Any]) -> "GpioButton":
    """Read the options of one key; no pin is touched. Faults are added to the table."""
    pin = read_pin(options, "pin", required=True) or 0
    led_pin = read_pin(options, "led_pin")
    pull, active = read_levels(options)
    if pin == led_pin:
        options.fault("led_pin", f"{led_pin} is the key's own pin")
    options.finish()
    lamp = None if led_pin is None else GpioLamp(led_pin, data_dir)
    return GpioButton(GpioContact(pin, pull, active, data_dir), lamp)


class GpioButton:
    """A `Button` on one pin, its lamp, where it has one, on another."""

    def __init__(self, contact: GpioContact, lamp: GpioLamp | None) -> None:
        self._contact = contact
        self._lamp = lamp

    @property
    def lines(self) -> tuple[str, ...]:
        """The pins."""
        key = self._contact.line
        return (key,) if self._lamp is None else (key, self._lamp.line)

    def open(self, on_edge: OnEdge) -> None:
        """See `Button.open`."""
        try:
            if self._lamp is not None:
                self._lamp.open()
            self._contact.open(on_edge)
        except PinUnavailable as error:
            self.close()
            raise ButtonUnavailable(str(error)) from error

    def show(self, light: Light) -> None:
        """See `Button.show`."""
        if self._lamp is None:
            return
        try:
            self._lamp.show(light)
        except PinUnavailable as error:
            raise ButtonUnavailable(str(error)) from error

    def close(self) -> None:
        """See `Button.close`."""
        self._contact.close()
        if self._lamp is not None:
            self._lamp.close()
