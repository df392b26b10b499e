"""Every printer driver with its device, made of code, at the end of its own wire."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from edge.drivers import load
from kiosk.ports import Printer, Strip, TicketSlip
from tests.fakes.printer_emulator import EmulatedPrinter, PrinterEmulator
from tests.fakes.printer_outlets import PtyPrinter, UsbPrinter
from wire.checks import Fault, Table
from wire.units import Dots

WIRED = ("network", "serial", "file", "usb")
DRIVERS = ("virtual", *WIRED)

SLIP = TicketSlip(
    Dots(576),
    (
        Strip(rows=40, row_bytes=60, bits=bytes(range(60)) * 40),
        Strip(rows=300),
        Strip(rows=100, row_bytes=52, indent=10, bits=b"\xaa" * 5200),
        Strip(rows=5),
    ),
)
SLIP_BANDS = 2


def open_driver(name: str, folder: Path, **options: Any) -> Printer:
    """The driver as the kiosk's file would have it."""
    faults: list[Fault] = []
    table = Table({"driver": name, **options}, "printer", faults)
    table.text("driver")
    printer: Printer = load("layso.kiosk.printer", name)(table, data_dir=folder)
    assert faults == []
    return printer


@dataclass
class Bench:
    """A driver with its device, and how to trouble that device."""

    name: str
    printer: Printer
    trouble: Callable[[str], None]
    slips: Callable[[], int]
    device: Any = None
    ends: list[Callable[[], None]] = field(default_factory=list)

    def close(self) -> None:
        self.printer.close()
        for end in reversed(self.ends):
            end()


def virtual_bench(folder: Path, **options: Any) -> Bench:
    printer: Any = open_driver("virtual", folder, **options)
    return Bench("virtual", printer, printer.pretend, lambda: len(printer.slips()), printer)


def wired_bench(name: str, folder: Path, width: int = 72, **options: Any) -> Bench:
    """A driver of `WIRED` and its emulated printer, which is the bench's `device`."""
    ends: list[Callable[[], None]] = []
    device: EmulatedPrinter
    if name == "network":
        device = PrinterEmulator(width)
        options = {"host": "127.0.0.1", "port": device.port, **options}
    elif name == "usb":
        device = UsbPrinter(width)
        patched = mock.patch("usb.backend.libusb1.get_backend", return_value=device)
        patched.start()
        ends.append(patched.stop)
    else:
        device = PtyPrinter(folder, width)
        options = {"port" if name == "serial" else "path": str(device.port), **options}
    ends.append(device.close)  # type: ignore[attr-defined]

    def trouble(word: str) -> None:
        if word == "stops_midway":
            device.strike = ("band", "unplugged")
        else:
            device.befall({"unreachable": "unplugged", "paper_low": "near_end"}.get(word, word))

    printer = open_driver(name, folder, **options)
    return Bench(name, printer, trouble, lambda: len(device.printed()), device, ends)


def any_bench(name: str, folder: Path, **options: Any) -> Bench:
    """The bench of any driver."""
    if name == "virtual":
        return virtual_bench(folder, **options)
    return wired_bench(name, folder, **options)
