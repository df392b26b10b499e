"""Room kept free for the moment when the disk is full: a file that nobody misses.

Where nothing can be written, nothing can be handed in either, since that too must be noted.
"""

import logging
import os
import shutil
from pathlib import Path
from typing import Final

log = logging.getLogger(__name__)

SIZE_BYTES: Final = 4_000_000
"""Some thousand numbers, their papers and their hand-ins."""


class Ballast:
    """One file of real bytes, let go when the disk is full and made again once there is room.

    Args:
        path: The file; its folder exists.
        size_bytes: How much room it keeps.
    """

    def __init__(self, path: Path, size_bytes: int = SIZE_BYTES) -> None:
        self._path = path
        self._size_bytes = size_bytes

    @property
    def kept(self) -> bool:
        """Whether the room is still there."""
        return self._path.exists()

    def keep(self) -> None:
        """Make it where it is missing, unless that would fill the disk itself."""
        if self.kept:
            return
        draft = self._path.with_name(self._path.name + ".new")
        try:
            if shutil.disk_usage(self._path.parent).free < 4 * self._size_bytes:
                log.error("too little room on the disk to keep some of it: %s", self._path.parent)
                return
            with draft.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, self._size_bytes)
            draft.replace(self._path)
        except OSError as error:
            log.error("no room can be kept on the disk: %s", error)
            draft.unlink(missing_ok=True)

    def let_go(self) -> None:
        """Give the room back. Safe to repeat."""
        try:
            self._path.unlink()
        except FileNotFoundError:
            return
        except OSError as error:
            log.error("'%s' cannot be deleted: %s", self._path, error)
            return
        log.error("the disk is full: the room kept for that is given back; make more now")
