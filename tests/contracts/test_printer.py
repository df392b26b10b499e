"""One suite over every printer driver: what the port promises, in health and in trouble."""

import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edge.drivers import load
from kiosk.errors import CoverOpen, PaperOut, PrinterError, PrinterFault, PrinterUnreachable
from kiosk.ports import Printer, Strip, TicketSlip
from tests.fakes.printer_emulator import PrinterEmulator
from wire.checks import Fault, Table
from wire.units import Dots, Seconds

SLIP = TicketSlip(
    Dots(576),
    (
        Strip(rows=40, row_bytes=60, bits=bytes(range(60)) * 40),
        Strip(rows=300),
        Strip(rows=100, row_bytes=52, indent=10, bits=b"\xaa" * 5200),
        Strip(rows=5),
    ),
)


def open_driver(name: str, folder: Path, **options: Any) -> Printer:
    faults: list[Fault] = []
    table = Table({"driver": name, **options}, "printer", faults)
    table.text("driver")
    printer: Printer = load("layso.kiosk.printer", name)(table, data_dir=folder)
    assert faults == []
    return printer


@dataclass
class Bench:
    """A driver with its device, and how to trouble that device."""

    printer: Printer
    trouble: Callable[[str], None]
    slips: Callable[[], int]


@pytest.fixture
def emulator() -> Iterator[PrinterEmulator]:
    made = PrinterEmulator()
    yield made
    made.close()


@pytest.fixture(params=["virtual", "network"])
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    if request.param == "virtual":
        yield _virtual(tmp_path)
        return
    emulator: PrinterEmulator = request.getfixturevalue("emulator")

    def trouble(name: str) -> None:
        if name == "unreachable":
            emulator.close()
        elif name == "silent":
            emulator.silent = True
        elif name == "stops_midway":
            emulator.hang_up_after_bytes = 3000
        elif name == "paper_low":
            emulator.near_end = True
        else:
            emulator.trouble = "" if name == "ok" else name

    printer = open_driver("network", tmp_path, host="127.0.0.1", port=emulator.port)
    yield Bench(printer, trouble, lambda: len(emulator.printed()))


def _virtual(folder: Path) -> Bench:
    printer: Any = open_driver("virtual", folder)
    return Bench(printer, printer.pretend, lambda: len(printer.slips()))


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


def test_the_width_is_the_papers(tmp_path: Path) -> None:
    for name in ("virtual", "network"):
        host = {} if name == "virtual" else {"host": "127.0.0.1"}
        assert open_driver(name, tmp_path, paper_mm=58, **host).paper_dots == 384
        assert open_driver(name, tmp_path, paper_mm=80, **host).paper_dots == 576


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


@pytest.mark.parametrize("name", ["virtual", "network"])
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


def test_the_paper_is_what_was_laid_out(emulator: PrinterEmulator, tmp_path: Path) -> None:
    network(emulator, tmp_path, tail_mm=0).print_slip(SLIP)
    (paper,) = emulator.printed()
    assert paper.cut
    assert paper.stray == b""
    assert paper.rows[0] == bytes(range(60)) + bytes(12)
    assert paper.rows[40:340] == [bytes(72)] * 300
    assert paper.rows[340] == bytes(10) + b"\xaa" * 52 + bytes(10)
    assert len(paper.rows) == 445


def test_answers_in_pieces_and_late(emulator: PrinterEmulator, tmp_path: Path) -> None:
    emulator.split_answers = True
    emulator.answer_pause_s = 0.05
    assert network(emulator, tmp_path).print_slip(SLIP).outcome == "printed"


def test_paper_runs_out_in_the_middle(emulator: PrinterEmulator, tmp_path: Path) -> None:
    emulator.stop_after_rasters = 1
    begun = time.monotonic()
    receipt = network(emulator, tmp_path).print_slip(SLIP)
    assert (receipt.outcome, receipt.reason) == ("failed", "paper_out")
    assert receipt.bytes_sent > 0
    assert time.monotonic() - begun < 2.5


def test_a_black_hole_does_not_hold_the_kiosk(emulator: PrinterEmulator, tmp_path: Path) -> None:
    emulator.black_hole = True
    long = TicketSlip(Dots(576), tuple(Strip(128, 72, 0, b"\x55" * 9216) for _ in range(900)))
    begun = time.monotonic()
    receipt = network(emulator, tmp_path).print_slip(long, timeout_s=Seconds(1.5))
    assert receipt.outcome == "unknown"
    assert time.monotonic() - begun < 2


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


def test_a_mute_model_may_be_believed(emulator: PrinterEmulator, tmp_path: Path) -> None:
    emulator.silent = True
    printer = network(emulator, tmp_path, silent="printed", confirm="none")
    assert printer.print_slip(SLIP).outcome == "printed"
    end = time.monotonic() + 5
    while not (emulator.printed() and emulator.printed()[0].cut) and time.monotonic() < end:
        time.sleep(0.01)
    assert emulator.printed()[0].cut
    assert emulator.printed()[0].stray == b""


def test_a_model_without_process_ids(emulator: PrinterEmulator, tmp_path: Path) -> None:
    emulator.gives_ids = False
    printer = network(emulator, tmp_path)
    first = printer.print_slip(SLIP, timeout_s=Seconds(2))
    begun = time.monotonic()
    second = printer.print_slip(SLIP, timeout_s=Seconds(2))
    assert (first.outcome, second.outcome) == ("printed", "printed")
    assert time.monotonic() - begun < 0.5
