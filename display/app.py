"""The display agent: makes its parts, starts them, and stops them in reverse."""

import logging
import threading
from collections import defaultdict
from typing import Any

from display.about import About
from display.config import DisplayConfig
from display.local import LocalState, PanelReport, create_local
from display.pads.local import pads_blueprint
from display.pads.pads import Pads
from display.pads.report import pad_metrics
from display.turns import Slot
from display.voice.loudspeaker import Loudspeaker
from display.voice.memory import VoiceMemory
from display.voice.server_time import ServerTime
from display.wanted import CounterView, Views, after, from_board, is_new_call
from display.worker import WireWorker
from edge.client import ServerClient
from edge.heartbeat import Heartbeat
from edge.link import Link, LinkState
from edge.web import LocalServer
from wire.devices import PANELS_MOST

log = logging.getLogger(__name__)


class DisplayAgent:
    """Keeps every configured panel equal to the server's truth, and says when it cannot.

    Args:
        config: What `display.config.load` read.

    Raises:
        PortTaken: the local page's port is in use.
    """

    def __init__(self, config: DisplayConfig) -> None:
        agent = config.agent
        self.slots = [Slot(panel.counter, panel.driver, panel.panel) for panel in config.panels]
        self._views: Views | None = None
        self._stopped = threading.Event()
        self.pads = Pads(agent, config.pads)
        self._workers = _workers(self.slots, self.pads)
        self.link = Link(
            agent.server,
            agent.token,
            agent.centre,
            on_board=self._on_board,
            on_change=self._on_change,
            on_state=self._on_state,
        )
        self.about = About(ServerClient(agent.server, agent.token), agent.centre)
        # A client of its own: the other one is closed after each question.
        self._client = ServerClient(agent.server, agent.token)
        self.heartbeat = Heartbeat(self._client, self._vitals, self._vitals)
        self.loudspeaker = self._loudspeaker(config)
        app = create_local(
            self.report,
            self.state,
            token=agent.token,
            loudspeaker=self.loudspeaker,
            more=lambda: pad_metrics(self.pads.report()),
        )
        app.register_blueprint(pads_blueprint(self.pads.report))
        self.web = LocalServer(app, agent.listen_host, agent.listen_port)

    def start(self) -> None:
        """Begin to show what the server says."""
        for worker in set(self._workers.values()):
            worker.start()
        self.pads.start()
        self.web.start()
        if self.loudspeaker is not None:
            self.loudspeaker.start()
        self.link.start()
        self.heartbeat.start()
        log.info("page at %s", self.web.address)

    def stop(self) -> None:
        """Stop; the panels keep their last text. Safe to repeat."""
        if self._stopped.is_set():
            return
        self._stopped.set()
        self.heartbeat.stop()
        self._client.close()
        self.link.stop()
        self.about.stop()
        self.pads.stop()
        self.web.stop()
        if self.loudspeaker is not None:
            self.loudspeaker.stop()
        for worker in set(self._workers.values()):
            worker.stop()

    def status(self) -> str:
        """The link, and how many panels do not answer, in one line."""
        dead = sum(panel["state"] == "dead" for panel in self._panel_states())
        return f"link {self.link.state}, {len(self.slots)} panels, {dead} of them dead"

    def report(self) -> list[PanelReport]:
        """What every panel shows now, as far as anybody knows."""
        stale = self.link.state == "down" or self._views is None
        return [PanelReport.of(slot, self._views, stale=stale) for slot in self.slots]

    def state(self) -> LocalState:
        """The link, and whose panels these are."""
        about = self.about
        return LocalState(self.link.state, about.name, about.timezone, about.simulation)

    def _panel_states(self) -> list[dict[str, str]]:
        return [{"counter": panel.counter, "state": panel.state} for panel in self.report()]

    def _vitals(self) -> dict[str, Any]:
        sound = {"sound": self.loudspeaker.state} if self.loudspeaker is not None else {}
        return {"link": self.link.state, "panels": self._panel_states()[:PANELS_MOST], **sound}

    def _loudspeaker(self, config: DisplayConfig) -> Loudspeaker | None:
        if config.voice is None:
            return None
        memory = VoiceMemory(config.agent.data_dir)
        return Loudspeaker(config.voice, self.about, memory, ServerTime())

    # Called by the link, in its thread.

    def _on_board(self, board: dict[str, Any]) -> None:
        self._show(from_board(board))
        self.pads.on_board(board)
        if self.loudspeaker is not None:
            self.loudspeaker.board(board)

    def _on_change(self, change: dict[str, Any]) -> None:
        self._show(after(self._views or {}, change))
        self.pads.on_change(change)
        if self.loudspeaker is not None:
            self.loudspeaker.change(change)
        if change["kind"] == "config_changed":
            self.about.refresh()

    def _on_state(self, state: LinkState) -> None:
        """The panels keep their text whatever comes, and `report` says when it may be old."""
        self.pads.on_state(state)
        if state == "up":
            self.about.refresh()

    def _show(self, views: Views) -> None:
        before, self._views = self._views, views
        for slot in self.slots:
            view = views.get(slot.counter, CounterView())
            # What was called before this agent started is no news.
            old = view if before is None else before.get(slot.counter, CounterView())
            worker = self._workers[slot.panel.wire]
            worker.want(slot, view.text, call=is_new_call(view, old))


def _workers(slots: list[Slot], pads: Pads) -> dict[str, WireWorker]:
    by_wire: dict[str, list[Slot]] = defaultdict(list)
    for slot in slots:
        by_wire[slot.panel.wire].append(slot)
    return {wire: WireWorker(wire, there, pads.guests(wire)) for wire, there in by_wire.items()}
