"""One centre's visitors and clerks: people press at its kiosk and wait for their call."""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from edge.client import ServerClient
from edge.errors import ServerRefused, ServerUnreachable
from edge.link import Link
from simulation import day
from simulation.fleet.agenda import Agenda
from simulation.fleet.clerk import Clerk, Post
from simulation.fleet.phones import Phones

MOST_WAITING = 80
ENDS = ("served", "no_show", "cancelled")
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LobbyPlan:
    """Where one centre's people go, and how many come."""

    centre: str
    server: str
    kiosk: str
    desk_token: str
    hall_token: str
    shares: Mapping[str, int]
    arrivals: day.Arrivals
    posts: Sequence[Post]


class Lobby:
    """Keeps one centre busy through its real kiosk, sockets and HTTP until stopped."""

    def __init__(self, plan: LobbyPlan, agenda: Agenda, random: Random) -> None:
        self.plan = plan
        self.pressed = 0
        self.refused = 0
        self._agenda = agenda
        self._random = random
        self._kiosk = ServerClient(plan.kiosk, "")
        self._desk = ServerClient(plan.server, plan.desk_token)
        self._public = ServerClient(plan.server, "")
        self._phones = Phones(self._public, agenda, random, plan.arrivals.speed)
        self._clerks = {
            post.counter: Clerk(post, self._desk, agenda, random) for post in plan.posts
        }
        self._waiting: set[str] = set()
        self._absent: set[str] = set()
        self._lock = threading.Lock()
        self._started_at = time.monotonic()
        self._link = Link(
            plan.server,
            plan.hall_token,
            plan.centre,
            on_board=lambda board: None,
            on_change=self._hear,
            on_state=lambda state: _log.info("%s: link %s", plan.centre, state),
        )

    def start(self) -> None:
        """Listen, open the counters one by one, and let people in."""
        self._started_at = time.monotonic()
        self._link.start()
        for index, clerk in enumerate(self._clerks.values()):
            self._agenda.after(index * 0.1, clerk.open)
        self._agenda.after(0.5, self._come)

    def stop(self) -> None:
        """Stop listening; the agenda has been stopped before."""
        self._link.stop()
        self._kiosk.close()
        self._desk.close()
        self._public.close()

    def _come(self) -> None:
        """One person comes in and presses, and the next is on the way."""
        elapsed_s = time.monotonic() - self._started_at
        self._agenda.after(self.plan.arrivals.gap_s(elapsed_s, self._random), self._come)
        if len(self._waiting) < MOST_WAITING:
            self._press()

    def _press(self) -> None:
        wish = {
            "service": day.choose_service(self.plan.shares, self._random),
            "priority": day.choose_priority(self._random),
        }
        try:
            pressed = self._kiosk.post("/api/press", wish, timeout_s=4.0).body
        except (ServerRefused, ServerUnreachable) as error:
            self.refused += 1
            _log.info("%s: press: %s", self.plan.centre, error)
            return
        with self._lock:
            self.pressed += 1
            self._waiting.add(pressed["ticket"]["id"])
            if self._random.random() < day.ABSENT_SHARE:
                self._absent.add(pressed["ticket"]["id"])
        self._phones.issued(pressed["ticket"]["id"], pressed["ticket"]["track_url"])

    def _hear(self, change: dict[str, Any]) -> None:
        """What the hall screen would show: a call makes its person walk."""
        ticket, counter = change.get("ticket"), change.get("counter")
        if change["kind"] == "issued" and ticket:
            self._wake_a_clerk(ticket["service"])
        if change["kind"] == "cancelled" and ticket:
            self._waiting.discard(ticket["id"])
        if change["kind"] in ENDS and ticket:
            self._phones.ended(ticket["id"], served=change["kind"] == "served")
        if change["kind"] not in ("called", "recalled") or not ticket or not counter:
            return
        with self._lock:
            self._waiting.discard(ticket["id"])
            absent = ticket["id"] in self._absent
        clerk = self._clerks.get(counter["id"])
        if clerk is not None and not absent:
            delay_s = 0.3 + day.walk_s(self.plan.arrivals.speed, self._random)
            self._agenda.after(delay_s, lambda: clerk.receive(ticket["id"]))

    def _wake_a_clerk(self, service: str) -> None:
        """Of the idle clerks who can serve it, the one with fewest skills, then longest idle."""
        idle = [
            (len(clerk.post.typical_min), since, clerk)
            for clerk in self._clerks.values()
            if clerk.serves(service) and (since := clerk.idle_since) is not None
        ]
        if idle:
            clerk = min(idle, key=lambda item: item[:2])[2]
            self._agenda.after(self._random.uniform(0.3, 1.0), clerk.ask_if_idle)
