"""One server to a data folder: a locked file that also says where its control socket is.

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
        super().__init__(f"another server runs on this data folder ({path}); stop it first")
        self.address = address


class FolderLock:
    """Held from construction until `release`.

    Args:
        data_dir: The folder.

    Raises:
        FolderTaken: another process holds it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "server.lock"
        self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            address = os.pread(self._handle, 4096, 0).decode("utf-8", "replace").strip()
            os.close(self._handle)
            raise FolderTaken(data_dir, address) from error
        os.ftruncate(self._handle, 0)

    def announce(self, address: str) -> None:
        """Write down where commands reach this process."""
        os.pwrite(self._handle, address.encode() + b"\n", 0)

    def release(self) -> None:
        """Let go; repeating it is an error."""
        os.ftruncate(self._handle, 0)
        os.close(self._handle)
