"""A root that is never written to: what each step leaves, and what Debian makes of it."""

import shutil
from pathlib import Path

import pytest

from firmware_config.installer.errors import Stopped
from firmware_config.root import seal, tables
from tests.firmware_config.debian_root import INSIDE, DebianRoot
from tests.firmware_config.unit import UNITS, values

FSTAB = """proc            /proc           proc    defaults          0       0
PARTUUID=4c4e106f-01  /boot/firmware  vfat    defaults          0       2
PARTUUID=4c4e106f-02  /               ext4    defaults,noatime  0       1
# a swapfile is not a swap partition, no line here
"""
LINE = "console=tty1 root=PARTUUID=4c4e106f-02 rootfstype=ext4 fsck.repair=yes rootwait\n"
SERVICES = sorted(path.name for path in UNITS.glob("*.service"))


@pytest.fixture
def box(tmp_path: Path) -> Path:
    """A Raspberry Pi's files, its data mounted from a partition of its own."""
    for name, text in {
        seal.FSTAB: tables.with_data(FSTAB),
        seal.MOUNTS: "/dev/mmcblk0p2 / ext4 rw 0 0\n/dev/mmcblk0p3 /var/lib/layso ext4 rw 0 0\n",
        seal.CMDLINE: LINE,
        seal.CONFIG: "auto_initramfs=1\n",
        seal.PACKAGE: "",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def tree(box: Path) -> dict[str, str]:
    """Every file of the box with its text."""
    files = (path for path in sorted(box.rglob("*")) if path.is_file())
    return {str(path.relative_to(box)): path.read_text(encoding="utf-8") for path in files}


def restart(box: Path) -> None:
    """The next start: what the root is then."""
    laid_over = tables.OVERLAY in (box / seal.CMDLINE).read_text(encoding="utf-8").split()
    first = "overlayroot / overlay rw 0 0" if laid_over else "/dev/mmcblk0p2 / ext4 rw 0 0"
    rest = (box / seal.MOUNTS).read_text(encoding="utf-8").splitlines()[1:]
    (box / seal.MOUNTS).write_text("\n".join([first, *rest]) + "\n", encoding="utf-8")


def test_there_and_back(box: Path) -> None:
    before = tree(box)
    seal.data(box)
    assert tree(box) == before
    seal.on(box)
    seal.on(box)
    assert "/boot/firmware  vfat    defaults,ro          0" in tree(box)[str(seal.FSTAB)]
    assert tree(box)[str(seal.CMDLINE)] == f"{LINE.rstrip()} overlayroot=tmpfs:recurse=0\n"
    restart(box)
    for act in (seal.data, seal.on, seal.refuse_sealed):
        with pytest.raises(Stopped, match="would be forgotten"):
            act(box)
    seal.off(box)
    assert tree(box)[str(seal.CMDLINE)] == LINE
    assert "defaults,ro" in tree(box)[str(seal.FSTAB)]  # in memory: a change would not last
    restart(box)
    seal.off(box)
    assert tree(box) == before


def test_a_machine_without_cmdline_has_a_file_for_it(box: Path) -> None:
    for name in (seal.CMDLINE, seal.CONFIG):
        (box / name).unlink()
    seal.on(box)
    assert tree(box)[str(seal.LOCAL)].splitlines()[-1] == "overlayroot=tmpfs:recurse=0"
    seal.off(box)
    assert str(seal.LOCAL) not in tree(box)
    seal.on(box)
    (box / seal.MOUNTS).write_text("overlayroot / overlay rw 0 0\n", encoding="utf-8")
    with pytest.raises(Stopped, match="overlayroot-chroot rm /etc/overlayroot"):
        seal.off(box)


@pytest.fixture
def plain(box: Path) -> Path:
    """The same before its data has a partition: state on the root, LAYSO there and not mounted."""
    (box / seal.FSTAB).write_text(FSTAB, encoding="utf-8")
    (box / seal.MOUNTS).write_text("/dev/mmcblk0p2 / ext4 rw 0 0\n", encoding="utf-8")
    (box / seal.LABEL).parent.mkdir(parents=True)
    (box / "dev/mmcblk0p3").touch()
    (box / seal.LABEL).symlink_to("../../mmcblk0p3")
    (box / "var/lib/layso/kiosk").mkdir(parents=True)
    return box


def mount(box: Path, what: str, where: str) -> None:
    """Let something be mounted there, as far as the kernel's list goes."""
    (box / where.lstrip("/")).mkdir(parents=True, exist_ok=True)
    with (box / seal.MOUNTS).open("a", encoding="utf-8") as mounts:
        mounts.write(f"{what} {where} ext4 rw 0 0\n")


def test_data_needs_a_partition_of_that_label(plain: Path) -> None:
    (plain / seal.LABEL).unlink()
    before = tree(plain)
    with pytest.raises(Stopped, match="no partition is labelled LAYSO"):
        seal.data(plain)
    assert tree(plain) == before


def test_on_a_new_box_folders_without_state_are_no_hindrance(plain: Path) -> None:
    seal.data(plain)
    assert (plain / seal.FSTAB).read_text(encoding="utf-8") == tables.with_data(FSTAB)
    seal.data(plain)
    assert (plain / seal.FSTAB).read_text(encoding="utf-8") == tables.with_data(FSTAB)


def test_state_is_copied_before_it_is_hidden(plain: Path) -> None:
    journal = plain / "var/lib/layso/kiosk/journal"
    journal.write_text("A001\n")
    with pytest.raises(Stopped, match=r"cp -a /var/lib/layso/\. /mnt/"):
        seal.data(plain)
    mount(plain, "/dev/mmcblk0p3", "/mnt")
    shutil.copytree(plain / "var/lib/layso", plain / "mnt", dirs_exist_ok=True)
    journal.write_text("A002\n")  # The kiosk was not stopped before the copy.
    before = tree(plain)
    with pytest.raises(Stopped, match="would hide"):
        seal.data(plain)
    assert tree(plain) == before
    shutil.copytree(plain / "var/lib/layso", plain / "mnt", dirs_exist_ok=True)
    (plain / "mnt/kiosk/journal").chmod(0o640)  # Copied without -a: it may not be read there.
    with pytest.raises(Stopped, match="would hide"):
        seal.data(plain)
    (plain / "mnt/kiosk/journal").chmod(journal.stat().st_mode)
    seal.data(plain)
    assert tables.has_our_data((plain / seal.FSTAB).read_text(encoding="utf-8"))


def test_a_copy_on_another_partition_does_not_count(plain: Path) -> None:
    (plain / "var/lib/layso/kiosk/journal").write_text("A001\n")
    mount(plain, "/dev/sda1", "/mnt")
    shutil.copytree(plain / "var/lib/layso", plain / "mnt", dirs_exist_ok=True)
    with pytest.raises(Stopped, match="would hide"):
        seal.data(plain)
    mount(plain, "/dev/mmcblk0p3", "/var/lib/layso")  # By hand, and installed there.
    seal.data(plain)


def test_data_that_the_technician_mounts_otherwise_is_let_be(plain: Path) -> None:
    (plain / seal.LABEL).unlink()
    own = f"{FSTAB}UUID=1f2e /var/lib/layso/ ext4 noatime 0 2\n"
    (plain / seal.FSTAB).write_text(own, encoding="utf-8")
    seal.data(plain)
    assert (plain / seal.FSTAB).read_text(encoding="utf-8") == own


def test_other_lines_and_other_bytes_stay_as_they_are(box: Path) -> None:
    note = b"# root=PARTUUID=old, \xe0 la main\n"
    (box / seal.CMDLINE).write_bytes(LINE.encode() + note)
    fstab = (box / seal.FSTAB).read_bytes() + b"# \xe0 la main\n"
    (box / seal.FSTAB).write_bytes(fstab)
    (box / seal.CONFIG).write_bytes(b"# \xe9t\xe9\nauto_initramfs=1\n")
    seal.on(box)
    words = f"{LINE.rstrip()} overlayroot=tmpfs:recurse=0\n".encode()
    assert (box / seal.CMDLINE).read_bytes() == words + note
    seal.off(box)
    assert (box / seal.CMDLINE).read_bytes() == LINE.encode() + note
    assert (box / seal.FSTAB).read_bytes() == fstab


def test_the_block_of_fstab_without_its_end_is_not_guessed(box: Path) -> None:
    cut = FSTAB + "# layso: begin\nUUID=1 /srv ext4 noatime 0 2\n"
    with pytest.raises(Stopped, match="/etc/fstab has a line '# layso: begin'"):
        tables.with_data(cut)


def test_where_the_data_is_not_mounted_it_stops(box: Path, debian: DebianRoot) -> None:
    with pytest.raises(Stopped, match="that is not mounted"):
        seal.refuse_unmounted(box)
    (box / seal.FSTAB).write_text(FSTAB, encoding="utf-8")
    seal.refuse_unmounted(box)
    (box / seal.FSTAB).unlink()
    seal.refuse_unmounted(box)
    ask = f"import sys; sys.path.insert(0, '{INSIDE}'); from pathlib import Path; "
    ask += "from firmware_config.root.seal import refuse_unmounted as ask; ask(Path('/'))"
    debian.write("/etc/fstab", tables.with_data(FSTAB))
    debian.run("mkdir", "-p", tables.DATA)
    assert "that is not mounted" in debian.run("python3", "-c", ask, check=False).stderr
    debian.run("mount", "-t", "tmpfs", "layso", tables.DATA)
    debian.run("python3", "-c", ask)
    debian.run("umount", tables.DATA)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (seal.FSTAB, FSTAB, "would be lost"),
        (seal.MOUNTS, "/dev/mmcblk0p2 / ext4 rw 0 0\n", "would be lost"),
        (seal.CONFIG, "#auto_initramfs=1\n", "auto_initramfs=1"),
        (seal.PACKAGE, None, "apt-get install overlayroot"),
    ],
)
def test_a_box_that_is_not_ready_is_left_as_it_is(
    box: Path, name: Path, text: str | None, said: str
) -> None:
    if text is None:
        (box / name).unlink()
    else:
        (box / name).write_text(text, encoding="utf-8")
    before = tree(box)
    with pytest.raises(Stopped, match=said):
        seal.on(box)
    assert tree(box) == before


def test_systemd_checks_the_data_before_anything_is_made_there(debian: DebianRoot) -> None:
    debian.write("/etc/fstab", tables.sealed(tables.with_data(FSTAB)))
    generator = "/usr/lib/systemd/system-generators/systemd-fstab-generator"
    debian.run("mkdir", "/run/made")
    debian.run(generator, "/run/made", "/run/made", "/run/made")
    unit = debian.run("cat", "/run/made/var-lib-layso.mount").stdout
    assert r"Requires=systemd-fsck@dev-disk-by\x2dlabel-LAYSO.service" in unit
    assert "Before=systemd-tmpfiles-setup.service" in unit
    wanted = debian.run("ls", "/run/made/local-fs.target.wants").stdout
    assert "var-lib-layso.mount" in wanted
    needed = debian.run("ls", "/run/made/local-fs.target.requires").stdout
    assert "var-lib-layso.mount" not in needed
    assert "ro" in debian.run("cat", "/run/made/boot-firmware.mount").stdout.split("Options=")[1]


@pytest.mark.parametrize("unit", SERVICES)
def test_nothing_runs_without_its_data(unit: str) -> None:
    assert values(unit, "RequiresMountsFor") == [tables.DATA]


@pytest.mark.parametrize(
    ("server", "serves", "there"),
    [
        ("10.0.0.5", False, "server 10.0.0.5 iburst prefer"),
        ("", True, "local stratum 10"),
    ],
)
def test_chrony_takes_its_lines(debian: DebianRoot, server: str, serves: bool, there: str) -> None:
    debian.write("/etc/chrony/conf.d/layso.conf", tables.chrony(server, serves=serves))
    whole = debian.run("chronyd", "-p", "-f", "/etc/chrony/chrony.conf").stdout.splitlines()
    assert {there, "rtcsync", "makestep 1 3"} <= set(whole)


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert seal.main(["maybe"]) == 2
    assert "data|on|off" in capsys.readouterr().err
