"""The first start of a card, as Debian's own cloud-init reads it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from firmware_config.first_boot import TEMPLATES, FirstBoot, files, main, unfilled
from firmware_config.installer.errors import Stopped
from tests.firmware_config.debian_root import DebianRoot

KEY = "ssh-ed25519 " + "AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43 + " kỹ thuật"
ROLE = ("kiosk", "--server", "http://10.0.0.5:8000", "--centre", "lai-thieu", "--code", "ABCD-EFGH")
BOX = FirstBoot("kiosk-1", "ky-thuat", (KEY,), ROLE)
STATIC = replace(BOX, address="10.0.0.21/24", gateway="10.0.0.1", dns=("10.0.0.1", "10.0.0.2"))


def asking(*install: str) -> FirstBoot:
    """The box with other words behind `--`."""
    return replace(BOX, install=install)


def test_cloud_init_accepts_it_and_finds_what_was_asked(debian: DebianRoot) -> None:
    debian.write("/var/user-data", files(BOX)["user-data"])
    said = debian.run("cloud-init", "schema", "--config-file", "/var/user-data")
    assert "Valid" in said.stdout + said.stderr
    read = "import json, yaml; print(json.dumps(yaml.safe_load(open('/var/user-data'))))"
    found: dict[str, Any] = json.loads(debian.run("python3", "-c", read).stdout)
    (account,) = found["users"]
    assert account["name"] == "ky-thuat"
    assert account["ssh_authorized_keys"] == [KEY]
    assert account["lock_passwd"] is True
    assert found["ssh_pwauth"] is False
    assert found["timezone"] == "Asia/Ho_Chi_Minh"
    assert found["runcmd"][-1] == [
        "sh", "/boot/firmware/layso/firmware_config/install", *ROLE
    ]  # fmt: skip
    assert not {"passwd", "plain_text_passwd", "hashed_passwd"} & set(account)
    assert "chpasswd" not in found


@pytest.mark.parametrize(
    ("box", "there"),
    [
        (BOX, ("method=auto",)),
        (STATIC, ("method=manual", "address1=10.0.0.21/24", "dns=10.0.0.1;10.0.0.2;")),
    ],
    ids=["dhcp", "static"],
)
def test_its_network_becomes_network_managers(
    debian: DebianRoot, box: FirstBoot, there: tuple[str, ...]
) -> None:
    debian.write("/var/network", files(box)["network-config"])
    words = ["cloud-init", "devel", "net-convert", "--network-data", "/var/network"]
    words += ["--kind", "yaml", "--directory", "/var/net", "--distro", "debian"]
    debian.run(*words, "--output-kind", "network-manager")
    made = "/var/net/etc/NetworkManager/system-connections/cloud-init-eth0.nmconnection"
    text = debian.read(made)
    for line in there:
        assert line in text
    assert ("gateway=10.0.0.1" in text or "0.0.0.0/0,10.0.0.1" in text) == bool(box.address)


@pytest.mark.parametrize("name", ["user-data", "network-config.static"])
def test_a_file_that_was_not_filled_in_is_refused(debian: DebianRoot, name: str) -> None:
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    assert unfilled(text)
    if name == "user-data":
        debian.write("/var/raw", text)
        raw = debian.run("cloud-init", "schema", "--config-file", "/var/raw", check=False)
        assert raw.returncode != 0
        assert "'@' that cannot start any token" in raw.stdout + raw.stderr
    for text in files(STATIC).values():
        assert unfilled(text) == []


@pytest.mark.parametrize(
    ("box", "said"),
    [
        (replace(BOX, hostname="Kiosk 1"), "--name 'Kiosk 1'"),
        (replace(BOX, user="pi"), "--user 'pi'"),
        (replace(BOX, user=""), "--user is missing"),
        (replace(BOX, keys=()), "--key is missing"),
        (replace(BOX, keys=("-----BEGIN OPENSSH PRIVATE KEY-----\nx",)), "private key"),
        (replace(BOX, keys=("hunter2",)), "--key 'hunter2'"),
        (replace(BOX, keys=(KEY + "\nusers: []",)), "--key"),
        (replace(BOX, gateway="10.0.0.1"), "--address is missing"),
        (replace(STATIC, address="10.0.0.21"), "--address '10.0.0.21'"),
        (replace(STATIC, address="10.0.0.255/24"), "--address '10.0.0.255/24'"),
        (replace(STATIC, gateway="10.0.1.1"), "--gateway '10.0.1.1'"),
        (replace(STATIC, dns=("router",)), "--dns 'router'"),
        (replace(BOX, user="layso-kiosk"), "--user 'layso-kiosk'"),
        (asking("kioskk", *ROLE[1:]), "no role 'kioskk'"),
        (asking("kiosk"), "--server is missing"),
        (asking("kiosk", "hall", *ROLE[1:5]), "a box has one screen"),
        (asking("kiosk", "pad", *ROLE[1:]), "--code 'ABCD-EFGH' will not do"),
        (asking("server", *ROLE[5:], "--public-url", "http://10.0.0.5"), "--code 'ABCD-EFGH'"),
        (asking("--uninstall", "--purge"), "--uninstall behind `--` makes no sense"),
        (asking("--uninstall", "--purge"), "--purge behind `--` makes no sense"),
        (asking("--upgrade"), "--upgrade behind"),
        (asking("--rollback", "--lose-data"), "--lose-data behind"),
        (asking("--rollback", "--lose-outbox"), "--lose-outbox behind"),
        (asking("--status"), "--status behind"),
        (asking(*ROLE, "--dry-run"), "--dry-run behind"),
        (asking(*ROLE, "--wheels", "w"), "--wheels 'w' will not do"),
    ],
)
def test_a_wrong_answer_is_named_with_its_option(box: FirstBoot, said: str) -> None:
    with pytest.raises(Stopped, match=said):
        files(box)


@pytest.mark.parametrize(
    "install",
    [
        ("server", "--public-url", "http://10.0.0.5:8000"),
        ("display", "pad", *ROLE[1:5], "--code", "display=ABCD-EFGH", "--board", "pi4"),
        ("hall", *ROLE[1:], "--zone", "a", "--wheels", "/boot/firmware/w", "--no-packages"),
    ],
)
def test_what_install_takes_is_taken(install: tuple[str, ...]) -> None:
    assert json.dumps(install[-1]) in files(asking(*install))["user-data"]


def test_the_command_writes_beside_cmdline_and_nowhere_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = tmp_path / "id.pub"
    key.write_text(KEY + "\n", encoding="utf-8")
    card = tmp_path / "bootfs"
    card.mkdir()
    words = ["--into", str(card), "--name", "kiosk-1", "--user", "ky-thuat", "--key", str(key)]
    assert main([*words, "--", *ROLE]) == 2
    assert "cmdline.txt" in capsys.readouterr().err
    assert list(card.iterdir()) == []
    (card / "cmdline.txt").touch()
    assert main([*words, "--", *ROLE]) == 0
    assert (card / "user-data").read_text(encoding="utf-8") == files(BOX)["user-data"]
    assert main([*words, "--key", str(tmp_path / "none"), "--", *ROLE]) == 2
    assert "cannot be read" in capsys.readouterr().err
