"""A sign that speaks the Alpha protocol (Adaptive M-Protocol), alone or on an RS-485 bus."""

from typing import Any, Final

from display.drivers.serial_wire import SerialWire, shared_wire, timeout_of
from display.errors import PanelGarbled
from display.frames import alpha
from display.frames.panel_text import fitted
from wire.checks import Table

NO_BLINKING: Final = "none"


class AlphaPanel:
    """Writes its text into one file of the sign; it flashes by a mode of the sign's own.

    Most of these signs say nothing to a write: then `show` returns once the frame is on the
    wire, and a dead sign looks like a living one. `answers` is true for one that was told to
    acknowledge, or that is asked to read its text back.
    """

    def __init__(
        self,
        serial: SerialWire,
        sign: alpha.Sign,
        *,
        text_length: int,
        position: str,
        mode: str,
        blink_mode: str,
        checked: bool,
        confirm: str,
        timeout_s: float,
    ) -> None:
        self._serial = serial
        self._sign = sign
        self._position = position
        self._mode = mode
        self._blink_mode = blink_mode
        self._checked = checked
        self._confirm = confirm
        self._timeout_s = timeout_s
        self.text_length = text_length
        self.blinks = blink_mode != NO_BLINKING
        self.answers = confirm != "sent"
        self.wire = serial.name
        self.address = sign.address
        self.place = f"{serial.port} · {sign.address}"

    def show(self, text: str, *, blink: bool) -> None:
        """See `display.ports.Panel`."""
        told = fitted(text, self.text_length)
        mode = self._blink_mode if blink and self.blinks else self._mode
        frame = alpha.write_text(
            self._sign, told, position=self._position, mode=mode, checked=self._checked
        )
        if self._confirm == "ack":
            alpha.check_word(self._ask(frame, alpha.missing_word))
            return
        self._serial.send(frame)
        if self._confirm == "read":
            request = alpha.read_text(self._sign, checked=self._checked)
            holds = alpha.text_in(self._ask(request, alpha.missing_packet))
            if holds != told:
                raise PanelGarbled(f"it holds '{holds}' instead of '{told}'")

    def close(self) -> None:
        """See `display.ports.Panel`."""
        self._serial.close()

    def _ask(self, request: bytes, missing: Any) -> bytes:
        peer = f"alpha {self._sign.address}"
        return self._serial.exchange(request, missing, peer=peer, timeout_s=self._timeout_s)


def open_panel(options: Table, shared: dict[str, Any]) -> AlphaPanel:
    """See `display.ports.OpenPanel`."""
    bits = options.integer("data_bits", 7, low=7, high=8, what="the bits of a character")
    serial = shared_wire(options, shared, parity="even" if bits == 7 else "none", data_bits=bits)
    sign = alpha.Sign(
        options.text("sign_type", "Z", pattern="[!-~]", what="a type code, one character"),
        options.text("address", alpha.EVERY_SIGN, pattern="[0-9A-F]{2}", what="00 to FF"),
        options.text("label", "A", pattern="[ ->@-~]", what="a file label, one character, no ?"),
    )
    confirm = options.text("confirm", "sent", choices=("sent", "ack", "read"))
    _refuse_shared_address(options, shared, serial, sign, confirm)
    modes = tuple(alpha.MODES)
    return AlphaPanel(
        serial,
        sign,
        text_length=options.integer(
            "text_length", 6, low=1, high=32, what="a number of characters"
        ),
        position=options.text("position", "middle", choices=tuple(alpha.POSITIONS)),
        mode=options.text("mode", "hold", choices=modes),
        blink_mode=options.text("blink_mode", "flash", choices=(*modes, NO_BLINKING)),
        checked=options.flag("checksum", True),
        confirm=confirm,
        timeout_s=timeout_of(options),
    )


def _refuse_shared_address(
    options: Table, shared: dict[str, Any], serial: SerialWire, sign: alpha.Sign, confirm: str
) -> None:
    """Each sign needs an address of its own as soon as it is not alone."""
    here: list[tuple[str, Table]] = shared.setdefault(f"alpha:{serial.port}", [])
    if any(other in (sign.address, alpha.EVERY_SIGN) for other, _ in here):
        options.fault(
            "address",
            f"another sign on '{serial.port}' is told what '{sign.address}' is; "
            "give each the address that is set in it",
        )
    elif here and sign.address == alpha.EVERY_SIGN:
        options.fault("address", f"00 speaks to every sign on '{serial.port}'; give 01 to FF")
    if confirm == "read" and sign.address == alpha.EVERY_SIGN:
        options.fault("confirm", "'read' needs the sign's own address: all would answer to 00")
    here.append((sign.address, options))
