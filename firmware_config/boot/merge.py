"""The lines of a role on a board, put into the boot files that are there. Pure, and repeatable."""

from collections.abc import Collection
from typing import Final

BEGIN: Final = "# layso: begin"
END: Final = "# layso: end"
SERIAL_ROLES: Final = frozenset({"kiosk", "display", "pad"})
"""Roles whose devices may hang on the UART of the pins."""

SCREEN_ROLES: Final = frozenset({"kiosk", "hall"})
SOUND_ROLES: Final = frozenset({"kiosk", "hall", "display"})

_UART: Final = {"pi4": "enable_uart=1", "pi5": "dtparam=uart0=on"}
_SERIAL_CONSOLES: Final = ("console=serial0,", "console=ttyAMA0,", "console=ttyS0,")
_OURS: Final = ("quiet", "logo.nologo", "vt.global_cursor_default=0", "consoleblank=0")
"""A screen in a lobby shows no kernel messages, and never goes dark by itself."""

_ON: Final = "video=HDMI-A-1:D"
"""The screen counts as plugged in, also when it is switched on after the box."""


def config_lines(board: str, roles: Collection[str]) -> list[str]:
    """What `config.txt` gets, each with its reason.

    Args:
        board: `pi4` or `pi5`.
        roles: What the box is.
    """
    wanted = set(roles)
    lines = [
        "[all]",
        "# A box that hangs is started again by its own board.",
        "dtparam=watchdog=on",
    ]
    if wanted & SERIAL_ROLES:
        lines += ["# The serial line of the pins (14 and 15), for panels, pads and printers."]
        lines += [_UART[board]]
        if board == "pi4":
            lines += ["# …at its full quality: Bluetooth has it otherwise.", "dtoverlay=disable-bt"]
    if wanted & SCREEN_ROLES:
        lines += ["# No rainbow while the screen comes up.", "disable_splash=1"]
    if wanted & SOUND_ROLES and board == "pi4":
        lines += ["# The headphone jack, for loudspeakers and spoken guidance.", "dtparam=audio=on"]
    return lines


def merged_config(text: str, board: str, roles: Collection[str]) -> str:
    """`config.txt` with our block at its end; the same again changes nothing."""
    rest = without(text)
    gap = "" if not rest or rest.endswith("\n") else "\n"
    return "\n".join([rest + gap + BEGIN, *config_lines(board, roles), END]) + "\n"


def without(text: str) -> str:
    """`config.txt` without our block."""
    kept, ours = [], False
    for line in text.splitlines(keepends=True):
        if line.strip() == BEGIN:
            ours = True
        if not ours:
            kept.append(line)
        if line.strip() == END:
            ours = False
    return "".join(kept)


def restored_cmdline(text: str, added: Collection[str], removed: Collection[str]) -> str:
    """`cmdline.txt` without our words and with those that we took; the others stay as they are.

    What was taken are consoles: they go in front, as the last one is where the kernel speaks.
    """
    kept = [word for word in text.split() if word not in added]
    return " ".join([*(word for word in removed if word not in kept), *kept]) + "\n"


def cmdline_fragment(roles: Collection[str]) -> str:
    """Our part of a command line that is put together from many, as `rpi-image-gen` does it.

    A word with a minus before it takes those away that others gave; it may end in a star.
    """
    taken = [f"-{start}*" for start in _SERIAL_CONSOLES] if set(roles) & SERIAL_ROLES else []
    return " ".join([*taken, *merged_cmdline("", roles).split()]) + "\n"


def merged_cmdline(text: str, roles: Collection[str]) -> str:
    """The one line of `cmdline.txt` with our words; the same again changes nothing."""
    wanted = set(roles)
    words = [word for word in text.split() if word not in (*_OURS, _ON)]
    if wanted & SERIAL_ROLES:
        words = [word for word in words if not word.startswith(_SERIAL_CONSOLES)]
    if wanted & SCREEN_ROLES:
        words += [*_OURS, _ON]
    if not any(word.startswith("fsck.repair=") for word in words):
        words.append("fsck.repair=yes")
    return " ".join(words) + "\n"
