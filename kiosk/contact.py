"""Staying in touch with the server: who we are, the centre, the waits, and the time.

One thread asks; the live link tells it when asking is worth it. `reachable` is what a press
goes by: after an unanswered press the next ones do not wait again.
"""

import logging
import threading
import time
from collections.abc import Callable
from typing import Any, Final

import msgspec

from edge.client import ServerClient
from edge.clock import TrustedClock
from edge.errors import ServerRefused, ServerUnreachable
from edge.link import Link, LinkState
from edge.pulse import PULSE
from kiosk.picture import Picture

log = logging.getLogger(__name__)

PROBE_S: Final = 1.0
"""While the server is away, how often it is asked."""
BOARD_S: Final = 1.0
"""No more often than this, and only when something changed."""
WHOAMI_S: Final = 10.0
CENTRE_S: Final = 30.0
IDLE_BOARD_S: Final = 5.0
ANSWER_S: Final = 2.0
PROCEDURES_S: Final = 8.0


class Contact:
    """Keeps the picture and the clock fresh.

    Args:
        client: For the questions.
        picture, clock: What is kept fresh.
        centre: The configured centre.
        link: Made by the composition root from the callbacks of this object.
        on_reachable: Called, in the thread of the contact, each time the server answers again.
    """

    def __init__(
        self,
        client: ServerClient,
        picture: Picture,
        clock: TrustedClock,
        centre: str,
        *,
        on_reachable: Callable[[], None],
    ) -> None:
        self._client = client
        self._picture = picture
        self._clock = clock
        self._path = f"/api/v1/centres/{centre}"
        self._on_reachable = on_reachable
        self._reachable: bool | None = None
        self._link: Link | None = None
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._changed = True
        self._asked_s = {"whoami": -1e9, "centre": -1e9, "board": -1e9}
        self._thread = threading.Thread(target=self._run, name="contact", daemon=True)

    @property
    def reachable(self) -> bool:
        """Whether the server is worth asking; True until a first try has failed."""
        return self._reachable is not False

    @property
    def confirmed(self) -> bool:
        """Whether the server answered when last asked."""
        return self._reachable is True

    @property
    def link_state(self) -> LinkState:
        """The live link's state."""
        return self._link.state if self._link else "connecting"

    def start(self, link: Link) -> None:
        """Begin, with the live link that reports to `on_board`, `on_change` and `on_state`."""
        self._link = link
        self._thread.start()
        link.start()

    def stop(self) -> None:
        """Hang up. Safe to repeat."""
        self._stopping.set()
        self._wake.set()
        if self._link is not None:
            self._link.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=ANSWER_S + 1)

    def lost(self) -> None:
        """A press went unanswered: believe the server away until it answers again."""
        self._reachable = False
        self._asked_s["whoami"] = time.monotonic()
        self._wake.set()

    def on_board(self, board: dict[str, Any]) -> None:
        """The link's board, at each new connection."""
        self._take(self._picture.take_board, board)

    def on_change(self, change: dict[str, Any]) -> None:
        """Something happened in the centre: the waits are worth asking for."""
        self._changed = True
        if change.get("kind") == "config_changed":
            self._asked_s["centre"] = -1e9
        self._wake.set()

    def on_state(self, state: LinkState) -> None:
        """The link came or went: ask at once whether the server is there."""
        self._asked_s["whoami"] = -1e9
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            PULSE.beat()
            try:
                self._ask_what_is_due()
            except Exception:
                log.exception("asking the server broke off")
            self._wake.wait(0.25)
            self._wake.clear()

    def _ask_what_is_due(self) -> None:
        now_s = time.monotonic()
        if self._due("whoami", now_s, WHOAMI_S if self.confirmed else PROBE_S):
            self._ask(self._ask_whoami)
        if not self.confirmed:
            return
        if self._due("centre", now_s, CENTRE_S):
            self._ask(self._ask_centre)
        if self.confirmed and self._due("board", now_s, self._board_every_s):
            self._changed = False
            self._ask(self._ask_board)

    @property
    def _board_every_s(self) -> float:
        return BOARD_S if self._changed else IDLE_BOARD_S

    def _due(self, what: str, now_s: float, every_s: float) -> bool:
        if now_s - self._asked_s[what] < every_s:
            return False
        self._asked_s[what] = now_s
        return True

    def _ask(self, question: Callable[[], None]) -> None:
        try:
            question()
        except ServerUnreachable as error:
            if self._reachable is not False:
                log.warning("the server is away: %s", error)
            self._reachable = False
        except ServerRefused as error:
            log.warning("the server refuses this kiosk: %s", error)
        except msgspec.ValidationError as error:
            log.warning("the server's answer is not understood: %s", error)

    def _ask_whoami(self) -> None:
        asked_s = self._clock.ticks_s()
        reply = self._client.get("/api/v1/whoami", timeout_s=ANSWER_S)
        whoami = self._picture.take_whoami(reply.body)
        self._clock.confirm(whoami.now, asked_s=asked_s, answered_s=self._clock.ticks_s())
        if not self.confirmed:
            log.info("the server answers")
            self._asked_s["centre"] = self._asked_s["board"] = -1e9
            self._reachable = True
            self._on_reachable()

    def _ask_centre(self) -> None:
        self._picture.take_centre(self._client.get(self._path, timeout_s=ANSWER_S).body)
        self._ask_procedures()

    def _ask_procedures(self) -> None:
        """Only when the centre has others than those that are kept; a long answer may take long.

        A table that does not come says nothing of the server: numbers are still had from it.
        """
        centre = self._picture.centre
        wanted = centre.procedures_version if centre else ""
        if wanted == self._picture.procedures_version:
            return
        try:
            reply = self._client.get(f"{self._path}/procedures", timeout_s=PROCEDURES_S)
        except ServerUnreachable as error:
            log.warning("the procedures did not come, those that are kept stay: %s", error)
            return
        self._picture.take_procedures(reply.body)
        log.info("the procedures are those of version '%s' now", self._picture.procedures_version)

    def _ask_board(self) -> None:
        self._picture.take_board(self._client.get(f"{self._path}/board", timeout_s=ANSWER_S).body)

    def _take(self, take: Callable[[Any], None], body: Any) -> None:
        try:
            take(body)
        except msgspec.ValidationError as error:
            log.warning("the server's board is not understood: %s", error)
