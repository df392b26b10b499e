"""The emulated printer behind a terminal (serial port, device file) and on USB."""

import contextlib
import errno
import os
import select
import threading
import time
import tty
from array import array
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import usb.backend
import usb.core

from tests.fakes.printer_emulator import EmulatedPrinter, HungUp


class PtyPrinter(EmulatedPrinter):
    """`port` is a device file like that of a serial printer; it is gone while unplugged."""

    def __init__(self, folder: Path, width: int = 72) -> None:
        super().__init__(width)
        self.port = folder / "ttyPRINTER"
        self._ends: tuple[int, int] | None = None
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self.pulled(False)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Switch it off."""
        self._ended.set()
        self._thread.join(5)
        self.pulled(True)

    def pulled(self, out: bool) -> None:
        """See `EmulatedPrinter.pulled`."""
        with self._lock:
            if out and self._ends is not None:
                self.port.unlink()
                for end in self._ends:
                    os.close(end)
                self._ends = None
            elif not out and self._ends is None:
                self._ends = os.openpty()
                tty.setraw(self._ends[1])
                self.port.symlink_to(os.ttyname(self._ends[1]))

    def _serve(self) -> None:
        while not self._ended.is_set():
            with self._lock:
                if self._ends is not None and not self.black_hole:
                    self._exchange(self._ends[0])
            time.sleep(0.001)

    def _exchange(self, master: int) -> None:
        with contextlib.suppress(OSError, HungUp):
            self._say(master, self.unasked_now())
            readable, _, _ = select.select([master], [], [], 0.002)
            if readable:
                for piece in self.pieces(self.feed(os.read(master, 1024))):
                    self._say(master, piece)

    @staticmethod
    def _say(master: int, data: bytes) -> None:
        if data:
            os.write(master, data)


class UsbPrinter(EmulatedPrinter, usb.backend.IBackend):  # type: ignore[misc]
    """A back end of pyusb with one device on its bus, whose printer interface is this printer."""

    OUT, IN = 0x01, 0x82

    def __init__(self, width: int = 72) -> None:
        super().__init__(width)
        self.kernel_has_it = True
        self.claimed = False
        self.refused = 0
        self._said = b""

    def close(self) -> None:
        """Nothing to switch off."""

    def enumerate_devices(self) -> Iterator[str]:
        yield from () if self.unplugged else ("printer",)

    def get_device_descriptor(self, dev: Any) -> Any:
        return SimpleNamespace(
            bLength=18, bDescriptorType=1, bcdUSB=0x0200, bDeviceClass=0, bDeviceSubClass=0,
            bDeviceProtocol=0, bMaxPacketSize0=64, idVendor=0x04B8, idProduct=0x0E15,
            bcdDevice=0x0100, iManufacturer=0, iProduct=0, iSerialNumber=0, bNumConfigurations=1,
            address=4, bus=1, port_number=1, port_numbers=(1,), speed=3,
        )  # fmt: skip

    def get_configuration_descriptor(self, dev: Any, config: int) -> Any:
        if config > 0:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=2, wTotalLength=32, bNumInterfaces=1,
            bConfigurationValue=1, iConfiguration=0, bmAttributes=0xC0, bMaxPower=1,
            extra_descriptors=[],
        )  # fmt: skip

    def get_interface_descriptor(self, dev: Any, intf: int, alt: int, config: int) -> Any:
        if intf > 0 or alt > 0:
            raise IndexError
        return SimpleNamespace(
            bLength=9, bDescriptorType=4, bInterfaceNumber=0, bAlternateSetting=0,
            bNumEndpoints=2, bInterfaceClass=7, bInterfaceSubClass=1, bInterfaceProtocol=2,
            iInterface=0, extra_descriptors=[],
        )  # fmt: skip

    def get_endpoint_descriptor(self, dev: Any, ep: int, intf: int, alt: int, config: int) -> Any:
        if ep > 1:
            raise IndexError
        return SimpleNamespace(
            bLength=7, bDescriptorType=5, bEndpointAddress=(self.OUT, self.IN)[ep],
            bmAttributes=2, wMaxPacketSize=64, bInterval=0, bRefresh=0, bSynchAddress=0,
            extra_descriptors=[],
        )  # fmt: skip

    def open_device(self, dev: Any) -> str:
        self._check()
        return "handle"

    def close_device(self, dev_handle: Any) -> None:
        self.claimed = False

    def get_configuration(self, dev_handle: Any) -> int:
        return 1

    def set_configuration(self, dev_handle: Any, config_value: int) -> None:
        self._check()

    def is_kernel_driver_active(self, dev_handle: Any, intf: int) -> bool:
        return self.kernel_has_it

    def detach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.kernel_has_it = False

    def attach_kernel_driver(self, dev_handle: Any, intf: int) -> None:
        self.kernel_has_it = True

    def claim_interface(self, dev_handle: Any, intf: int) -> None:
        self._check()
        if self.kernel_has_it:
            raise usb.core.USBError("Resource busy", -6, errno.EBUSY)
        self.claimed = True

    def release_interface(self, dev_handle: Any, intf: int) -> None:
        self.claimed = False

    def bulk_write(self, dev_handle: Any, ep: int, intf: int, data: Any, timeout: int) -> int:
        self._check()
        assert ep == self.OUT
        assert self.claimed
        if self.black_hole:
            self._wait(timeout)
        try:
            self._said += b"".join(self.pieces(self.feed(bytes(data))))
        except HungUp:
            self._check()
        return len(data)

    def bulk_read(self, dev_handle: Any, ep: int, intf: int, buff: Any, timeout: int) -> int:
        self._check()
        assert ep == self.IN
        self._said += self.unasked_now()
        if not self._said:
            self._wait(timeout)
        size = min(len(buff), 1 if self.split_answers else len(self._said))
        buff[:size] = array("B", self._said[:size])
        self._said = self._said[size:]
        return size

    def _check(self) -> None:
        if self.refused:
            raise usb.core.USBError("Access denied", -3, self.refused)
        if self.unplugged:
            raise usb.core.USBError("No such device", -4, errno.ENODEV)

    @staticmethod
    def _wait(timeout_ms: int) -> None:
        time.sleep(timeout_ms / 1000)
        raise usb.core.USBTimeoutError("Operation timed out", -7, errno.ETIMEDOUT)
