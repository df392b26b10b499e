"""What this box is: its board, its Debian, what is on it already."""

import os
import platform
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_MODEL: Final = Path("/proc/device-tree/model")
_RELEASE: Final = Path("/etc/os-release")


@dataclass(frozen=True)
class Facts:
    """A box as it was found. `board`: `pi4`, `pi5` or `pc`; `release`: Debian's code name."""

    board: str
    release: str
    machine: str
    systemd: bool
    installed: frozenset[str]

    @property
    def is_pi(self) -> bool:
        """Whether it has the pins of a Raspberry Pi."""
        return self.board != "pc"


def look(packages: tuple[str, ...]) -> Facts:
    """Look at this box.

    Args:
        packages: Debian packages whose presence matters.
    """
    model = _MODEL.read_bytes().rstrip(b"\0").decode() if _MODEL.exists() else ""
    lines = _RELEASE.read_text(encoding="utf-8").splitlines()
    release = dict(line.split("=", 1) for line in lines if "=" in line)
    return Facts(
        board=board_of(model),
        release=release.get("VERSION_CODENAME", "").strip('"'),
        machine=platform.machine(),
        systemd=Path("/run/systemd/system").is_dir(),
        installed=_installed(packages),
    )


def board_of(model: str) -> str:
    """The board by what its firmware calls it."""
    for number in ("4", "5"):
        if model.startswith((f"Raspberry Pi {number}", f"Raspberry Pi Compute Module {number}")):
            return f"pi{number}"
    return "pc"


def _installed(packages: tuple[str, ...]) -> frozenset[str]:
    words = ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n"]
    asked = subprocess.run(  # noqa: S603  (our own words)
        [*words, *packages], capture_output=True, text=True, check=False
    )
    pairs = [line.split() for line in asked.stdout.splitlines()]
    return frozenset(pair[0] for pair in pairs if pair[1:] == ["installed"])


def is_root() -> bool:
    """Whether this process may change the box."""
    return os.geteuid() == 0
