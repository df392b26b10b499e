"""A server's data through upgrades that fail, cuts, ways back, and a day's work in between."""

import shutil
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import CHECKOUT, INSIDE, DebianRoot
from tests.firmware_config.installed import Box
from tests.firmware_config.wheelhouse import another, stick

PROGRAM = "/usr/local/bin/layso-server"
DATA = "/var/lib/layso/server/layso.sqlite3"
COPY = "/var/lib/layso/backups/before-0.10.0.db"
ANSWERS = ("server", "--public-url", "http://10.0.0.5:8000", "--no-packages")
UPGRADE = ("--upgrade", "--no-packages")
BACK = ("--rollback", "--lose-data")

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


class Lobby:
    """A server on a box, with a release on the stick whose tables are newer."""

    def __init__(self, debian: DebianRoot, carried: Path) -> None:
        self.debian, self.box = debian, Box(debian)
        shutil.copytree(carried, debian.path / "stick")
        (first,) = (debian.path / "stick/wheels").glob("layso-*.whl")
        self.version = first.name.split("-")[1]
        self.box.install(*ANSWERS)
        moved = "server/storage/migrations/versions/9999_one_more.py"
        another(first, "0.10.0", **{moved: NEXT_TABLES.format(head=newest_tables())})

    def work(self, name: str) -> None:
        """Something is written: a centre comes in."""
        file = f"{INSIDE}/simulation/data/centres/{name}.toml"
        self.debian.run(PROGRAM, "centre", "import", file)

    def knows(self, name: str) -> bool:
        """Whether a centre is there, in a database that is whole."""
        self.debian.run(PROGRAM, "verify")
        return not self.debian.run(PROGRAM, "centre", "export", name, check=False).returncode

    def asides(self) -> list[Path]:
        """Databases that were put aside."""
        return sorted((self.debian.path / DATA.lstrip("/")).parent.glob("layso.sqlite3.before-*"))


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stick as `script/wheelhouse` makes it."""
    return stick(tmp_path_factory.mktemp("carried"), "server")


@pytest.fixture
def lobby(bare: DebianRoot, carried: Path) -> Lobby:
    """A server on a fresh Debian."""
    return Lobby(bare, carried)


@pytest.mark.timeout(400)
@pytest.mark.full
def test_a_server_keeps_its_data_through_a_failed_upgrade_and_a_way_back(lobby: Lobby) -> None:
    debian, box = lobby.debian, lobby.box
    assert debian.run("stat", "--format=%a %U", "/etc/layso/server.env").stdout == "600 root\n"
    assert debian.run("stat", "--format=%U", DATA).stdout == "layso-server\n"
    quoted = debian.read("/etc/layso/server.env").replace("=http://10.0.0.5:8000", "='http://a:1'")
    debian.write("/etc/layso/server.env", quoted, 0o600)
    assert "http://a:1" in debian.run(PROGRAM, "check-config").stdout
    lobby.work("ward-lai-thieu")

    wheels = debian.path / "stick/wheels"
    (newer,) = wheels.glob("layso-0.10.0-*")
    another(newer, "0.11.0", **{"server/config.py": "raise ImportError('left out')\n"})
    assert f"release {lobby.version} is in use as before" in box.install(*UPGRADE, status=1)
    (wheels / "layso-0.11.0-py3-none-any.whl").unlink()

    box.cut("change.switch", *UPGRADE)  # the tables have moved, and nobody can use them yet
    assert "database put aside" in box.install(*ANSWERS, status=2)
    assert box.release() == lobby.version
    assert lobby.knows("ward-lai-thieu")

    box.cut("change.Change._end_upgrade", *UPGRADE)
    lobby.work("ward-di-an")  # the newer release serves before anybody looks at the box
    assert "cut off: upgrade" in box.install(*ANSWERS)
    assert box.release() == "0.10.0"
    assert lobby.knows("ward-di-an")


@pytest.mark.timeout(400)
@pytest.mark.full
def test_a_way_back_takes_no_more_than_was_accepted(lobby: Lobby) -> None:
    box = lobby.box
    box.install(*UPGRADE)
    lobby.work("ward-lai-thieu")
    assert "--lose-data accepts that" in box.install("--rollback", status=4)
    assert box.release() == "0.10.0"
    box.cut("change.Change._cross_out", *BACK)
    lobby.work("ward-di-an")  # the older release serves before anybody looks at the box
    assert "cut off: rollback" in box.install(*ANSWERS, status=2)
    assert box.release() == lobby.version
    assert lobby.knows("ward-di-an")
    assert not lobby.knows("ward-lai-thieu")
    assert len(lobby.asides()) == 1

    assert "--upgrade brings it in" in box.install("--rollback", status=2)
    box.install(*UPGRADE)
    lobby.work("ward-lai-thieu")
    box.install(*BACK)
    assert len(lobby.asides()) == 2  # what was lost twice is there twice
    assert lobby.knows("ward-di-an")

    box.install(*UPGRADE)
    (lobby.debian.path / COPY.lstrip("/")).write_bytes(b"no database")
    assert "is gone or damaged" in box.install(*BACK, status=1)
    assert box.release() == "0.10.0"
    assert lobby.knows("ward-di-an")
