"""The files that seal a box, as text in and text out. Pure, and repeatable."""

import re
from collections.abc import Callable
from typing import Final

from firmware_config.boot.merge import BEGIN, END, on_first_line, with_block

DATA: Final = "/var/lib/layso"
BOOT: Final = "/boot/firmware"

DATA_LINE: Final = (
    f"LABEL=LAYSO {DATA} ext4 noatime,nodev,nosuid,errors=remount-ro,nofail,"
    "x-systemd.before=systemd-tmpfiles-setup.service,x-systemd.device-timeout=20s 0 2"
)
"""The data partition. It is checked at every start. Without it the box still starts, so that a
technician can come in, but no program of ours does: numbers in memory alone would be lost. A disk
that fails is still read and no longer written to: a restart would mend nothing in the morning."""

OVERLAY: Final = "overlayroot=tmpfs:recurse=0"
"""Without `recurse=0` the data partition is laid over too, and lost at every power cut."""

OVERLAY_CONF: Final = f"# Ours: what is written to the root is forgotten.\n{OVERLAY}\n"
"""`/etc/overlayroot.local.conf` of a machine that has no cmdline.txt."""

_ENTRY: Final = re.compile(
    r"(?P<head>\s*[^#\s]\S*\s+(?P<where>\S+)\s+\S+\s+)(?P<options>\S+)(?P<tail>.*)"
)


def with_data(fstab: str) -> str:
    """`fstab` with the data partition in a marked block.

    Raises:
        Stopped: one of the block's two marks is missing.
    """
    return with_block(fstab, f"{BEGIN}\n{DATA_LINE}\n{END}\n", "/etc/fstab")


def has_data(fstab: str) -> bool:
    """Whether something is mounted where our data is."""
    found = (_ENTRY.fullmatch(line) for line in fstab.splitlines())
    return any(entry["where"].rstrip("/") == DATA for entry in found if entry)


def has_our_data(fstab: str) -> bool:
    """Whether it is the partition labelled LAYSO, by our own line."""
    return DATA_LINE in fstab.splitlines()


def sealed(fstab: str) -> str:
    """`fstab` whose boot partition cannot be written to."""
    return _boot_options(fstab, lambda options: [*(o for o in options if o != "rw"), "ro"])


def unsealed(fstab: str) -> str:
    """`fstab` whose boot partition can be written to again."""
    return _boot_options(fstab, lambda options: options)


def _boot_options(fstab: str, change: Callable[[list[str]], list[str]]) -> str:
    lines = []
    for line in fstab.splitlines():
        entry = _ENTRY.fullmatch(line)
        if entry and entry["where"] == BOOT:
            kept = [option for option in entry["options"].split(",") if option != "ro"]
            line = entry["head"] + (",".join(change(kept)) or "defaults") + entry["tail"]
        lines.append(line)
    return "".join(f"{line}\n" for line in lines)


def overlaid(cmdline: str) -> str:
    """A cmdline.txt that starts with a root in memory."""
    return on_first_line(bare(cmdline), lambda words: [*words, OVERLAY])


def bare(cmdline: str) -> str:
    """The same that starts with the root itself."""
    return on_first_line(
        cmdline, lambda words: [word for word in words if not word.startswith("overlayroot=")]
    )


def chrony(server: str, *, serves: bool) -> str:
    """`/etc/chrony/conf.d/layso.conf`: one time in the whole lobby, with the Internet or without.

    Args:
        server: The host of the lobby's server; empty on the server itself.
        serves: Whether this box is the server.

    Debian's own file keeps the board's clock right (`rtcsync`) and sets the time at once at a start
    (`makestep`); neither is said again.
    """
    lines = ["# Ours: one time in the whole lobby."]
    if server and not serves:
        lines += [f"server {server} iburst prefer"]
    if serves:
        lines += ["allow 10.0.0.0/8", "allow 172.16.0.0/12", "allow 192.168.0.0/16"]
        lines += ["# Without the Internet its own clock is the lobby's.", "local stratum 10"]
    return "\n".join(lines) + "\n"
