"""`python3 -m firmware_config.root.seal data|on|off`: a root that is never written to, and back.

Each step leaves a box that starts; the last one is the switch. It counts from the next start on.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from firmware_config.installer.errors import USAGE, Stopped
from firmware_config.installer.files import put
from firmware_config.root import tables

FSTAB: Final = Path("etc/fstab")
MOUNTS: Final = Path("proc/mounts")
CMDLINE: Final = Path("boot/firmware/cmdline.txt")
CONFIG: Final = Path("boot/firmware/config.txt")
LOCAL: Final = Path("etc/overlayroot.local.conf")
PACKAGE: Final = Path("usr/share/initramfs-tools/scripts/init-bottom/overlayroot")


def data(root: Path) -> None:
    """Let the data partition be mounted at the next start. `root`: `/`, elsewhere in tests."""
    refuse_sealed(root)
    fstab = root / FSTAB
    text = fstab.read_text(encoding="utf-8")
    if not tables.has_data(text):
        put(fstab, tables.with_data(text).encode(), None)


def on(root: Path) -> None:
    """Seal the boot partition first, then the root: once the root is sealed, fstab is too.

    Raises:
        Stopped: something is missing that a sealed box needs; nothing was changed.
    """
    refuse_sealed(root)
    _ready(root)
    fstab = root / FSTAB
    put(fstab, tables.sealed(fstab.read_text(encoding="utf-8")).encode(), None)
    cmdline = root / CMDLINE
    if cmdline.exists():
        put(cmdline, tables.overlaid(cmdline.read_text(encoding="utf-8")).encode(), None)
    else:
        put(root / LOCAL, tables.OVERLAY_CONF.encode(), 0o644)


def off(root: Path) -> None:
    """The root is itself again from the next start on; run once more then, the boot partition too.

    Raises:
        Stopped: the file that decides cannot be written to from here.
    """
    cmdline = root / CMDLINE
    if cmdline.exists():
        try:
            put(cmdline, tables.bare(cmdline.read_text(encoding="utf-8")).encode(), None)
        except OSError as error:
            raise Stopped(
                "chạy: mount -o remount,rw /boot/firmware, rồi chạy lại",
                "run: mount -o remount,rw /boot/firmware, then this again",
            ) from error
    elif _overlaid(root):
        raise Stopped(
            f"chạy: overlayroot-chroot rm /{LOCAL}, rồi khởi động lại",
            f"run: overlayroot-chroot rm /{LOCAL}, then restart",
        )
    if not _overlaid(root):
        (root / LOCAL).unlink(missing_ok=True)
        fstab = root / FSTAB
        put(fstab, tables.unsealed(fstab.read_text(encoding="utf-8")).encode(), None)


def _ready(root: Path) -> None:
    mounted = [line.split()[1] for line in (root / MOUNTS).read_text().splitlines()]
    config = root / CONFIG
    if not tables.has_data((root / FSTAB).read_text()) or tables.DATA not in mounted:
        raise Stopped(
            f"{tables.DATA} chưa nằm trên phân vùng riêng, dữ liệu sẽ mất: làm `data` trước",
            f"{tables.DATA} has no partition of its own and would be lost: do `data` first",
        )
    if not (root / PACKAGE).exists():
        raise Stopped(
            "thiếu gói overlayroot: apt-get install overlayroot",
            "the package overlayroot is missing: apt-get install overlayroot",
        )
    if config.exists() and "auto_initramfs=1" not in config.read_text().split():
        raise Stopped(
            "config.txt thiếu auto_initramfs=1, không có nó thì overlayroot không chạy",
            "config.txt has no auto_initramfs=1, without which overlayroot never runs",
        )


def _overlaid(root: Path) -> bool:
    lines = (root / MOUNTS).read_text(encoding="utf-8").splitlines()
    return any(line.startswith("overlayroot / ") for line in lines)


def refuse_sealed(root: Path) -> None:
    """Stop where the next power cut would take back what is done to the root now.

    Raises:
        Stopped: the root is in memory.
    """
    if _overlaid(root):
        raise Stopped(
            "hệ thống đang ở chế độ chỉ đọc: chạy `off`, khởi động lại, rồi làm tiếp",
            "the root is read-only now, a change would be forgotten: `off`, restart, then this",
        )


def main(arguments: Sequence[str] | None = None) -> int:
    """Do one of them: 0 done, 1 failed, 2 wrong usage."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    acts = {"data": data, "on": on, "off": off}
    if len(given) != 1 or given[0] not in acts:
        sys.stderr.write("usage: seal data|on|off\n")
        return USAGE
    try:
        acts[given[0]](Path("/"))
    except (Stopped, OSError) as stopped:
        sys.stderr.write(f"{stopped}\n")
        return 1
    sys.stdout.write("xong, khởi động lại để áp dụng / done, restart to apply\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
