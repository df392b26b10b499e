"""Every shell script is one that a strict reader has nothing to say of."""

import subprocess

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
