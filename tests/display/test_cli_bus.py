"""self-test, identify and scan as an installer uses them, on real ports with real devices."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pymodbus.framer import FramerRTU

from display import config, walk
from display.cli import main
from display.drivers.panel_virtual import VirtualPanel
from display.drivers.serial_wire import SerialWire
from display.scan import ALPHA, MODBUS, Scan, Speed
from display.walk import Identify
from tests.display.conftest import virtual
from tests.edge.test_link import eventually
from tests.fakes.bus import BusServer, PtyBus
from tests.fakes.signs import AlphaSigns, FarEnd, FrameSigns

COMMAND = str(Path(sys.executable).with_name("layso-display"))
WriteConfig = Callable[..., Path]
Captured = pytest.CaptureFixture[str]
URL = "http://10.0.0.5:8000"


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[PtyBus]:
    folder = tmp_path / "bus"
    folder.mkdir()
    bus = PtyBus(folder)
    yield bus
    bus.close()


def panel(counter: str, driver: str, port: Path | str, **options: object) -> str:
    lines = {"counter": counter, "driver": driver, "port": str(port)} | options
    return "[[panel]]\n" + "".join(
        f"{key} = {value if isinstance(value, int) else repr(value)}\n"
        for key, value in lines.items()
    )


def test_self_test_walks_every_driver_and_says_what_to_do(
    bus: PtyBus, write_config: WriteConfig, capsys: Captured
) -> None:
    far = AlphaSigns(bus.far_port, "05", acknowledges=True)
    eight = {"data_bits": 8, "timeout_s": 0.2}
    panels = (
        virtual("q1")
        + panel("q2", "alpha", bus.agent_port, address="05", confirm="ack", **eight)
        + panel("q3", "alpha", bus.agent_port, address="06", confirm="ack", **eight)
        + panel("q4", "alpha", bus.agent_port, address="07", **eight)
        + panel("q5", "frame", bus.agent_port, template="{hi} {lo}")
        + panel("q6", "modbus_rtu", "/dev/ttyNONE", unit=2)
    )
    path = write_config(URL, panels)
    assert main(["self-test", "--config", str(path), "--pause", "0"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["q1", "q2", "q3", "q4", "q5", "q6"]
    assert "ok, " in lines[1]
    assert "FAILED: no answer in time; check power, cable" in lines[2]
    assert "sent; this panel never answers" in lines[3]
    assert "sent; this panel never answers" in lines[4]
    assert "FAILED: /dev/ttyNONE: " in lines[5]
    assert "plug the adapter in" in lines[5]
    far.stop()


def test_self_test_goes_on_after_a_driver_that_breaks(
    write_config: WriteConfig, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("a mistake in the driver")

    monkeypatch.setattr(VirtualPanel, "show", broken)
    path = write_config(URL, virtual("q1", "q2"))
    assert main(["self-test", "--config", str(path)]) == 1
    out = capsys.readouterr().out
    assert out.count("FAILED: ZeroDivisionError: a mistake in the driver; a mistake in") == 2


def test_identify_shows_number_and_address_and_darkens_at_the_end(
    bus: PtyBus, write_config: WriteConfig, capsys: Captured
) -> None:
    far = FrameSigns(bus.far_port, 12, 13)
    frame = {"template": "AA {unit} {text} {sum8} 55", "reply_length": 5}
    panels = panel("q1", "frame", bus.agent_port, unit=12, **frame)
    panels += panel("q2", "frame", bus.agent_port, unit=13, **frame)
    path = write_config(URL, panels)
    seen: list[tuple[str, str]] = []
    walking = Identify(config.load(path).panels, lambda one, said: seen.append((one.counter, said)))
    stopped = threading.Event()
    thread = threading.Thread(target=walking.run, args=(stopped, None))
    thread.start()
    eventually(lambda: far.texts == {12: "1-12  ", 13: "2-13  "})
    stopped.set()
    thread.join(timeout=10)
    assert seen == [("q1", "shows 1-12"), ("q2", "shows 2-13")]
    assert far.texts == {12: " " * 6, 13: " " * 6}
    assert main(["identify", "--config", str(path), "--seconds", "0.01"]) == 0
    assert capsys.readouterr().out.splitlines()[1].endswith("· 13  shows 2-13")
    far.stop()


def test_identify_tells_when_a_panel_comes_or_goes(
    write_config: WriteConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(walk, "ROUND_S", 0.02)
    panels = config.load(write_config(URL, virtual("q1"))).panels
    (one,) = panels
    assert isinstance(one.panel, VirtualPanel)
    one.panel.trouble = walk.PanelError("no light")
    said: list[str] = []
    walking = Identify(panels, lambda _, words: said.append(words))
    stopped = threading.Event()
    thread = threading.Thread(target=walking.run, args=(stopped, None))
    thread.start()
    eventually(lambda: said and walking.failed == {1})
    one.panel.trouble = None
    eventually(lambda: len(said) == 2)
    stopped.set()
    thread.join(timeout=10)
    assert [words[:10] for words in said] == ["FAILED: no", "shows 1"]
    assert not walking.failed


def test_identify_without_a_panel_says_so(write_config: WriteConfig, capsys: Captured) -> None:
    path = write_config(URL, '[voice]\ndriver = "virtual"\n')
    assert main(["identify", "--config", str(path)]) == 1
    assert "has no [[panel]]" in capsys.readouterr().err


def test_ctrl_c_ends_identify_in_order(write_config: WriteConfig) -> None:
    path = write_config(URL, virtual("q1"))
    process = subprocess.Popen(
        [COMMAND, "identify", "--config", str(path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().endswith("shows 1\n")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_all_three_refuse_while_the_agent_holds_the_port(
    bus: PtyBus, write_config: WriteConfig, capsys: Captured
) -> None:
    agent = SerialWire(str(bus.agent_port), 9600, "none", 0.1)
    agent.send(b"x")
    path = write_config(URL, panel("q1", "modbus_rtu", bus.agent_port, unit=1))
    for command in (
        ["self-test", "--config", str(path)],
        ["identify", "--config", str(path)],
        ["scan", str(bus.agent_port)],
    ):
        assert main(command) == 1
        said = "".join(capsys.readouterr())
        assert "another program holds it" in said
        assert "stop the agent (layso-display run)" in said
    agent.close()


def scanned(bus: PtyBus, *options: str) -> int:
    return main(["scan", str(bus.agent_port), *options])


def test_scan_finds_units_behind_the_first_speed_and_prints_the_config(
    bus: PtyBus, capsys: Captured, write_config: WriteConfig
) -> None:
    far = BusServer(bus.far_port, [2, 5])
    # pymodbus answers for units that are not there; a bus is silent.
    bus.to_far = lambda data: data if data[0] in (2, 5) else b""
    assert scanned(bus, "--baud", "9600,19200", "--parity", "none", "--units", "1-6") == 0
    out, told = capsys.readouterr()
    assert "9600 baud, parity none, 8 data bits: asked 1 to 6, 2 answered" in told
    assert "19200" not in told  # a bus has one speed
    path = write_config(URL, out)
    assert main(["self-test", "--config", str(path), "--pause", "0"]) == 0
    assert (far.text(2), far.text(5)) == ("      ", "      ")
    assert [one.panel.address for one in config.load(path).panels] == ["2", "5"]
    far.stop()


@pytest.mark.parametrize(("reply", "status"), [("098302", 0), ("09830b", 1)])
def test_a_refusal_says_that_somebody_is_there_but_a_gateways_word_does_not(
    bus: PtyBus, capsys: Captured, reply: str, status: int
) -> None:
    body = bytes.fromhex(reply)
    whole = body + FramerRTU.compute_CRC(body).to_bytes(2, "big")

    def refuse(heard: bytearray) -> bytes:
        heard.clear()
        return whole

    far = FarEnd(bus.far_port, refuse)
    assert scanned(bus, "--baud", "9600", "--parity", "none", "--units", "9") == status
    assert ("unit = 9\n" in capsys.readouterr().out) == (status == 0)
    far.stop()


def test_a_scan_that_finds_nobody_says_what_to_look_at(bus: PtyBus, capsys: Captured) -> None:
    def noise(heard: bytearray) -> bytes:
        heard.clear()
        return b"\x55\xaa"

    far = FarEnd(bus.far_port, noise)
    options = ("--baud", "115200", "--parity", "none", "--units", "1-3", "--timeout", "0.05")
    assert scanned(bus, *options) == 1
    out, told = capsys.readouterr()
    assert out == ""
    assert "nobody answered, 3 answered in another way" in told
    assert "Check power, A and B" in told
    far.stop()


def test_scan_of_alpha_signs_takes_their_own_address_over_that_of_all(
    bus: PtyBus, capsys: Captured
) -> None:
    far = AlphaSigns(bus.far_port, "0A")
    few = ("--units", "0,9-11", "--timeout", "0.05")
    assert scanned(bus, "--driver", "alpha", "--baud", "9600", "--parity", "none", *few) == 0
    out = capsys.readouterr().out
    assert 'address = "0A"' in out
    assert 'address = "00"' not in out
    assert "data_bits = 8" in out
    far.stop()


def test_what_cannot_be_scanned_is_said(capsys: Captured) -> None:
    assert main(["scan", "/dev/ttyNONE", "--driver", "frame"]) == 1
    assert "no question that all of them answer" in capsys.readouterr().err
    assert main(["scan", "/dev/ttyNONE"]) == 1
    assert "/dev/ttyNONE" in capsys.readouterr().err
    assert main(["scan", "/dev/ttyNONE", "--units", "0"]) == 2


@pytest.mark.parametrize(
    "wrong",
    [
        ["--baud", "9601"], ["--baud", "fast"], ["--parity", "mark"], ["--units", "1-300"],
        ["--units", "a"], ["--units", "5-2"], ["--driver", "modbus"], ["--timeout", "0"],
        ["--timeout", "x"],
    ],
)  # fmt: skip
def test_wrong_usage_of_scan_is_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["scan", "/dev/ttyUSB0", *wrong])
    assert caught.value.code == 2


def test_the_usual_units_are_asked_at_every_speed_before_the_rest() -> None:
    scan = Scan("port", MODBUS, MODBUS.speeds, MODBUS.addresses, 0.1, print)
    first, rest = MODBUS.parts(scan.addresses)
    assert (first[0], first[-1], rest[0], rest[-1]) == (1, 32, 33, 247)
    assert MODBUS.speeds[0] == Speed(9600, "none", 8)
    assert ALPHA.speeds[0] == Speed(9600, "even", 7)
    assert 10 * 60 < scan.longest_s() < 16 * 60
    at_one = Scan("port", MODBUS, MODBUS.speeds[:1], MODBUS.addresses, 0.1, print)
    assert 25 < at_one.longest_s() < 35


def test_ctrl_c_keeps_what_was_found(bus: PtyBus) -> None:
    far = BusServer(bus.far_port, [1])
    process = subprocess.Popen(
        [COMMAND, "scan", str(bus.agent_port), "--parity", "none"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    told = b""
    while b"unit = 1 answers" not in told:
        told += os.read(process.stderr.fileno(), 4096)
    process.send_signal(signal.SIGINT)
    out, told = process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"unit = 1\n" in out
    assert b"stopped before the end" in told
    assert b"Traceback" not in told
    far.stop()
