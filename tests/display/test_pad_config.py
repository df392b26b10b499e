"""`[[pad]]` of display.toml: every fault with its key; and trying pads out by command."""

from collections.abc import Callable
from pathlib import Path

import pytest

from display.cli import main
from display.pads.config import PadConfig
from display.pads.self_test import try_pads
from tests.fakes.pad_bench import made

WriteConfig = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


def pad(driver: str, more: str = "", token: str = "display.token") -> str:
    return f'[[pad]]\ncounter = "q1"\ndriver = "{driver}"\ntoken_file = "{token}"\n{more}'


@pytest.mark.parametrize(
    ("pads", "said"),
    [
        ("", "panel: is missing; give a [[panel]] for each LED panel, a [[pad]] or [voice]"),
        (pad("gpoi"), "pad[1].driver: 'gpoi' is no driver here"),
        (pad("gpio"), "pad[1].next_pin: is missing"),
        (pad("gpio", "next_pin = 5\nhelp_pin = 5\n"), "pad[1].help_pin: 5 is next_pin already"),
        (pad("gpio", "next_pin = 5\nnxet = 5\n"), "pad[1].nxet: is not known here"),
        (pad("virtual", token="none"), "token create --role pad --counter ID"),
        (pad("virtual") * 2, "pad[2].driver: virtual pad q1 is taken by pad[1]"),
        (pad("keypad", 'next = "KPENTR"\n'), "did you mean 'KPENTER'?"),
        (pad("keypad", 'recall = "KPENTER"\n'), "pad[1].recall: 'KPENTER' is next already"),
        (pad("keypad", 'link_led = "num"\n'), "one light stands for two things"),
        (pad("frame", 'port = "/dev/x"\n'), "pad[1].next: is missing; give a frame"),
        (pad("frame", 'port = "/dev/x"\nnext = "AA {crc} 5"\n'), "part 2 '{crc}' is no field"),
        (pad("frame", 'port = "/dev/x"\nnext = "AA"\nhelp = "AA 01"\n'), "cannot be told apart"),
        (pad("frame", 'port = "/dev/x"\nnext = "AA"\ndata_bits = 7\n'), "needs data_bits = 8"),
        (pad("frame", 'port = "/dev/x"\nnext = "AA"\nlink_on = "01"\n'), "link_off: is missing"),
        (pad("virtual") + "[pads]\nquiet_s = 20\n", "pads.quiet_s: must be seconds from 0 to 10"),
    ],
)
def test_a_fault_is_named_with_its_key(
    write_config: WriteConfig, capsys: Captured, pads: str, said: str
) -> None:
    assert main(["check-config", str(write_config("http://h", pads))]) == 1
    assert said in capsys.readouterr().err


def test_pads_need_no_panels(write_config: WriteConfig, capsys: Captured) -> None:
    path = write_config("http://h", pad("virtual") + pad("gpio", "next_pin = 5\nhelp_pin = 6\n"))
    assert main(["check-config", str(path)]) == 0
    assert "in order, 0 panels, 2 pads" in capsys.readouterr().out


def test_panels_and_pads_may_share_a_port_of_one_speed(
    write_config: WriteConfig, capsys: Captured
) -> None:
    panel = '[[panel]]\ncounter = "q1"\ndriver = "modbus_rtu"\nport = "/dev/x"\nunit = 1\n'
    key = 'port = "/dev/x"\nnext = "AA 01"\n'
    assert main(["check-config", str(write_config("http://h", panel + pad("frame", key)))]) == 0
    slower = write_config("http://h", panel + pad("frame", key + "baud = 4800\n"))
    assert main(["check-config", str(slower)]) == 1
    assert "one bus has one speed" in capsys.readouterr().err


def test_the_self_test_opens_every_pad_and_names_what_it_cannot_open(
    write_config: WriteConfig, capsys: Captured
) -> None:
    missing = pad("keypad", 'device = "/dev/input/by-id/none"\n')
    path = write_config("http://h", pad("virtual") + missing)
    assert main(["self-test", "--config", str(path)]) == 1
    virtual, keypad = capsys.readouterr().out.splitlines()
    assert virtual.endswith("ok: next, recall, no_show, help")
    assert "FAILED: /dev/input/by-id/none: No such file" in keypad


def test_with_somebody_there_each_key_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("display.pads.self_test.LISTEN_S", 0.5)
    one = PadConfig("q1", "virtual", "token", made("virtual", tmp_path))
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if "press each key" in line:
            with (tmp_path / "pads" / "keys").open("a") as file:
                file.write("press q1 next\npress q1 recall\n")

    assert try_pads([one], somebody=True, say=say) == 1
    assert said[-1].endswith("FAILED: not heard: no_show, help")
