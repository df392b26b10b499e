"""One suite over every printer driver: what the port promises, in health and in trouble."""

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edge.drivers import load
from kiosk.errors import CoverOpen, PaperOut, PrinterError, PrinterFault, PrinterUnreachable
from kiosk.ports import Printer, Strip, TicketSlip
from tests.fakes.printer_bench import DRIVERS, SLIP, WIRED, Bench, any_bench, open_driver
from tests.fakes.printer_emulator import PrinterEmulator
from wire.checks import Fault, Table
from wire.units import Dots, Seconds

NEEDED: dict[str, dict[str, Any]] = {
    "network": {"host": "127.0.0.1"},
    "serial": {"port": "/dev/ttyUSB0"},
}


@pytest.fixture(params=DRIVERS)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = any_bench(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture(params=WIRED)
def wired(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = any_bench(request.param, tmp_path, tail_mm=0)
    yield made
    made.close()


@pytest.fixture
def emulator() -> Iterator[PrinterEmulator]:
    made = PrinterEmulator()
    yield made
    made.close()


def test_a_slip_is_printed_and_said_to_be(bench: Bench) -> None:
    before = datetime.now(UTC)
    receipt = bench.printer.print_slip(SLIP)
    assert receipt.outcome == "printed"
    assert receipt.bytes_sent > 60 * 40 + 5200
    assert before <= receipt.finished_at <= datetime.now(UTC)
    assert bench.slips() == 1


def test_two_calls_are_two_slips(bench: Bench) -> None:
    bench.printer.print_slip(SLIP)
    bench.printer.print_slip(SLIP)
    assert bench.slips() == 2


@pytest.mark.parametrize("name", DRIVERS)
def test_the_width_is_the_papers(name: str, tmp_path: Path) -> None:
    for paper_mm, dots in ((58, 384), (80, 576)):
        options = NEEDED.get(name, {})
        assert open_driver(name, tmp_path, paper_mm=paper_mm, **options).paper_dots == dots


@pytest.mark.parametrize(
    ("trouble", "error"),
    [
        ("paper_out", PaperOut),
        ("cover_open", CoverOpen),
        ("fault", PrinterFault),
        ("unreachable", PrinterUnreachable),
    ],
)
def test_trouble_before_the_slip_moves_no_paper(
    bench: Bench, trouble: str, error: type[PrinterError]
) -> None:
    bench.trouble(trouble)
    begun = time.monotonic()
    with pytest.raises(error):
        bench.printer.print_slip(SLIP)
    assert time.monotonic() - begun < 1.5
    assert bench.slips() == 0
    assert bench.printer.status().state == "error"


def test_after_the_trouble_it_prints_again(bench: Bench) -> None:
    bench.trouble("paper_out")
    with pytest.raises(PaperOut):
        bench.printer.print_slip(SLIP)
    bench.trouble("ok")
    assert bench.printer.print_slip(SLIP).outcome == "printed"
    assert bench.slips() == 1


def test_a_silent_printer_is_unknown(bench: Bench) -> None:
    bench.trouble("silent")
    assert bench.printer.print_slip(SLIP, timeout_s=Seconds(2)).outcome == "unknown"
    assert bench.printer.status(timeout_s=Seconds(0.3)).state == "unknown"


def test_a_slip_that_breaks_off_is_unknown(bench: Bench) -> None:
    bench.trouble("stops_midway")
    receipt = bench.printer.print_slip(SLIP, timeout_s=Seconds(2))
    assert receipt.outcome == "unknown"
    assert receipt.bytes_sent > 0


def test_status_in_words(bench: Bench) -> None:
    well = bench.printer.status()
    assert (well.state, well.paper, well.cover) == ("ok", "ok", "closed")
    bench.trouble("paper_low")
    low = bench.printer.status()
    assert (low.state, low.paper) == ("warn", "low")
    bench.trouble("paper_out")
    out = bench.printer.status()
    assert (out.state, out.paper) == ("error", "out")
    bench.trouble("cover_open")
    assert bench.printer.status().cover == "open"
    assert bench.slips() == 0


def test_closing_twice_is_fine_and_it_opens_again(bench: Bench) -> None:
    bench.printer.close()
    bench.printer.close()
    assert bench.printer.print_slip(SLIP).outcome == "printed"


@pytest.mark.parametrize("name", DRIVERS)
def test_wrong_options_are_all_named(name: str, tmp_path: Path) -> None:
    faults: list[Fault] = []
    options = {"paper_mm": 70, "silent": "yes", "hots": "x", "confirm": "procss_id"}
    load("layso.kiosk.printer", name)(Table(options, "printer", faults), data_dir=tmp_path)
    told = "\n".join(map(str, faults))
    for key in ("printer.paper_mm", "printer.silent", "printer.hots", "printer.confirm"):
        assert key in told
    assert "did you mean 'process_id'" in told


# What only a printer on a wire can do ------------------------------------------------


def network(emulator: PrinterEmulator, folder: Path, **options: Any) -> Printer:
    return open_driver("network", folder, host="127.0.0.1", port=emulator.port, **options)


def test_the_paper_is_what_was_laid_out(wired: Bench) -> None:
    wired.printer.print_slip(SLIP)
    (paper,) = wired.device.printed()
    assert paper.cut
    assert paper.stray == b""
    assert paper.rows[0] == bytes(range(60)) + bytes(12)
    assert paper.rows[40:340] == [bytes(72)] * 300
    assert paper.rows[340] == bytes(10) + b"\xaa" * 52 + bytes(10)
    assert len(paper.rows) == 445


def test_answers_in_pieces_and_late(wired: Bench) -> None:
    wired.device.split_answers = True
    wired.device.answer_pause_s = 0.05
    assert wired.printer.print_slip(SLIP).outcome == "printed"


def test_paper_runs_out_in_the_middle(wired: Bench) -> None:
    wired.device.strike = ("band", "paper_out")
    begun = time.monotonic()
    receipt = wired.printer.print_slip(SLIP)
    assert (receipt.outcome, receipt.reason) == ("failed", "paper_out")
    assert receipt.bytes_sent > 0
    assert time.monotonic() - begun < 2.5


@pytest.mark.parametrize(("name", "bands"), [("network", 900), ("serial", 3), ("file", 900)])
def test_a_black_hole_does_not_hold_the_kiosk(name: str, bands: int, tmp_path: Path) -> None:
    bench = any_bench(name, tmp_path)
    bench.device.befall("black_hole")
    long = TicketSlip(Dots(576), tuple(Strip(128, 72, 0, b"\x55" * 9216) for _ in range(bands)))
    begun = time.monotonic()
    receipt = bench.printer.print_slip(long, timeout_s=Seconds(1.5))
    assert receipt.outcome == "unknown"
    on_the_wire_s = bands * 9216 * 11 / 115_200 if name == "serial" else 0
    assert time.monotonic() - begun < 2 + on_the_wire_s
    bench.close()


def test_a_device_that_takes_no_byte_has_printed_nothing(tmp_path: Path) -> None:
    bench = any_bench("usb", tmp_path)
    bench.device.befall("black_hole")
    begun = time.monotonic()
    with pytest.raises(PrinterUnreachable, match="takes no bytes"):
        bench.printer.print_slip(SLIP, timeout_s=Seconds(1))
    assert time.monotonic() - begun < 1.5
    bench.close()


def test_a_printer_that_takes_no_connection(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(full.getsockname())
        printer = open_driver(
            "network", tmp_path, host="127.0.0.1", port=full.getsockname()[1], connect_s=0.3
        )
        begun = time.monotonic()
        with pytest.raises(PrinterUnreachable):
            printer.print_slip(SLIP)
        assert time.monotonic() - begun < 1
        for filler in fillers:
            filler.close()


@pytest.mark.parametrize("name", WIRED)
def test_a_mute_model_may_be_believed(name: str, tmp_path: Path) -> None:
    bench = any_bench(name, tmp_path, silent="printed", model="silent-80")
    bench.device.befall("silent")
    begun = time.monotonic()
    assert bench.printer.print_slip(SLIP).outcome == "printed"
    assert time.monotonic() - begun < 0.3, "it was asked all the same"
    assert bench.printer.status().state == "unknown"
    bench.printer.close()
    end = time.monotonic() + 5
    while not bench.device.whole() and time.monotonic() < end:
        time.sleep(0.01)
    assert bench.device.printed()[0].cut
    assert bench.device.printed()[0].stray == b""
    bench.close()


def test_a_model_without_process_ids(wired: Bench) -> None:
    wired.device.gives_ids = False
    first = wired.printer.print_slip(SLIP, timeout_s=Seconds(2))
    begun = time.monotonic()
    second = wired.printer.print_slip(SLIP, timeout_s=Seconds(2))
    assert (first.outcome, second.outcome) == ("printed", "printed")
    assert time.monotonic() - begun < 0.5
