"""A serial port that asks and waits for the answer, shared by the panels on its bus.

The only file that imports pyserial. Used from one thread, the port's own.
"""

import importlib
import termios
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from display.errors import PanelSilent, PortUnreachable
from wire.checks import Table

BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES: Final = {"none": "N", "even": "E", "odd": "O"}
_BITS_A_CHARACTER: Final = 11
_MIN_SILENCE_S: Final = 0.00175


class SerialWire:
    """One port at one speed. Opens itself when needed and after it was unplugged.

    Args:
        port: Device path, such as `/dev/ttyUSB0`.
        baud: Bits a second, one of `BAUDS`.
        parity: A key of `PARITIES`.
        timeout_s: How long a device may think before its answer begins and ends, the
            time on the wire not counted.
    """

    def __init__(self, port: str, baud: int, parity: str, timeout_s: float) -> None:
        self.port = port
        self.baud = baud
        self.parity = parity
        self._timeout_s = timeout_s
        self._character_s = _BITS_A_CHARACTER / baud
        # Frames are told apart by 3.5 characters of silence, 1.75 ms at the higher speeds.
        self._silence_s = max(_MIN_SILENCE_S, 3.5 * self._character_s)
        self._quiet_from = 0.0
        self._serial: Any = None

    def exchange(self, request: bytes, reply_length: Callable[[bytes], int]) -> bytes:
        """Send `request` and return the whole reply.

        Args:
            request: The bytes to send.
            reply_length: How long a reply is, told from its first two bytes.

        Raises:
            PortUnreachable: the port is not there, is taken, or went away; closed again.
            PanelSilent: no reply, or only a part of one, came in time.
        """
        try:
            return self._exchange(request, reply_length)
        except (OSError, termios.error, ValueError) as error:
            self.close()
            reason = getattr(error, "strerror", None) or str(error)
            raise PortUnreachable(f"{self.port}: {reason}") from error

    def close(self) -> None:
        """Free the port. Safe to repeat."""
        if self._serial is not None:
            try:
                self._serial.close()
            except (OSError, termios.error):
                self._quiet_from = 0.0  # it is gone already, and so is what was on the wire
            self._serial = None

    def _exchange(self, request: bytes, reply_length: Callable[[bytes], int]) -> bytes:
        port = self._opened()
        time.sleep(max(0.0, self._quiet_from + self._silence_s - time.monotonic()))
        port.reset_input_buffer()  # a late answer to an earlier question
        port.write(request)
        on_wire_s = (len(request) + 8) * self._character_s
        until = time.monotonic() + on_wire_s + self._timeout_s
        reply = self._read(port, 2, until)
        reply += self._read(port, reply_length(reply) - 2, until)
        self._quiet_from = time.monotonic()
        return reply

    def _read(self, port: Any, count: int, until: float) -> bytes:
        port.timeout = max(0.0, until - time.monotonic())
        data = bytes(port.read(count))
        if len(data) < count:
            self._quiet_from = time.monotonic()
            raise PanelSilent("no answer in time" if not data else "only a part of an answer came")
        return data

    def _opened(self) -> Any:
        if self._serial is None:
            self._serial = pyserial().Serial(
                self.port,
                self.baud,
                parity=PARITIES[self.parity],
                timeout=self._timeout_s,
                write_timeout=1.0,
                exclusive=True,  # two programs on one bus would garble each other
            )
        return self._serial


def pyserial() -> ModuleType:
    """pyserial, or the error that says how to install it."""
    try:
        return importlib.import_module("serial")
    except ImportError as error:
        raise PortUnreachable("pyserial is not installed: pip install 'layso[display]'") from error


def shared_wire(options: Table, shared: dict[str, Any]) -> SerialWire:
    """The wire that `port`, `baud`, `parity` and `timeout_s` of a panel describe.

    Panels that name one port share one wire; a different speed there is a fault.
    """
    port = options.text("port", pattern=".+", what="the serial port, such as /dev/ttyUSB0")
    baud = options.integer("baud", 9600, low=BAUDS[0], high=BAUDS[-1], what="bits a second")
    if baud not in BAUDS:
        options.fault("baud", f"must be one of {', '.join(map(str, BAUDS))}, not {baud}")
    parity = options.text("parity", "none", choices=tuple(PARITIES))
    timeout_s = options.number("timeout_s", 0.3, low=0.02, high=2, what="seconds")
    wire = shared.setdefault(f"serial:{port}", SerialWire(port, baud, parity, timeout_s))
    assert isinstance(wire, SerialWire)
    if (wire.baud, wire.parity) != (baud, parity):
        there = f"{wire.baud} baud, parity {wire.parity}"
        options.fault("baud", f"another panel on '{port}' says {there}; one bus has one speed")
    return wire
