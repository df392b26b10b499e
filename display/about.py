"""The centre's name, its time zone, and whether its days are simulated: for the page only."""

import logging
import threading
from typing import Any

from edge.client import ServerClient
from edge.errors import EdgeError

log = logging.getLogger(__name__)


class About:
    """Asks the server once at each new link, in a thread of its own: a panel never waits for it.

    Args:
        client: The agent's way to the server.
        centre: The centre's id.
    """

    def __init__(self, client: ServerClient, centre: str) -> None:
        self._client = client
        self._path = f"/api/v1/centres/{centre}"
        self.name: dict[str, str] | None = None
        self.timezone: str | None = None
        self.simulation: float | None = None

    def refresh(self) -> None:
        """Ask again, soon and in the background; what was known stays until the answer."""
        threading.Thread(target=self._ask, name="about", daemon=True).start()

    def _ask(self) -> None:
        try:
            body: Any = self._client.get(self._path, timeout_s=5.0).body
        except EdgeError as error:
            log.info("the centre's name is not known yet: %s", error)
            return
        finally:
            self._client.close()
        if isinstance(body, dict):
            self.name = body.get("name")
            self.timezone = body.get("timezone")
            self.simulation = body.get("simulation")
