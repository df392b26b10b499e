"""A printer on a serial port (RS-232, or USB that shows as one).

The only file of the kiosk that imports pyserial, and only once a port is opened.
"""

import contextlib
import importlib
import os
import termios
import time
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from kiosk.drivers.printer_escpos import EscposPrinter
from kiosk.drivers.printer_wire import DescriptorWire, WireEnded
from kiosk.errors import PrinterUnreachable
from kiosk.printer_profile import read_profile
from wire.checks import Table

BAUDS: Final = (38_400, 57_600, 115_200, 230_400)
SLOW_BAUDS: Final = (1200, 2400, 4800, 9600, 19_200)
PARITIES: Final = {"none": "N", "even": "E", "odd": "O"}
FLOWS: Final = ("rts_cts", "dsr_dtr", "xon_xoff", "none")

_BITS_A_BYTE: Final = 11
_DSR_BYTES: Final = 64
"""How far ahead to write where the kernel does not heed the printer's DSR; printers keep more."""
_DRAIN_S: Final = 1.0


def open_printer(options: Table, *, data_dir: Path) -> EscposPrinter:
    """Read the options; nothing is opened before the first slip. Faults are added to the table."""
    del data_dir
    port = options.text("port", pattern="/.+", what="a serial port, such as /dev/ttyUSB0")
    baud = _baud(options)
    parity = options.text("parity", "none", choices=tuple(PARITIES))
    flow = options.text("flow", "rts_cts", choices=FLOWS)
    profile = read_profile(options)
    options.finish()
    return EscposPrinter(
        lambda _until: SerialWire(port, baud, parity, flow), profile, keeps_open=True
    )


def _baud(options: Table) -> int:
    baud = options.integer("baud", 115_200, low=1, high=10_000_000, what="bits a second")
    if baud in SLOW_BAUDS:
        slip_s = 20_000 * 10 // baud
        options.fault(
            "baud",
            f"{baud} is too slow for slips: one would take {slip_s} s; set the printer's switches"
            " to 115200, or to 38400 at the least",
        )
    elif baud not in BAUDS:
        options.fault("baud", f"must be one of {', '.join(map(str, BAUDS))}, not {baud}")
    return baud


class SerialWire(DescriptorWire):
    """One open serial port, 8 data bits and 1 stop bit.

    Args:
        port: Device path.
        baud: Bits a second.
        parity: A key of `PARITIES`.
        flow: How the printer says that its buffer is full, one of `FLOWS`.

    Raises:
        PrinterUnreachable: it is not there, or somebody else has it.
    """

    def __init__(self, port: str, baud: int, parity: str, flow: str) -> None:
        self._byte_s = _BITS_A_BYTE / baud
        self._by_dsr = flow == "dsr_dtr"
        try:
            self._serial: Any = pyserial().Serial(
                port,
                baud,
                parity=PARITIES[parity],
                timeout=0,
                rtscts=flow == "rts_cts",
                xonxoff=flow == "xon_xoff",
                exclusive=True,
            )
        except (OSError, termios.error, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise PrinterUnreachable(f"serial port {port}: {reason}") from error
        super().__init__(self._serial.fileno())

    def room(self) -> int:
        """See `DescriptorWire.room`; DSR is looked at here, because the kernel does not."""
        if not self._by_dsr:
            return super().room()
        try:
            return max(0, _DSR_BYTES - self._serial.out_waiting) if self._serial.dsr else 0
        except (OSError, termios.error) as error:
            raise WireEnded(str(error)) from error

    def sending_s(self, count: int) -> float:
        """See `Wire.sending_s`."""
        return count * self._byte_s

    def close(self) -> None:
        """See `Wire.close`. What a stopped printer does not take in time is thrown away."""
        port, self._serial = self._serial, None
        if port is None:
            return
        until = time.monotonic() + _DRAIN_S
        try:
            while port.out_waiting and time.monotonic() < until:
                time.sleep(0.005)
            if port.out_waiting:
                port.reset_output_buffer()  # else the kernel waits half a minute for it
            port.close()
        except (OSError, termios.error):
            with contextlib.suppress(OSError):
                os.close(self.descriptor)


def pyserial() -> ModuleType:
    """pyserial, or the error that says how to install it."""
    try:
        return importlib.import_module("serial")
    except ImportError as error:
        raise PrinterUnreachable("pyserial is not installed: pip install 'layso[kiosk]'") from error
