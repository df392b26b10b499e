"""The centre's name, its time zone, how its calls sound, and whether its days are simulated."""

import logging
import threading
from typing import Any, Final

from edge.client import ServerClient
from edge.errors import EdgeError

log = logging.getLogger(__name__)

ANSWER_S: Final = 5.0
RETRY_S: Final = 5.0


class About:
    """Asks the server at each new link, in a thread of its own: a panel never waits for it.

    Args:
        client: The agent's way to the server; for this alone.
        centre: The centre's id.
    """

    def __init__(self, client: ServerClient, centre: str) -> None:
        self._client = client
        self._path = f"/api/v1/centres/{centre}"
        self.name: dict[str, str] | None = None
        self.timezone: str | None = None
        self.simulation: float | None = None
        self.chime = True
        self.volume: list[dict[str, Any]] = []
        self.zones: tuple[str, ...] | None = None
        """The ids of the centre's zones, in its order; None before it was told."""
        self._lock = threading.Lock()
        self._due = False
        self._asking: threading.Thread | None = None
        self._stopping = threading.Event()

    @property
    def first_zone(self) -> str | None:
        """The zone whose loudspeaker also says the calls of counters without one."""
        return self.zones[0] if self.zones else None

    def refresh(self) -> None:
        """Ask again, in the background, until there is an answer; what was known stays so long."""
        with self._lock:
            self._due = True
            if self._asking is None and not self._stopping.is_set():
                self._asking = threading.Thread(target=self._run, name="about", daemon=True)
                self._asking.start()

    def stop(self) -> None:
        """Ask no more. Safe to repeat."""
        self._stopping.set()
        asking = self._asking
        if asking is not None:
            asking.join(timeout=ANSWER_S + 1)

    def _run(self) -> None:
        while self._is_due():
            if not self._ask():
                self._due = True
                self._stopping.wait(RETRY_S)
        self._client.close()

    def _is_due(self) -> bool:
        with self._lock:
            due, self._due = self._due and not self._stopping.is_set(), False
            if not due:
                self._asking = None
            return due

    def _ask(self) -> bool:
        try:
            self._learn(self._client.get(self._path, timeout_s=ANSWER_S).body)
        except EdgeError as error:
            log.info("the centre's name is not known yet: %s", error)
            return False
        except Exception:  # an answer nobody expected must not end the asking
            log.exception("the centre's name is not known")
            return False
        return True

    def _learn(self, body: Any) -> None:
        self.name = body.get("name")
        self.timezone = body.get("timezone")
        self.simulation = body.get("simulation")
        voice = body.get("voice") or {}
        self.chime = voice.get("chime", True)
        self.volume = voice.get("volume", [])
        self.zones = tuple(zone["id"] for zone in body.get("zones") or ())
