"""screen.toml: what the screen shows, and every fault at once."""

from pathlib import Path

import pytest

from display.screen.config import BROWSER, load
from display.screen.turn import COMPOSITOR
from wire.checks import FaultyFile


def written(folder: Path, text: str) -> Path:
    path = folder / "screen.toml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> str:
    with pytest.raises(FaultyFile) as fault:
        load(written(folder, text))
    return str(fault.value)


def test_a_kiosk_shows_its_own_agent(tmp_path: Path) -> None:
    found = load(written(tmp_path, 'show = "kiosk"\n'))
    assert (found.page, found.token) == ("http://127.0.0.1:8100/", "")
    assert (found.compositor, found.browser) == (COMPOSITOR, BROWSER)


def test_a_hall_s_screen_has_its_token_and_zone(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("ls_secret\n")
    text = (
        'show = "hall"\nserver = "http://10.0.0.5:8000/"\ntoken_file = "token"\n'
        'centre = "binh-duong"\nzone = "khu-a"\nbrowser = "/usr/bin/other"\n'
    )
    found = load(written(tmp_path, text))
    assert found.page == "http://10.0.0.5:8000/hall/binh-duong?zone=khu-a"
    assert found.token == "ls_secret"
    assert "ls_secret" not in repr(found)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", ["show"]),
        ('show = "hal"\n', ["show"]),
        ('show = "kiosk"\nserver = "10.0.0.5"\n', ["server", "http://10.0.0.5:8000"]),
        ('show = "hall"\n', ["server", "centre", "token_file"]),
        ('show = "kiosk"\nbrowsr = "x"\n', ["browsr", "browser"]),
        ('show = "kiosk"\nrotate = 45\n', ["rotate", "0, 90, 180 or 270", "45"]),
        ('show = "kiosk"\nrotate = 360\n', ["rotate", "0, 90, 180 or 270", "360"]),
        ('show = "kiosk"\nrotate = 90\ncompositor = ["labwc"]\n', ["rotate", "cage"]),
    ],
)
def test_every_fault_is_named(tmp_path: Path, text: str, said: list[str]) -> None:
    found = faults(tmp_path, text)
    assert all(word in found for word in said), found
