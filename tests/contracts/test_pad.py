"""Every pad driver obeys the port: edges with their keys and moments, lamps, buzzer, unplugging.

gpio stands on gpiozero's mock pins; keypad and frame on PTYs; virtual on its file.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from display.errors import PadUnavailable
from display.pads.ports import PAD_KEYS, PAD_LAMPS, Pad
from edge.contacts import Light
from tests.fakes import pad_bench
from tests.fakes.pad_bench import PadBench, made
from tests.kiosk.kiosk_stage import until

Edges = list[tuple[str, bool, float]]


@pytest.fixture
def mock_pins(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """gpiozero on pins that are not there."""
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "mock")
    import gpiozero
    from gpiozero.pins.mock import MockFactory

    gpiozero.Device.pin_factory = MockFactory()
    yield gpiozero.Device.pin_factory
    gpiozero.Device.pin_factory.reset()


@pytest.fixture(params=["gpio", "keypad", "frame", "virtual"])
def bench(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    mock_pins: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[PadBench]:
    monkeypatch.setattr("display.drivers.pad_keypad.grab", lambda device: None)
    made = {
        "gpio": lambda: pad_bench.gpio(tmp_path, mock_pins),
        "keypad": lambda: pad_bench.keypad(tmp_path),
        "frame": lambda: pad_bench.frames(tmp_path),
        "virtual": lambda: pad_bench.virtual(tmp_path),
    }[request.param]()
    yield made
    made.end()


def opened(bench: PadBench) -> Edges:
    edges: Edges = []
    bench.pad.open(lambda key, down, at_s: edges.append((key, down, at_s)))
    if "GPIO5" in bench.pad.lines:
        for key in bench.pad.keys:
            bench.set_key(key, False)  # a mock pin begins where its resistor pulls it
        edges.clear()
    return edges


def test_each_key_is_told_apart_with_its_moment(bench: PadBench) -> None:
    edges = opened(bench)
    began = time.monotonic()
    for count, key in enumerate(PAD_KEYS, start=1):
        bench.touch(key)
        until(lambda: len(edges) == 2 * count)  # noqa: B023
    assert [(key, down) for key, down, _ in edges] == [
        (key, down) for key in PAD_KEYS for down in (True, False)
    ]
    moments = [at_s for *_, at_s in edges]
    assert moments == sorted(moments)
    assert began <= moments[0] <= moments[-1] <= time.monotonic()


def test_a_held_key_is_one_edge(bench: PadBench) -> None:
    edges = opened(bench)
    bench.set_key("recall", True)
    until(lambda: edges)
    bench.touch("next")
    until(lambda: len(edges) >= 3)
    if bench.tells_of_opening:
        assert [edge[:2] for edge in edges] == [
            ("recall", True), ("next", True), ("next", False),
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("light", "seen"), [("on", "on"), ("blink", "blinking"), ("fast", "blinking")]
)
def test_each_lamp_is_as_told(bench: PadBench, light: Light, seen: str) -> None:
    opened(bench)
    first, *others = bench.pad.lamps
    bench.pad.show({lamp: light if lamp == first else "off" for lamp in PAD_LAMPS})
    until(lambda: bench.lit(first))
    assert bench.lamp(first) == seen
    assert not any(bench.lit(lamp) for lamp in others)
    bench.pad.show({first: "off"})
    until(lambda: not bench.lit(first))


def test_it_beeps_as_often_as_told_where_it_can(bench: PadBench) -> None:
    opened(bench)
    bench.pad.beep(3)
    if bench.pad.sounds:
        until(lambda: bench.beeps() == 3)
    else:
        assert bench.beeps() == 0


def test_closed_it_is_dark_and_deaf_and_can_be_opened_again(bench: PadBench) -> None:
    edges = opened(bench)
    first = bench.pad.lamps[0]
    bench.pad.show({first: "on"})
    until(lambda: bench.lit(first))
    bench.pad.close()
    bench.pad.close()
    assert not bench.lit(first)
    again = opened(bench)
    bench.touch("next")
    until(lambda: again)
    assert edges == []


def test_unplugged_it_says_so_and_works_when_it_is_back(bench: PadBench) -> None:
    if bench.unplug is None or bench.plug_in is None:
        bench.pad.check()
        return
    opened(bench)
    bench.pad.check()
    bench.unplug()

    def gone() -> bool:
        try:
            bench.pad.check()
        except PadUnavailable as error:
            return error.trouble == "absent"
        return False

    until(gone)
    bench.pad.close()
    with pytest.raises(PadUnavailable):
        opened(bench)
    bench.plug_in()
    edges = opened(bench)
    bench.pad.check()
    bench.touch("next")
    until(lambda: edges)


def test_it_says_what_it_is(bench: PadBench) -> None:
    assert bench.pad.keys == PAD_KEYS
    assert set(bench.pad.lamps) <= set(PAD_LAMPS)
    assert bench.pad.lines
    assert bench.pad.place


# What is one driver's own ---------------------------------------------------------------


def refusal(pad: Pad) -> PadUnavailable:
    with pytest.raises(PadUnavailable) as refused:
        pad.open(lambda key, down, at_s: None)
    return refused.value


def test_gpio_names_a_pin_that_is_taken_and_a_library_that_is_missing(
    tmp_path: Path, mock_pins: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = made("gpio", tmp_path, next_pin=5), made("gpio", tmp_path, next_pin=5)
    first.open(lambda key, down, at_s: None)
    assert "GPIO5" in str(refusal(second))
    first.close()
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "lgpio")
    monkeypatch.setenv("LG_WD", os.environ.get("LG_WD", str(tmp_path)))
    monkeypatch.setitem(sys.modules, "lgpio", None)
    missing = refusal(second)
    assert "pip install 'layso[gpio]'" in str(missing)
    assert missing.trouble == "pins"


@pytest.mark.parametrize(
    ("number", "trouble", "said"),
    [(16, "taken", "another program"), (13, "permission", "group input"), (25, "driver", "is no")],
)
def test_a_keypad_that_cannot_be_taken_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, trouble: str, said: str
) -> None:
    def grab(device: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("display.drivers.pad_keypad.grab", grab)
    bench = pad_bench.keypad(tmp_path)
    error = refusal(bench.pad)
    assert (error.trouble, said in str(error)) == (trouble, True)
    bench.end()


def test_what_is_no_input_device_is_not_read_as_one(tmp_path: Path) -> None:
    bench = pad_bench.keypad(tmp_path)  # a PTY is none, as the kernel says
    assert refusal(bench.pad).trouble == "driver"
    bench.end()
    assert refusal(made("keypad", tmp_path, device=str(tmp_path / "none"))).trouble == "absent"


def test_events_that_come_in_pieces_are_put_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.drivers.pad_keypad.grab", lambda device: None)
    line = pad_bench.Line(tmp_path / "kbd")
    pad = made("keypad", tmp_path, device=str(line.path))
    edges: Edges = []
    pad.open(lambda key, down, at_s: edges.append((key, down, at_s)))
    event = pad_bench.EVENT.pack(0, 0, 1, 96, 1)
    for byte in event:
        line.say(bytes([byte]))
        time.sleep(0.002)
    until(lambda: [edge[:2] for edge in edges] == [("next", True)])
    pad.close()
    line.unplug()


def test_a_pad_that_must_be_asked_is_asked_and_its_silence_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.drivers.pad_frame.SILENT_S", 0.3)
    line = pad_bench.Line(tmp_path / "ttyS0")
    options = {"port": str(line.path), "poll": "02 {unit} 05 {xor8} 03", "poll_ms": 20}
    pad = made("frame", tmp_path, unit=9, next="02 {unit} 4B {xor8} 03", **options)
    edges: Edges = []
    pad.open(lambda key, down, at_s: edges.append((key, down, at_s)))
    until(lambda: line.listen().count(b"\x02\x09\x05\x0e\x03") >= 2)
    line.say(b"\x02\x09\x4b\x40\x03")
    until(lambda: [edge[:2] for edge in edges] == [("next", True), ("next", False)])

    def silent() -> bool:
        try:
            pad.check()
        except PadUnavailable as error:
            return error.trouble == "silent"
        return False

    until(silent)
    pad.close()
    line.unplug()


def test_several_pads_share_a_port(tmp_path: Path) -> None:
    line = pad_bench.Line(tmp_path / "ttyS0")
    shared: dict[str, Any] = {}
    heard: list[str] = []
    pads = []
    for unit in (1, 2):
        faults: list[Any] = []
        options = {"port": str(line.path), "unit": unit, "next": "AA {unit} 01 {sum8} 55"}
        table = pad_bench.Table(options, f"pad[{unit}]", faults)
        factory = pad_bench.load(pad_bench.PAD_DRIVERS, "frame")
        pad = factory(table, counter=f"q{unit}", data_dir=tmp_path, shared=shared)
        pad.open(lambda key, down, at_s, unit=unit: heard.append(f"{unit} {key}") if down else None)
        pads.append(pad)
    line.say(b"\xaa\x02\x01\xad\x55")
    until(lambda: heard == ["2 next"])
    pads[0].close()
    line.say(b"\xaa\x01\x01\xac\x55\xaa\x02\x01\xad\x55")
    until(lambda: heard == ["2 next", "2 next"])
    pads[1].close()
    line.unplug()


def test_what_virtual_keeps_of_its_beeps_is_bounded(tmp_path: Path) -> None:
    pad = made("virtual", tmp_path)
    pad.open(lambda key, down, at_s: None)
    for _ in range(1010):
        pad.beep(1)
    pad.close()
    assert len((tmp_path / "pads/q1.beeps").read_text().splitlines()) == 1000
