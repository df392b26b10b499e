"""The time as the server has it, for machines whose own clock may be anywhere.

A Raspberry Pi has no clock of its own: after a power cut it wakes up some day in the past. So
the day counts as known only once the server has said it since this machine started; from then
on the machine's tick counter carries it, also through a restart of the agent. The known time never
goes back; a guess made before it was known binds nobody.
"""

import json
import logging
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from edge.durable import write_durably

log = logging.getLogger(__name__)

_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_SAVE_EVERY_S: Final = 60.0


@dataclass(frozen=True)
class Machine:
    """Where a machine's own times come from; handed in, so that a test can be any machine.

    `boot_id` changes with every start of the machine, `ticks_s` counts from it (asleep or not),
    and `wall` is its own clock, right or wrong.
    """

    boot_id: str
    ticks_s: Callable[[], float]
    wall: Callable[[], datetime]


def this_machine() -> Machine:
    """The machine this runs on."""
    try:
        boot_id = _BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        boot_id = f"process-{os.getpid()}-{time.monotonic_ns()}"
    return Machine(
        boot_id=boot_id,
        ticks_s=lambda: time.clock_gettime(time.CLOCK_BOOTTIME),
        wall=lambda: datetime.now(UTC),
    )


@dataclass(frozen=True)
class Stamp:
    """A moment as this machine knew it, which can be corrected once the truth is known."""

    boot_id: str
    ticks_s: float
    shown: datetime
    trusted: bool


class TrustedClock:
    """Server time, carried by the tick counter. Safe to use from several threads.

    Args:
        machine: Where ticks come from.
        file: Where the last confirmation is kept; None keeps nothing.
    """

    def __init__(self, machine: Machine, file: Path | None = None) -> None:
        self._machine = machine
        self._file = file
        self._lock = threading.Lock()
        self._zero: datetime | None = None
        self._floor = datetime.min.replace(tzinfo=UTC)
        self._guess = self._floor
        self._saved_at = -_SAVE_EVERY_S
        self._restore()

    @property
    def trusted(self) -> bool:
        """Whether the server has confirmed the day since this machine started."""
        return self._zero is not None

    def now(self) -> datetime:
        """The best known time, aware, UTC; never earlier than an answer of the same trust."""
        with self._lock:
            return self._now()

    def day(self, zone: ZoneInfo) -> str | None:
        """The date in `zone`, `YYYY-MM-DD`; None while the day is not known."""
        return self.now().astimezone(zone).date().isoformat() if self.trusted else None

    def stamp(self) -> Stamp:
        """This moment, to be kept with what happens now."""
        with self._lock:
            ticks_s = self._machine.ticks_s()
            return Stamp(self._machine.boot_id, ticks_s, self._now(), self._zero is not None)

    def corrected(self, stamp: Stamp, zone: tzinfo = UTC) -> datetime:
        """When `stamp` really was, as far as can be known now; never in the future.

        A guess of an earlier start that names an earlier day of `zone` than this start's may
        come from a clock that stood still: it counts as the moment of this start, so that a
        paper of this morning is not put into yesterday.
        """
        with self._lock:
            if self._zero is None:
                return stamp.shown
            at = stamp.shown if stamp.trusted else self._better(stamp, self._zero, zone)
            return min(at, self._now())

    def _better(self, guessed: Stamp, zero: datetime, zone: tzinfo) -> datetime:
        if guessed.boot_id == self._machine.boot_id:
            return zero + timedelta(seconds=guessed.ticks_s)
        stood_still = guessed.shown.astimezone(zone).date() < zero.astimezone(zone).date()
        return zero if stood_still else min(guessed.shown, zero)

    def confirm(self, server_now: datetime, *, asked_s: float, answered_s: float) -> None:
        """Take the server's time.

        Args:
            server_now: What the server said, aware.
            asked_s, answered_s: This machine's ticks before the question and after the answer.
        """
        with self._lock:
            middle_s = (asked_s + answered_s) / 2
            self._zero = server_now.astimezone(UTC) - timedelta(seconds=middle_s)
            if answered_s - self._saved_at >= _SAVE_EVERY_S:
                self._save(answered_s)

    def not_before(self, moment: datetime) -> None:
        """Never hand out a time earlier than `moment`, which was known and has passed."""
        with self._lock:
            self._floor = max(self._floor, moment.astimezone(UTC))

    def ticks_s(self) -> float:
        """This machine's ticks, for `confirm`."""
        return self._machine.ticks_s()

    def _now(self) -> datetime:
        if self._zero is None:
            self._guess = max(self._guess, self._floor, self._machine.wall().astimezone(UTC))
            return self._guess
        at = self._zero + timedelta(seconds=self._machine.ticks_s())
        self._floor = max(self._floor, at)
        return self._floor

    def _restore(self) -> None:
        kept = self._read()
        if kept is None:
            return
        if kept["boot_id"] == self._machine.boot_id:
            self._zero = datetime.fromisoformat(kept["zero"])
        else:
            # Another start: the time is unknown, but it is not before what was known then.
            self._floor = datetime.fromisoformat(kept["confirmed"])

    def _read(self) -> dict[str, Any] | None:
        if self._file is None or not self._file.exists():
            return None
        try:
            kept: dict[str, Any] = json.loads(self._file.read_text(encoding="utf-8"))
            datetime.fromisoformat(kept["zero"])
            datetime.fromisoformat(kept["confirmed"])
            str(kept["boot_id"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            log.warning("the kept time in %s is not readable: %s", self._file, error)
            return None
        return kept

    def _save(self, ticks_s: float) -> None:
        self._saved_at = ticks_s
        if self._file is None or self._zero is None:
            return
        kept = {
            "boot_id": self._machine.boot_id,
            "zero": self._zero.isoformat(),
            "confirmed": self._now().isoformat(),
        }
        try:
            write_durably(self._file, json.dumps(kept))
        except OSError as error:
            log.warning("the time cannot be kept in %s: %s", self._file, error)
