"""Call keys, lamps and a buzzer on the pins of a Raspberry Pi."""

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from display.errors import PadUnavailable
from display.pads.ports import PAD_KEYS, PAD_LAMPS, Lights, OnKey, PadKey, PadLamp
from edge.contacts import Light, OnEdge
from edge.errors import PinUnavailable
from edge.gpio import GpioContact, GpioLamp, read_levels, read_pin
from wire.checks import Table


def open_pad(options: Table, *, counter: str, data_dir: Path, shared: dict[str, Any]) -> "GpioPad":
    """See `display.pads.ports.OpenPad`."""
    names = [f"{key}_pin" for key in PAD_KEYS]
    names += [f"{lamp}_led_pin" for lamp in PAD_LAMPS] + ["buzzer_pin"]
    pins = {name: read_pin(options, name, required=name == "next_pin") for name in names}
    pull, active = read_levels(options)
    _refuse_twice(options, pins)
    options.finish()
    contacts = {
        key: GpioContact(pin, pull, active, data_dir)
        for key in PAD_KEYS
        if (pin := pins[f"{key}_pin"]) is not None
    }
    lamps = {
        lamp: GpioLamp(pin, data_dir)
        for lamp in PAD_LAMPS
        if (pin := pins[f"{lamp}_led_pin"]) is not None
    }
    buzzer = pins["buzzer_pin"]
    return GpioPad(contacts, lamps, None if buzzer is None else GpioLamp(buzzer, data_dir))


def _refuse_twice(options: Table, pins: Mapping[str, int | None]) -> None:
    taken: dict[int, str] = {}
    for name, pin in pins.items():
        if pin is not None and taken.setdefault(pin, name) != name:
            options.fault(name, f"{pin} is {taken[pin]} already; give another pin")


class GpioPad:
    """A `Pad` whose every key and lamp has a pin of its own."""

    sounds = False

    def __init__(
        self,
        contacts: Mapping[PadKey, GpioContact],
        lamps: Mapping[PadLamp, GpioLamp],
        buzzer: GpioLamp | None,
    ) -> None:
        self._contacts = contacts
        self._lamps = lamps
        self._buzzer = buzzer
        self._shown: dict[PadLamp, Light] = {}
        self.keys: tuple[PadKey, ...] = tuple(contacts)
        self.lamps: tuple[PadLamp, ...] = tuple(lamps)
        self.sounds = buzzer is not None

    @property
    def lines(self) -> tuple[str, ...]:
        """The pins."""
        every = [*self._contacts.values(), *self._outputs()]
        return tuple(one.line for one in every)

    @property
    def place(self) -> str:
        """The pins of the keys."""
        return ", ".join(contact.line for contact in self._contacts.values())

    def open(self, on_key: OnKey) -> None:
        """See `Pad.open`."""
        try:
            for output in self._outputs():
                output.open()
            for key, contact in self._contacts.items():
                contact.open(_edges_of(key, on_key))
        except PinUnavailable as error:
            self.close()
            raise PadUnavailable(str(error), trouble="pins") from error

    def check(self) -> None:
        """See `Pad.check`: a pin does not go away."""

    def show(self, lights: Lights) -> None:
        """See `Pad.show`."""
        for lamp, light in lights.items():
            output = self._lamps.get(lamp)
            # Telling a blinking lamp to blink would begin its rhythm anew.
            if output is not None and self._shown.get(lamp) != light:
                _obeyed(partial(output.show, light))
                self._shown[lamp] = light

    def beep(self, times: int) -> None:
        """See `Pad.beep`."""
        if self._buzzer is not None:
            _obeyed(partial(self._buzzer.beep, times))

    def close(self) -> None:
        """See `Pad.close`."""
        for contact in self._contacts.values():
            contact.close()
        for output in self._outputs():
            output.close()
        self._shown.clear()

    def _outputs(self) -> list[GpioLamp]:
        return [*self._lamps.values(), *([self._buzzer] if self._buzzer else [])]


def _edges_of(key: PadKey, on_key: OnKey) -> OnEdge:
    return lambda down, at_s: on_key(key, down, at_s)


def _obeyed(act: Callable[[], None]) -> None:
    try:
        act()
    except PinUnavailable as error:
        raise PadUnavailable(str(error), trouble="pins") from error
