"""`[[button]]`, `[keys]` and `[scanner]`: every fault by its name; nothing is opened for it."""

from pathlib import Path

import pytest

from kiosk.config import load
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import write_config
from wire.checks import FaultyFile

GPIO = '[[button]]\ndriver = "gpio"\n'


def faults(folder: Path, server: QueueServer, extra: str) -> list[str]:
    with pytest.raises(FaultyFile) as refused:
        load(write_config(folder, server, extra=extra))
    return [str(fault) for fault in refused.value.faults]


def test_the_contracts_own_example(tmp_path: Path, server: QueueServer) -> None:
    extra = f'{GPIO}pin = 17\nservice = "ho-tich"\n'
    (key,) = load(write_config(tmp_path, server, extra=extra)).keys.keys
    assert (key.service, key.priority, key.language) == ("ho-tich", "none", "vi")
    assert key.button.lines == ("GPIO17",)
    assert not (tmp_path / "data").exists()


def test_all_that_a_key_may_be_told(tmp_path: Path, server: QueueServer) -> None:
    extra = (
        "[keys]\ndebounce_s = 0.2\nquiet_s = 0\n"
        f'{GPIO}pin = 17\nled_pin = 27\npull = "none"\nactive = "high"\nservice = "ho-tich"\n'
        f'{GPIO}pin = 22\npull = "down"\nservice = "ho-tich"\npriority = "elderly"\n'
        '[[button]]\ndriver = "virtual"\nnumber = 1\nservice = "ho-tich"\nlanguage = "en"\n'
        '[scanner]\ndriver = "serial"\nport = "/dev/ttyACM0"\nbaud = 115200\nelderly_age = 65\n'
    )
    config = load(write_config(tmp_path, server, extra=extra))
    assert (config.keys.debounce_s, config.keys.quiet_s) == (0.2, 0)
    assert [key.button.lines for key in config.keys.keys] == [
        ("GPIO17", "GPIO27"), ("GPIO22",), ("virtual key 1",)
    ]  # fmt: skip
    assert (config.scanner.driver, config.scanner.elderly_age) == ("serial", 65)
    assert config.scanner.scanner is not None
    assert config.scanner.scanner.place == "/dev/ttyACM0"


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        (
            f'{GPIO}pin = 17\nservice = "a"\n{GPIO}pin = 17\nservice = "b"\n',
            "button[2].driver: GPIO17 is taken by button[1]",
        ),
        (
            f'{GPIO}pin = 17\nled_pin = 5\nservice = "a"\n{GPIO}pin = 5\nservice = "b"\n',
            "button[2].driver: GPIO5 is taken by button[1]",
        ),
        (
            f'{GPIO}pin = 17\nled_pin = 17\nservice = "a"\n',
            "button[1].led_pin: 17 is the key's own pin",
        ),
        (
            f'{GPIO}pin = 17\nservice = "a"\n{GPIO}pin = 5\nservice = "a"\n',
            "button[2].service: 'a' has a key already, button[1]",
        ),
        (
            '[[button]]\ndriver = "gpoi"\npin = 17\nservice = "a"\n',
            "button[1].driver: 'gpoi' is no driver here (gpio, virtual); did you mean 'gpio'?",
        ),
        (f'{GPIO}pin = 17\nservice = "a"\npul = "up"\n', "did you mean 'pull'"),
        (f'{GPIO}pin = 40\nservice = "a"\n', "button[1].pin: must be a BCM pin number"),
        (f'{GPIO}service = "a"\n', "button[1].pin: is missing"),
        (f"{GPIO}pin = 17\n", "button[1].service: is missing"),
        (f'{GPIO}pin = 17\nservice = "a"\npull = "none"\n', "button[1].active: is missing"),
        (f'{GPIO}pin = 17\nservice = "a"\npriority = "old"\n', "button[1].priority: 'old'"),
        ('[[button]]\nservice = "a"\n', "button[1].driver: is missing"),
        ("[keys]\ndebounce_s = 9\n", "keys.debounce_s: must be seconds from 0.02 to 2"),
        ("[keys]\nquiet = 1\n", "did you mean 'quiet_s'"),
        ('[scanner]\ndriver = "serail"\n', "did you mean 'serial'"),
        ('[scanner]\ndriver = "serial"\n', "scanner.port: is missing"),
        ('[scanner]\ndriver = "serial"\nport = "x"\nbaud = 9601\n', "scanner.baud: must be one of"),
        ('[scanner]\ndriver = "keyboard"\nport = "x"\n', "scanner.port: is not known here"),
        (
            '[scanner]\ndriver = "keyboard"\nelderly_age = 10\n',
            "scanner.elderly_age: must be years",
        ),
    ],
)
def test_every_fault_has_its_name(
    tmp_path: Path, server: QueueServer, extra: str, told: str
) -> None:
    found = faults(tmp_path, server, extra)
    assert [line for line in found if told in line], found
    assert len(found) == 1, found


def test_three_keys_on_one_pin_are_two_faults(tmp_path: Path, server: QueueServer) -> None:
    extra = "".join(f'{GPIO}pin = 17\nservice = "{name}"\n' for name in "abc")
    assert len(faults(tmp_path, server, extra)) == 2
