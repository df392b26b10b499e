"""Models and transports: what the kiosk's file may say, and what is refused in which words."""

import errno
import os
import socket
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from edge.drivers import load
from kiosk.drivers.printer_serial import SerialWire
from kiosk.errors import PrinterFault, PrinterUnreachable
from kiosk.ports import Strip, TicketSlip
from kiosk.printer_models import MODELS
from kiosk.printer_profile import Profile, read_profile
from tests.fakes.printer_bench import SLIP, open_driver, wired_bench
from wire.checks import Fault, Table
from wire.units import Dots, Seconds


def profile(**options: Any) -> tuple[Profile, str]:
    """The profile, and the faults in one text."""
    faults: list[Fault] = []
    table = Table(options, "printer", faults)
    made = read_profile(table)
    table.finish()
    return made, "\n".join(map(str, faults))


@pytest.mark.parametrize("name", MODELS)
def test_every_model_can_be_named(name: str) -> None:
    made, faults = profile(model=name)
    assert faults == ""
    assert made.paper_dots in (384, 576)
    assert made.paper_dots <= made.head_dots
    assert made.cutter is MODELS[name].cutter


def test_a_key_overrides_the_model() -> None:
    made, faults = profile(model="tm-t20", cutter=False, confirm="status", automatic=False)
    assert faults == ""
    assert (made.cutter, made.confirm, made.automatic) == (False, "status", False)


def test_an_unknown_model_is_refused_with_the_nearest() -> None:
    _, faults = profile(model="tm-t22")
    assert "did you mean 'tm-t20'" in faults or "did you mean 'tm-t82'" in faults
    assert "generic-80" in faults


def test_a_slip_wider_than_the_head_is_refused() -> None:
    _, faults = profile(model="tm-t88", paper_mm=80)
    assert "512 dots" in faults
    assert "say 58" in faults


def test_a_head_of_512_dots_gets_the_narrow_slip_in_the_middle(tmp_path: Path) -> None:
    bench = wired_bench("network", tmp_path, width=64, model="tm-t88", tail_mm=0)
    assert bench.printer.paper_dots == 384
    narrow = TicketSlip(
        Dots(384), (Strip(10, 48, 0, b"\xff" * 480), Strip(10, 20, 14, b"\xaa" * 200))
    )
    assert bench.printer.print_slip(narrow).outcome == "printed"
    (paper,) = bench.device.printed()
    assert paper.rows[0] == bytes(8) + b"\xff" * 48 + bytes(8)
    assert paper.rows[10] == bytes(22) + b"\xaa" * 20 + bytes(22)
    bench.close()


@pytest.mark.parametrize("baud", [9600, 19_200])
def test_a_slow_serial_line_is_refused(baud: int, tmp_path: Path) -> None:
    faults: list[Fault] = []
    table = Table({"port": "/dev/ttyS0", "baud": baud}, "printer", faults)
    load("layso.kiosk.printer", "serial")(table, data_dir=tmp_path)
    (fault,) = faults
    assert str(fault).startswith(f"printer.baud: {baud} is too slow for slips")


def test_the_wire_of_38400_baud_is_given_its_time(tmp_path: Path) -> None:
    bench = wired_bench("serial", tmp_path, baud=38_400)
    bench.device.strike = ("cut", "black_hole")
    begun = time.monotonic()
    bench.printer.print_slip(SLIP, timeout_s=Seconds(0.6))
    assert time.monotonic() - begun < 0.6 + 7700 * 11 / 38_400 + 0.5
    bench.close()


def test_dsr_is_heeded_although_the_kernel_does_not(tmp_path: Path) -> None:
    near, far = socket.socketpair()
    port = mock.Mock(fileno=near.fileno, dsr=False, out_waiting=0)
    with mock.patch("serial.Serial", return_value=port):
        wire = SerialWire("/dev/ttyS0", 115_200, "none", "dsr_dtr")
    begun = time.monotonic()
    assert wire.turn(memoryview(b"slip"), begun + 0.5)[0] == 0
    port.dsr = True
    assert wire.turn(memoryview(bytes(500)), time.monotonic() + 0.5)[0] == 64
    port.out_waiting = 64
    assert wire.room() == 0
    near.close()
    far.close()


@pytest.mark.parametrize("name", ["file", "serial"])
def test_a_device_that_is_not_there_is_named(name: str, tmp_path: Path) -> None:
    where = {"file": "path", "serial": "port"}[name]
    printer = open_driver(name, tmp_path, **{where: str(tmp_path / "lp0")})
    with pytest.raises(PrinterUnreachable, match="lp0"):
        printer.print_slip(SLIP)
    assert printer.status().state == "error"


def test_a_busy_device_says_who_may_have_it(tmp_path: Path) -> None:
    bench = wired_bench("file", tmp_path)
    busy = OSError(errno.EBUSY, os.strerror(errno.EBUSY))
    with mock.patch("os.open", side_effect=busy), pytest.raises(PrinterUnreachable, match="CUPS"):
        bench.printer.print_slip(SLIP)
    bench.close()


def test_a_plain_file_takes_slips_and_stays_silent(tmp_path: Path) -> None:
    path = tmp_path / "slips.bin"
    path.touch()
    printer = open_driver("file", tmp_path, path=str(path))
    receipt = printer.print_slip(SLIP)
    assert (receipt.outcome, receipt.reason) == ("unknown", "silent")
    assert path.stat().st_size == receipt.bytes_sent
    assert printer.status().state == "unknown"
    printer.close()


def test_usb_is_given_back_to_the_kernel(tmp_path: Path) -> None:
    bench = wired_bench("usb", tmp_path)
    assert bench.printer.status().state == "ok"
    assert bench.device.claimed
    assert not bench.device.kernel_has_it
    bench.printer.close()
    assert not bench.device.claimed
    assert bench.device.kernel_has_it
    bench.close()


@pytest.mark.parametrize(
    ("refused", "told"), [(errno.EACCES, "udev rule"), (errno.EBUSY, "another program")]
)
def test_a_usb_printer_that_may_not_be_used(refused: int, told: str, tmp_path: Path) -> None:
    bench = wired_bench("usb", tmp_path)
    bench.device.refused = refused
    with pytest.raises(PrinterUnreachable, match=told):
        bench.printer.print_slip(SLIP)
    bench.device.refused = 0
    assert bench.printer.print_slip(SLIP).outcome == "printed"
    bench.close()


def test_without_usb_the_absence_is_named(tmp_path: Path) -> None:
    with mock.patch("usb.backend.libusb1.get_backend", return_value=None):
        status = open_driver("usb", tmp_path).status()
    assert status.state == "error"
    assert "libusb is missing" in status.detail
    status = open_driver("usb", tmp_path, vendor=0x04B8, product=0xFFFF).status()
    assert "no USB printer 04b8:ffff" in status.detail or "USB cannot be used" in status.detail


@pytest.mark.parametrize("name", ["network", "serial"])
def test_a_printer_that_knows_gs_r_only(name: str, tmp_path: Path) -> None:
    bench = wired_bench(name, tmp_path, ask="paper_sensor", confirm="paper_sensor")
    bench.device.gives_real_time = bench.device.gives_ids = False
    assert bench.printer.print_slip(SLIP).outcome == "printed"
    assert bench.printer.status().paper == "ok"
    bench.device.befall("near_end")
    assert bench.printer.status().paper == "low"
    bench.device.befall("paper_out")
    with pytest.raises(PrinterFault, match="paper out"):
        bench.printer.print_slip(SLIP)
    assert bench.slips() == 1
    bench.close()


def test_near_end_is_told_between_slips(tmp_path: Path) -> None:
    bench = wired_bench("serial", tmp_path, model="tm-t20")
    bench.printer.print_slip(SLIP)
    bench.device.gives_real_time = False
    bench.device.befall("near_end")
    time.sleep(0.05)
    assert bench.printer.status().paper == "low"
    bench.close()


def test_a_printer_that_tells_by_itself_is_not_asked_before_a_slip(tmp_path: Path) -> None:
    bench = wired_bench("serial", tmp_path, automatic=True)
    bench.printer.print_slip(SLIP)
    bench.device.strike = ("question", "fault")
    assert bench.printer.print_slip(SLIP).outcome == "printed"
    assert bench.device.strike is not None
    bench.close()


def test_a_late_answer_is_not_the_next_questions(tmp_path: Path) -> None:
    bench = wired_bench("serial", tmp_path)
    bench.device.answer_pause_s = 0.6
    bench.device.befall("cover_open")
    assert bench.printer.status(timeout_s=Seconds(0.3)).state == "unknown"
    time.sleep(0.5)
    bench.device.answer_pause_s = 0.0
    bench.device.befall("ok")
    status = bench.printer.status()
    assert (status.state, status.paper, status.cover) == ("ok", "ok", "closed")
    bench.close()
