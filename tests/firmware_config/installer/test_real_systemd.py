"""A server under a real systemd: a box that boots, is brought up to date, and is cut to pieces."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import CHECKOUT
from tests.firmware_config.wheelhouse import another, stick

UNIT = """[Unit]
After=multi-user.target
[Service]
ExecStart=/bin/sh /stick/trial.sh
StandardOutput=file:/stick/said
StandardError=inherit
"""

TRIAL = """
install=/stick/firmware_config/install
has() { systemctl is-active layso-server; readlink /opt/layso/current; }
mv /stick/wheels/layso-0.9.0* /stick/wheels/layso-0.10.0* /
echo "== install"
$install server --public-url http://127.0.0.1:8000 --no-packages; has
echo "== one that does not start"
mv /layso-0.9.0* /stick/wheels; $install --upgrade --no-packages; has
echo "== one that does"
mv /layso-0.10.0* /stick/wheels; $install --upgrade --no-packages; has
echo "== back"
$install --rollback; has
echo "== killed"
systemctl kill --signal=KILL layso-server; sleep 8; has
systemctl show --property=NRestarts layso-server
echo "== copies"
systemctl start layso-backup.service && systemctl start layso-verify.service && echo made
echo "== exposure"
systemd-analyze security --no-pager layso-server | tail -1
echo "== gone"
$install --uninstall --purge; ls /opt/layso /etc/layso /var/lib/layso
echo "== end"
systemctl poweroff
"""


@pytest.mark.timeout(400)
@pytest.mark.full
def test_a_release_that_does_not_start_is_taken_back_by_itself(tmp_path: Path) -> None:
    where = [sys.executable, str(CHECKOUT / "script/debian_root.py")]
    lower = subprocess.run(where, check=True, capture_output=True, text=True).stdout.strip()
    box = tmp_path / "box"
    subprocess.run(["cp", "--archive", lower, box], check=True)
    made = stick(box / "stick", "server")
    (first,) = (made / "wheels").glob("layso-*.whl")
    version = first.name.split("-")[1]
    another(first, "0.9.0", **{"server/run.py": "raise ImportError('left out')\n"})
    another(first, "0.10.0")
    (made / "trial.sh").write_text(TRIAL)
    units = box / "etc/systemd/system"
    (units / "trial.service").write_text(UNIT)
    (units / "multi-user.target.wants").mkdir(exist_ok=True)
    (units / "multi-user.target.wants/trial.service").symlink_to(
        "/etc/systemd/system/trial.service"
    )
    boot = ["systemd-nspawn", "--quiet", f"--directory={box}", "--register=no", "--keep-unit"]
    subprocess.run(
        [*boot, "--private-network", "--boot"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        timeout=300,
        check=False,
    )
    text = (made / "said").read_text()
    said = dict(part.split("\n", 1) for part in text.split("== ")[1:])
    had = f"active\n/opt/layso/releases/{version}\n"
    assert said["install"].endswith(had)
    assert f"release {version} is in use as before" in said["one that does not start"]
    assert said["one that does not start"].endswith(had)
    assert said["one that does"].endswith("active\n/opt/layso/releases/0.10.0\n")
    assert said["back"].endswith(had)
    assert said["killed"] == f"{had}NRestarts=1\n"
    assert said["copies"] == "made\n"
    assert float(said["exposure"].split(":")[1].split()[0]) <= 2.0
    assert said["gone"].count("No such file or directory") == 3
    shutil.rmtree(box)
