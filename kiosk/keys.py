"""The keys' own thread: which edges are presses, a number for each, and a lamp that says so.

Edges come from any thread and are only put in a queue. Whatever goes wrong with one press or
one lamp, the next key must still work.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import msgspec

from edge.contacts import Light, OnEdge
from edge.debounce import Debounce
from edge.pulse import PULSE
from kiosk.answers import PressAnswer, PressRefused, PressRequest, Wording
from kiosk.errors import ButtonUnavailable
from kiosk.happenings import Happenings
from kiosk.key_config import KeyConfig, KeysConfig
from kiosk.key_light import REFUSED_S, KeyState, light
from kiosk.press import Press
from wire.units import Seconds

log = logging.getLogger(__name__)

TICK_S: Final = 0.1
RETRY_S: Final = 10.0
EDGES_KEPT: Final = 1000
WAIT_S: Final = 0.4
"""How long one press waits for its paper: whoever pressed the next key waits behind it, and the
lamp and the page follow a slip that takes longer."""
PAPER_S: Final = 6.0
"""How long a slip that is still printing keeps its lamp blinking."""


@dataclass
class Key:
    """One key as the thread knows it."""

    config: KeyConfig
    contact: Debounce
    state: KeyState = field(default_factory=KeyState)
    shown: Light | None = None
    trouble: str = ""
    next_try_s: float = 0.0
    printing: str = ""
    printing_until_s: float = 0.0
    open: bool = False

    @property
    def place(self) -> str:
        """The line of its contact."""
        return self.config.button.lines[0]


class Keys:
    """Opens the keys, judges their edges and presses for them.

    Args:
        config: The keys, and how they are judged.
        press: Gives the numbers.
        happenings: Where the page learns what a key did.
        words: For what a refusal says.
        can_give: Whether a number of a service can be had here at all.
    """

    def __init__(
        self,
        config: KeysConfig,
        press: Press,
        happenings: Happenings,
        words: Wording,
        can_give: Callable[[str], bool],
    ) -> None:
        self._quiet_s = config.quiet_s
        self._press = press
        self._happenings = happenings
        self._words = words
        self._can_give = can_give
        self.keys = [Key(key, Debounce(config.debounce_s)) for key in config.keys]
        self.counts: dict[str, int] = {"given": 0, "refused": 0, "deaf": 0}
        self._edges: queue.Queue[tuple[Key, bool, float]] = queue.Queue(EDGES_KEPT)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="keys", daemon=True)

    def start(self) -> None:
        """Begin, where there is any key."""
        if self.keys:
            self._thread.start()

    def stop(self) -> None:
        """Finish the press in hand and let go of the keys. Safe to repeat."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def state(self) -> list[dict[str, str]]:
        """Each key for whoever looks after the kiosk; `trouble` is empty where it works."""
        return [
            {
                "service": key.config.service,
                "place": key.place,
                "light": key.shown or "off",
                "trouble": key.trouble,
            }
            for key in self.keys
        ]

    def _run(self) -> None:
        while not self._stopping.is_set():
            PULSE.beat()
            try:
                self._step()
            except Exception:
                log.exception("the keys broke off")
                self._stopping.wait(TICK_S)
        for key in self.keys:
            self._guarded(key, key.config.button.close)

    def _step(self) -> None:
        now_s = time.monotonic()
        for key in self.keys:
            if not key.open and now_s >= key.next_try_s:
                self._open(key, now_s)
        self._show_all()
        try:
            edge = self._edges.get(timeout=TICK_S)
        except queue.Empty:
            return
        self._edge(*edge)

    def _open(self, key: Key, now_s: float) -> None:
        key.next_try_s = now_s + RETRY_S
        key.open = self._guarded(key, partial(key.config.button.open, self._enqueuing(key)))

    def _enqueuing(self, key: Key) -> OnEdge:
        def on_edge(down: bool, at_s: Seconds) -> None:
            try:
                self._edges.put_nowait((key, down, at_s))
            except queue.Full:
                self.counts["deaf"] += 1

        return on_edge

    def _guarded(self, key: Key, act: Callable[[], None]) -> bool:
        """Do something with the hardware; False, and said once, where it does not work."""
        try:
            act()
        except Exception as error:
            if str(error) != key.trouble:
                unknown = not isinstance(error, ButtonUnavailable)
                log.error("key for %s: %s", key.config.service, error, exc_info=unknown)
            key.trouble = str(error) or type(error).__name__
            return False
        key.trouble = ""
        return True

    def _show_all(self) -> None:
        for key in self.keys:
            if not key.open:
                continue
            self._look_at_paper(key)
            self._guarded(key, partial(self._light, key))

    def _light(self, key: Key) -> None:
        able = self._can_give(key.config.service)
        self._show(key, light(key.state, time.monotonic(), can_give=able))

    def _show(self, key: Key, wanted: Light) -> None:
        if wanted != key.shown:
            key.config.button.show(wanted)
            key.shown = wanted

    def _edge(self, key: Key, down: bool, at_s: float) -> None:
        if not key.contact.edge(down, at_s):
            return
        if at_s < key.state.deaf_until_s:
            self.counts["deaf"] += 1
            return
        key.state.asking = True
        self._guarded(key, partial(self._show, key, "blink"))
        try:
            self._take_number(key)
        finally:
            key.state.asking = key.printing != ""

    def _take_number(self, key: Key) -> None:
        config = key.config
        try:
            answer = self._press.press(
                PressRequest(config.service, config.priority, config.language, by="key"),
                paper_s=WAIT_S,
            )
        except PressRefused as refused:
            self._refused(key, refused)
        except Exception:
            log.exception("the press of a key broke off")
            self._refused(key, PressRefused("unavailable", 503))
        else:
            self._given(key, answer)

    def _given(self, key: Key, answer: PressAnswer) -> None:
        now_s = time.monotonic()
        self.counts["given"] += 1
        key.state.deaf_until_s = now_s + self._quiet_s
        if answer.outcome == "printing":
            key.printing, key.printing_until_s = answer.ticket.id, now_s + PAPER_S
        elif answer.outcome != "printed":
            key.state.refused_until_s = now_s + REFUSED_S
        self._happenings.add("pressed", answer=msgspec.to_builtins(answer))

    def _refused(self, key: Key, refused: PressRefused) -> None:
        self.counts["refused"] += 1
        # What was pressed again while it was being asked is the same wish.
        key.state.deaf_until_s = now_s = time.monotonic()
        key.state.refused_until_s = now_s + REFUSED_S
        self._happenings.add(
            "refused",
            service=key.config.service,
            code=refused.code,
            retry_s=refused.retry_after_s or None,
            message=msgspec.to_builtins(self._words.refusal(refused)),
        )

    def _look_at_paper(self, key: Key) -> None:
        """A slip that was still printing when the answer had to leave."""
        if not key.printing:
            return
        now_s = time.monotonic()
        try:
            outcome = self._press.answer(key.printing).outcome
        except Exception:
            log.exception("the paper of a key's number is not known")
            outcome = "unknown"
        if outcome == "printing" and now_s < key.printing_until_s:
            return
        key.printing, key.state.asking = "", False
        if outcome != "printed":
            key.state.refused_until_s = now_s + REFUSED_S
