"""A printer behind a device file, such as /dev/usb/lp0; a plain file or a pipe takes slips too.

A device that can be read is asked as any other printer; one that can only be written stays
silent. The file is held open between slips, so that what the printer says by itself is heard.
"""

import contextlib
import errno
import os
import select
import stat
import tty
from pathlib import Path
from typing import Final

from kiosk.drivers.printer_escpos import EscposPrinter
from kiosk.drivers.printer_wire import DescriptorWire
from kiosk.errors import PrinterUnreachable
from kiosk.printer_profile import read_profile
from wire.checks import Table

_ADVICE: Final = {
    errno.ENOENT: "is not there; is the cable in and the printer on?",
    errno.ENXIO: "has no device behind it; is the cable in and the printer on?",
    errno.ENODEV: "has no device behind it; is the cable in and the printer on?",
    errno.EACCES: "may not be opened; add this user to the group lp",
    errno.EPERM: "may not be opened; add this user to the group lp",
    errno.EBUSY: "is in use by another program; stop it (CUPS, or a second agent)",
}
_DRAIN_S: Final = 1.0
_ONE_WAY: Final = frozenset({errno.EACCES, errno.EPERM, errno.EINVAL})


def open_printer(options: Table, *, data_dir: Path) -> EscposPrinter:
    """Read the options; nothing is opened before the first slip. Faults are added to the table."""
    del data_dir
    path = options.text(
        "path", "/dev/usb/lp0", pattern="/.+", what="a device, such as /dev/usb/lp0"
    )
    profile = read_profile(options)
    options.finish()
    return EscposPrinter(lambda _until: FileWire(Path(path)), profile, keeps_open=True)


class FileWire(DescriptorWire):
    """An open device file.

    Raises:
        PrinterUnreachable: it is not there, or somebody else has it.
    """

    def __init__(self, path: Path) -> None:
        try:
            descriptor, self.two_way = _open(path)
        except OSError as error:
            words = _ADVICE.get(error.errno or 0, f"cannot be opened: {error.strerror}")
            raise PrinterUnreachable(f"{path} {words}") from error
        terminal = os.isatty(descriptor)
        if terminal:
            tty.setraw(descriptor)
        # /dev/usb/lp0 reads as empty while the printer has nothing to say.
        super().__init__(descriptor, silence_ends=terminal)

    def close(self) -> None:
        """See `Wire.close`; the last piece must be taken first, or the kernel drops it."""
        with contextlib.suppress(OSError, ValueError):
            select.select([], [self.descriptor], [], _DRAIN_S)
        super().close()


def _open(path: Path) -> tuple[int, bool]:
    """(descriptor, whether it can be read): devices both ways where they allow it."""
    flags = os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
    if stat.S_ISCHR(path.stat().st_mode):
        try:
            return os.open(path, os.O_RDWR | flags), True
        except OSError as error:
            if error.errno not in _ONE_WAY:
                raise
    return os.open(path, os.O_WRONLY | os.O_APPEND | flags), False
