"""The scanner's own thread: reads bytes, hands whole texts to the use case, tells the page."""

import logging
import threading
import time
from typing import Any, Final

import msgspec

from edge.pulse import PULSE
from kiosk.answers import PressRefused, Wording
from kiosk.errors import ScannerUnreachable
from kiosk.happenings import Happenings
from kiosk.ports import Scanner
from kiosk.scan_lines import ScanLines
from kiosk.scans import Scans
from wire.units import Seconds

log = logging.getLogger(__name__)

LOOK_S: Final = Seconds(0.1)
REOPEN_S: Final = 1.0


class Scanning:
    """Serves one scanner; nothing where there is none, or where the page reads it.

    Args:
        scanner: Used from this thread only.
        scans: What a text does.
        happenings: Where the page learns of it.
        words: For what a refusal says.
    """

    def __init__(
        self, scanner: Scanner | None, scans: Scans, happenings: Happenings, words: Wording
    ) -> None:
        self._scanner = scanner
        self._scans = scans
        self._happenings = happenings
        self._words = words
        self._lines = ScanLines()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="scanner", daemon=True)
        self.trouble = ""

    def start(self) -> None:
        """Begin, where there is a scanner."""
        if self._scanner is not None:
            self._thread.start()

    def stop(self) -> None:
        """Finish the scan in hand and let go of the device. Safe to repeat."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=4)

    def _run(self) -> None:
        assert self._scanner is not None
        while not self._stopping.is_set():
            PULSE.beat()
            try:
                self._look(self._scanner)
            except Exception as error:  # noqa: BLE001 - only its kind is told, see below
                # Its text may hold a piece of a citizen's card.
                log.error("a scan broke off: %s", type(error).__name__)
                self._stopping.wait(REOPEN_S)
        self._scanner.close()

    def _look(self, scanner: Scanner) -> None:
        try:
            data = scanner.read(timeout_s=LOOK_S)
        except ScannerUnreachable as error:
            if not self.trouble:
                log.error("the scanner is gone: %s", error)
            self.trouble = str(error)
            self._lines.forget()
            self._stopping.wait(REOPEN_S)
            return
        if self.trouble:
            log.info("the scanner at %s is back", scanner.place)
            self.trouble = ""
        for text in self._lines.take(data, time.monotonic()):
            self._serve(text)

    def _serve(self, text: str) -> None:
        try:
            scan: dict[str, Any] = self._scans.scan(text)
        except PressRefused as refused:
            scan = {
                "kind": "refused",
                "code": refused.code,
                "retry_s": refused.retry_after_s or None,
                "message": msgspec.to_builtins(self._words.refusal(refused)),
            }
        self._happenings.add("scanned", scan=scan)
