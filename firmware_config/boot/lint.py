"""What is wrong with a `config.txt` or `cmdline.txt`, before a box fails to start with it.

The rules are those that cost somebody an hour: a line that the board ignores, or takes to mean
something else, says nothing when it does.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_SECTION: Final = re.compile(r"\[(?P<name>[^\]]*)\]")
_SETTING: Final = re.compile(r"(?P<key>[a-z0-9_:]+)=(?P<value>\S.*)")
_LONGEST: Final = 98
"""Bytes that the firmware reads of a line of config.txt; the rest is cut off without a word."""

_GONE: Final = {
    "hdmi_force_hotplug": "video=HDMI-A-1:D in cmdline.txt",
    "hdmi_group": "video=HDMI-A-1:1920x1080@60 in cmdline.txt",
    "hdmi_mode": "video=HDMI-A-1:1920x1080@60 in cmdline.txt",
    "hdmi_drive": "nothing, sound over HDMI is on",
    "display_rotate": "the compositor's own rotation",
    "display_hdmi_rotate": "the compositor's own rotation",
    "overscan_left": "video=…,margin_left=… in cmdline.txt",
    "gpu_mem": "nothing, memory is shared as needed",
    "start_x": "nothing, the camera is found by itself",
}
"""Settings of the old graphics driver, which today's ignores, and what to say instead."""

_BOARDS: Final = {
    "pi4": ("all", "none", "pi4", "cm4", "pi400"),
    "pi5": ("all", "none", "pi5", "cm5"),
}

_MISTAKEN: Final = (
    ("pi5", "enable_uart=", "is the debug connector on a Pi 5; for the pins: dtparam=uart0=on"),
    ("pi4", "dtparam=uart0=on", "is a Pi 5's; on a Pi 4 write enable_uart=1"),
    ("pi4", "dtparam=rtc_bbat_vchg=", "needs a Pi 5's clock; here: dtoverlay=i2c-rtc,ds3231"),
    ("", "dtoverlay=vc4-fkms", "is gone; write dtoverlay=vc4-kms-v3d"),
    ("", "arm_64bit=0", "is 32-bit, for which packages have no wheels; write arm_64bit=1"),
)
"""Board, or any; how the line begins; what is wrong with it."""


@dataclass(frozen=True)
class Fault:
    """One fault: its line, what is wrong, and what to write instead."""

    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.line}: {self.message}"


def lint_config(text: str, board: str) -> list[Fault]:
    """Every fault of a config.txt on a board (`pi4` or `pi5`), in order."""
    faults: list[Fault] = []
    section = "all"
    seen: dict[str, int] = {}
    for number, raw in enumerate(text.splitlines(), start=1):
        line = raw.strip()
        if len(raw.encode(errors="surrogateescape")) > _LONGEST and not line.startswith("#"):
            faults.append(Fault(number, f"is longer than {_LONGEST} bytes and is cut off there"))
        if not line or line.startswith("#"):
            continue
        if found := _SECTION.fullmatch(line):
            section = found["name"]
            continue
        counts = section in _BOARDS[board]
        faults += [Fault(number, message) for message in _line(line, board)] if counts else []
        if counts:
            seen.setdefault(line, number)
    faults += _whole(seen, board)
    return sorted(faults, key=lambda fault: fault.line)


def _line(line: str, board: str) -> Iterator[str]:
    found = _SETTING.fullmatch(line)
    if found is None:
        yield "is no setting; write key=value without blanks around '='"
        return
    key, value = found["key"], found["value"]
    if "#" in value:
        yield "has a comment behind its value, which becomes part of it; give it a line of its own"
    if key in _GONE:
        yield f"'{key}' is ignored since the graphics driver is KMS; use {_GONE[key]}"
    for where, start, message in _MISTAKEN:
        if where in ("", board) and line.startswith(start):
            yield f"'{line}' {message}"


def _whole(seen: dict[str, int], board: str) -> Iterator[Fault]:
    last = max(seen.values(), default=1)
    if "dtparam=watchdog=on" not in seen:
        yield Fault(last, "has no dtparam=watchdog=on: a box that hangs stays so")
    if "dtparam=watchdog=off" in seen:
        yield Fault(seen["dtparam=watchdog=off"], "switches the board's watchdog off")
    if board == "pi4" and "enable_uart=1" in seen and "dtoverlay=disable-bt" not in seen:
        yield Fault(
            seen["enable_uart=1"],
            "leaves the good UART to Bluetooth, and the pins one whose speed drifts; "
            "add dtoverlay=disable-bt",
        )


def lint_cmdline(text: str, *, serial: bool) -> list[Fault]:
    """Every fault of a cmdline.txt; `serial`: something hangs on the UART of the pins."""
    faults = []
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if len(lines) > 1:
        faults.append(Fault(lines[1], "is never read: all words stand on the first line"))
    words = text.splitlines()[0].split() if text.splitlines() else []
    if not any(word.startswith("root=") for word in words):
        faults.append(Fault(1, "has no root=: the box does not start"))
    for word in words:
        if serial and word.startswith(("console=serial0", "console=ttyAMA", "console=ttyS")):
            faults.append(
                Fault(1, f"'{word}' writes kernel messages to what hangs on the UART; take it away")
            )
        if word.startswith("consoleblank=") and word != "consoleblank=0":
            faults.append(Fault(1, f"'{word}' darkens the screen; write consoleblank=0"))
        if word.startswith("#"):
            faults.append(Fault(1, "cmdline.txt has no comments; take '#' away"))
    doubled = sorted({word for word in words if words.count(word) > 1})
    faults += [Fault(1, f"'{word}' stands there twice") for word in doubled]
    return faults


def main(arguments: Sequence[str] | None = None) -> int:
    """`python3 -m firmware_config.boot.lint BOARD CONFIG CMDLINE`: 1 where there is a fault.

    Bytes that are no UTF-8, as in an old editor's comment, are no fault: the firmware skips them.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 3 or given[0] not in _BOARDS:
        sys.stderr.write("usage: lint pi4|pi5 CONFIG.TXT CMDLINE.TXT\n")
        return 2
    board, config, cmdline = given
    text = _read(config)
    serial = "enable_uart=1" in text or "dtparam=uart0=on" in text
    faults = {
        config: lint_config(text, board),
        cmdline: lint_cmdline(_read(cmdline), serial=serial),
    }
    for file, found in faults.items():
        said = "".join(f"{file}:{fault}\n" for fault in found)
        sys.stderr.write(said.encode(errors="replace").decode())  # Also of bytes that are no text.
    return 1 if any(faults.values()) else 0


def _read(file: str) -> str:
    return Path(file).read_text(encoding="utf-8", errors="surrogateescape")


if __name__ == "__main__":
    sys.exit(main())
