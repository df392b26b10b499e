"""A loudspeaker at this machine's audio output, played by `aplay` (Debian: alsa-utils).

The player is a process of its own: a sound system that hangs or crashes takes that process along
and not the panels. See docs/decisions/0011.

Source: aplay(1), alsa-utils 1.2.
"""

import os
import re
import subprocess
import threading
from pathlib import Path
from typing import Final

from display.errors import PlayerMissing, SpeakerError, SpeakerGone, SpeakerHangs
from display.ports import Sentence
from look.voice import RATE_HZ
from wire.checks import Table

PROGRAM: Final = "aplay"
GRACE_S: Final = 4.0
"""How much longer than its sentence a player may take: opening a device, and its buffer."""
CHECK_S: Final = 3.0
SILENCE_S: Final = 0.1

_CARD: Final = re.compile(r"(?:CARD=|hw:(?!CARD=))(?P<card>[A-Za-z0-9_-]+)")
_LISTED: Final = re.compile(r"^card (?P<index>[0-9]+): (?P<id>\S+)", re.MULTILINE)


class AlsaSpeaker:
    """Plays through an ALSA device, such as `default` or `plughw:CARD=Device`."""

    def __init__(self, device: str, program: str = PROGRAM) -> None:
        self.place = device
        self._program = program
        self._suspect = False
        self._lock = threading.Lock()
        self._player: subprocess.Popen[bytes] | None = None
        self._closed = False

    def say(self, sentence: Sentence) -> None:
        """See `display.ports.Speaker`."""
        try:
            self._play(sentence.samples, sentence.length_s)
        except SpeakerError:
            self._suspect = True
            raise

    def check(self) -> None:
        """See `display.ports.Speaker`; a device that failed has to take some silence."""
        listed = self._run(["-l"], b"", CHECK_S)
        cards = {word for found in _LISTED.finditer(listed) for word in found.groups()}
        found = _CARD.search(self.place)
        wanted = found["card"] if found is not None else ""
        if (wanted and wanted not in cards) or (self.place == "default" and not cards):
            there = ", ".join(sorted(card for card in cards if not card.isdigit())) or "none"
            named = f"no sound card '{wanted}'" if wanted else "no sound card"
            raise SpeakerGone(f"{named} (there: {there}); plug it in")
        if self._suspect:
            self._play(bytes(2 * int(SILENCE_S * RATE_HZ)), SILENCE_S)
            self._suspect = False

    def close(self) -> None:
        """See `display.ports.Speaker`."""
        with self._lock:
            self._closed = True
            if self._player is not None:
                self._player.kill()

    def _play(self, samples: bytes, length_s: float) -> None:
        words = ["-q", "-D", self.place, "-t", "raw", "-f", "S16_LE", "-r", str(RATE_HZ)]
        self._run([*words, "-c", "1", "-"], samples, length_s + GRACE_S)

    def _run(self, words: list[str], given: bytes, within_s: float) -> str:
        player = self._start(words)
        try:
            said, complaint = player.communicate(given, timeout=within_s)
        except subprocess.TimeoutExpired as error:
            raise SpeakerHangs(f"{self.place} did not finish in {within_s:.1f} s") from error
        finally:
            with self._lock:
                self._player = None
            _end(player)
        if player.returncode != 0 and not self._closed:
            raise SpeakerGone(f"{self.place}: {_last_line(complaint) or player.returncode}")
        return said.decode(errors="replace")

    def _start(self, words: list[str]) -> subprocess.Popen[bytes]:
        pipe = subprocess.PIPE
        with self._lock:
            if self._closed:
                raise SpeakerGone("the agent is stopping")
            try:
                self._player = subprocess.Popen(  # noqa: S603 - no shell; a checked device name
                    [self._program, *words], stdin=pipe, stdout=pipe, stderr=pipe, env=_english()
                )
            except OSError as error:
                raise PlayerMissing(
                    f"cannot run {self._program} ({error.strerror}); apt install alsa-utils"
                ) from error
            return self._player


def _english() -> dict[str, str]:
    """What it lists is read here, and it would list in the language of the machine."""
    return {**os.environ, "LC_ALL": "C"}


def _end(player: subprocess.Popen[bytes]) -> None:
    """Leave neither a process nor a pipe behind."""
    if player.poll() is None:
        player.kill()
        player.communicate()


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").split("\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), "")


def open_speaker(options: Table, data_dir: Path) -> AlsaSpeaker:
    """See `display.ports.OpenSpeaker`."""
    what = "an ALSA device, such as default or plughw:CARD=Device (aplay -L lists them)"
    return AlsaSpeaker(options.text("device", "default", pattern=r"[^\s-]\S*", what=what))
