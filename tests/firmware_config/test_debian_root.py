"""The throw-away Debian keeps to itself."""

import subprocess
from pathlib import Path

import pytest

from tests.firmware_config.debian_root import CHECKOUT, INSIDE, DebianRoot


def test_what_is_written_there_stays_there(debian: DebianRoot) -> None:
    debian.write("/etc/layso/hello", "xin chào\n", mode=0o600)
    assert debian.run("cat", "/etc/layso/hello").stdout == debian.read("/etc/layso/hello")
    assert debian.run("stat", "--format=%a %U", "/etc/layso/hello").stdout == "600 root\n"
    assert not Path("/etc/layso/hello").exists()


def test_the_checkout_is_there_and_cannot_be_written(debian: DebianRoot) -> None:
    setup = (CHECKOUT / "setup.cfg").read_text(encoding="utf-8")
    assert debian.read(f"{INSIDE}/setup.cfg") == setup
    refused = debian.run("touch", f"{INSIDE}/setup.cfg", check=False)
    assert "Read-only file system" in refused.stderr


def test_units_are_enabled_and_none_is_started(debian: DebianRoot) -> None:
    unit = "[Service]\nExecStart=/bin/touch /started\n[Install]\nWantedBy=multi-user.target\n"
    debian.write("/etc/systemd/system/once.service", unit)
    debian.run("systemctl", "enable", "once.service")
    assert debian.run("systemctl", "is-enabled", "once.service").stdout == "enabled\n"
    started = debian.run("systemctl", "start", "once.service", check=False)
    assert "not been booted with systemd" in started.stderr
    assert not (debian.path / "started").exists()


def test_a_failure_says_what_it_said(debian: DebianRoot) -> None:
    with pytest.raises(AssertionError, match="No such file"):
        debian.run("cat", "/nowhere")
    with pytest.raises(subprocess.TimeoutExpired):
        debian.run("sleep", "60", timeout=0.1)
