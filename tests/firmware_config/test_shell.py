"""Every shell script is one that a strict reader has nothing to say of."""

import json
import subprocess
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import CHECKOUT, INSIDE, DebianRoot


def test_shellcheck_is_content(debian: DebianRoot) -> None:
    listed = subprocess.check_output(["git", "ls-files"], cwd=CHECKOUT, text=True).splitlines()
    scripts = [
        name
        for name in listed
        if (CHECKOUT / name).is_file() and (CHECKOUT / name).read_bytes().startswith(b"#!/bin/sh")
    ]
    assert {"firmware_config/install", "script/setup"} <= set(scripts)
    debian.run("shellcheck", *(f"{INSIDE}/{name}" for name in scripts))


STICK = "stick/firmware_config"
ECHO = """import json, os, subprocess, sys
child = subprocess.call([sys.executable, "-c", "import firmware_config"], stderr=-3)
print(json.dumps([os.getcwd(), __file__, sys.argv[1:], child]))
"""


@pytest.mark.parametrize("called", [STICK, "linked", "link-to-a-link"])
def test_install_runs_from_its_stick_and_stays_where_one_stands(
    tmp_path: Path, called: str
) -> None:
    made = tmp_path / STICK
    (made / "installer").mkdir(parents=True)
    (made / "install").write_bytes((CHECKOUT / "firmware_config/install").read_bytes())
    for name, text in {
        "__init__": "",
        "installer/__init__": "",
        "installer/__main__": ECHO,
    }.items():
        (made / f"{name}.py").write_text(text)
    stands = tmp_path / "where one stands"
    (stands / "firmware_config").mkdir(parents=True)  # Somebody else's: never run.
    (stands / "firmware_config/__init__.py").write_text("raise SystemExit(9)\n")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked/install").symlink_to(f"../{STICK}/install")
    (tmp_path / "link-to-a-link").mkdir()
    (tmp_path / "link-to-a-link/install").symlink_to("../linked/install")
    words = ["kiosk", "--wheels", "my wheels"]
    command = ["sh", f"../{called}/install", *words]
    done = subprocess.run(command, cwd=stands, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    ran = str(made / "installer/__main__.py")
    assert json.loads(done.stdout) == [str(stands), ran, words, 1]
