"""How many people wait for what each counter serves.

Changes do not say what a ticket was before, so they cannot be counted: each asks for the board
again, soon and at most once a second, in a thread of its own.
"""

import logging
import threading
from collections.abc import Callable, Mapping
from typing import Any, Final

from edge.client import ServerClient
from edge.errors import EdgeError
from edge.pulse import PULSE

log = logging.getLogger(__name__)

PAUSE_S: Final = 1.0
ANSWER_S: Final = 2.0
IDLE_S: Final = 10.0

Counts = dict[str, int]


def waiting_by_counter(board: Mapping[str, Any]) -> Counts:
    """For each counter of a board, how many wait for the services it can serve."""
    waiting = {service["id"]: int(service["waiting"]) for service in board["services"]}
    return {
        counter["id"]: sum(waiting.get(service, 0) for service in counter["services"])
        for counter in board["counters"]
    }


class WaitingWatch:
    """Asks for the board whenever it may have changed.

    Args:
        client: With the agent's token.
        centre: The configured centre.
        on_counts: Gets the counts, in this watch's thread.
    """

    def __init__(
        self, client: ServerClient, centre: str, on_counts: Callable[[Counts], None]
    ) -> None:
        self._client = client
        self._path = f"/api/v1/centres/{centre}/board"
        self._on_counts = on_counts
        self._changed = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="waiting", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Ask no more. Safe to repeat."""
        self._stopping.set()
        self._changed.set()
        if self._thread.is_alive():
            self._thread.join(timeout=ANSWER_S + 1)
        self._client.close()

    def changed(self) -> None:
        """Something happened at the centre; returns at once."""
        self._changed.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            PULSE.beat()
            if not self._changed.wait(IDLE_S):
                continue
            self._changed.clear()
            if self._stopping.is_set():
                return
            try:
                board = self._client.get(self._path, timeout_s=ANSWER_S).body
                self._on_counts(waiting_by_counter(board))
            except EdgeError as error:
                log.debug("who waits is not known: %s", error)
                self._changed.set()  # again, in a while
            except Exception:  # a board nobody expected must not end this thread
                log.exception("who waits is not known")
            self._stopping.wait(PAUSE_S)
