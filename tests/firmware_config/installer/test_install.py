"""The installer for real, in a throw-away Debian, with a stick and no network."""

import os
import shutil
import signal
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import DebianRoot
from tests.firmware_config.installed import INSTALL, TOKEN, Box
from tests.firmware_config.wheelhouse import another, stick

ANSWERS = ("kiosk", "--server", "http://127.0.0.1:9", "--centre", "lai-thieu", "--no-packages")
UNIT = "/etc/systemd/system/layso-kiosk.service"
STICK_UNITS = "/stick/firmware_config/systemd/units"
PUT_ONE_ASIDE = """
from pathlib import Path
from edge.database import Database
from edge.spool import Spool
database = Database(Path("/var/lib/layso/kiosk/kiosk.db"))
Spool(database).put("key-of-a-number", "ticket", {})
"""


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stick as `script/wheelhouse` makes it."""
    return stick(tmp_path_factory.mktemp("carried"), "kiosk")


@pytest.fixture
def box(bare: DebianRoot, carried: Path) -> Box:
    """A fresh Debian with the stick in it."""
    shutil.copytree(carried, bare.path / "stick")
    return Box(bare)


def test_a_kiosk_from_nothing_to_nothing(box: Box) -> None:
    debian = box.debian
    before = box.tree()
    assert "--server" in box.install("kiosk", "--no-packages", status=2)
    said = box.install(*ANSWERS, "--dry-run")
    assert "[dry] unit layso-kiosk.service" in said
    assert box.tree() == before

    box.install(*ANSWERS)
    done = box.tree()
    assert "nothing changed" in box.install("kiosk", "--no-packages")
    assert "nothing changed" in box.install(*ANSWERS)
    assert box.tree() == done
    assert debian.run("systemctl", "is-enabled", "layso-kiosk.service").stdout == "enabled\n"
    assert debian.run("systemctl", "is-enabled", "layso-screen.service").stdout == "enabled\n"
    assert "run enrol first" in box.kiosk("check-config", "/etc/layso/kiosk.toml").stderr
    box.enrolled()
    assert box.kiosk("check-config", "/etc/layso/kiosk.toml").returncode == 0
    as_root = debian.run(
        "/usr/local/bin/layso-kiosk", "outbox", "--config", "/etc/layso/kiosk.toml"
    )
    assert as_root.stdout == "0\n"
    assert debian.run("find", "/var/lib/layso/kiosk", "-user", "root").stdout == ""
    assert '"http://127.0.0.1:8100"' in debian.read("/etc/chromium/policies/managed/layso.json")

    mine = debian.read("/etc/layso/kiosk.toml").replace("paper_mm = 80", "paper_mm = 58")
    debian.write("/etc/layso/kiosk.toml", mine)
    box.install(*ANSWERS)
    assert debian.read("/etc/layso/kiosk.toml") == mine
    assert not (debian.path / "etc/layso/kiosk.toml.new").exists()
    other = ("kiosk", "--server", "http://10.0.0.9:8000", "--no-packages")
    box.install(*other)
    assert debian.read("/etc/layso/kiosk.toml") == mine
    assert "10.0.0.9" in debian.read("/etc/layso/kiosk.toml.new")

    debian.write("/etc/layso/kiosk.toml", f"{mine}server = ")
    assert "/etc/layso/kiosk.toml is not TOML" in box.install("kiosk", status=1)
    assert "/etc/layso/kiosk.toml: not valid TOML" in box.install("--uninstall", status=3)
    said = box.install("--uninstall", "--lose-outbox")
    assert "kept, it was changed: /etc/layso/kiosk.toml" in said
    assert debian.read(TOKEN) == "ls_token\n"
    debian.write("/etc/layso/kiosk.toml", mine)
    box.install(*ANSWERS)
    box.install("--uninstall", "--purge")
    assert box.tree() == before


@pytest.mark.full
def test_another_release_and_back(box: Box) -> None:
    wheels = box.debian.path / "stick/wheels"
    (first,) = wheels.glob("layso-*.whl")
    version = first.name.split("-")[1]
    box.install(*ANSWERS)
    box.enrolled()
    assert "no release to go back to" in box.install("--rollback", status=1)

    another(first, "0.9.0", **{"kiosk/config.py": "raise ImportError('left out')\n"})
    said = box.install("--upgrade", "--no-packages", status=1)
    assert f"release {version} is in use as before" in said
    assert box.release() == version
    assert box.kiosk("check-config", "/etc/layso/kiosk.toml").returncode == 0
    for wheel in wheels.glob("layso-0.9.0-*"):
        wheel.unlink()

    another(first, "0.10.0")
    older = box.debian.read(UNIT)
    newer = older.replace("MemoryMax=400M", "MemoryMax=420M")
    box.debian.write(f"{STICK_UNITS}/layso-kiosk.service", newer)
    box.install("--upgrade", "--no-packages")
    assert box.debian.read(UNIT) == newer
    assert box.release() == "0.10.0"
    assert box.kiosk("check-config", "/etc/layso/kiosk.toml").returncode == 0
    assert "in use already" in box.install("--upgrade", "--no-packages")
    assert "--upgrade brings" not in box.install("kiosk", "--no-packages")
    box.install("--rollback")
    assert box.release() == version
    assert box.debian.read(UNIT) == older
    assert "previous: 0.10.0" in box.install("--status")


def test_what_fails_after_the_switch_leaves_everything_as_it_was(box: Box) -> None:
    wheels = box.debian.path / "stick/wheels"
    (first,) = wheels.glob("layso-*.whl")
    version = first.name.split("-")[1]
    box.install(*ANSWERS)
    older = box.debian.read(UNIT)
    with zipfile.ZipFile(first, "a") as wheel:
        wheel.writestr("edge/more.py", "")
    assert f"another build of {version} is in use" in box.install(*ANSWERS, status=1)

    another(first, "0.9.0")
    assert "the stick is damaged" in box.install("--upgrade", "--no-packages", status=1)
    (wheels / "SHA256SUMS").unlink()
    box.debian.write(f"{STICK_UNITS}/layso-kiosk.service", older.replace("400M", "420M"))
    drop_in = "layso-kiosk.service.d/90-more.conf"
    box.debian.write(f"{STICK_UNITS}/{drop_in}", "[Service]\nNice=1\n")
    in_its_way = f"{UNIT.rpartition('/')[0]}/{drop_in}/full"
    box.debian.write(in_its_way, "")
    assert f"release {version} is in use as before" in box.install(
        "--upgrade", "--no-packages", status=1
    )
    assert box.release() == version
    assert "previous: -" in box.install("--status")
    assert box.debian.read(UNIT) == older
    assert box.kiosk("outbox", "--config", "/etc/layso/kiosk.toml").stdout == "0\n"

    shutil.rmtree((box.debian.path / in_its_way.lstrip("/")).parent)
    box.cut("change.switch", "--upgrade", "--no-packages")
    assert "cut off:  upgrade" in box.install("--status")
    assert f"cut off: upgrade {version} -> 0.9.0" in box.install(*ANSWERS, status=2)
    assert box.release() == version
    box.cut("change.Change._end_upgrade", "--upgrade", "--no-packages")
    assert "cut off: upgrade" in box.install(*ANSWERS)  # it may have served: on, not back
    assert box.release() == "0.9.0"
    assert box.debian.read(f"{UNIT.rpartition('/')[0]}/{drop_in}")
    assert f"previous: {version}" in box.install("--status")
    (box.debian.path / STICK_UNITS.lstrip("/") / drop_in).unlink()
    another(first, "0.10.0")
    box.install("--upgrade", "--no-packages")
    releases = (box.debian.path / "opt/layso/releases").iterdir()
    assert {folder.name for folder in releases} == {"0.10.0", "0.9.0"}
    there = box.debian.path / UNIT.lstrip("/")
    assert not (there.parent / drop_in).exists()
    box.install("--rollback")
    assert (there.parent / drop_in).exists()
    assert "--upgrade brings it in" in box.install("--rollback", status=2)


def test_a_role_that_cannot_be_added_leaves_the_others_working(box: Box) -> None:
    box.install(*ANSWERS)
    done = box.install("--status")
    more = ("server", *ANSWERS, "--public-url", "http://10.0.0.5:8000")
    assert "layso[kiosk,server]" in box.install(*more, status=1)  # the stick has no wheels for it
    assert box.install("--status") == done
    assert box.kiosk("outbox", "--config", "/etc/layso/kiosk.toml").stdout == "0\n"
    pipe = subprocess.PIPE
    hold = ("flock", "/run/layso-install.lock", "sh", "-c", "echo held; exec cat")
    other = box.debian.popen(*hold, stdin=pipe, stdout=pipe)
    assert other.stdout.readline() == "held\n"
    assert "another installation is running" in box.install(*ANSWERS, status=1)
    other.communicate()
    box.install(*ANSWERS)


def test_nothing_is_taken_away_while_numbers_wait(box: Box) -> None:
    box.install(*ANSWERS)
    box.enrolled()
    python = "/opt/layso/current/bin/python"
    box.debian.run("runuser", "--user", "layso-kiosk", "--", python, "-c", PUT_ONE_ASIDE)
    done = box.tree()
    for words in (("--uninstall",), ("--upgrade",), ("--rollback",), ("--uninstall", "--purge")):
        assert "1 numbers to hand in" in box.install(*words, status=3)
    assert box.tree() == done
    box.install("--uninstall", "--purge", "--lose-outbox")
    assert not (box.debian.path / "var/lib/layso").exists()


@pytest.mark.full
@pytest.mark.parametrize("steps", [3, 5, 6, 9, 13, 18])
def test_a_power_cut_is_made_good_by_the_same_run_again(box: Box, steps: int) -> None:
    pipe = subprocess.PIPE
    cut = box.debian.popen(INSTALL, *ANSWERS, stdout=pipe, start_new_session=True)
    for _ in range(steps):
        cut.stdout.readline()
    os.killpg(cut.pid, signal.SIGKILL)
    cut.communicate()
    box.install(*ANSWERS)
    assert "nothing changed" in box.install(*ANSWERS)
    assert box.kiosk("outbox", "--config", "/etc/layso/kiosk.toml").stdout == "0\n"
