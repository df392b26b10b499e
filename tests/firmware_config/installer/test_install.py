"""The installer for real, in a throw-away Debian, with a stick and no network."""

import os
import shutil
import signal
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import CHECKOUT, DebianRoot
from tests.firmware_config.wheelhouse import another, stick

INSTALL = "/stick/firmware_config/install"
ANSWERS = ("kiosk", "--server", "http://127.0.0.1:9", "--centre", "lai-thieu", "--no-packages")
TOKEN = "/var/lib/layso/kiosk/token"
UNIT = "/etc/systemd/system/layso-kiosk.service"
STICK_UNITS = "/stick/firmware_config/systemd/units"
PUT_ONE_ASIDE = """
from pathlib import Path
from edge.database import Database
from edge.spool import Spool
database = Database(Path("/var/lib/layso/kiosk/kiosk.db"))
Spool(database).put("key-of-a-number", "ticket", {})
"""

NEXT_TABLES = """
import sqlalchemy as sa
from alembic import op
revision, down_revision = "9999", "{head}"
def upgrade():
    op.create_table("one_more", sa.Column("id", sa.Integer, primary_key=True))
def downgrade():
    op.drop_table("one_more")
"""


def newest_tables() -> str:
    """The revision that the checkout's own tables are at."""
    names = (CHECKOUT / "server/storage/migrations/versions").glob("[0-9]*.py")
    return max(path.name for path in names).split("_")[0]


class Box:
    """A fresh Debian with the stick in it."""

    def __init__(self, debian: DebianRoot) -> None:
        self.debian = debian

    def install(self, *words: str, status: int = 0) -> str:
        """Run the installer as a careful root; what it said."""
        careful = ("sh", "-c", 'umask 077; exec "$@"', "careful")
        done = self.debian.run(*careful, INSTALL, *words, check=False, timeout=110)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def tree(self) -> dict[str, str]:
        """Every file and folder of the box that lasts, with its kind, owner and content."""
        skip = ("proc", "sys", "dev", "run", "tmp", "stick", "srv")
        pruned = [word for name in skip for word in ("-path", f"/{name}", "-prune", "-o")]
        listed = self.debian.run(
            *("find", "/", *pruned, "-printf", "%p\t%y %m %U %l\n"), timeout=60
        )
        lines = (line.split("\t", 1) for line in listed.stdout.splitlines())
        noisy = ("/etc/passwd-", "/etc/group-", "/etc/shadow-", "/etc/gshadow-")
        return {
            path: kind for path, kind in lines if path not in noisy and "__pycache__" not in path
        }

    def kiosk(self, *words: str) -> "subprocess.CompletedProcess[str]":
        """Run the kiosk's program as its account."""
        account = ("runuser", "--user", "layso-kiosk", "--")
        return self.debian.run(*account, "/usr/local/bin/layso-kiosk", *words, check=False)

    def enrolled(self) -> None:
        """As if a code had been turned into a token."""
        self.debian.run(
            *("install", "-o", "layso-kiosk", "-m", "600", "/dev/stdin", TOKEN), text="ls_token\n"
        )

    def release(self) -> str:
        """The release in use."""
        return (self.debian.path / "opt/layso/current").readlink().name


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stick as `script/wheelhouse` makes it."""
    return stick(tmp_path_factory.mktemp("carried"), "kiosk")


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[DebianRoot]:
    """A fresh Debian of a test's own."""
    debian = DebianRoot(tmp_path)
    debian.start()
    yield debian
    debian.stop()


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
    said = box.install("--uninstall")
    assert "kept, it was changed: /etc/layso/kiosk.toml" in said
    assert debian.read(TOKEN) == "ls_token\n"
    debian.write("/etc/layso/kiosk.toml", mine)
    box.install(*ANSWERS)
    box.install("--uninstall", "--purge")
    assert box.tree() == before


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
    box.install("--upgrade", "--no-packages")
    assert f"previous: {version}" in box.install("--status")
    another(first, "0.10.0")
    box.install("--upgrade", "--no-packages")
    releases = (box.debian.path / "opt/layso/releases").iterdir()
    assert {folder.name for folder in releases} == {"0.10.0", "0.9.0"}


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


@pytest.mark.parametrize(
    "steps", [5, *(pytest.param(n, marks=pytest.mark.full) for n in (3, 6, 9, 13, 18))]
)
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


@pytest.mark.full
def test_a_server_keeps_its_data_through_a_failed_upgrade_and_a_way_back(
    bare: DebianRoot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    debian, box = bare, Box(bare)
    shutil.copytree(stick(tmp_path_factory.mktemp("carried"), "server"), debian.path / "stick")
    (first,) = (debian.path / "stick/wheels").glob("layso-*.whl")
    version = first.name.split("-")[1]
    answers = ("server", "--public-url", "http://10.0.0.5:8000", "--no-packages")
    box.install(*answers)
    assert "nothing changed" in box.install(*answers)
    mode = debian.run("stat", "--format=%a %U", "/etc/layso/server.env").stdout
    assert mode == "600 root\n"
    program = "/usr/local/bin/layso-server"
    assert "http://10.0.0.5:8000" in debian.run(program, "check-config").stdout
    data = "/var/lib/layso/server/layso.sqlite3"
    assert debian.run("stat", "--format=%U", data).stdout == "layso-server\n"

    another(first, "0.9.0", **{"server/config.py": "raise ImportError('left out')\n"})
    assert f"release {version} is in use as before" in box.install(
        "--upgrade", "--no-packages", status=1
    )
    (debian.path / "stick/wheels/layso-0.9.0-py3-none-any.whl").unlink()

    moved = "server/storage/migrations/versions/9999_one_more.py"
    another(first, "0.10.0", **{moved: NEXT_TABLES.format(head=newest_tables())})
    upgrade = (INSTALL, "--upgrade", "--no-packages")
    cut = debian.popen(*upgrade, stdout=subprocess.PIPE, start_new_session=True)
    while cut.stdout.readline() != "use release 0.10.0\n":
        assert cut.poll() is None
    os.killpg(cut.pid, signal.SIGKILL)  # the tables have moved already
    cut.communicate()
    assert f"use release {version}" in box.install(*answers, status=2)
    assert box.release() == version
    debian.run(program, "verify")
    box.install("--upgrade", "--no-packages")
    assert box.release() == "0.10.0"
    said = box.install("--rollback", status=4)
    assert "--lose-data accepts that" in said
    assert box.release() == "0.10.0"
    box.install("--rollback", "--lose-data")
    assert box.release() == version
    debian.run(program, "verify")
