"""A slip captured from the network driver, read by a decoder that nobody here wrote."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from edge.drivers import load
from kiosk.ports import Printer
from tests.fakes.printer_emulator import PrinterEmulator
from tests.kiosk.slips import FACE, LINK, content, lay_out, picture_of
from wire.checks import Fault, Table
from wire.units import Dots

HERE = Path(__file__).parent


def captured(paper_mm: int, folder: Path) -> bytes:
    """The bytes one slip sends over TCP, answers and questions apart."""
    emulator = PrinterEmulator(width={80: 72, 58: 48}[paper_mm])
    faults: list[Fault] = []
    options = {"host": "127.0.0.1", "port": emulator.port, "paper_mm": paper_mm}
    open_printer = load("layso.kiosk.printer", "network")
    printer: Printer = open_printer(Table(options, "printer", faults), data_dir=folder)
    slip = lay_out(content(), printer.paper_dots, FACE)
    assert printer.print_slip(slip).outcome == "printed"
    emulator.close()
    (paper,) = emulator.printed()
    return paper.raw


def decoded(data: bytes, width: int, folder: Path) -> Image.Image:
    """What npos sees, put on paper `width` dots wide."""
    (folder / "slip.bin").write_bytes(data)
    beside = Path(sys.executable).parent  # where PyPI's node goes
    node = shutil.which("node") or shutil.which("node", path=beside)
    assert node, "node is missing; script/setup --tests brings it"
    run = subprocess.run(
        [node, str(HERE / "decode_slip.cjs"), str(folder / "slip.bin")],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    rows: list[str] = []
    centred = False
    for command in json.loads(run.stdout):
        if command["name"] == "ESC a":
            centred = command["argument"] == 1
        elif command["name"] == "ESC J":
            rows += ["0" * width] * command["argument"]
        elif command["name"] == "GS v0":
            for row in command["rows"]:
                rows.append(row.center(width, "0") if centred else row.ljust(width, "0"))
        else:
            assert command["name"] in ("ESC @", "GS V", "GS (H"), command
    bits = b"".join(int(row, 2).to_bytes(width // 8, "big") for row in rows)
    return Image.frombytes("1", (width, len(rows)), bits)


@pytest.mark.parametrize(("paper_mm", "width"), [(80, 576), (58, 384)])
def test_it_sees_what_was_laid_out(paper_mm: int, width: int, tmp_path: Path) -> None:
    seen = decoded(captured(paper_mm, tmp_path), width, tmp_path)
    laid_out = picture_of(content(), Dots(width), FACE)
    same = seen.crop((0, 0, width, laid_out.height))
    assert same.tobytes() == laid_out.tobytes()
    assert seen.height - laid_out.height == 96
    on_paper = seen.convert("L").point(lambda dot: 255 - dot)
    (code,) = zxingcpp.read_barcodes(on_paper, formats=zxingcpp.BarcodeFormat.QRCode)
    assert code.text == LINK
