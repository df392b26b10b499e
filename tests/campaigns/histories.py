"""Three kiosks and their server through days of bad luck; what happens is the test's choice.

The kiosks and the server are the real ones; the way between them loses questions, loses
answers, delivers late and twice. Time passes for all of them, and each kiosk's clocks say what
they like.
"""

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from edge.client import Reply
from edge.clock import Machine
from edge.errors import ServerRefused, ServerUnreachable
from kiosk.answers import PressRefused
from kiosk.errors import PaperOut
from server.service.ports import Caller, Operation
from server.service.verify import verify
from server.storage.sqlite import SqliteStore
from tests.campaigns.assembled_kiosk import AssembledKiosk, ModelPrinter
from tests.campaigns.lossy_disk import Loss, LossyConnection, LossyDisk, Power
from tests.fakes.small_centre import CENTRE, SmallCentre
from wire.errors import Problem, Refusal
from wire.requests import IssueRequest

PATH = Path("kiosk.db")
SERVICES = ("ho-tich", "dat-dai")
BAND_WIDTH = 4
LIVE = ("waiting", "called", "serving", "on_hold")
NEVER = datetime.min.replace(tzinfo=UTC)
LATE_S = 3600
"""No question is on its way for longer."""


@dataclass
class Sent:
    """A question that the kiosk gave up on, and that may still arrive, once or more often."""

    body: dict[str, Any]
    key: str
    at: datetime


class Way:
    """One kiosk's way to the server. `mood`: ok | refused | lost before | lost after."""

    def __init__(self, lobby: "Lobby", caller: Caller) -> None:
        self._lobby = lobby
        self.caller = caller
        self.mood = "ok"
        self.on_the_way: list[Sent] = []

    def get(self, path: str, *, timeout_s: float = 5.0) -> Reply:
        self._there(None)
        readings = self._lobby.centre.readings
        if path == "/api/v1/whoami":
            return self._back(lambda: readings.whoami(self.caller))
        if path.endswith(CENTRE):
            return self._back(lambda: readings.centre(CENTRE))
        ticket = path.rsplit("/", 1)[1]
        return self._back(lambda: readings.ticket(self.caller, CENTRE, ticket))

    def post(self, path: str, body: Any, *, key: str = "", timeout_s: float = 5.0) -> Reply:
        sent = Sent(json.loads(json.dumps(body)), key, self._lobby.now)
        self._there(sent)
        return self._back(lambda: self._lobby.take_in(self.caller, sent))

    def deliver(self, which: int) -> None:
        """A question on the way arrives, and may again; nobody hears the answer."""
        fresh = [s for s in self.on_the_way if (self._lobby.now - s.at).total_seconds() <= LATE_S]
        self.on_the_way = fresh
        if fresh:
            try:
                self._lobby.take_in(self.caller, fresh[which % len(fresh)])
            except Refusal as refusal:
                if refusal.code not in ("superseded", "centre_closed"):
                    raise

    def _there(self, sent: Sent | None) -> None:
        if self.mood == "refused":
            raise ServerUnreachable(self.mood, maybe_received=False)
        if sent is not None and self.mood != "ok":
            self.on_the_way.append(sent)
        if self.mood == "lost before":
            raise ServerUnreachable(self.mood, maybe_received=True)

    def _back(self, ask: Callable[[], Any]) -> Reply:
        try:
            answer = msgspec.json.decode(msgspec.json.encode(ask()))
        except Refusal as refusal:
            if self.mood == "lost after":
                raise ServerUnreachable(self.mood, maybe_received=True) from refusal
            problem = Problem(refusal.code, refusal.code, refusal.status)
            raise ServerRefused(problem) from refusal
        if self.mood == "lost after":
            raise ServerUnreachable(self.mood, maybe_received=True)
        return Reply(200, answer)


@dataclass
class Corner:
    """One kiosk's place: its machine, disk, printer and way, whichever start it is in."""

    lobby: "Lobby"
    number: int
    drift: float
    clock_file: Path
    starts: int = 0
    disk: LossyDisk = field(default_factory=LossyDisk)
    broken_off: set[str] = field(default_factory=set)
    running: AssembledKiosk | None = None
    latest: datetime = NEVER

    def __post_init__(self) -> None:
        first = 700 + 50 * (self.number - 1)
        band = (first, first + BAND_WIDTH - 1)
        caller = Caller(f"t:kiosk-{self.number}", "kiosk", CENTRE, kiosk=self.number, band=band)
        self.way = Way(self.lobby, caller)
        self.printer = ModelPrinter(lambda: None)
        self.switched_on(0)
        self.kiosk.meet()

    @property
    def kiosk(self) -> AssembledKiosk:
        assert self.running is not None
        return self.running

    def switched_on(self, wall_days: int) -> None:
        """A new start of the machine, whose own clock is off by so many days."""
        self.starts += 1
        began = self.lobby.now
        self._machine = Machine(
            f"start-{self.starts}",
            lambda: 5.0 + (self.lobby.now - began).total_seconds() * (1 + self.drift),
            lambda: self.lobby.now + timedelta(days=wall_days),
        )
        self.agent_started()

    def agent_started(self) -> None:
        """A new start of the agent alone."""
        if self.running is not None:
            self.running.database.close()
        disk, self.power = self.disk, Power()
        power = self.power
        self.latest = NEVER
        self.running = AssembledKiosk(
            PATH, centre=CENTRE, client=self.way, printer=self.printer, machine=self._machine,
            take=self.lobby.take, broken_off=self.broken_off, clock_file=self.clock_file,
            opener=lambda path: LossyConnection(disk, power, path),
        )  # fmt: skip

    def power_cut(self, loss: Loss, wall_days: int) -> None:
        """Off without a word, and on again."""
        self.disk = self.disk.after_cut(loss, self.lobby.rng)
        self.power.on = False
        self.switched_on(wall_days)

    def look_at_clock(self) -> None:
        """It never goes back, once it is known."""
        if self.kiosk.clock.trusted:
            now = self.kiosk.clock.now()
            assert now >= self.latest
            for ticket in self.kiosk.known():
                entry = self.kiosk.journal.find(ticket)
                assert entry is not None
                own = entry.mode == "offline" and entry.stamp.trusted
                assert not own or entry.stamp.shown <= now
            self.latest = now


class Lobby:
    """The server and its three kiosks.

    Args:
        folder: For the clocks' files.
        store: An empty database with its tables.
        file: The centre.
        start: When the history begins, aware.
    """

    def __init__(self, folder: Path, store: SqliteStore, file: str, start: datetime) -> None:
        self.rng = random.Random(7)
        self.touches = 0
        self.shown: list[tuple[str, str]] = []
        self.answers: dict[str, tuple[str, str]] = {}
        self.store = store
        self.centre = SmallCentre(store, file=file)
        self.pass_time((start - self.now).total_seconds())
        self.centre.open("q1", "q2")
        self.corners = [
            Corner(self, number, drift, folder / f"clock-{number}.json")
            for number, drift in ((1, 0.0), (2, 1e-4), (3, -1e-4))
        ]

    @property
    def now(self) -> datetime:
        return self.centre.clock.now()

    def pass_time(self, seconds: float) -> None:
        """For everybody."""
        self.centre.clock.forward(seconds=seconds)

    def take(self, count: int) -> bytes:
        """Randomness that names the touch it was taken for."""
        return self.touches.to_bytes(4, "big") + self.rng.randbytes(count - 4)

    def take_in(self, caller: Caller, sent: Sent) -> Any:
        """The server's part of a question that arrived; the same key gives the same ticket."""
        body = msgspec.convert(sent.body, IssueRequest)
        digest = json.dumps(sent.body, sort_keys=True)
        operation = Operation(f"{caller.id} POST tickets", sent.key, digest)
        reply = self.centre.lobby.issue(caller, CENTRE, body, operation)
        ticket = msgspec.json.decode(reply.body)
        made = (ticket["id"], ticket["number"])
        assert self.answers.setdefault(sent.key, made) == made
        return ticket

    def touch(self, corner: Corner, service: str, priority: str) -> None:
        """A citizen sees a number, or an error."""
        self.touches += 1
        try:
            seen = corner.kiosk.touch(service, priority).ticket
        except PressRefused:
            return
        self.shown.append((seen.id, seen.number))

    def copy(self, corner: Corner, which: int) -> None:
        """Somebody asks for a paper once more."""
        if known := list(corner.kiosk.known()):
            corner.kiosk.press.copy(known[which % len(known)])

    def call(self, counter: str) -> None:
        """A clerk calls whoever is next."""
        try:
            self.centre.next(counter)
        except Refusal as refusal:
            if refusal.code != "counter_not_open":
                raise
            self.centre.open(counter)

    def paper(self, corner: Corner, mood: str) -> None:
        """The printer's condition changes."""
        corner.printer.behave = PaperOut if mood == "out" else mood

    def set_in_order(self) -> None:
        """Everybody hears everybody again, and the outboxes empty."""
        for corner in self.corners:
            corner.way.mood = corner.printer.behave = "ok"
            assert corner.kiosk.meet()
            assert corner.kiosk.hand_in.hand_in_all()

    # ---- what must hold
    def check(self) -> None:
        """I1, I3, I4, the marks, and the log."""
        rows = self.store.read(lambda tx: tx.all("SELECT id, number, day, state FROM ticket", ()))
        stored = {row[0]: row[1] for row in rows}
        assert len({(row[1], row[2]) for row in rows}) == len(rows)
        for ticket, number in self.shown:
            assert stored.get(ticket) == number, f"{number} was shown"
        days = {row[0]: row[2] for row in rows}
        owners: dict[tuple[str, str], str] = {}
        for corner in self.corners:
            kiosk = corner.kiosk
            assert kiosk.spool.refused() == []
            assert kiosk.spool.count() == 0
            for paper in corner.printer.papers:
                assert stored.get(paper.ticket) == paper.number, f"{paper} is out"
                key = (days[paper.ticket], paper.number)
                assert owners.setdefault(key, paper.ticket) == paper.ticket
            check_marks(corner)
        # A twin may have been called, and ended, before its paper was heard of.
        alive = [touch_of(row[0]) for row in rows if row[3] in LIVE]
        assert len(set(alive)) == len(alive), "one touch is two tickets"
        assert verify(self.store) == []

    def close(self) -> None:
        """Let go of every file."""
        for corner in self.corners:
            corner.kiosk.database.close()
        self.store.close()


def check_marks(corner: Corner) -> None:
    """A first paper has no mark; every other one has."""
    seen: set[str] = set()
    for paper in corner.printer.papers:
        assert paper.marked == (paper.ticket in seen)
        seen.add(paper.ticket)


def touch_of(ticket_id: str) -> int:
    """Which touch an identity was made for; see `Lobby.take`."""
    return (int(ticket_id.replace("-", ""), 16) & ((1 << 62) - 1)) >> 48
