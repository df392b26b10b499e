"""A loudspeaker without hardware: it keeps what it said. For demo, tests and simulation.

The newest 100 announcements are kept, each as `DATA_DIR/voice/NNNN.wav` and a line of
`said.jsonl`. It takes as long as a real one would, unless `real_time` is false.
"""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from display.errors import SpeakerError
from display.ports import Sentence
from look.voice import wav
from wire.checks import Table

KEPT: Final = 100
FOLDER: Final = "voice"
LINES: Final = "said.jsonl"


class VirtualSpeaker:
    """Set `trouble` to have it fail as hardware would."""

    def __init__(self, folder: Path, *, real_time: bool = True) -> None:
        self.place = str(folder)
        self.trouble: SpeakerError | None = None
        self._folder = folder
        self._real_time = real_time
        self._closing = threading.Event()
        self._count = 0

    def say(self, sentence: Sentence) -> None:
        """See `display.ports.Speaker`."""
        self.check()
        try:
            self._keep(sentence)
        except OSError as error:
            raise SpeakerError(f"{self.place} cannot be written: {error.strerror}") from error
        if self._real_time:
            self._closing.wait(sentence.length_s)

    def check(self) -> None:
        """See `display.ports.Speaker`."""
        if self.trouble is not None:
            raise self.trouble

    def close(self) -> None:
        """See `display.ports.Speaker`."""
        self._closing.set()

    def _keep(self, sentence: Sentence) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        if self._count == 0:
            self._count = max((int(path.stem) for path in self._kept()), default=0)
        self._count += 1
        name = f"{self._count:04}.wav"
        line = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "call_id": sentence.call_id,
            "times": sentence.times,
            "clips": list(sentence.clips),
            "ms": round(1000 * sentence.length_s),
            "file": name,
        }
        (self._folder / name).write_bytes(wav(sentence.samples))
        with (self._folder / LINES).open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(line) + "\n")
        if self._count % KEPT == 0:
            self._drop_old()

    def _kept(self) -> list[Path]:
        return sorted(self._folder.glob("[0-9]*.wav"), key=lambda path: int(path.stem))

    def _drop_old(self) -> None:
        for path in self._kept()[:-KEPT]:
            path.unlink()
        lines = (self._folder / LINES).read_text("utf-8").splitlines()[-KEPT:]
        (self._folder / LINES).write_text("\n".join(lines) + "\n", "utf-8")


def open_speaker(options: Table, data_dir: Path) -> VirtualSpeaker:
    """See `display.ports.OpenSpeaker`."""
    return VirtualSpeaker(data_dir / FOLDER, real_time=options.flag("real_time", True))
