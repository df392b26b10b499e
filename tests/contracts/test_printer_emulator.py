"""The emulated printer is believed by `receiptio`, a client that nobody here wrote."""

import contextlib
import itertools
import os
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.printer_emulator import EmulatedPrinter, PrinterEmulator
from tests.fakes.printer_outlets import PtyPrinter

PROGRAM = Path(__file__).with_name("ask_receiptio.cjs")
PORT = 9100
"""The only one that it asks at."""

_NETWORKS = itertools.count(40)

ANSWERS = {
    "ok": "online",
    "near_end": "online",
    "paper_out": "paperempty",
    "cover_open": "coveropen",
    "fault": "error",
}


@pytest.fixture
def address() -> str:
    """A loopback address of this test's own, where port 9100 is free."""
    number = os.getpid() % 60_000
    return f"127.{next(_NETWORKS)}.{number // 250}.{number % 250 + 1}"


@pytest.fixture(params=["tcp", "pty"])
def device(
    request: pytest.FixtureRequest, address: str, tmp_path: Path
) -> Iterator[EmulatedPrinter]:
    if request.param == "tcp":
        emulator = PrinterEmulator(host=address, port=PORT)
        yield emulator
        emulator.close()
        return
    terminal = PtyPrinter(tmp_path)
    with socket.create_server((address, PORT)) as listening:
        threading.Thread(target=carry, args=(listening, terminal.port), daemon=True).start()
        yield terminal
    terminal.close()


def carry(listening: socket.socket, port: Path) -> None:
    """Take one connection to the terminal, as a serial server does."""
    connection, _ = listening.accept()
    with connection, port.open("r+b", buffering=0) as terminal:

        def back() -> None:
            with contextlib.suppress(OSError):  # the terminal is closed at the end
                while data := terminal.read(1024):
                    connection.sendall(data)

        threading.Thread(target=back, daemon=True).start()
        while data := connection.recv(1024):
            terminal.write(data)


def receiptio(*words: str) -> str:
    beside = Path(sys.executable).parent  # where PyPI's node goes
    node = shutil.which("node") or shutil.which("node", path=beside)
    assert node, "node is missing; script/setup brings it"
    run = subprocess.run(
        [node, str(PROGRAM), *words], capture_output=True, text=True, check=True, timeout=30
    )
    return run.stdout


@pytest.mark.parametrize("condition", ANSWERS)
def test_it_says_how_the_printer_is(device: EmulatedPrinter, address: str, condition: str) -> None:
    device.befall(condition)
    assert receiptio(address) == ANSWERS[condition]


def test_it_prints_by_automatic_status_and_paper_sensor(
    device: EmulatedPrinter, address: str
) -> None:
    assert receiptio(address, "Xin|chao") == "success"
    assert device.whole() == 1
