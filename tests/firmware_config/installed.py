"""A fresh Debian with the stick in it, and what a technician does there."""

import subprocess

from tests.firmware_config.debian_root import DebianRoot

INSTALL = "/stick/firmware_config/install"
TOKEN = "/var/lib/layso/kiosk/token"
CUT = """
import os, sys
from firmware_config.installer import change, cli, database, plan, release, run
{point} = lambda *_, **__: os._exit(9)
cli.main(sys.argv[1:])
"""
"""The installer with a power cut at one point."""


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

    def cut(self, point: str, *words: str) -> None:
        """Run the installer until it comes to this point, where the power is cut."""
        run = ("env", "--chdir=/stick", "python3", "-c", CUT.format(point=point), *words)
        assert self.debian.run(*run, check=False, timeout=110).returncode == 9

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
