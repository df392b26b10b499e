"""A serial port that asks and waits for the answer, shared by what hangs on its bus.

The only file that imports pyserial. Used from one thread, the port's own.
"""

import errno
import importlib
import termios
import time
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from display.drivers.patience import Doubt, Patience
from display.errors import PanelSilent, PortBusy, PortUnreachable
from wire.checks import Table

BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES: Final = {"none": "N", "even": "E", "odd": "O"}
TIMEOUT_S: Final = 0.3
_BITS_A_CHARACTER: Final = 11
_MIN_SILENCE_S: Final = 0.00175

Missing = Callable[[bytes], int]


class SerialWire:
    """One port at one speed. Opens itself when needed and after it was unplugged.

    Args:
        port: Device path, such as `/dev/ttyUSB0`.
        baud: Bits a second, one of `BAUDS`.
        parity: A key of `PARITIES`.
        timeout_s: How long a device may think before it answers, unless `exchange` says
            otherwise; the time on the wire is not counted.
        data_bits: 7 or 8.
    """

    def __init__(
        self, port: str, baud: int, parity: str, timeout_s: float, data_bits: int = 8
    ) -> None:
        self.port = port
        self.baud = baud
        self.parity = parity
        self.data_bits = data_bits
        self.stray: Callable[[bytes], None] | None = None
        self._timeout_s = timeout_s
        self._character_s = _BITS_A_CHARACTER / baud
        # Frames are told apart by 3.5 characters of silence, 1.75 ms at the higher speeds.
        self._silence_s = max(_MIN_SILENCE_S, 3.5 * self._character_s)
        self._quiet_from = 0.0
        self._patience: dict[str, Patience] = {}
        self._doubt = Doubt()
        self._serial: Any = None

    @property
    def name(self) -> str:
        """What panels and pads on this port call their wire."""
        return f"serial:{self.port}"

    def exchange(
        self,
        request: bytes,
        missing: Missing,
        *,
        peer: str | None = None,
        timeout_s: float | None = None,
    ) -> bytes:
        """Send `request` and return the whole reply.

        Args:
            request: The bytes to send.
            missing: How many bytes a reply still lacks at least, told from what is there; 0
                when it is whole.
            peer: Who is asked, so that one that is dead is not waited for as long; without
                it everybody gets the whole time.
            timeout_s: How long it may think.

        Raises:
            PortUnreachable: the port is not there, is taken, or went away; closed again.
            PanelSilent: no reply, or only a part of one, came in time.
        """
        full_s = self._timeout_s if timeout_s is None else timeout_s
        if peer is None:
            with _Port(self):
                return self._exchange(request, missing, full_s)[0]
        patience = self._patience.setdefault(peer, Patience(full_s))
        wait_s = patience.next_s(hurry=bool(self._doubt))
        with _Port(self):
            try:
                reply, after_s = self._exchange(request, missing, wait_s)
            except PanelSilent:
                patience.was_silent()
                self._doubt.heard(answered=False)
                raise
        patience.answered(after_s)
        self._doubt.heard(answered=True)
        return reply

    def send(self, request: bytes) -> None:
        """Send `request`, to which nothing answers, and return once it is on the wire.

        Raises:
            PortUnreachable: the port is not there, is taken, or went away; closed again.
        """
        with _Port(self):
            self._begin(request)
            time.sleep(len(request) * self._character_s)
            self._quiet_from = time.monotonic()

    def arrived(self) -> bytes:
        """What came by itself and nobody has read yet; does not wait.

        Raises:
            PortUnreachable: the port is not there, is taken, or went away; closed again.
        """
        with _Port(self):
            port = self._opened()
            return bytes(port.read(port.in_waiting))

    def close(self) -> None:
        """Free the port. Safe to repeat."""
        if self._serial is not None:
            try:
                self._serial.close()
            except (OSError, termios.error):
                self._quiet_from = 0.0  # it is gone already, and so is what was on the wire
            self._serial = None

    def _exchange(self, request: bytes, missing: Missing, wait_s: float) -> tuple[bytes, float]:
        port = self._begin(request)
        asked = time.monotonic() + len(request) * self._character_s
        until = asked + wait_s
        reply = b""
        try:
            while (count := missing(reply)) > 0:
                until += count * self._character_s
                reply += self._read(port, count, until, reply)
        finally:
            self._quiet_from = time.monotonic()
        return reply, max(0.0, self._quiet_from - asked - len(reply) * self._character_s)

    def _begin(self, request: bytes) -> Any:
        """Wait for the line to be quiet, put what lies in the buffer aside, and send."""
        port = self._opened()
        time.sleep(max(0.0, self._quiet_from + self._silence_s - time.monotonic()))
        if self.stray is None:
            port.reset_input_buffer()  # a late answer to an earlier question
        elif waiting := port.in_waiting:
            self.stray(bytes(port.read(waiting)))
        port.write(request)
        return port

    def _read(self, port: Any, count: int, until: float, before: bytes) -> bytes:
        port.timeout = max(0.0, until - time.monotonic())
        data = bytes(port.read(count))
        if len(data) < count:
            if before or data:
                raise PanelSilent("only a part of an answer came", partial=True)
            raise PanelSilent("no answer in time")
        return data

    def _opened(self) -> Any:
        if self._serial is None:
            self._serial = pyserial().Serial(
                self.port,
                self.baud,
                bytesize=self.data_bits,
                parity=PARITIES[self.parity],
                timeout=self._timeout_s,
                write_timeout=1.0,
                exclusive=True,  # two programs on one bus would garble each other
            )
        return self._serial


class _Port:
    """Turns what the operating system says about a port into our errors, and closes the port."""

    def __init__(self, wire: SerialWire) -> None:
        self._wire = wire

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if not isinstance(error, OSError | termios.error | ValueError):
            return
        self._wire.close()
        name = self._wire.port
        if isinstance(error, OSError) and error.errno == errno.EAGAIN:
            raise PortBusy(f"{name}: another program holds it") from error
        reason = getattr(error, "strerror", None) or (error.args or [error])[-1]
        raise PortUnreachable(f"{name}: {reason}") from error


def pyserial() -> ModuleType:
    """pyserial, or the error that says how to install it."""
    try:
        return importlib.import_module("serial")
    except ImportError as error:
        raise PortUnreachable("pyserial is not installed: pip install 'layso[display]'") from error


def shared_wire(
    options: Table, shared: dict[str, Any], *, parity: str = "none", data_bits: int = 8
) -> SerialWire:
    """The wire that `port`, `baud`, `parity` and `data_bits` of a panel or pad describe.

    Whatever names one port shares one wire; another speed or format there is a fault.

    Args:
        options: The table of the panel or pad.
        shared: Kept between all of one config.
        parity: What holds where the table does not say.
        data_bits: The same; a driver whose protocol needs all eight does not let it be chosen.
    """
    port = options.text("port", pattern=".+", what="the serial port, such as /dev/ttyUSB0")
    baud = options.integer("baud", 9600, low=BAUDS[0], high=BAUDS[-1], what="bits a second")
    if baud not in BAUDS:
        options.fault("baud", f"must be one of {', '.join(map(str, BAUDS))}, not {baud}")
    parity = options.text("parity", parity, choices=tuple(PARITIES))
    wire = shared.setdefault(f"serial:{port}", SerialWire(port, baud, parity, TIMEOUT_S, data_bits))
    assert isinstance(wire, SerialWire)
    if (wire.baud, wire.parity, wire.data_bits) != (baud, parity, data_bits):
        there = f"{wire.baud} baud, parity {wire.parity}, {wire.data_bits} data bits"
        options.fault("baud", f"another device on '{port}' says {there}; one bus has one speed")
    return wire


def timeout_of(options: Table) -> float:
    """`timeout_s`: how long this device may think before it answers."""
    return options.number("timeout_s", TIMEOUT_S, low=0.02, high=2, what="seconds")
