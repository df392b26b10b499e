"""The live link to the server: a board, then every change in order, and the truth about itself.

One thread supervises one connection at a time and calls the agent back, so callbacks never
overlap. Socket.IO delivers at most once and its client hands each message to a thread of its
own; order and completeness come from `seq`, and silence from the missing pulse.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from edge.pulse import PULSE
from edge.sequence import Sequence
from edge.session import Heard, Session, SessionRefused

LinkState = Literal["up", "down", "connecting"]

log = logging.getLogger(__name__)


def _jitter(low: float, high: float) -> float:
    return random.uniform(low, high)  # noqa: S311 - spreads reconnections, guards nothing


@dataclass(frozen=True)
class Timing:
    """How patient the link is; all in seconds."""

    silence_s: float = 6.0
    """No pulse, change or answer for so long: the link is down."""
    connect_s: float = 2.0
    """For each step of connecting."""
    answer_s: float = 5.0
    """For the answer to `watch`: a whole board comes slowly over a modem shared with others."""
    retry_low_s: float = 0.5
    retry_high_s: float = 2.0
    """From one try to the next, each by its beginning: one that a black hole swallowed has waited
    long enough, and the next must find the line soon after it healed."""
    breath_s: float = 0.1
    """The least from the end of a try to the next one."""
    refused_retry_s: float = 15.0
    """After a wrong token or centre: asking faster would not make it right."""
    straggler_s: float = 0.15
    """How long a change may be missing before it counts as lost."""


class Link:
    """Keeps `centre`'s board and changes coming, through restarts and broken networks.

    Args:
        server: The server's address, http or https.
        token: The device's token.
        centre: The centre to watch.
        on_board: Gets the whole board (a dict as in wire.answers.Board) after each
            connection, and whenever changes could not be filled in.
        on_change: Gets each change (as in wire.live.Change) once, in `seq` order.
        on_state: Gets "up", "down" or "connecting" at each turn.
        on_help: Gets who calls for help (as in wire.help.HelpCalls), whenever that changes, if
            the device's role is told.
        on_prints: Gets the papers that staff ask kiosks for (as in wire.prints.PrintsNow), in
            the same way.

    All of them run in the link's own thread; they should be quick. What they raise is logged
    and does not stop the link.
    """

    def __init__(
        self,
        server: str,
        token: str,
        centre: str,
        *,
        on_board: Callable[[dict[str, Any]], None],
        on_change: Callable[[dict[str, Any]], None],
        on_state: Callable[[LinkState], None],
        on_help: Callable[[dict[str, Any]], None] = lambda told: None,
        on_prints: Callable[[dict[str, Any]], None] = lambda told: None,
        timing: Timing = Timing(),
    ) -> None:
        self._server = server
        self._token = token
        self._centre = centre
        self._on_board = on_board
        self._on_change = on_change
        self._on_state = on_state
        self._told = {"help": on_help, "prints": on_prints}
        self._timing = timing
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None
        self._session: Session | None = None
        self._state: LinkState = "connecting"
        self._lost_at = time.monotonic()
        self._said = ""
        self._sequence = Sequence()
        self._asked_at: float | None = None
        self._missing_since: float | None = None
        self._quiet_since = 0.0
        self.last_heard_at: float | None = None
        """Monotonic time of the last pulse, change or answer; None before the first."""

    @property
    def state(self) -> LinkState:
        """ "up", "connecting" (never up yet, or away for a moment) or "down"."""
        return self._state

    @property
    def seq(self) -> int | None:
        """The last change taken in; None before the first board."""
        return self._sequence.seq

    def start(self) -> None:
        """Begin to connect, in the background."""
        self._lost_at = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Hang up; no callback runs after this returns. Safe to repeat."""
        self._stopping.set()
        session = self._session
        if session is not None:
            session.hang_up()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(timeout=2 * self._timing.connect_s + 1)

    # The life of the link ------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            until = time.monotonic() + self._one_session()
            while not self._stopping.wait(0.05) and time.monotonic() < until:
                PULSE.beat()
                self._judge_absence()

    def _one_session(self) -> float:
        """Connect and listen until it ends; how many seconds to wait before the next try."""
        timing = self._timing
        began = time.monotonic()
        self._session = session = Session(self._server, self._token, timing.connect_s)
        try:
            session.open()
            self._listen(session)
        except SessionRefused as error:
            self._say(f"the server refuses this device: {error}")
            self._set_state("down")
            return timing.refused_retry_s * _jitter(0.8, 1.2)
        except OSError as error:
            self._say(f"no link to {self._server}: {error}")
        except Exception:  # a word nobody expected must not end the link's thread for good
            log.exception("the link broke off")
        finally:
            session.hang_up()
            self._session = None
            if self._state == "up":
                self._lost_at = self.last_heard_at or time.monotonic()
                self._set_state("connecting")
            self._judge_absence()
        wait_s = _jitter(timing.retry_low_s, timing.retry_high_s)
        if self.last_heard_at is None or self.last_heard_at < began:
            wait_s = max(timing.breath_s, wait_s - (time.monotonic() - began))
        return wait_s

    def _listen(self, session: Session) -> None:
        """Take in what the server says, until it falls silent or hangs up."""
        self._sequence.restart()
        self._quiet_since = time.monotonic()
        self._watch(session, after=None)
        while not self._stopping.is_set():
            PULSE.beat()
            incomplete = self._sequence.incomplete
            heard = session.hear(self._timing.straggler_s / 3 if incomplete else 0.5)
            if heard is not None:
                self._take_in(heard)
            self._mind(session, time.monotonic())
            self._judge_absence()

    def _mind(self, session: Session, now: float) -> None:
        """Act on what did not come: an answer, any word at all, or a change in between."""
        timing = self._timing
        if self._asked_at is not None and now - self._asked_at > timing.answer_s:
            raise TimeoutError("the server does not answer 'watch'")
        if now - self._quiet_since > timing.silence_s:
            raise TimeoutError("the server fell silent")
        if not self._sequence.incomplete:
            self._missing_since = None
        elif self._missing_since is None:
            self._missing_since = now
        elif now - self._missing_since > timing.straggler_s and self._asked_at is None:
            self._watch(session, after=self._sequence.seq)

    def _watch(self, session: Session, after: int | None) -> None:
        """Ask for the board, or for the changes after the last one taken in.

        A new connection always starts from a board: behind the same address there may be
        a server that was restored from a backup and counts differently.
        """
        question: dict[str, Any] = {"centre": self._centre}
        if after is not None:
            question["after"] = after
        session.ask("watch", question)
        self._asked_at = time.monotonic()

    # What is heard ---------------------------------------------------------------------

    def _take_in(self, heard: Heard) -> None:
        self.last_heard_at = self._quiet_since = time.monotonic()
        if heard.event == "answer":
            self._take_answer(heard.data)
        elif isinstance(heard.data, dict) and heard.data.get("centre") == self._centre:
            if heard.event == "change":
                self._sequence.take_change(heard.data)
            elif heard.event in self._told:
                self._call(self._told[heard.event], heard.data)
            else:
                self._sequence.take_pulse(int(heard.data.get("seq", 0)))
        while (change := self._sequence.next_change()) is not None:
            self._call(self._on_change, change)

    def _take_answer(self, answer: Any) -> None:
        self._asked_at = self._missing_since = None
        if not isinstance(answer, dict) or not answer.keys() & {"board", "changes"}:
            raise SessionRefused(f"no board of '{self._centre}' ({answer!r:.120})")
        board = answer.get("board")
        if isinstance(board, dict) and self._sequence.take_board(int(board["seq"])):
            self._call(self._on_board, board)
        for change in answer.get("changes") or ():
            self._sequence.take_change(change)
        self._say("")
        self._set_state("up")

    # Saying so ---------------------------------------------------------------------------

    def _judge_absence(self) -> None:
        if self._state == "connecting" and (
            time.monotonic() - self._lost_at > self._timing.silence_s
        ):
            self._set_state("down")

    def _set_state(self, state: LinkState) -> None:
        if state != self._state:
            self._state = state
            log.info("link %s", state)
            self._call(self._on_state, state)

    def _say(self, trouble: str) -> None:
        """Log a trouble once, not at each try."""
        if trouble and trouble != self._said:
            log.warning("%s", trouble)
        self._said = trouble

    def _call(self, callback: Callable[[Any], None], argument: Any) -> None:
        if self._stopping.is_set():
            return
        try:
            callback(argument)
        except Exception:
            log.exception("a callback of the link failed")
