"""An LED panel on an RS-485 bus that speaks Modbus RTU: one ASCII code a register."""

from typing import Any, Final

from display.drivers.serial_wire import SerialWire, shared_wire, timeout_of
from display.frames import modbus as frames
from wire.checks import Table

LAST_REGISTER: Final = 65535


class ModbusPanel:
    """Writes its text with function 16 and, where it has one, its blink register with 06."""

    def __init__(
        self,
        serial: SerialWire,
        *,
        unit: int,
        text_register: int,
        text_length: int,
        blink_register: int | None,
        timeout_s: float,
    ) -> None:
        self._serial = serial
        self._unit = unit
        self._text_register = text_register
        self._blink_register = blink_register
        self._timeout_s = timeout_s
        self.text_length = text_length
        self.blinks = blink_register is not None
        self.answers = True
        self.wire = serial.name
        self.address = str(unit)
        self.place = f"{serial.port} · {unit}"

    def show(self, text: str, *, blink: bool) -> None:
        """See `display.ports.Panel`."""
        codes = frames.text_registers(text, self.text_length)
        self._send(frames.write_registers(self._unit, self._text_register, codes))
        if self._blink_register is not None:
            self._send(frames.write_register(self._unit, self._blink_register, int(blink)))

    def close(self) -> None:
        """See `display.ports.Panel`."""
        self._serial.close()

    def _send(self, request: bytes) -> None:
        reply = self._serial.exchange(
            request, frames.missing, peer=f"modbus {self._unit}", timeout_s=self._timeout_s
        )
        frames.check_reply(request, reply)


def open_panel(options: Table, shared: dict[str, Any]) -> ModbusPanel:
    """See `display.ports.OpenPanel`."""
    unit = options.integer("unit", low=1, high=247, what="a Modbus address")
    start = options.integer("text_register", 0, low=0, high=LAST_REGISTER, what="a register")
    length = options.integer("text_length", 6, low=1, high=32, what="a number of characters")
    blink = options.integer("blink_register", -1, low=-1, high=LAST_REGISTER, what="a register")
    serial = shared_wire(options, shared)
    if start <= blink < start + length:
        options.fault("blink_register", "lies inside the text's own registers")
    if shared.setdefault(f"unit:{serial.port}:{unit}", options) is not options:
        options.fault("unit", f"another panel on '{serial.port}' has the address {unit} already")
    timeout_s = timeout_of(options)
    return ModbusPanel(
        serial,
        unit=unit,
        text_register=start,
        text_length=length,
        blink_register=blink if blink >= 0 else None,
        timeout_s=timeout_s,
    )
