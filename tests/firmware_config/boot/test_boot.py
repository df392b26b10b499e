"""Boot files: ours go in and come out, and a lint finds what a board would not say."""

import itertools
from pathlib import Path

import pytest

from firmware_config.boot.lint import lint_cmdline, lint_config, main
from firmware_config.boot.merge import (
    merged_cmdline,
    merged_config,
    restored_cmdline,
    without,
)
from firmware_config.installer.errors import Stopped
from firmware_config.installer.wishes import ROLES

STOCK = """# For more options and information see
# http://rptl.io/configtxt
dtparam=audio=on
camera_auto_detect=1
dtoverlay=vc4-kms-v3d
max_framebuffers=2
arm_64bit=1
[cm4]
otg_mode=1
[all]
"""
STOCK_LINE = (
    "console=serial0,115200 console=tty1 root=PARTUUID=4c4e106f-02 rootfstype=ext4 "
    "fsck.repair=yes rootwait\n"
)
SETS = [roles for n in range(1, 6) for roles in itertools.combinations(ROLES, n)]


@pytest.mark.parametrize("board", ["pi4", "pi5"])
@pytest.mark.parametrize("roles", SETS, ids="+".join)
def test_ours_go_in_once_pass_the_lint_and_come_out(board: str, roles: tuple[str, ...]) -> None:
    config = merged_config(STOCK, board, roles)
    assert merged_config(config, board, roles) == config
    assert without(config) == STOCK
    assert lint_config(config, board) == []
    line = merged_cmdline(STOCK_LINE, roles)
    assert merged_cmdline(line, roles) == line
    assert line.count("\n") == 1
    serial = bool({"kiosk", "display", "pad"} & set(roles))
    assert lint_cmdline(line, serial=serial) == []
    assert "root=PARTUUID=4c4e106f-02" in line.split()
    assert ("console=serial0,115200" in line) != serial
    before, after = STOCK_LINE.split(), line.split()
    added = [word for word in after if word not in before]
    removed = [word for word in before if word not in after]
    assert restored_cmdline(line, added, removed) == STOCK_LINE
    assert "dwc_otg.lpm_enable=0" in restored_cmdline(
        f"dwc_otg.lpm_enable=0 {line}", added, removed
    )


def test_another_role_replaces_the_block() -> None:
    config = merged_config(merged_config(STOCK, "pi4", ["kiosk"]), "pi4", ["hall"])
    assert config.count("# layso: begin") == 1
    assert "enable_uart" not in config


def test_a_second_line_of_the_command_line_stays_behind_the_first() -> None:
    notes = "# root=PARTUUID=old\n\nquiet \udce0\n"
    line = merged_cmdline(STOCK_LINE + notes, ["kiosk"])
    assert line == merged_cmdline(STOCK_LINE, ["kiosk"]) + notes
    assert merged_cmdline(line, ["kiosk"]) == line
    added = ["quiet", "logo.nologo", "vt.global_cursor_default=0", "consoleblank=0"]
    added += ["video=HDMI-A-1:D"]
    assert restored_cmdline(line, added, ["console=serial0,115200"]) == STOCK_LINE + notes


def test_the_technicians_lines_stay_where_they_are() -> None:
    before, behind = f"{STOCK}[pi4]\nover_voltage=2\n", "# The clock\ndtoverlay=i2c-rtc,ds3231\n"
    config = merged_config(before, "pi4", ["kiosk"]) + behind
    assert merged_config(config, "pi4", ["kiosk"]) == config
    other = merged_config(config, "pi4", ["hall"])
    assert other == merged_config(before, "pi4", ["hall"]) + behind
    assert without(config) == f"{before}[all]\n{behind}"  # Not under [pi4] afterwards either.
    assert without(merged_config(STOCK, "pi4", ["hall"]) + behind) == STOCK + behind
    assert without(config + "[pi5]\n") == f"{before}[all]\n{behind}[pi5]\n"
    assert without(f"{merged_config(before, 'pi4', ['pad'])}\n[pi5]\n") == f"{before}\n[pi5]\n"


@pytest.mark.parametrize(
    ("mark", "said"),
    [
        ("# layso: end", "put '# layso: end' back as the last line"),
        ("# layso: begin", "put '# layso: begin' back as the first line"),
    ],
)
def test_a_block_without_one_of_its_marks_is_not_guessed(mark: str, said: str) -> None:
    config = merged_config(STOCK, "pi4", ["kiosk"]) + "dtoverlay=i2c-rtc,ds3231\n"
    half = config.replace(f"{mark}\n", "")
    with pytest.raises(Stopped, match=said) as stopped:
        merged_config(half, "pi4", ["kiosk"])
    assert "config.txt" in str(stopped.value)
    with pytest.raises(Stopped, match=said):
        without(half)
    if mark == "# layso: end":
        with pytest.raises(Stopped, match=said):
            without(half + config)


def test_bytes_that_are_no_text_go_through() -> None:
    text = b"# \xe0 la main\n[all]\n".decode(errors="surrogateescape")
    config = merged_config(text, "pi5", ["kiosk"])
    assert without(config) == text
    assert lint_config(config, "pi5") == []


@pytest.mark.parametrize(
    ("board", "line", "said"),
    [
        ("pi5", "enable_uart=1", "dtparam=uart0=on"),
        ("pi4", "dtparam=uart0=on", "enable_uart=1"),
        ("pi4", "enable_uart=1", "dtoverlay=disable-bt"),
        ("pi4", "hdmi_force_hotplug=1", "video=HDMI-A-1:D"),
        ("pi4", "display_rotate=1", "rotation"),
        ("pi4", "dtoverlay=vc4-fkms-v3d", "vc4-kms-v3d"),
        ("pi4", "dtparam=rtc_bbat_vchg=3000000", "ds3231"),
        ("pi5", "dtparam=audio=on # loud", "a line of its own"),
        ("pi5", "disable_splash", "key=value"),
        ("pi5", "disable_splash = 1", "key=value"),
        ("pi5", "arm_64bit=0", "arm_64bit=1"),
        ("pi5", "dtparam=watchdog=off", "watchdog off"),
        ("pi5", "dtoverlay=" + "x" * 90, "98 bytes"),
    ],
)
def test_a_line_that_a_board_misunderstands_is_named(board: str, line: str, said: str) -> None:
    text = f"dtparam=watchdog=on\n{line}\n"
    (fault,) = lint_config(text, board)
    assert fault.line == 2
    assert said in fault.message


def test_what_is_for_another_board_is_let_be() -> None:
    text = "dtparam=watchdog=on\n[pi4]\nenable_uart=1\n[pi5]\ndtparam=uart0=on\n"
    assert lint_config(text, "pi5") == []


def test_without_a_watchdog_it_says_so() -> None:
    (fault,) = lint_config("arm_64bit=1\n", "pi5")
    assert "watchdog=on" in fault.message


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("root=/dev/mmcblk0p2\nquiet\n", "never read"),
        ("quiet\n", "no root="),
        ("root=/x console=serial0,115200\n", "UART"),
        ("root=/x consoleblank=600\n", "consoleblank=0"),
        ("root=/x quiet quiet\n", "twice"),
        ("root=/x #quiet\n", "no comments"),
    ],
)
def test_a_fault_of_the_command_line_is_named(text: str, said: str) -> None:
    (fault,) = lint_cmdline(text, serial=True)
    assert said in fault.message


def test_as_a_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config, line = tmp_path / "config.txt", tmp_path / "cmdline.txt"
    config.write_text(merged_config(STOCK, "pi5", ["kiosk"]))
    line.write_text(merged_cmdline(STOCK_LINE, ["kiosk"]))
    assert main(["pi5", str(config), str(line)]) == 0
    line.write_text(STOCK_LINE)
    assert main(["pi5", str(config), str(line)]) == 1
    assert f"{line}:1: 'console=serial0,115200'" in capsys.readouterr().err
    assert main(["pi3", str(config), str(line)]) == 2


def test_the_command_reads_a_file_that_is_no_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config, line = tmp_path / "config.txt", tmp_path / "cmdline.txt"
    config.write_bytes(b"# \xe0 la main\ndtparam=watchdog=on\nenable_uart=1\xe0\n")
    line.write_bytes(b"root=/x \xe0 \xe0\n")
    assert main(["pi5", str(config), str(line)]) == 1
    said = capsys.readouterr().err
    assert "'enable_uart=1?' is the debug connector" in said
    assert "'?' stands there twice" in said
