"""layso-display as an installer uses it: exit status, words, and a real process."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from display.cli import main
from tests.display.conftest import virtual
from tests.edge.test_link import eventually
from tests.fakes.bus import BusServer, PtyBus
from tests.fakes.socket_server import LiveServer

COMMAND = str(Path(sys.executable).with_name("layso-display"))
WriteConfig = Callable[..., Path]
Captured = pytest.CaptureFixture[str]


def test_check_config_names_every_fault_a_line_each(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "display.toml"
    path.write_text(
        'server = "10.0.0.5"\ntoken_file = "none"\ncentre = "c"\nlissten = "x"\n'
        '[[panel]]\ncounter = "Q 1"\ndriver = "modbus-rtu"\n'
        '[[panel]]\ncounter = "q2"\ndriver = "modbus_rtu"\nunit = 300\nspeed = 9600\n'
    )
    assert main(["check-config", str(path)]) == 1
    lines = capsys.readouterr().err.splitlines()
    places = [line.split(":")[0] for line in lines]
    assert set(places) == {
        "server", "token_file", "lissten", "panel[1].counter", "panel[1].driver",
        "panel[2].unit", "panel[2].port", "panel[2].speed",
    }  # fmt: skip
    assert any("did you mean 'listen'" in line for line in lines)
    assert any("did you mean 'modbus_rtu'" in line for line in lines)


def test_a_good_config_is_in_order(write_config: WriteConfig, capsys: Captured) -> None:
    path = write_config("http://10.0.0.5:8000", virtual("q1", "q2"))
    assert main(["check-config", str(path)]) == 0
    assert "2 panels" in capsys.readouterr().out


def test_a_bus_with_too_many_panels_is_a_warning(
    write_config: WriteConfig, capsys: Captured
) -> None:
    def panels(count: int) -> str:
        return "".join(
            f'[[panel]]\ncounter = "q{n}"\ndriver = "modbus_rtu"\nport = "/dev/x"\n'
            f"baud = 2400\nunit = {n}\n"
            for n in range(1, count + 1)
        )

    assert main(["check-config", str(write_config("http://h", panels(12)))]) == 0
    assert capsys.readouterr().err == ""
    assert main(["check-config", str(write_config("http://h", panels(13)))]) == 0
    assert "13 panels on /dev/x at 2400 baud, where 12 at most" in capsys.readouterr().err


def test_a_config_without_panels_or_without_a_file(
    write_config: WriteConfig, capsys: Captured, tmp_path: Path
) -> None:
    assert main(["check-config", str(write_config("http://h", ""))]) == 1
    assert "give a [[panel]]" in capsys.readouterr().err
    assert main(["run", "--config", str(tmp_path / "none.toml")]) == 1
    assert "cannot be read" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [[], ["fly"], ["run"], ["enrol", "--server", "x"]])
def test_wrong_usage_is_2(wrong: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(wrong)
    assert caught.value.code == 2


def test_self_test_walks_every_panel_and_names_the_dead_one(
    write_config: WriteConfig, tmp_path: Path, capsys: Captured
) -> None:
    folder = tmp_path / "bus"
    folder.mkdir()
    bus = PtyBus(folder)
    far = BusServer(bus.far_port, [1])
    modbus = f'driver = "modbus_rtu"\nport = "{bus.agent_port}"\nunit = 1\n'
    gone = 'driver = "modbus_rtu"\nport = "/dev/ttyNONE"\nunit = 2\n'
    panels = virtual("q1") + f'[[panel]]\ncounter="q2"\n{modbus}[[panel]]\ncounter="q3"\n{gone}'
    path = write_config("http://10.0.0.5:8000", panels)
    assert main(["self-test", "--config", str(path), "--pause", "0"]) == 1
    one, two, three = capsys.readouterr().out.splitlines()
    assert one.startswith("q1")
    assert "ok" in one
    assert "ok" in two
    assert "FAILED: /dev/ttyNONE" in three
    assert bus.heard[0].hex() == "01100000" + "0006" + "0c" + "0038" * 6 + "746f"
    assert far.text(1) == "      "
    far.stop()
    bus.close()


def test_run_serves_until_it_is_told_to_stop(
    server: LiveServer, write_config: WriteConfig, free_port: Callable[[], int]
) -> None:
    port = free_port()
    path = write_config(server.url, virtual("q1"))
    path.write_text(path.read_text().replace("127.0.0.1:0", f"127.0.0.1:{port}"))
    server.call("q1", "H047")
    process = subprocess.Popen([COMMAND, "run", "--config", str(path)], stderr=subprocess.PIPE)

    def text() -> str:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/panels") as answer:
                return str(json.load(answer)[0]["text"])
        except OSError:
            return ""

    eventually(lambda: text() == "H047", within_s=15)
    resident = Path(f"/proc/{process.pid}/status").read_text().split("VmRSS:")[1].split()[0]
    print(f"resident: {int(resident) / 1024:.1f} MB")
    assert int(resident) < 80 * 1024
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=8)
    assert process.returncode == 0
    assert b"Traceback" not in said


def test_a_taken_port_is_one_line(write_config: WriteConfig, capsys: Captured) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        path = write_config("http://10.0.0.5:8000", virtual("q1"))
        taken = f"127.0.0.1:{other.getsockname()[1]}"
        path.write_text(path.read_text().replace("127.0.0.1:0", taken))
        assert main(["run", "--config", str(path)]) == 1
    assert capsys.readouterr().err.strip() == (
        f"{taken} is taken by another program; stop it or change 'listen' in the config"
    )
