"""A Debian root of the tests' own, made once and kept in the user's cache.

What goes on a box is checked with Debian's real tools and daemons, in a tree that can be thrown
away: nothing of it is installed on this machine, and no daemon is started by installing it.
`script/setup --tests` makes it; `python3 script/debian_root.py` says where it is.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

SUITE = "bookworm"
"""The oldest release that a box may run: what its tools take, newer ones take too."""

PACKAGES = [
    *("systemd", "systemd-sysv", "systemd-coredump", "udev", "dbus", "chrony"),
    *("python3-venv", "ca-certificates"),
    *("nginx-light", "caddy", "prometheus", "prometheus-alertmanager"),
    *("cloud-init", "umockdev", "shellcheck"),
]
OPTIONS = [
    "--variant=minbase",
    "--aptopt=Apt::Install-Recommends false",
    *(f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in ("doc", "man", "locale", "info")),
]


UNUSED_S = 30 * 86_400


def debian_root() -> Path:
    """Where the root is, or will be: another place for every other list of packages."""
    asked = " ".join([SUITE, *PACKAGES, *OPTIONS])
    digest = hashlib.sha256(asked.encode()).hexdigest()[:12]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "layso" / f"debian-{SUITE}-{digest}"


def make() -> None:
    """Make the root, whole or not at all; may be repeated. Needs to be root, and `mmdebstrap`.

    Those of other lists are removed once nobody has asked for them for a month. Raises
    subprocess.CalledProcessError where a package cannot be had.
    """
    root = debian_root()
    root.parent.mkdir(parents=True, exist_ok=True)
    with (root.parent / "debian.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for other in root.parent.glob("debian-*-*"):
            if time.time() - other.stat().st_mtime > UNUSED_S:
                shutil.rmtree(other)
        if not root.exists():
            fill(root)
        os.utime(root)


def fill(root: Path) -> None:
    """Bring the packages to a folder beside `root`, and give it the name once all are there."""
    half = root.with_name(f"half-{root.name}")
    shutil.rmtree(half, ignore_errors=True)
    command = ["mmdebstrap", "--quiet", *OPTIONS, f"--include={','.join(PACKAGES)}", SUITE, half]
    subprocess.run(command, stdin=subprocess.DEVNULL, check=True)
    half.rename(root)


if __name__ == "__main__":
    print(debian_root())
    sys.exit(0 if debian_root().exists() else 1)
