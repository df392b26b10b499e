"""One server to a SQLite file: a locked file that also says where its control socket is.

The lock is the kernel's and goes with the process, however it ends; the text in the file
is only believed while the lock is held.
"""

import fcntl
import os
from pathlib import Path

from wire.errors import LaySoError


class FolderTaken(LaySoError):
    """Another process holds the lock; `address` is its control socket, if it has one yet."""

    def __init__(self, path: Path, address: str) -> None:
        super().__init__(f"another server runs on this database ({path} is locked); stop it first")
        self.address = address


class FolderLock:
    """Held from construction until `release`.

    Args:
        path: The file to lock; made where it is not there.

    Raises:
        FolderTaken: another process holds it.
        LaySoError: the folder is not there or cannot be written to.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise LaySoError(
                f"cannot open the database: {path.parent} takes no lock file ({error.strerror})"
            ) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            address = os.pread(self._handle, 4096, 0).decode("utf-8", "replace").strip()
            os.close(self._handle)
            raise FolderTaken(path, address) from error
        os.ftruncate(self._handle, 0)

    def announce(self, address: str) -> None:
        """Write down where commands reach this process."""
        os.pwrite(self._handle, address.encode() + b"\n", 0)

    def release(self) -> None:
        """Let go; repeating it is an error."""
        os.ftruncate(self._handle, 0)
        os.close(self._handle)
