"""What was said, kept over a restart so that nothing is said twice."""

import json
import logging
from pathlib import Path
from typing import Final

from edge.durable import make_folder, write_durably

FILE: Final = "said.json"
KEPT: Final = 100
"""None older than two minutes is ever offered again, and each is a write to the card."""

log = logging.getLogger(__name__)


class VoiceMemory:
    """(call_id, times) of the newest announcements, in one small file.

    A disk that is full or gone does not silence the calls: it is logged once, and a restart may
    then say a call again.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE
        self._failing = False

    def read(self) -> list[tuple[str, int]]:
        """What was said before, oldest first; nothing where the file is missing or spoilt."""
        try:
            told = json.loads(self._file.read_text("utf-8"))
            return [(str(call_id), int(times)) for call_id, times in told]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, TypeError) as error:
            log.warning("what was said before cannot be read (%s): %s", self._file, error)
            return []

    def write(self, said: list[tuple[str, int]]) -> None:
        """Keep it; durable once this returns, unless the disk fails."""
        try:
            make_folder(self._file.parent)
            write_durably(self._file, json.dumps(said[-KEPT:]))
            self._failing = False
        except OSError as error:
            if not self._failing:
                log.warning("what was said cannot be kept (%s): %s", self._file, error)
            self._failing = True
