"""From a scanner's bytes to what it read, one text a scan. Pure: bytes and moments come in.

Scanners end a text with CR, LF, both, or with nothing but a pause.
"""

import re
from typing import Final

MAX_BYTES: Final = 2048
"""More than any code on a card or a slip holds; what is longer is noise."""

PAUSE_S: Final = 0.3
"""Silence that ends a text; 9600 baud leave no gap as long inside one."""

_ENDS: Final = re.compile(rb"[\r\n]")
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


class ScanLines:
    """Gathers bytes until a text is whole. Never holds more than `MAX_BYTES`."""

    def __init__(self) -> None:
        self._held = b""
        self._too_long = False
        self._heard_s = 0.0

    def take(self, data: bytes, now_s: float) -> list[str]:
        """Take what was read, maybe nothing, and give the texts that are whole now.

        Args:
            data: The bytes since the last call.
            now_s: Monotonic seconds.
        """
        texts = self._end() if now_s - self._heard_s >= PAUSE_S else []
        if data:
            self._heard_s = now_s
        *whole, rest = _ENDS.split(data)
        for part in whole:
            self._hold(part)
            texts += self._end()
        self._hold(rest)
        return texts

    def forget(self) -> None:
        """Drop what is not whole: the scanner is gone."""
        self._held, self._too_long = b"", False

    def _hold(self, part: bytes) -> None:
        self._too_long = self._too_long or len(self._held) + len(part) > MAX_BYTES
        self._held = b"" if self._too_long else self._held + part

    def _end(self) -> list[str]:
        held, too_long = self._held, self._too_long
        self.forget()
        if too_long:
            return []
        text = _CONTROLS.sub("", held.decode("utf-8", "replace")).strip()
        return [text] if text else []
