"""A scanner on a serial port, USB adapters and USB-COM modes included.

The only file of the kiosk that imports pyserial. Nothing of what is read is kept here.
"""

import importlib
import termios
from types import ModuleType
from typing import Any, Final

from kiosk.errors import ScannerUnreachable
from wire.checks import Table
from wire.units import Seconds

BAUDS: Final = (1200, 2400, 4800, 9600, 19200, 38400, 57600, 115200)
PARITIES: Final = {"none": "N", "even": "E", "odd": "O"}
MAX_READ: Final = 4096


def open_scanner(options: Table) -> "SerialScanner":
    """Read the options; the port is not opened. Faults are added to the table."""
    port = options.text("port", pattern=".+", what="the serial port, such as /dev/ttyACM0")
    baud = options.integer("baud", 9600, low=BAUDS[0], high=BAUDS[-1], what="bits a second")
    if baud not in BAUDS:
        options.fault("baud", f"must be one of {', '.join(map(str, BAUDS))}, not {baud}")
    parity = options.text("parity", "none", choices=tuple(PARITIES))
    options.finish()
    return SerialScanner(port, baud, parity)


class SerialScanner:
    """A `Scanner` that opens its port when it is read, and again after it was unplugged."""

    def __init__(self, port: str, baud: int = 9600, parity: str = "none") -> None:
        self._port = port
        self._baud = baud
        self._parity = parity
        self._serial: Any = None

    @property
    def place(self) -> str:
        """The port."""
        return self._port

    def read(self, *, timeout_s: Seconds) -> bytes:
        """See `Scanner.read`."""
        try:
            port = self._opened()
            if port.timeout != timeout_s:
                port.timeout = timeout_s  # sets the whole port up anew
            first = bytes(port.read(1))
            return first + bytes(port.read(min(port.in_waiting, MAX_READ))) if first else b""
        except (OSError, termios.error, ValueError) as error:
            self.close()
            reason = getattr(error, "strerror", None) or str(error)
            raise ScannerUnreachable(f"{self._port}: {reason}") from error

    def close(self) -> None:
        """See `Scanner.close`."""
        port, self._serial = self._serial, None
        if port is not None:
            try:
                port.close()
            except (OSError, termios.error):
                return  # it is gone already

    def _opened(self) -> Any:
        if self._serial is None:
            self._serial = pyserial().Serial(
                self._port,
                self._baud,
                parity=PARITIES[self._parity],
                exclusive=True,  # a second reader would get every other letter
            )
        return self._serial


def pyserial() -> ModuleType:
    """pyserial, or the error that says how to install it."""
    try:
        return importlib.import_module("serial")
    except ImportError as error:
        raise ScannerUnreachable("pyserial is not installed: pip install 'layso[kiosk]'") from error
