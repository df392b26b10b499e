"""`python3 -m firmware_config.root.seal data|on|off`: a root that is never written to, and back.

Each step leaves a box that starts; the last one is the switch. It counts from the next start on.
"""

import filecmp
import os
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
LABEL: Final = Path("dev/disk/by-label/LAYSO")
LOCAL: Final = Path("etc/overlayroot.local.conf")
PACKAGE: Final = Path("usr/share/initramfs-tools/scripts/init-bottom/overlayroot")


def data(root: Path) -> None:
    """Let the data partition be mounted at the next start. `root`: `/`, elsewhere in tests.

    Raises:
        Stopped: there is no such partition, or it lacks state that it would hide; nothing was
            changed.
    """
    refuse_sealed(root)
    text = _read(root / FSTAB)
    ours = tables.has_our_data(text)
    if tables.has_data(text) and (not ours or tables.DATA in _mounted(root)):
        return
    label = root / LABEL
    if not label.exists():
        raise Stopped(
            f"không có phân vùng nào mang nhãn LAYSO (/{LABEL}): tạo phân vùng đó trước, "
            "xem docs/power-cuts.md",
            f"no partition is labelled LAYSO (/{LABEL}): make it first, see docs/power-cuts.md",
        )
    _refuse_hiding(root, label.resolve())
    if not ours:
        _put(root / FSTAB, tables.with_data(text))


def _refuse_hiding(root: Path, device: Path) -> None:
    """Stop where the data partition, once mounted, would hide state that it has no copy of."""
    state = root / tables.DATA.lstrip("/")
    places = [
        root / where.lstrip("/")
        for where, what in _mounted(root).items()
        if (root / what.lstrip("/")).resolve() == device
    ]
    if not _files(state) or state in places or any(_holds(place, state) for place in places):
        return
    how = (
        "systemctl stop 'layso-*'; mount LABEL=LAYSO /mnt; "
        f"cp -a {tables.DATA}/. /mnt/; seal data; reboot"
    )
    raise Stopped(
        f"{tables.DATA} có dữ liệu mà phân vùng LAYSO chưa có, sẽ bị che mất. Làm lần lượt: {how}",
        f"{tables.DATA} has state that the partition LAYSO lacks and would hide. In turn: {how}",
    )


def _files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _holds(copy: Path, state: Path) -> bool:
    """Whether each file of the state is the same there: its bytes, its owner, who may read it."""
    pairs = [(path, copy / path.relative_to(state)) for path in _files(state)]
    return all(
        other.is_file()
        and _owned(other) == _owned(path)
        and filecmp.cmp(path, other, shallow=False)
        for path, other in pairs
    )


def _owned(path: Path) -> tuple[int, int, int]:
    facts = path.stat()
    return facts.st_uid, facts.st_gid, facts.st_mode


def on(root: Path) -> None:
    """Seal the boot partition first, then the root: once the root is sealed, fstab is too.

    Raises:
        Stopped: something is missing that a sealed box needs; nothing was changed.
    """
    refuse_sealed(root)
    _ready(root)
    _put(root / FSTAB, tables.sealed(_read(root / FSTAB)))
    cmdline = root / CMDLINE
    if cmdline.exists():
        _put(cmdline, tables.overlaid(_read(cmdline)))
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
            _put(cmdline, tables.bare(_read(cmdline)))
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
        _put(root / FSTAB, tables.unsealed(_read(root / FSTAB)))


def _ready(root: Path) -> None:
    config = root / CONFIG
    if not tables.has_data(_read(root / FSTAB)) or tables.DATA not in _mounted(root):
        raise Stopped(
            f"{tables.DATA} chưa nằm trên phân vùng riêng, dữ liệu sẽ mất: làm `data` trước",
            f"{tables.DATA} has no partition of its own and would be lost: do `data` first",
        )
    if not (root / PACKAGE).exists():
        raise Stopped(
            "thiếu gói overlayroot: apt-get install overlayroot",
            "the package overlayroot is missing: apt-get install overlayroot",
        )
    if config.exists() and "auto_initramfs=1" not in _read(config).split():
        raise Stopped(
            "config.txt thiếu auto_initramfs=1, không có nó thì overlayroot không chạy",
            "config.txt has no auto_initramfs=1, without which overlayroot never runs",
        )


def _overlaid(root: Path) -> bool:
    lines = _read(root / MOUNTS).splitlines()
    return any(line.startswith("overlayroot / ") for line in lines)


def _mounted(root: Path) -> dict[str, str]:
    """Where something is mounted → what: the last, which hides those before it."""
    lines = _read(root / MOUNTS).splitlines()
    return {where: what for what, where, *_ in (line.split() for line in lines)}


def _read(path: Path) -> str:
    """The text of a file; what is no UTF-8 in it comes out again as it was."""
    return path.read_bytes().decode("utf-8", "surrogateescape")


def _put(path: Path, text: str) -> None:
    put(path, text.encode("utf-8", "surrogateescape"), None)


def refuse_unmounted(root: Path) -> None:
    """Stop where state would go to the root, to be hidden once the data partition is back.

    Args:
        root: `/`, elsewhere in tests.

    Raises:
        Stopped: fstab has a partition for our data, and it is not mounted.
    """
    fstab = root / FSTAB
    if not fstab.exists() or not tables.has_data(_read(fstab)):
        return
    if not os.path.ismount(root / tables.DATA.lstrip("/")):
        raise Stopped(
            f"{tables.DATA} có phân vùng riêng trong /{FSTAB} nhưng chưa được gắn: "
            f"chạy mount {tables.DATA} hoặc khởi động lại, rồi chạy lại",
            f"{tables.DATA} has a partition of its own in /{FSTAB} that is not mounted: "
            f"mount {tables.DATA} or restart, then this again",
        )


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
