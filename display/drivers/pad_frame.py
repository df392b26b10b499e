"""Call pads that are already there and speak frames of their own over a serial line.

A pad may tell of its keys by itself, or only when it is asked (`poll`). Several share a port.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final

from display.drivers.serial_wire import SerialWire, shared_wire
from display.errors import PadUnavailable, PanelError
from display.frames.pad import Finder, frame, overlapping
from display.frames.template import TemplateFault
from display.pads.ports import PAD_KEYS, PAD_LAMPS, Lights, OnKey, PadKey, PadLamp
from edge.blinking import lit, next_change_s
from edge.contacts import Light
from wire.checks import Table
from wire.units import Seconds

log = logging.getLogger(__name__)

LISTEN_S: Final = 0.02
ANSWER_S: Final = 0.06
FAST_S: Final = 0.25
"""Blinking costs a frame each time: slower than a pin's."""
REFRESH_S: Final = 5.0
SILENT_S: Final = 3.0
SENT_AT_ONCE: Final = 4
KEPT: Final = 64
_WHAT: Final = "a frame, such as AA {unit} 01 {sum8} 55"


def open_pad(options: Table, *, counter: str, data_dir: Path, shared: dict[str, Any]) -> "FramePad":
    """See `display.pads.ports.OpenPad`."""
    unit = options.integer("unit", 1, low=0, high=255, what="the pad's address")
    bits = options.integer("data_bits", 8, low=7, high=8, what="the bits of a character")
    wire = shared_wire(options, shared, data_bits=bits)
    read = partial(_frame, options, unit, bits)
    keys = {key: data for key in PAD_KEYS if (data := read(key, required=key == "next"))}
    for outer, inner in overlapping(keys):
        options.fault(outer, f"contains the frame of '{inner}': they cannot be told apart")
    lamps: dict[PadLamp, tuple[bytes, bytes]] = {}
    for lamp in PAD_LAMPS:
        on, off = read(f"{lamp}_on"), read(f"{lamp}_off")
        if bool(on) != bool(off):
            options.fault(f"{lamp}_off" if on else f"{lamp}_on", "is missing; give both")
        elif on:
            lamps[lamp] = on, off
    beep, poll = read("beep"), read("poll")
    poll_ms = options.integer("poll_ms", 100, low=20, high=2000, what="milliseconds")
    options.finish()
    line: PadLine = shared.setdefault(f"pads on {wire.name}", PadLine(wire))
    return FramePad(line, unit, keys, lamps, beep=beep, poll=poll, poll_s=poll_ms / 1000)


def _frame(options: Table, unit: int, bits: int, key: str, *, required: bool = False) -> bytes:
    template = options.text(key, None if required else "", what=_WHAT)
    if not template:
        return b""
    try:
        return frame(template, unit, bits)
    except TemplateFault as fault:
        for line in str(fault).splitlines():
            options.fault(key, line)
        return b""


class PadLine:
    """One serial port with pads on it: listens, asks those that must be asked, tells the lamps.

    Takes turns (`due_at`, `serve`): in a thread of its own, or in that of the port's panels once
    somebody has called `adopt`.
    """

    def __init__(self, wire: SerialWire) -> None:
        self.wire = wire
        self._pads: list[FramePad] = []
        self._lock = threading.Lock()
        self._adopted = False
        self._listen_s = 0.0
        self._last_words: deque[bytes] = deque(maxlen=KEPT)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def adopt(self) -> None:
        """Have somebody else give it its turns, before any pad is opened."""
        self._adopted = True

    def add(self, pad: "FramePad") -> None:
        """Listen for a pad.

        Raises:
            PadUnavailable: the port cannot be opened.
        """
        with self._lock:
            if not self._adopted and self._thread is None:
                try:
                    self.wire.arrived()
                except PanelError as error:
                    raise PadUnavailable(str(error), trouble="absent") from error
                self._stopping.clear()
                self._thread = threading.Thread(
                    target=self._run, name=f"pads {self.wire.port}", daemon=True
                )
                self._thread.start()
            self._pads = [*self._pads, pad]
        self.wire.stray = self._heard

    def remove(self, pad: "FramePad", last_words: list[bytes]) -> None:
        """Forget a pad; the last one frees the port, unless it is another's. Safe to repeat."""
        with self._lock:
            self._pads = [other for other in self._pads if other is not pad]
            self._last_words.extend(last_words)
            thread = self._thread
            if self._pads or thread is None:
                return
            self._thread = None
            self._stopping.set()
        thread.join(timeout=2)
        self.close()

    def due_at(self, now: float) -> float:
        """When it wants its next turn, monotonic seconds."""
        return min([self._listen_s, *(pad.due_at(now) for pad in self._pads)])

    def serve(self) -> None:
        """Take a turn: hear what came, tell lamps, ask one pad. Raises nothing."""
        self._listen_s = time.monotonic() + LISTEN_S
        pads = self._pads
        try:
            self._say_last_words()
            if not pads:
                return
            self._heard(self.wire.arrived())
            for pad in pads:
                for data in pad.to_send(time.monotonic()):
                    self.wire.send(data)
            self._ask(pads)
        except PanelError as error:
            for pad in pads:
                pad.lost(str(error))
        except Exception as error:  # a thread that ends would leave every key dead, and look well
            log.exception("the pads on %s broke off", self.wire.port)
            for pad in pads:
                pad.lost(f"{type(error).__name__}: {error}")

    def close(self) -> None:
        """Say what is left to say, and free the port. Safe to repeat."""
        try:
            self._say_last_words()
        except PanelError as error:
            log.info("%s: its lamps stay as they are: %s", self.wire.port, error)
        self._last_words.clear()
        self.wire.close()

    def _run(self) -> None:
        while True:
            now = time.monotonic()
            if self._stopping.wait(max(0.0, min(self.due_at(now) - now, LISTEN_S))):
                return
            self.serve()

    def _ask(self, pads: "list[FramePad]") -> None:
        """Ask the pad whose turn it is, and leave it time to answer."""
        now = time.monotonic()
        pad = min(pads, key=lambda pad: pad.poll_at)
        if pad.poll_at > now:
            return
        self.wire.send(pad.asked(now))
        until = time.monotonic() + ANSWER_S
        while time.monotonic() < until:
            if data := self.wire.arrived():
                until = min(until, time.monotonic() + 0.01)  # the rest of it, if any
                pad.answered()
                self._heard(data)
            time.sleep(0.002)

    def _say_last_words(self) -> None:
        while self._last_words:
            self.wire.send(self._last_words.popleft())

    def _heard(self, data: bytes) -> None:
        if data:
            for pad in self._pads:
                pad.heard(data)


class FramePad:
    """A `Pad` on a `PadLine`.

    Args:
        line: Its port.
        unit: Its address.
        keys: What it sends for each key.
        lamps: What lights and darkens each lamp.
        beep: What makes it sound; empty where it cannot.
        poll: What asks it; empty where it tells by itself.
        poll_s: How often it is asked.
    """

    def __init__(
        self,
        line: PadLine,
        unit: int,
        keys: Mapping[PadKey, bytes],
        lamps: Mapping[PadLamp, tuple[bytes, bytes]],
        *,
        beep: bytes,
        poll: bytes,
        poll_s: float,
    ) -> None:
        self.line = line
        self.place = f"{line.wire.port} · {unit}"
        self.lines = tuple(f"{line.wire.port} {data.hex(' ')}" for data in keys.values())
        self.keys: tuple[PadKey, ...] = tuple(keys)
        self.lamps: tuple[PadLamp, ...] = tuple(lamps)
        self.sounds = bool(beep)
        self.poll_at = 0.0 if poll else float("inf")
        self._frames = dict(keys)
        self._finder = Finder(self._frames)
        self._lamp_frames = lamps
        self._beep = beep
        self._poll = poll
        self._poll_s = poll_s
        self._on_key: OnKey | None = None
        self._lights: dict[PadLamp, Light] = {}
        self._sent: dict[PadLamp, bool] = {}
        self._fresh_until = 0.0
        self._waiting: deque[bytes] = deque(maxlen=KEPT)
        self._answered_at = 0.0
        self._gone = ""

    def open(self, on_key: OnKey) -> None:
        """See `Pad.open`."""
        self.close()
        self._gone, self._sent, self._answered_at = "", {}, time.monotonic()
        self._finder = Finder(self._frames)
        self._lights = dict.fromkeys(self.lamps, "off")
        self._on_key = on_key
        self.line.add(self)

    def check(self) -> None:
        """See `Pad.check`."""
        if self._gone:
            raise PadUnavailable(self._gone, trouble="absent")
        if self._poll and time.monotonic() - self._answered_at > SILENT_S:
            raise PadUnavailable(f"{self.place}: does not answer", trouble="silent")

    def show(self, lights: Lights) -> None:
        """See `Pad.show`."""
        mine = {lamp: light for lamp, light in lights.items() if lamp in self._lamp_frames}
        self._lights = self._lights | mine

    def beep(self, times: int) -> None:
        """See `Pad.beep`: one frame for each time; the pad knows how long."""
        if self._beep:
            self._waiting.extend([self._beep] * times)

    def close(self) -> None:
        """See `Pad.close`."""
        if self._on_key is None:
            return
        self._on_key = None
        self.line.remove(self, [] if self._gone else [off for _, off in self._lamp_frames.values()])

    # Called by the line, in its thread.

    def due_at(self, now: float) -> float:
        """When there is something to send, monotonic seconds."""
        change = next_change_s(self._lights, now, fast_s=FAST_S)
        return now if self._waiting else min(self.poll_at, now + (change or REFRESH_S))

    def to_send(self, now: float) -> list[bytes]:
        """The frames to send now; every lamp is told again now and then."""
        if now >= self._fresh_until:
            self._fresh_until, self._sent = now + REFRESH_S, {}
        for lamp, on in lit(self._lights, now, fast_s=FAST_S).items():
            if self._sent.get(lamp) != on:
                self._sent[lamp] = on
                self._waiting.append(self._lamp_frames[lamp][0 if on else 1])
        return [self._waiting.popleft() for _ in range(min(len(self._waiting), SENT_AT_ONCE))]

    def asked(self, now: float) -> bytes:
        """What asks this pad; it is asked again after a while."""
        self.poll_at = now + self._poll_s
        return self._poll

    def answered(self) -> None:
        """Something came when it was asked."""
        self._answered_at = time.monotonic()

    def heard(self, data: bytes) -> None:
        """Take in bytes, which may be meant for another pad."""
        on_key = self._on_key
        for key in self._finder.feed(data):
            if on_key is not None:
                at_s = Seconds(time.monotonic())
                on_key(key, True, at_s)
                on_key(key, False, at_s)

    def lost(self, why: str) -> None:
        """The port is gone."""
        self._gone = why
