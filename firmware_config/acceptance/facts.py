"""What the box is, as itself, its Debian and its configuration say. Reads, changes nothing."""

import json
import platform
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any, Final

from firmware_config.acceptance.record import Fact
from firmware_config.installer.configs import answers
from firmware_config.installer.places import STATE
from firmware_config.installer.release import current, previous

TREE: Final = Path("/proc/device-tree")
DMI: Final = Path("/sys/class/dmi/id")
CLOCK: Final = Path("/sys/class/rtc/rtc0")
DEVICES: Final = Path("/dev/layso")
SOUND: Final = Path("/proc/asound/cards")
GIGABYTE: Final = 1e9
MAY_LACK: Final = ("zone", "counters", "centre")
"""What a box need not have: left out, rather than said to be unknown."""


def look(roles: tuple[str, ...], units: tuple[str, ...], etc: Path) -> tuple[Fact, ...]:
    """Everything that a record says of a box.

    Args:
        roles: What it was installed as.
        units: The services of these roles.
        etc: Where its configuration lies.

    Raises:
        Stopped: a file of the configuration cannot be read.
    """
    known = answers(etc)
    facts = (
        Fact("model", "Máy", "Box", _text(TREE / "model") or _text(DMI / "product_name")),
        Fact("serial", "Số máy", "Serial number", _serial()),
        Fact("host", "Tên máy", "Host name", platform.node()),
        Fact("addresses", "Địa chỉ mạng", "Addresses", _addresses()),
        Fact("system", "Hệ điều hành", "System", _system()),
        Fact("release", "Bản Lấy Số", "Release", _release()),
        Fact("roles", "Vai trò", "Roles", ", ".join(roles)),
        Fact("centre", "Trung tâm", "Centre", known.get("centre", "")),
        Fact("zone", "Khu vực", "Zone", known.get("zone", "")),
        Fact("server", "Máy chủ", "Server", known.get("server") or known.get("public_url", "")),
        Fact("counters", "Quầy", "Counters", _counters(etc / "display.toml")),
        Fact("clock", "Đồng hồ", "Clock", _clock()),
        Fact("rtc", "Đồng hồ có pin", "Clock with battery", _battery_clock()),
        Fact("root", "Phân vùng hệ thống", "System partition", _mount("/")),
        Fact("data", "Phân vùng dữ liệu", "Data partition", _mount(str(STATE))),
        Fact("services", "Dịch vụ", "Services", _services(units)),
        Fact("devices", "Thiết bị", "Devices", _devices()),
    )
    return tuple(fact for fact in facts if fact.value or fact.name not in MAY_LACK)


def said(*words: str) -> str:
    """What a command says on standard output; empty where it is missing or fails."""
    if shutil.which(words[0]) is None:
        return ""
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603
    return done.stdout.strip() if done.returncode == 0 else ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8", errors="replace").strip("\0\n ")
    except OSError:
        return ""


def _serial() -> str:
    return _text(TREE / "serial-number") or _text(DMI / "product_serial")


def _addresses() -> str:
    cards = json.loads(said("ip", "-json", "address", "show", "up") or "[]")
    found = []
    for card in cards:
        inside = [one["local"] for one in card.get("addr_info", []) if one.get("scope") == "global"]
        if inside:
            found.append(f"{card['ifname']} {card.get('address', '')}: {', '.join(inside)}")
    return "; ".join(found)


def _system() -> str:
    named = platform.freedesktop_os_release().get("PRETTY_NAME", "")
    return f"{named}, Linux {platform.release()} {platform.machine()}"


def _release() -> str:
    now, before = current(), previous()
    return f"{now} (trước / before: {before})" if now and before else now or ""


def _counters(path: Path) -> str:
    """Which counter has which panel, and which has keys."""
    if not path.exists():
        return ""
    found: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    lines = []
    for table, vi in (("panel", "bảng số"), ("pad", "phím gọi")):
        names = [str(one.get("counter", "?")) for one in found.get(table, [])]
        if names:
            lines.append(f"{vi}: {', '.join(names)}")
    return "; ".join(lines)


def _clock() -> str:
    synchronised = said("timedatectl", "show", "--property=NTPSynchronized", "--value")
    zone = said("timedatectl", "show", "--property=Timezone", "--value") or _text(
        Path("/etc/timezone")
    )
    told = {"yes": "đã đồng bộ / synchronised", "no": "CHƯA đồng bộ / NOT synchronised"}
    return ", ".join(part for part in (told.get(synchronised, ""), zone) if part)


def _battery_clock() -> str:
    if not CLOCK.exists():
        return "không có / none"
    shown = f"{_text(CLOCK / 'date')} {_text(CLOCK / 'time')} UTC"
    return f"{_text(CLOCK / 'name').split()[0]}, {shown}" if _text(CLOCK / "name") else shown


def _mount(place: str) -> str:
    if not Path(place).exists():
        return ""
    words = ("findmnt", "--noheadings", "--output", "SOURCE,FSTYPE,OPTIONS", "--target", place)
    parts = said(*words).split()[:3]
    use = shutil.disk_usage(place)
    free = f"còn trống {use.free / GIGABYTE:.1f} / {use.total / GIGABYTE:.1f} GB"
    if len(parts) != 3:
        return free
    source, kind, options = parts
    how = "ghi được / writable"
    if kind == "overlay":
        how = "lớp phủ / overlay"  # Whether it is kept depends on what lies below.
    elif "ro" in options.split(","):
        how = "chỉ đọc / read-only"
    return f"{source} {kind}, {how}, {free}"


def _services(units: tuple[str, ...]) -> str:
    states = [
        (unit, said("systemctl", "show", "--property=ActiveState", "--value", unit))
        for unit in units
    ]
    return ", ".join(f"{unit} {state}" for unit, state in states if state)


def _devices() -> str:
    names = sorted(one.name for one in DEVICES.iterdir()) if DEVICES.is_dir() else []
    cards = [line.split("]: ", 1)[1] for line in _text(SOUND).splitlines() if "]: " in line]
    return ", ".join([*names, *cards])
