"""The lines of a role on a board, put into the boot files that are there. Pure, and repeatable."""

from collections.abc import Callable, Collection
from typing import Final

from firmware_config.installer.errors import Stopped

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

_ALL: Final = "[all]\n"
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
    """`config.txt` with our block where it stands already, else at the end; again changes nothing.

    Raises:
        Stopped: one of the block's two marks is missing.
    """
    block = "".join(f"{line}\n" for line in (BEGIN, *config_lines(board, roles), END))
    return with_block(text, block, "config.txt")


def with_block(text: str, block: str, file: str) -> str:
    """A file with this block in the place of ours that is there, else at its end.

    Args:
        text: The file as it is.
        block: The lines of ours, with both marks.
        file: What the file is called, for what is said of it.

    Raises:
        Stopped: one of the two marks is missing.
    """
    before, ours, behind = _parted(text, file)
    if not ours and before and not before.endswith("\n"):
        before += "\n"
    return before + block + behind


def without(text: str, file: str = "config.txt") -> str:
    """A file without our block; lines behind it count where they counted before.

    Raises:
        Stopped: one of the two marks is missing.
    """
    before, ours, behind = _parted(text, file)
    return before + (_ALL if ours and _would_move(before, behind) else "") + behind


def _parted(text: str, file: str) -> tuple[str, str, str]:
    """What stands before our block, our block, and what stands behind it; of several, the first."""
    parts = ["", "", ""]
    ours = False
    for line in text.splitlines(keepends=True):
        mark = line.strip()
        if (mark == BEGIN and ours) or (mark == END and not ours):
            raise _mark_missing(file, END if ours else BEGIN)
        ours = ours or mark == BEGIN
        if ours:
            parts[1] += line
        else:
            parts[2 if parts[1] else 0] += line
        ours = ours and mark != END
    if ours:
        raise _mark_missing(file, END)
    before, block, behind = parts
    return before, block, behind


def _mark_missing(file: str, mark: str) -> Stopped:
    where = {BEGIN: ("đầu", "first"), END: ("cuối", "last")}[mark]
    other = END if mark == BEGIN else BEGIN
    return Stopped(
        f"{file} có dòng '{other}' nhưng thiếu dòng '{mark}': "
        f"thêm lại '{mark}' ở {where[0]} khối của Lấy Số, rồi chạy lại",
        f"{file} has a line '{other}' but its line '{mark}' is missing: "
        f"put '{mark}' back as the {where[1]} line of Lấy Số's block, then run this again",
    )


def _would_move(before: str, behind: str) -> bool:
    """Whether lines behind our block would come under the section that stands before it."""
    sections = [line.strip() for line in before.splitlines() if line.lstrip().startswith("[")]
    lines = [line.strip() for line in behind.splitlines()]
    counting = [line for line in lines if line and not line.startswith("#")]
    if not sections or not counting or counting[0].startswith("["):
        return False
    return sections[-1] != _ALL.strip()


def on_first_line(text: str, change: Callable[[list[str]], list[str]]) -> str:
    """`cmdline.txt` with the words of its first line changed.

    The firmware reads no other line; those that are there stay as they are.
    """
    line, _, rest = text.partition("\n")
    return " ".join(change(line.split())) + "\n" + rest


def restored_cmdline(text: str, added: Collection[str], removed: Collection[str]) -> str:
    """`cmdline.txt` without our words and with those that we took; the others stay as they are.

    What was taken are consoles: they go in front, as the last one is where the kernel speaks.
    """

    def change(words: list[str]) -> list[str]:
        kept = [word for word in words if word not in added]
        return [*(word for word in removed if word not in kept), *kept]

    return on_first_line(text, change)


def cmdline_fragment(roles: Collection[str]) -> str:
    """Our part of a command line that is put together from many, as `rpi-image-gen` does it.

    A word with a minus before it takes those away that others gave; it may end in a star.
    """
    taken = [f"-{start}*" for start in _SERIAL_CONSOLES] if set(roles) & SERIAL_ROLES else []
    return " ".join([*taken, *merged_cmdline("", roles).split()]) + "\n"


def merged_cmdline(text: str, roles: Collection[str]) -> str:
    """`cmdline.txt` with our words on its first line; the same again changes nothing."""
    wanted = set(roles)

    def change(words: list[str]) -> list[str]:
        words = [word for word in words if word not in (*_OURS, _ON)]
        if wanted & SERIAL_ROLES:
            words = [word for word in words if not word.startswith(_SERIAL_CONSOLES)]
        if wanted & SCREEN_ROLES:
            words += [*_OURS, _ON]
        if not any(word.startswith("fsck.repair=") for word in words):
            words.append("fsck.repair=yes")
        return words

    return on_first_line(text, change)
