"""A printer on USB, driven through libusb: no kernel driver and no device file is needed.

The only file that imports pyusb, and only once a printer is looked for.
"""

import contextlib
import errno
import importlib
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any, Final

from kiosk.drivers.printer_escpos import EscposPrinter
from kiosk.drivers.printer_wire import WireEnded
from kiosk.errors import PrinterUnreachable
from kiosk.printer_profile import read_profile
from wire.checks import Table

PRINTER_CLASS: Final = 7
_OUT_MS: Final = 100
"""How long one write may take; what the printer says meanwhile waits so long at most."""
_GLANCE_MS: Final = 2
_LISTEN_MS: Final = 50
_PIECE_BYTES: Final = 4096
_PACKET_BYTES: Final = 512
_ADVICE: Final = {
    errno.EACCES: "may not be used; give this user access by a udev rule (docs/hardware)",
    errno.EBUSY: "is in use by another program; stop it (CUPS, or a second agent)",
}


def open_printer(options: Table, *, data_dir: Path) -> EscposPrinter:
    """Read the options; nothing is opened before the first slip. Faults are added to the table."""
    del data_dir
    vendor = options.integer(
        "vendor", 0, low=0, high=0xFFFF, what="a USB vendor id, such as 0x04b8"
    )
    product = options.integer("product", 0, low=0, high=0xFFFF, what="a USB product id")
    if product and not vendor:
        options.fault("vendor", "is missing; a product id alone does not name a device")
    profile = read_profile(options)
    options.finish()
    return EscposPrinter(lambda _until: UsbWire(vendor, product), profile, keeps_open=True)


class UsbWire:
    """The printer interface of one USB device, claimed.

    Args:
        vendor: USB vendor id; 0 takes the first device with a printer interface.
        product: USB product id; 0 takes any of the vendor's.

    Raises:
        PrinterUnreachable: no such device, no right to use it, or USB cannot be used here.
    """

    def __init__(self, vendor: int, product: int) -> None:
        self._usb = pyusb()
        self._device, self._interface = self._found(vendor, product)
        self._number = self._interface.bInterfaceNumber
        self._detached = False
        try:
            self._claim()
        except self._usb.core.USBError as error:
            self._give_back()
            words = _ADVICE.get(error.errno or 0, f"cannot be opened: {error.strerror or error}")
            raise PrinterUnreachable(f"the USB printer {self._name} {words}") from error
        self._out, self._in = _endpoints(self._interface)

    @property
    def two_way(self) -> bool:
        """Whether the interface has a way back."""
        return self._in is not None

    def turn(self, out: memoryview, until: float) -> tuple[int, bytes]:
        """See `Wire.turn`."""
        taken = self._write(out[:_PIECE_BYTES], until) if out else 0
        if not self.two_way:
            return taken, b""
        wait_ms = _GLANCE_MS if out else _LISTEN_MS
        return taken, self._read(wait_ms, until)

    def sending_s(self, count: int) -> float:
        """See `Wire.sending_s`; too little to count."""
        del count
        return 0.0

    def close(self) -> None:
        """Give the interface back to the kernel. Safe to repeat."""
        if self._device is not None:
            self._give_back()
            self._device = None

    @property
    def _name(self) -> str:
        return f"{self._device.idVendor:04x}:{self._device.idProduct:04x}"

    def _found(self, vendor: int, product: int) -> tuple[Any, Any]:
        wanted = {"idVendor": vendor, "idProduct": product}
        wanted = {key: value for key, value in wanted.items() if value}
        try:
            devices = self._usb.core.find(find_all=True, backend=_backend(), **wanted)
            for device, interface in _interfaces(devices, any_class=bool(vendor)):
                return device, interface
        except self._usb.core.NoBackendError as error:
            message = "USB cannot be used here: libusb is missing (apt install libusb-1.0-0)"
            raise PrinterUnreachable(message) from error
        except self._usb.core.USBError as error:
            raise PrinterUnreachable(f"USB cannot be used here: {error}") from error
        which = f"{vendor:04x}:{product:04x} " if vendor else ""
        raise PrinterUnreachable(
            f"no USB printer {which}is there; is the cable in and the printer on?"
        )

    def _claim(self) -> None:
        # libusb knows kernel drivers on Linux only; elsewhere nothing has to be detached.
        with contextlib.suppress(NotImplementedError):
            if self._device.is_kernel_driver_active(self._number):
                self._device.detach_kernel_driver(self._number)
                self._detached = True
        self._usb.util.claim_interface(self._device, self._number)

    def _give_back(self) -> None:
        util, error = self._usb.util, self._usb.core.USBError
        with contextlib.suppress(error):
            util.release_interface(self._device, self._number)
            if self._detached:
                self._device.attach_kernel_driver(self._number)
        with contextlib.suppress(error):
            util.dispose_resources(self._device)

    def _write(self, piece: memoryview, until: float) -> int:
        try:
            return int(self._out.write(bytes(piece), timeout=_left_ms(_OUT_MS, until)))
        except self._usb.core.USBTimeoutError:
            return 0
        except self._usb.core.USBError as error:
            # libusb does not say how much of the piece went out before it failed.
            raise WireEnded(error.strerror or str(error), len(piece)) from error

    def _read(self, wait_ms: int, until: float) -> bytes:
        try:
            return bytes(self._in.read(_PACKET_BYTES, timeout=_left_ms(wait_ms, until)))
        except self._usb.core.USBTimeoutError:
            return b""
        except self._usb.core.USBError as error:
            raise WireEnded(error.strerror or str(error)) from error


def pyusb() -> ModuleType:
    """pyusb, or the error that says how to install it."""
    try:
        importlib.import_module("usb.util")
        importlib.import_module("usb.core")
        return importlib.import_module("usb")
    except ImportError as error:
        raise PrinterUnreachable("pyusb is not installed: pip install 'layso[kiosk]'") from error


def _backend() -> Any:
    """libusb of the system, else the one that the Python package carries."""
    libusb = importlib.import_module("usb.backend.libusb1")
    found = libusb.get_backend()
    if found is None:
        with contextlib.suppress(ImportError):
            carried = importlib.import_module("libusb_package")
            found = libusb.get_backend(find_library=carried.find_library)
    return found


def _interfaces(devices: Any, *, any_class: bool) -> Iterator[tuple[Any, Any]]:
    """Printer interfaces of these devices; of a device asked for by name, any that can send."""
    for device in devices:
        for configuration in device:
            for interface in configuration:
                fits = any_class or interface.bInterfaceClass == PRINTER_CLASS
                if fits and _endpoints(interface)[0] is not None:
                    yield device, interface


def _endpoints(interface: Any) -> tuple[Any, Any]:
    """The bulk endpoints (out, in) of an interface; None where it has none."""
    bulk = [end for end in interface if end.bmAttributes & 0x03 == 0x02]
    out = next((end for end in bulk if not end.bEndpointAddress & 0x80), None)
    back = next((end for end in bulk if end.bEndpointAddress & 0x80), None)
    return out, back


def _left_ms(wait_ms: int, until: float) -> int:
    """Milliseconds for libusb, which takes 0 for ever."""
    return max(1, min(wait_ms, int((until - time.monotonic()) * 1000)))
