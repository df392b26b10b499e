"""The units as systemd itself reads them: whole, and with little that they may do."""

import re
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import INSIDE, DebianRoot
from tests.firmware_config.unit import UNITS, values

CONFIG = f"{INSIDE}/firmware_config/systemd"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))
TIMERS = sorted(path.name for path in UNITS.glob("*.timer"))
LASTING = [name for name in SERVICES if name.replace("service", "timer") not in TIMERS]
THRESHOLD = "20"
"""Tenths of systemd's own scale of exposure, from 0 to 10."""

PLACE = f"""
cp -r {CONFIG}/units/* /etc/systemd/system/
cp {CONFIG}/sysusers.d/* /usr/lib/sysusers.d/
cp {CONFIG}/tmpfiles.d/* /usr/lib/tmpfiles.d/
systemd-sysusers
mkdir -p /var/lib/layso /opt/layso/current/bin
systemd-tmpfiles --create layso.conf
for name in server kiosk display screen; do
    install -m 755 /bin/true /opt/layso/current/bin/layso-$name
done
"""


@pytest.fixture(scope="module")
def box(debian: DebianRoot) -> DebianRoot:
    """A Debian with the units in their places."""
    debian.run("sh", "-euc", PLACE)
    return debian


@pytest.mark.parametrize("unit", [*SERVICES, *TIMERS])
def test_systemd_has_nothing_to_say_of_a_unit(box: DebianRoot, unit: str) -> None:
    found = box.run("systemd-analyze", "verify", "--man=no", f"/etc/systemd/system/{unit}")
    assert found.stdout + found.stderr == ""


@pytest.mark.parametrize("unit", SERVICES)
def test_a_service_is_exposed_little(box: DebianRoot, unit: str) -> None:
    words = ("security", "--offline=true", f"--threshold={THRESHOLD}", "--no-pager")
    found = box.run("systemd-analyze", *words, f"/etc/systemd/system/{unit}", check=False)
    overall = re.search(r"exposure level for .*: ([0-9.]+)", found.stdout)
    assert overall is not None
    assert (found.returncode, float(overall[1]) <= 2.0) == (0, True), found.stdout


@pytest.mark.parametrize("unit", LASTING)
def test_a_service_that_fails_is_started_for_ever_and_watched(unit: str) -> None:
    assert values(unit, "Type") == ["notify"]
    assert values(unit, "Restart") == ["always"]
    assert values(unit, "StartLimitIntervalSec") == ["0"]
    assert values(unit, "TimeoutStopSec") == ["5s"]
    assert int(values(unit, "WatchdogSec")[0].removesuffix("s")) <= 60


def test_every_account_has_its_own_folder_and_groups(box: DebianRoot) -> None:
    for name in ("server", "kiosk", "display", "screen"):
        place = box.run("stat", "--format=%a %U %G", f"/var/lib/layso/{name}").stdout
        assert place == f"700 layso-{name} layso-{name}\n"
        line = box.run("getent", "passwd", f"layso-{name}").stdout
        assert line.rstrip().endswith("/usr/sbin/nologin")
    groups = set(box.run("id", "-nG", "layso-kiosk").stdout.split())
    assert groups == {"layso-kiosk", *["lp", "dialout", "gpio", "input", "audio", "plugdev"]}
    assert box.run("id", "-nG", "layso-server").stdout.split() == ["layso-server"]


@pytest.mark.parametrize("name", ["journald", "system", "coredump"])
def test_a_drop_in_sets_only_what_systemd_knows(box: DebianRoot, name: str) -> None:
    known = set(re.findall(r"^#?(\w+)=", box.read(f"/etc/systemd/{name}.conf"), re.M))
    (file,) = (UNITS.parent / f"{name}.conf.d").glob("*.conf")
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if "=" in line]
    asked = {line.partition("=")[0] for line in lines if not line.startswith("#")}
    assert asked
    assert asked <= known


def test_the_board_is_watched_within_what_old_kernels_take() -> None:
    text = Path(UNITS.parent / "system.conf.d/50-layso.conf").read_text(encoding="utf-8")
    found = re.search(r"^RuntimeWatchdogSec=(\d+)s$", text, re.M)
    assert found is not None
    assert int(found[1]) < 15
