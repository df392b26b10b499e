"""kiosk.toml and the command line: every fault at once, one line each, and the exit status."""

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk import cli
from tests.fakes.printer_emulator import PrinterEmulator
from tests.fakes.queue_server import QueueServer
from tests.kiosk.kiosk_stage import write_config


def run(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    status = cli.main([str(word) for word in words])
    said = capsys.readouterr()
    return status, said.out, said.err


def test_a_good_file(
    tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "check-config", write_config(tmp_path, server))
    assert (status, err) == (0, "")
    assert "virtual" in out
    assert not (tmp_path / "data").exists()


def test_every_fault_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text(
        'server = "10.0.0.5"\ntoken_file = "none.token"\ncentre = "Bình Dương"\n'
        'listn = "127.0.0.1:8100"\n[printer]\ndriver = "network"\npaper_mm = 60\nprot = 9100\n'
        "[press]\nburst = 0\n",
        encoding="utf-8",
    )
    status, _, err = run(capsys, "check-config", path)
    assert status == 1
    lines = err.splitlines()
    for key, hint in [
        ("server", "http://"), ("token_file", "enrol"), ("centre", "id"),
        ("listn", "did you mean 'listen'"), ("printer.host", "missing"),
        ("printer.paper_mm", "58 or 80"), ("printer.prot", "did you mean 'port'"),
        ("press.burst", "from 1 to 1000"),
    ]:  # fmt: skip
        assert [line for line in lines if line.startswith(f"{key}:") and hint in line], (key, err)
    assert len(lines) == 8


@pytest.mark.parametrize(
    ("printer", "told"),
    [
        ("", "printer: is missing"),
        ("[printer]\n", "printer.driver: is missing"),
        ('[printer]\ndriver = "netwrk"\n', "did you mean 'network'"),
        ("printer = 5\n", "must be a table"),
    ],
)
def test_the_printer_is_needed(
    tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str], printer: str, told: str
) -> None:
    path = write_config(tmp_path, server, printer=printer)
    status, _, err = run(capsys, "check-config", path)
    assert status == 1
    assert told in err


def test_a_malformed_file_names_its_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "kiosk.toml"
    path.write_text('server = "http://x"\ncentre = \n')
    status, _, err = run(capsys, "check-config", path)
    assert status == 1
    assert "line 2" in err
    assert run(capsys, "check-config", tmp_path / "nothing.toml")[0] == 1


@pytest.mark.parametrize("words", [[], ["dance"], ["run"], ["check-config"]])
def test_wrong_usage_is_2(words: list[str]) -> None:
    command = [sys.executable, "-m", "kiosk.cli", *words]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2


def test_a_taken_port_is_one_line(
    tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path, server, port=server.port)
    status, _, err = run(capsys, "run", "--config", path)
    assert status == 1
    assert err.count("\n") == 1
    assert "taken" in err


def test_self_test_in_health_and_trouble(
    tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write_config(tmp_path, server)
    status, out, err = run(capsys, "self-test", "--config", path)
    assert (status, err) == (0, "")
    assert out.count("ok") >= 4
    server.stop()
    status, _, err = run(capsys, "self-test", "--config", path)
    assert status == 1
    assert err.startswith("server: FAILED")


def test_self_test_looks_at_keys_and_scanner(
    tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = '[[button]]\ndriver = "virtual"\nnumber = 1\nservice = "ho-tich"\n'
    scanner = f'[scanner]\ndriver = "serial"\nport = "{tmp_path / "ttyACM9"}"\n'
    path = write_config(tmp_path, server, extra=keys + scanner)
    status, out, err = run(capsys, "self-test", "--config", path)
    assert status == 1
    assert "key for ho-tich: ok, virtual key 1" in out
    assert err.startswith("scanner: FAILED")
    assert "ttyACM9" in err


def test_print_test_prints_one_slip(
    tmp_path: Path, server: QueueServer, capsys: pytest.CaptureFixture[str]
) -> None:
    emulator = PrinterEmulator()
    printer = f'[printer]\ndriver = "network"\nhost = "127.0.0.1"\nport = {emulator.port}\n'
    path = write_config(tmp_path, server, printer=printer)
    status, out, _ = run(capsys, "print-test", "--config", path)
    assert (status, out.split(",")[0]) == (0, "printed")
    emulator.trouble = "paper_out"
    status, _, err = run(capsys, "print-test", "--config", path)
    assert (status, err) == (1, "the printer is out of paper\n")
    assert len(emulator.printed()) == 1
    emulator.close()
