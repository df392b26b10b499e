"""A virtual clerk at one counter: opens it, calls, waits for the person, serves, goes on."""

import contextlib
import logging
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from simulation import day, visit
from simulation.fleet.agenda import Agenda

ASK_AGAIN_S = 10.0
TRY_AGAIN_S = 2.0
FINISH_SHARE = 0.3
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Post:
    """Where a clerk works: the counter, what it serves, and the lobby's pace."""

    centre: str
    counter: str
    typical_min: Mapping[str, float]
    no_show_after_s: float
    speed: float


class Clerk:
    """One clerk. All commands go over HTTP; every step is an action of the agenda."""

    def __init__(self, post: Post, desk: ServerClient, agenda: Agenda, random: Random) -> None:
        self.post = post
        self._desk = desk
        self._agenda = agenda
        self._random = random
        self._lock = threading.Lock()
        self._idle_since: float | None = None
        self._ticket: dict[str, Any] | None = None
        self._arrived = False

    def open(self) -> None:
        """Open the counter and call the first ticket."""
        if self._command(f"counters/{self.post.counter}/open", self.open) is not None:
            self._agenda.after(0, self.ask)

    @property
    def idle_since(self) -> float | None:
        """Since when nobody has come, monotonic seconds; None while at work."""
        return self._idle_since

    def serves(self, service: str) -> bool:
        """Whether this counter serves it."""
        return service in self.post.typical_min

    def ask(self, ended: Mapping[str, Any] | None = None) -> None:
        """End what the counter has, as noted, and call the next: the one big button."""
        with self._lock:
            self._idle_since = None
        answer = self._command(f"counters/{self.post.counter}/next", self.ask, ended)
        if answer is None:
            return
        ticket = answer["ticket"]
        if ticket is None:
            self._rest()
        else:
            self._expect(ticket)

    def ask_if_idle(self, since: float | None = None) -> None:
        """Call the next if nobody is here; with `since`, only if idle ever since then."""
        with self._lock:
            mine = self._idle_since is not None and since in (None, self._idle_since)
            if mine:
                self._idle_since = None
        if mine:
            self.ask()

    def receive(self, ticket_id: str) -> None:
        """The person with this ticket stands at the counter: start."""
        with self._lock:
            ticket = self._ticket
            if ticket is None or ticket["id"] != ticket_id or self._arrived:
                return
            self._arrived = True
        if self._ticket_command(ticket_id, "start") is None:
            self._agenda.after(TRY_AGAIN_S, self.ask)
            return
        typical = self.post.typical_min.get(ticket["service"], 8.0 / self.post.speed)
        self._agenda.after(day.service_s(typical, self._random), self._finish_up)

    def _rest(self) -> None:
        now = time.monotonic()
        with self._lock:
            self._idle_since = now
            self._ticket = None
        self._agenda.after(ASK_AGAIN_S, lambda: self.ask_if_idle(now))

    def _expect(self, ticket: dict[str, Any]) -> None:
        with self._lock:
            self._ticket = ticket
            self._arrived = False
        patience_s = max(self.post.no_show_after_s, 3 * day.WALK_MEAN_S / self.post.speed) + 0.5
        ticket_id = ticket["id"]
        self._agenda.after(patience_s / 2, lambda: self._unless_here(ticket_id, "recall"))
        self._agenda.after(patience_s, lambda: self._unless_here(ticket_id, "no-show"))

    def _unless_here(self, ticket_id: str, action: str) -> None:
        with self._lock:
            waited_for = self._ticket is not None and self._ticket["id"] == ticket_id
            if not waited_for or self._arrived:
                return
            if action == "no-show":
                self._arrived = True
        self._ticket_command(ticket_id, action)
        if action == "no-show":
            self.ask()

    def _finish_up(self) -> None:
        """Most clerks press next at once; some finish first and take a breath."""
        with self._lock:
            ticket = self._ticket
        if ticket is not None and self._random.random() < FINISH_SHARE:
            self._ticket_command(ticket["id"], "finish", visit.ending(self._random))
            self._agenda.after(60 / self.post.speed, self.ask)
        else:
            self.ask(visit.ending(self._random))

    def _ticket_command(
        self, ticket_id: str, action: str, body: Mapping[str, Any] | None = None
    ) -> Any:
        """A ticket's command; None where it was refused, as when somebody else acted first."""
        with contextlib.suppress(ServerRefused, ServerUnreachable):
            path = f"/api/v1/centres/{self.post.centre}/tickets/{ticket_id}/{action}"
            return self._desk.post(path, body or {}, key=uuid.uuid4().hex).body
        return None

    def _command(
        self, path: str, again: Callable[[], None], body: Mapping[str, Any] | None = None
    ) -> Any:
        """A counter's command; None where it did not go through and is tried again later."""
        try:
            whole = f"/api/v1/centres/{self.post.centre}/{path}"
            return self._desk.post(whole, body or {}, key=uuid.uuid4().hex).body
        except ServerRefused as refused:
            _log.info("%s: %s", path, refused)
            again = self.open if refused.problem.code == "counter_not_open" else again
        except ServerUnreachable as gone:
            _log.info("%s: %s", path, gone)
        self._agenda.after(TRY_AGAIN_S, again)
        return None
