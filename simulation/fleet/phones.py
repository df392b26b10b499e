"""What visitors do by the link on their slip: some let turns pass, some rate their visit."""

import logging
import threading
import uuid
from collections.abc import Mapping
from random import Random
from typing import Any

from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from simulation import visit
from simulation.fleet.agenda import Agenda

_log = logging.getLogger(__name__)


class Phones:
    """The phones of one centre's visitors. Every press is an action of the agenda."""

    def __init__(self, server: ServerClient, agenda: Agenda, random: Random, speed: float) -> None:
        self._server = server
        self._agenda = agenda
        self._random = random
        self._speed = speed
        self._links: dict[str, str] = {}
        self._lock = threading.Lock()

    def issued(self, ticket_id: str, track_url: str) -> None:
        """Somebody has this slip; a few of them go out for a coffee."""
        track = track_url.rsplit("/", 1)[-1]
        with self._lock:
            self._links[ticket_id] = track
        if self._random.random() < visit.STEP_BACK_SHARE:
            pause_s = visit.COFFEE_S / self._speed
            self._agenda.after(pause_s, lambda: self._press(track, "step-back", {}))

    def ended(self, ticket_id: str, *, served: bool) -> None:
        """The visit is over; some of those who were served say how it was."""
        with self._lock:
            track = self._links.pop(ticket_id, None)
        if track is None or not served or self._random.random() >= visit.RATED_SHARE:
            return
        rating = visit.rating(self._random)
        pause_s = visit.RATING_S / self._speed
        self._agenda.after(pause_s, lambda: self._press(track, "rating", rating))

    def _press(self, track: str, what: str, body: Mapping[str, Any]) -> None:
        """One press; what is not possible any more, as for whoever was called, is left."""
        try:
            self._server.post(f"/api/v1/track/{track}/{what}", body, key=uuid.uuid4().hex)
        except (ServerRefused, ServerUnreachable) as error:
            _log.info("phone: %s: %s", what, error)
