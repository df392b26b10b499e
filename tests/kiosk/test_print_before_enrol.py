"""A printer is tried out on the bench, before the kiosk has a server or a token."""

from pathlib import Path

import pytest

from kiosk.cli import main

CONFIG = """
server = "http://127.0.0.1:8000"
token_file = "kiosk.token"
centre = "binh-duong"
[printer]
driver = "virtual"
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "kiosk.toml"
    path.write_text(CONFIG)
    return path


def test_a_slip_is_printed_without_a_token(
    config: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["print-test", "--config", str(config)]) == 0
    assert "printed" in capsys.readouterr().out
    assert list(config.parent.glob("var/kiosk/printer/*.png"))


def test_running_still_asks_for_enrolment(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-config", str(config)]) == 1
    assert "run enrol first" in capsys.readouterr().err
