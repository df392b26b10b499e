"""A screen on its side: the command of a box under its real compositor, without a graphics card."""

import os
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from display.screen.app import OPTIONS
from display.screen.turn import COMPOSITOR, turned

CAGE_OF_TRIXIE = """#!/bin/sh
if [ "$1" = -h ]; then echo 'Usage: cage [OPTIONS] [--] APPLICATION'; exit; fi
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""
RANDR = """#!/bin/sh
if [ $# -gt 0 ]; then echo "$@" >>"${0%/*}/turned"; exit; fi
printf '%s\\n' 'HDMI-A-1 "Screen"' '  Modes:' '    1920x1080 px' 'HDMI-A-2 "Other"' '  Scale: 1'
"""


@pytest.fixture
def runtime() -> Iterator[Path]:
    """A folder of an account that is nobody's, as cage refuses to be root's."""
    with tempfile.TemporaryDirectory() as name:
        shutil.chown(name, "nobody")
        yield Path(name)


@pytest.mark.browser
@pytest.mark.parametrize(("degrees", "size"), [(0, (1280, 720)), (90, (720, 1280))])
def test_the_picture_is_turned(runtime: Path, degrees: int, size: tuple[int, int]) -> None:
    page = runtime / "page.html"
    page.write_text("<title>x</title>")
    nobody = ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")
    headless = {
        "WLR_BACKENDS": "headless",
        "WLR_RENDERER": "pixman",
        "WLR_LIBINPUT_NO_DEVICES": "1",
    }
    environ = {"PATH": os.environ["PATH"], "XDG_RUNTIME_DIR": str(runtime), "HOME": str(runtime)}
    browser = ("/usr/lib/chromium/chromium", "--no-sandbox", f"--user-data-dir={runtime}/profile")
    words = [*nobody, *turned(degrees), *browser, *OPTIONS, page.as_uri()]
    shown = subprocess.Popen(
        words, env=environ | headless, stderr=subprocess.PIPE, start_new_session=True
    )
    try:
        taken = runtime / "taken.png"
        grim = [*nobody, "grim", str(taken)]
        end = time.monotonic() + 30
        while subprocess.run(grim, env=environ | {"WAYLAND_DISPLAY": "wayland-0"}).returncode:
            assert shown.poll() is None, shown.communicate()
            assert time.monotonic() < end
            time.sleep(0.2)
        assert struct.unpack(">II", taken.read_bytes()[16:24]) == size
    finally:
        os.killpg(shown.pid, 9)
        shown.communicate()


def test_a_newer_cage_is_turned_from_inside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, text in {"cage": CAGE_OF_TRIXIE, "wlr-randr": RANDR}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert turned(0) == COMPOSITOR
    said = subprocess.check_output([*turned(270), "echo", "a b", "c"], text=True)
    assert said == "a b c\n"
    assert (tmp_path / "turned").read_text().splitlines() == [
        "--output HDMI-A-1 --transform 270", "--output HDMI-A-2 --transform 270",
    ]  # fmt: skip
