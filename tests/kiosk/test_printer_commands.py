"""`self-test` and `print-test` through the real command line, over every driver."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from kiosk import cli
from kiosk.trial_slip import TrialSlip, lay_out_trial, letters
from tests.fakes.printer_bench import WIRED, Bench, wired_bench
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import write_config
from tests.kiosk.slips import FACE
from wire.units import Dots

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture(params=WIRED)
def bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    made = wired_bench(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture
def say(
    bench: Bench, tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str]
) -> Say:
    """Run one command on a kiosk with that printer."""
    where = {
        "network": f'host = "127.0.0.1"\nport = {getattr(bench.device, "port", 0)}\n',
        "serial": f'port = "{getattr(bench.device, "port", "")}"\n',
        "file": f'path = "{getattr(bench.device, "port", "")}"\n',
        "usb": "vendor = 0x04b8\nproduct = 0x0e15\n",
    }[bench.name]

    def run(command: str, options: str = "") -> tuple[int, str, str]:
        printer = f'[printer]\ndriver = "{bench.name}"\n{where}{options}'
        path = write_config(tmp_path, server, printer=printer)
        capsys.readouterr()
        status = cli.main([command, "--config", str(path)])
        said = capsys.readouterr()
        return status, said.out, said.err

    return run


def test_print_test_prints_one_whole_slip(say: Say, bench: Bench) -> None:
    status, out, err = say("print-test", 'model = "generic-80"\n')
    assert (status, err) == (0, "")
    assert re.fullmatch(r"printed, \d+ bytes\n", out)
    (paper,) = bench.device.printed()
    assert paper.cut
    assert paper.stray == b""


def test_print_test_says_what_to_check_where_nobody_knows(say: Say, bench: Bench) -> None:
    bench.device.befall("silent")
    status, out, _ = say("print-test")
    assert status == 0
    assert out.startswith("unknown (silent)")
    assert "look whether the slip is out" in out


def test_print_test_fails_where_it_failed(say: Say, bench: Bench) -> None:
    bench.device.strike = ("band", "fault")
    status, out, _ = say("print-test")
    assert (status, out.split(",")[0]) == (1, "failed (fault)")
    bench.device.befall("cover_open")
    assert say("print-test")[::2] == (1, "the printer's cover is open\n")


def test_self_test_has_a_line_for_everything(say: Say, bench: Bench) -> None:
    status, out, err = say("self-test", 'model = "generic-80"\n')
    assert (status, err) == (0, "")
    begins = [line.split(":")[0] for line in out.splitlines()]
    parts = ["printer", "paper", "cover", "server", "clock", "data folder", "font", "speech"]
    assert begins == parts
    assert f"printer: ok, {bench.name} generic-80" in out
    assert bench.slips() == 0


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("paper_out", "paper: FAILED, out; put in a new roll"),
        ("cover_open", "cover: FAILED, open; close it until it clicks"),
        ("fault", "the cutter is stuck; switch the printer off and on"),
        ("unplugged", "printer: FAILED"),
    ],
)
def test_self_test_says_what_to_do(say: Say, bench: Bench, condition: str, told: str) -> None:
    bench.device.befall(condition)
    status, _, err = say("self-test")
    assert status == 1
    assert told in err


def test_self_test_of_what_is_well_but_not_for_long(say: Say, bench: Bench) -> None:
    bench.device.befall("near_end")
    status, out, _ = say("self-test")
    assert status == 0
    assert "paper: ok, low; have a new roll at hand" in out
    bench.device.befall("silent")
    status, out, _ = say("self-test")
    assert status == 0
    assert "does not say how it is; only print-test shows" in out


@pytest.mark.parametrize("dots", [384, 576])
def test_the_trial_slip_shows_all_letters_and_the_edges(dots: int) -> None:
    small, large = letters()
    assert len(set(small + large)) == len(small + large) == 146
    said = TrialSlip("Phiếu in thử", "Test slip", "usb tm-t20", "10:00:00", "http://10.0.0.5:8000")
    slip = lay_out_trial(said, Dots(dots), FACE)
    picture = Image.new("1", (dots, slip.rows), 0)
    y = 0
    for strip in slip.strips:
        if strip.bits:
            ink = Image.frombytes("1", (strip.row_bytes * 8, strip.rows), strip.bits)
            picture.paste(ink, (strip.indent * 8, y))
        y += strip.rows
    box = picture.getbbox()
    assert box is not None
    assert (box[0], box[2]) == (0, dots)  # the ruler goes from the first dot to the last
