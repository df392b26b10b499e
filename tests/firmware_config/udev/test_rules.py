"""The names and rights that udev itself gives to devices of a machine that is not there."""

import pytest

from tests.firmware_config.debian_root import INSIDE, DebianRoot

RULES = "/etc/udev/rules.d/60-layso.rules"
HUB = "/devices/pci0000:00/0000:00:14.0/usb1/1-1/1-1.3"

DEVICE = """P: {hub}
N: bus/usb/001/004
E: DEVNAME=/dev/bus/usb/001/004
E: DEVTYPE=usb_device
E: MAJOR=189
E: MINOR=3
E: SUBSYSTEM=usb
E: DRIVER=usb
A: idVendor={vendor}
A: idProduct=6001
A: bDeviceClass=00
{serial}L: driver=../../../../../../bus/usb/drivers/usb

P: {hub}/1-1.3:1.0
E: DEVTYPE=usb_interface
E: SUBSYSTEM=usb
E: DRIVER={driver}
A: bInterfaceClass=ff
A: bInterfaceSubClass=00
A: bInterfaceNumber=00
A: bInterfaceProtocol=00

P: {hub}/1-1.3:1.0/{path}
N: {node}
E: DEVNAME=/dev/{node}
E: MAJOR={major}
E: MINOR=0
E: SUBSYSTEM={subsystem}
{more}"""

KINDS = {
    "tty": {
        "path": "ttyUSB0/tty/ttyUSB0", "node": "ttyUSB0", "major": "188", "subsystem": "tty",
        "driver": "ftdi_sio", "more": "",
    },
    "printer": {
        "path": "usbmisc/lp0", "node": "usb/lp0", "major": "180", "subsystem": "usbmisc",
        "driver": "usblp", "more": "",
    },
    "keypad": {
        "path": "0003:16C0:27DB.0001/input/input9/event9", "node": "input/event9", "major": "13",
        "subsystem": "input", "driver": "usbhid", "more": "E: ID_INPUT_KEYBOARD=1\n",
    },
    "touchscreen": {
        "path": "0003:0EEF:0001.0001/input/input7/event7", "node": "input/event7", "major": "13",
        "subsystem": "input", "driver": "usbhid", "more": "E: ID_INPUT_TOUCHSCREEN=1\n",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def box(debian: DebianRoot) -> DebianRoot:
    """A Debian with our rules among its own."""
    debian.run("install", "-D", f"{INSIDE}/firmware_config/udev/60-layso.rules", RULES)
    return debian


def found(box: DebianRoot, kind: str, vendor: str, serial: str = "", *, hub: bool = False) -> str:
    """All that udev says of one device."""
    device = KINDS[kind]
    text = DEVICE.format(
        hub=HUB, vendor=vendor, serial=f"A: serial={serial}\n" if serial else "", **device
    )
    box.write("/var/machine.umockdev", text)
    path = HUB if hub else f"{HUB}/1-1.3:1.0/{device['path']}"
    # As root it would try to make the links here.
    nobody = ("setpriv", "--reuid", "nobody", "--clear-groups")
    machine = ("umockdev-run", "--device", "/var/machine.umockdev", "--")
    done = box.run(*nobody, *machine, "udevadm", "test", f"/sys{path}", check=False)
    return done.stdout + done.stderr


def links(said: str) -> set[str]:
    """The names under /dev/layso."""
    lines = [line for line in said.splitlines() if line.startswith("DEVLINKS=")]
    words = lines[0].removeprefix("DEVLINKS=").split() if lines else []
    return {word.removeprefix("/dev/layso/") for word in words if word.startswith("/dev/layso/")}


@pytest.mark.parametrize(
    ("vendor", "serial"), [("0403", "A10LSE1T"), ("1a86", ""), ("10c4", "0001"), ("067b", "")]
)
def test_an_adapter_is_named_by_its_socket_and_its_serial_number(
    box: DebianRoot, vendor: str, serial: str
) -> None:
    said = found(box, "tty", vendor, serial)
    assert links(said) == {"tty-1-1.3", *([f"tty-{serial}"] if serial else [])}
    assert "ID_MM_DEVICE_IGNORE=1" in said


def test_a_printer_has_one_name_wherever_it_is_plugged_in(box: DebianRoot) -> None:
    assert links(found(box, "printer", "04b8")) == {"printer", "printer-1-1.3"}


def test_a_keypad_is_named_by_its_socket(box: DebianRoot) -> None:
    assert links(found(box, "keypad", "16c0")) == {"keys-1-1.3"}


def test_touches_turn_with_the_picture(box: DebianRoot) -> None:
    assert "WL_OUTPUT=HDMI-A-1" in found(box, "touchscreen", "0eef")
    assert "WL_OUTPUT" not in found(box, "keypad", "16c0")


@pytest.mark.parametrize(("vendor", "ours"), [("04b8", True), ("28e9", True), ("046d", False)])
def test_a_maker_of_printers_may_be_spoken_to_without_the_kernel(
    box: DebianRoot, vendor: str, ours: bool
) -> None:
    said = found(box, "printer", vendor, hub=True)
    assert (f"{RULES}:" in said and "GROUP 7" in said) == ours, said


def test_every_line_is_one_that_udev_takes(box: DebianRoot) -> None:
    said = found(box, "tty", "0403")
    faults = [line for line in said.splitlines() if RULES in line and "ignoring" in line.lower()]
    assert faults == []
