"""Saying how this device is: every few seconds, and at once when what matters changed.

A heartbeat that does not arrive is dropped: the next one says more, and an old one would lie.
"""

import logging
import re
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from edge.client import ServerClient
from edge.errors import EdgeError, ServerRefused
from edge.pulse import PULSE
from wire.devices import BEAT_EVERY_S, DETAIL_MOST

log = logging.getLogger(__name__)

PATH: Final = "/api/v1/heartbeat"
LOOK_S: Final = 0.5
ANSWER_S: Final = 2.0
REFUSED_S: Final = 30.0
"""After a refusal: the token or the server's release is another one, and that takes a while."""

THERMAL: Final = Path("/sys/class/thermal")
_PROCESSOR: Final = re.compile(r"cpu|x86_pkg|soc|acpitz", re.IGNORECASE)
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f]+")

Facts = Callable[[], Mapping[str, Any]]


def plain(text: str) -> str:
    """A detail as the wire takes it: one line, not too long."""
    return _CONTROL.sub(" ", text)[:DETAIL_MOST]


def processor_c(folder: Path = THERMAL) -> float | None:
    """The processor's temperature in °C; None where the machine does not say."""
    found = [
        celsius
        for zone in sorted(folder.glob("thermal_zone*"))
        if _PROCESSOR.search(_word(zone / "type"))
        and (celsius := _celsius(_word(zone / "temp"))) is not None
    ]
    return max(found, default=None)


def _word(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _celsius(text: str) -> float | None:
    """Thousandths of a degree; sensors that are switched off say nothing, or nonsense."""
    try:
        celsius = int(text) / 1000
    except ValueError:
        return None
    return round(celsius, 1) if -40 <= celsius <= 150 else None


class Heartbeat:
    """The thread that says how this device is.

    Args:
        client: For this thread alone, or shared with others that do not close it.
        facts: The fields of `wire.devices.Heartbeat` that are this agent's own.
        urgent: What must be told at once when it changes; cheap, asked twice a second.
    """

    def __init__(
        self, client: ServerClient, facts: Facts, urgent: Callable[[], object] = lambda: None
    ) -> None:
        self._client = client
        self._facts = facts
        self._urgent = urgent
        self._version = version("layso")
        self._started_s = time.monotonic()
        self._offset_s: float | None = None
        self._said = ""
        self.refused = False
        """Whether the server refused the last one: the token is another's, or revoked."""
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Say no more. Safe to repeat."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=ANSWER_S + 1)

    def _run(self) -> None:
        told: object = None
        due_s = time.monotonic()
        while not self._stopping.is_set():
            PULSE.beat()
            urgent = self._news(told)
            now_s = time.monotonic()
            if now_s >= due_s or urgent != told:
                # A beat that is lost is urgent no more: the next one comes soon enough.
                told, due_s = urgent, now_s + self._beat()
            self._stopping.wait(LOOK_S)

    def _news(self, told: object) -> object:
        """What must be told at once; what was told before, where that cannot be said."""
        try:
            return self._urgent()
        except Exception as error:  # How a device is must never end it.
            log.debug("what is urgent is not known", exc_info=error)
            return told

    def _beat(self) -> float:
        """Say how this device is; how many seconds until the next time."""
        try:
            asked_s, asked_at = time.monotonic(), datetime.now(UTC)
            reply = self._client.post(PATH, self._report(), timeout_s=ANSWER_S)
            self._learn(reply.body, asked_at, time.monotonic() - asked_s)
            self._say("")
            self.refused = False
        except ServerRefused as error:
            self._say(f"the server does not take heartbeats of this device: {error}")
            self.refused = error.problem.status in (401, 403)
            return REFUSED_S
        except EdgeError as error:
            log.debug("a heartbeat was lost: %s", error)
        except Exception:  # How a device is must never end it.
            log.exception("a heartbeat broke off")
        return BEAT_EVERY_S

    def _report(self) -> dict[str, Any]:
        report = {
            "version": self._version,
            "uptime_s": int(time.monotonic() - self._started_s),
            "temperature_c": processor_c(),
            "clock_offset_s": self._offset_s,
            **self._facts(),
        }
        return {name: value for name, value in report.items() if value is not None}

    def _learn(self, body: Any, asked_at: datetime, took_s: float) -> None:
        """How far the server is ahead of this machine's own clock."""
        try:
            now = datetime.fromisoformat(body["now"])
        except (KeyError, TypeError, ValueError):
            return
        self._offset_s = round((now - asked_at).total_seconds() - took_s / 2, 1)

    def _say(self, trouble: str) -> None:
        """Log a trouble once, not at each beat."""
        if trouble and trouble != self._said:
            log.warning("%s", trouble)
        self._said = trouble
