"""All pads of a display agent: each with its own thread, token and heartbeat."""

import threading
import time
from collections.abc import Iterable
from typing import Any

from display.pads.commands import Holding, PadCommands
from display.pads.config import PadConfig, PadsConfig
from display.pads.report import PadReport
from display.pads.waiting import Counts, WaitingWatch, waiting_by_counter
from display.pads.worker import PadWorker, Truth
from display.turns import Guest
from display.wanted import SHOWN_STATES, Views, after, from_board
from edge.client import ServerClient
from edge.config import AgentConfig
from edge.heartbeat import Heartbeat
from edge.link import LinkState


class _Desk:
    """One pad with what belongs to it."""

    def __init__(self, agent: AgentConfig, config: PadConfig, rules: PadsConfig) -> None:
        self.client = ServerClient(agent.server, config.token)
        commands = PadCommands(self.client, agent.centre, config.counter)
        self.heartbeat = Heartbeat(self.client, self._vitals, self._keys)
        self.worker = PadWorker(config, rules, commands, lambda: self.heartbeat.refused)

    def _keys(self) -> str:
        return "dead" if self.worker.dead else "ok"

    def _vitals(self) -> dict[str, Any]:
        return {"link": self.worker.truth.link, "keys": self._keys()}


class Pads:
    """Makes the pads of a config work, and tells them what the server says.

    Args:
        agent: Where the server is; the agent's own token reads the board.
        config: The pads.

    `on_board`, `on_change` and `on_state` are called by the link, in its thread.
    """

    def __init__(self, agent: AgentConfig, config: PadsConfig) -> None:
        self._desks = [_Desk(agent, one, config) for one in config.pads]
        client = ServerClient(agent.server, agent.token)
        self._watch = WaitingWatch(client, agent.centre, self._on_counts)
        self._lock = threading.Lock()
        self._views: Views | None = None
        self._tickets: dict[str, Holding] = {}
        self._counts: Counts = {}
        self._link: LinkState = "connecting"
        self._up_since_s: float | None = None

    @property
    def workers(self) -> list[PadWorker]:
        """Each pad's worker, in the config's order."""
        return [desk.worker for desk in self._desks]

    def report(self) -> list[PadReport]:
        """What is known of every pad."""
        return [PadReport.of(desk.worker, refused=desk.heartbeat.refused) for desk in self._desks]

    def guests(self, wire: str) -> list[Guest]:
        """The pads' lines on a wire that has panels too; whoever asks gives them their turns."""
        pads = [worker.config.pad for worker in self.workers]
        lines = {id(pad.line): pad.line for pad in pads if hasattr(pad, "line")}
        found = [line for line in lines.values() if line.wire.name == wire]
        for line in found:
            line.adopt()
        return found

    def start(self) -> None:
        """Begin, where there is any pad."""
        for desk in self._desks:
            desk.worker.start()
            desk.heartbeat.start()
        if self._desks:
            self._watch.start()

    def stop(self) -> None:
        """Finish the presses in hand and let go of the pads. Safe to repeat."""
        self._watch.stop()
        _together(desk.worker.stop for desk in self._desks)
        _together(desk.heartbeat.stop for desk in self._desks)
        for desk in self._desks:
            desk.client.close()

    def on_board(self, board: dict[str, Any]) -> None:
        """Take in a whole board."""
        with self._lock:
            self._views = from_board(board)
            self._counts = waiting_by_counter(board)
            self._tickets.clear()  # the same number may be another ticket's: a new day, a restore
            self._tell()

    def on_change(self, change: dict[str, Any]) -> None:
        """Take in a change, and look who waits after it."""
        if not self._desks:
            return
        with self._lock:
            self._views = after(self._views or {}, change)
            self._learn_ticket(change)
            self._forget_tickets(self._views)
            self._tell()
        self._watch.changed()

    def on_state(self, state: LinkState) -> None:
        """The link is up, down, or connecting."""
        with self._lock:
            self._link = state
            self._up_since_s = time.monotonic() if state == "up" else None
            self._tell()

    def _on_counts(self, counts: Counts) -> None:
        with self._lock:
            self._counts = counts
            self._tell()

    def _learn_ticket(self, change: dict[str, Any]) -> None:
        """A board has no ticket ids; changes do."""
        ticket, counter = change.get("ticket"), change.get("counter")
        if ticket and counter and ticket["state"] in SHOWN_STATES:
            self._tickets[counter["id"]] = Holding(ticket["id"], ticket["number"])

    def _forget_tickets(self, views: Views) -> None:
        for counter, holding in list(self._tickets.items()):
            view = views.get(counter)
            if view is None or view.ticket != holding.number:
                del self._tickets[counter]

    def _tell(self) -> None:
        for worker in self.workers:
            counter = worker.config.counter
            truth = Truth(
                link=self._link,
                up_since_s=self._up_since_s,
                view=(self._views or {}).get(counter),
                holding=self._tickets.get(counter),
                waiting=self._counts.get(counter),
            )
            if truth != worker.truth:
                worker.tell(truth)


def _together(acts: Iterable[Any]) -> None:
    """Do what takes a while for all at once."""
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
