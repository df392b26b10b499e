"""One pad's thread: which edges are presses, what they ask of the server, and what lamps tell.

Edges come from any thread and are only put in a queue. One press is under way at a time; whatever
goes wrong with it, it ends in what the clerk can see (and hear) within two seconds of the touch.
"""

import logging
import queue
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Final

from display.errors import PadUnavailable
from display.pads import light as pad_light
from display.pads.commands import Holding, PadCommands
from display.pads.config import PadConfig, PadsConfig
from display.pads.ports import Lights, PadKey
from display.pads.press import Outcome, Wishes
from display.wanted import CounterView
from edge.debounce import Debounce
from edge.errors import EdgeError
from edge.link import LinkState
from edge.pulse import PULSE
from wire.units import Seconds

log = logging.getLogger(__name__)

BUDGET_S: Final = 1.7
"""From the touch to the outcome; what is left of two seconds is for lamps and buzzer."""
TICK_S: Final = 1.0
RETRY_S: Final = 2.0
HELP_S: Final = 2.0
PROVEN_S: Final = {"silent": 3.5}
"""How long a pad must have been in order until a trouble is over; for all others:"""
PROVEN_ELSE_S: Final = 1.0
EDGES_KEPT: Final = 500


@dataclass(frozen=True)
class Truth:
    """What the server has told of the pad's counter: replaced as a whole, by the link's thread.

    `up_since_s`: monotonic seconds at which the link came up; None while it is not.
    """

    link: LinkState = "connecting"
    up_since_s: float | None = None
    view: CounterView | None = None
    holding: Holding | None = None
    waiting: int | None = None


@dataclass(frozen=True)
class LastPress:
    """The last press, and how it ended."""

    key: PadKey
    outcome: Outcome
    at: datetime


@dataclass(frozen=True)
class _Edge:
    key: PadKey
    down: bool
    at_s: float


class PadWorker:
    """Serves one pad.

    Args:
        config: The pad.
        rules: How its keys are judged.
        commands: What its keys ask of the server.
        refused: Whether the server refuses the pad's token.
    """

    def __init__(
        self,
        config: PadConfig,
        rules: PadsConfig,
        commands: PadCommands,
        refused: Callable[[], bool] = lambda: False,
    ) -> None:
        self.config = config
        self.truth = Truth()
        self.last: LastPress | None = None
        self.counts: Counter[str] = Counter()
        self.trouble, self.detail = "", ""
        self.shown: Lights = {}
        self._pad = config.pad
        self._commands = commands
        self._refused = refused
        self._debounce_s = rules.debounce_s
        self._contacts = self._rested()
        self._wishes = Wishes(rules.quiet_s, lambda: f"pad-{secrets.token_hex(12)}")
        self._queue: queue.Queue[_Edge | None] = queue.Queue(EDGES_KEPT)
        self._open = self._asking = self._nudged = False
        self._fault_until_s = self._nobody_until_s = float("-inf")
        self._next_try_s = self._next_check_s = self._next_help_s = self._opened_s = 0.0
        self._stopping = threading.Event()
        name = f"pad {config.counter}"
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    @property
    def dead(self) -> bool:
        """Whether its keys are not heard, as far as anybody has tried."""
        return self.trouble != ""

    @property
    def help(self) -> str:
        """What became of its call for help."""
        return self._commands.help

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Finish the press in hand and let go of the pad. Safe to repeat."""
        self._stopping.set()
        self._nudge()
        if self._thread.is_alive():
            self._thread.join(timeout=BUDGET_S + 3)

    def tell(self, truth: Truth) -> None:
        """Let it know what the server says now. From any thread."""
        self.truth = truth
        self._nudge()

    def _nudge(self) -> None:
        """Have it look, once: what the server tells must leave room for edges."""
        if self._nudged:
            return
        self._nudged = True
        try:
            self._queue.put_nowait(None)
        except queue.Full:
            self._nudged = False  # it looks after each edge anyway

    def _run(self) -> None:
        while not self._stopping.is_set():
            PULSE.beat()
            try:
                self._step()
            except Exception:
                log.exception("the pad of %s broke off", self.config.counter)
                self._stopping.wait(TICK_S)
        self._guarded(self._pad.close)

    def _step(self) -> None:
        now_s = time.monotonic()
        self._look_after(now_s)
        self._look_for_late(now_s)
        self._show()
        try:
            edge = self._queue.get(timeout=self._patience_s(time.monotonic()))
        except queue.Empty:
            return
        if edge is None:
            self._nudged = False
        else:
            self._take(edge)

    def _patience_s(self, now_s: float) -> float:
        """How long nothing changes by itself."""
        ends = (self._fault_until_s, self._nobody_until_s)
        return min([TICK_S, *(max(0.01, end - now_s) for end in ends if end > now_s)])

    def _look_after(self, now_s: float) -> None:
        """Open it, or make sure that it is still there."""
        if not self._open and now_s >= self._next_try_s:
            self._next_try_s = now_s + RETRY_S
            self._contacts = self._rested()
            self._open = self._guarded(partial(self._pad.open, self._enqueue))
            self._opened_s, self.shown = now_s, {}
        elif self._open and now_s >= self._next_check_s:
            self._next_check_s = now_s + TICK_S
            if self._guarded(self._pad.check):
                self._healthy(now_s)
        if self._commands.help != "clear" and now_s >= self._next_help_s:
            self._next_help_s = now_s + HELP_S
            try:
                self._commands.look_for_help()
            except EdgeError as error:
                log.debug("the call for help of %s: %s", self.config.counter, error)

    def _enqueue(self, key: PadKey, down: bool, at_s: Seconds) -> None:
        try:
            self._queue.put_nowait(_Edge(key, down, at_s))
        except queue.Full:
            self.counts["deaf"] += 1

    def _guarded(self, act: Callable[[], None]) -> bool:
        """Do something with the hardware; where it does not work, close it, and say so once."""
        try:
            act()
        except Exception as error:
            trouble = error.trouble if isinstance(error, PadUnavailable) else "driver"
            if (trouble, str(error)) != (self.trouble, self.detail):
                unknown = not isinstance(error, PadUnavailable)
                log.error("pad of %s: %s", self.config.counter, error, exc_info=unknown)
            self.trouble, self.detail = trouble, str(error) or type(error).__name__
            if self._open:
                self._open, self.shown = False, {}
                self._next_try_s = time.monotonic() + RETRY_S
                self._guarded(self._pad.close)
            return False
        return True

    def _healthy(self, now_s: float) -> None:
        """It is in order. A port that opens, or a pad that may yet answer, is no proof of that."""
        if now_s - self._opened_s >= PROVEN_S.get(self.trouble, PROVEN_ELSE_S):
            self.trouble = self.detail = ""

    def _rested(self) -> dict[PadKey, Debounce]:
        """Contacts that nobody touches: one that was held when the pad went away is forgotten."""
        return {key: Debounce(self._debounce_s) for key in self._pad.keys}

    # Presses ---------------------------------------------------------------------------

    def _take(self, edge: _Edge) -> None:
        contact = self._contacts.get(edge.key)
        if contact is None or not contact.edge(edge.down, edge.at_s):
            return
        if self._wishes.folds(edge.key, edge.at_s):
            self.counts["folded"] += 1
            return
        self._asking = True
        self._show()
        before = self.truth.view
        operation = self._wishes.operation(edge.key)
        try:
            until_s = edge.at_s + BUDGET_S
            outcome = self._commands.run(edge.key, operation, until_s, self._holding())
        except Exception as error:
            log.exception("a press at %s broke off", self.config.counter)
            outcome = Outcome("unsure", detail=str(error))
        self._asking = False
        now_s = time.monotonic()
        self._wishes.ended(edge.key, operation, outcome, before, now_s)
        self.last = LastPress(edge.key, outcome, datetime.now(UTC))
        if outcome.result != "unsure" or not self._look_for_late(now_s):
            self.counts[outcome.result] += 1
            self._tell_outcome(outcome, now_s)
        self._show()

    def _holding(self) -> Holding | None:
        """The counter's ticket, where the board can be trusted to know it."""
        return self.truth.holding if self.truth.up_since_s is not None else None

    def _look_for_late(self, now_s: float) -> bool:
        """Whether the board shows that an unanswered press was done after all."""
        view = self.truth.view
        key = self._wishes.heard(view, self.truth.up_since_s, now_s)
        if key is None:
            return False
        self._fault_until_s = float("-inf")
        self.counts["late"] += 1
        number = view.ticket if view is not None else None
        self.last = LastPress(key, Outcome("late", number), datetime.now(UTC))
        return True

    def _tell_outcome(self, outcome: Outcome, now_s: float) -> None:
        if outcome.result == "nobody":
            self._nobody_until_s = now_s + pad_light.NOBODY_S
            self._beep(pad_light.NOBODY_BEEPS)
        elif outcome.done:
            self._fault_until_s = float("-inf")
        else:
            log.warning("press at %s: %s %s", self.config.counter, outcome.result, outcome.detail)
            self._fault_until_s = now_s + pad_light.FAULT_S
            self._beep(pad_light.FAULT_BEEPS)

    def _beep(self, times: int) -> None:
        if self._open:
            self._guarded(partial(self._pad.beep, times))

    # Lamps -----------------------------------------------------------------------------

    def _show(self) -> None:
        if not self._open:
            return
        wanted = pad_light.lights(self._sight(time.monotonic()))
        if wanted != self.shown and self._guarded(partial(self._pad.show, wanted)):
            self.shown = wanted

    def _sight(self, now_s: float) -> pad_light.Sight:
        truth = self.truth
        return pad_light.Sight(
            link=truth.link,
            refused=self._refused(),
            status=truth.view.status if truth.view is not None else "unknown",
            waiting=truth.waiting,
            asking=self._asking,
            fault=now_s < self._fault_until_s,
            nobody=now_s < self._nobody_until_s,
            help=self._commands.help,
        )
