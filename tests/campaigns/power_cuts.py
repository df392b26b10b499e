"""One kiosk's life with power cuts, from the same seed always the same; and what must hold."""

import base64
import json
import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from edge.client import Reply
from edge.errors import ServerRefused, ServerUnreachable
from kiosk.answers import PressRefused
from kiosk.errors import PaperOut, PrinterUnreachable
from tests.campaigns.assembled_kiosk import AssembledKiosk, ModelPrinter, restarted
from tests.campaigns.lossy_disk import (
    LOSSES,
    Loss,
    LossyConnection,
    LossyDisk,
    Power,
    PowerCut,
)
from tests.fakes.queue_server import QueueServer
from wire.errors import Problem

CENTRE = "binh-duong"
PATH = Path("kiosk.db")
SERVICES = ("ho-tich", "dat-dai")
START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PRINTER_MOODS = ("ok", "ok", "ok", "unknown", "torn", PaperOut, PrinterUnreachable)
WIRE_MOODS = ("ok", "ok", "ok", "refused", "lost before", "lost after", "lost after")


class QuietServer(QueueServer):
    """Judges by the contract, at the world's own time, and is asked without HTTP."""

    def __init__(self, world: "World") -> None:
        super().__init__()
        self._world = world

    def now(self) -> datetime:
        return self._world.now


@dataclass
class Wire:
    """The kiosk's way to the server. `mood` goes for every question.

    `mood`: ok | refused (no connection) | lost before | lost after (the server acted).
    """

    world: "World"
    mood: str = "ok"

    def get(self, path: str, *, timeout_s: float = 5.0) -> Reply:
        server = self.world.server
        self._way_there()
        if path == "/api/v1/whoami":
            return self._way_back(200, server.whoami())
        if path == f"/api/v1/centres/{CENTRE}":
            return self._way_back(200, server.centre)
        ticket = server.tickets.get(path.rsplit("/", 1)[1])
        if ticket is None:
            return self._way_back(404, {"code": "unknown_ticket", "title": "", "status": 404})
        return self._way_back(200, ticket)

    def post(self, path: str, body: Any, *, key: str = "", timeout_s: float = 5.0) -> Reply:
        self._way_there()
        status, answer = self.world.server.issue(key, json.loads(json.dumps(body)))
        return self._way_back(status, answer)

    def _way_there(self) -> None:
        self.world.power.step()
        if self.mood in ("refused", "lost before"):
            lost = self.mood == "lost before"
            raise ServerUnreachable(self.mood, maybe_received=lost)

    def _way_back(self, status: int, body: Any) -> Reply:
        self.world.power.step()
        if self.mood == "lost after":
            raise ServerUnreachable(self.mood, maybe_received=True)
        if status >= 400:
            raise ServerRefused(Problem(body["code"], body["title"], status))
        return Reply(status, json.loads(json.dumps(body)))


@dataclass
class World:
    """The machine's disk and power, the server, the printer, and what citizens saw."""

    seed: int
    power: Power = field(default_factory=Power)
    disk: LossyDisk = field(default_factory=LossyDisk)
    now: datetime = START
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    broken_off: set[str] = field(default_factory=set)
    steps: int = 0
    cuts: int = 0

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)
        self.server = QuietServer(self)
        self.wire = Wire(self)
        self.printer = ModelPrinter(lambda: self.power.step())
        self.touches = 0
        self.opened: LossyConnection | None = None

    def take(self, count: int) -> bytes:
        """Randomness that names the touch it was taken for."""
        return self.touches.to_bytes(4, "big") + self.rng.randbytes(count - 4)

    def start(self) -> AssembledKiosk:
        """Switch it on, after switching it off in order if it still runs."""
        self.leave()
        began = self.now
        wall = START + timedelta(days=self.rng.choice((-9000, -1, 0, 0, 4000)))
        return AssembledKiosk(
            PATH, centre=CENTRE, client=self.wire, printer=self.printer, take=self.take,
            broken_off=self.broken_off,
            machine=restarted(lambda: (self.now - began).total_seconds(), lambda: wall),
            opener=self._open,
        )  # fmt: skip

    def _open(self, path: Path) -> LossyConnection:
        self.opened = LossyConnection(self.disk, self.power, path)
        return self.opened

    def leave(self) -> None:
        """Let go of the kiosk that ran, in order if there is power."""
        if self.opened is not None:
            self.opened.close()
            self.opened = None

    def power_cut(self, loss: Loss) -> None:
        """What was not durable is gone, and the power comes back."""
        self.cuts += 1
        self.disk = self.disk.after_cut(loss, self.rng)
        self.leave()
        self.power = Power()
        self.now += timedelta(seconds=self.rng.randrange(1, 600))
        self.printer.behave = self.wire.mood = "ok"


def live(world: World, kiosk: AssembledKiosk, actions: int) -> None:
    """Some things that happen to a kiosk."""
    for _ in range(actions):
        world.now += timedelta(seconds=world.rng.randrange(1, 90))
        world.wire.mood = world.rng.choice(WIRE_MOODS)
        world.printer.behave = world.rng.choice(PRINTER_MOODS)
        kind = world.rng.choices(("touch", "hand in", "copy", "meet"), (6, 3, 2, 2))[0]
        if kind == "touch":
            touch(world, kiosk)
        elif kind == "copy":
            copy(world, kiosk)
        elif kind == "meet":
            kiosk.meet()
        else:
            kiosk.hand_in.hand_in_all()


def touch(world: World, kiosk: AssembledKiosk) -> None:
    """A citizen touches a service, and sees a number or an error."""
    world.touches += 1
    try:
        seen = kiosk.touch(world.rng.choice(SERVICES)).ticket
    except PressRefused:
        return
    world.answers.append((world.touches, seen.id, seen.number))


def copy(world: World, kiosk: AssembledKiosk) -> None:
    """Somebody asks for the paper of a ticket."""
    if known := list(kiosk.known()):
        kiosk.press.copy(world.rng.choice(known))


def run(seed: int, cut_at: int | None, loss: Loss) -> World:
    """A life that the power ends at step `cut_at`, another one, and the order that follows.

    Raises:
        AssertionError: a promise is broken; says which, and with what.
    """
    world = World(seed)
    kiosk = world.start()
    kiosk.meet()
    world.power.cut_at = None if cut_at is None else world.power.steps + cut_at
    before = world.power.steps
    try:
        live(world, kiosk, 8)
    except PowerCut:
        world.power_cut(loss)
    world.steps = world.power.steps - before
    try:
        world.power.cut_at = world.rng.choice((None, world.rng.randrange(1, 250)))
        kiosk = world.start()
        live(world, kiosk, 4)
    except PowerCut:
        world.power_cut(world.rng.choice(LOSSES))
    world.power.cut_at = None
    check(world, set_in_order(world))
    world.leave()
    return world


def set_in_order(world: World) -> AssembledKiosk:
    """The server and the printer are well again, and people ask for what they miss."""
    world.wire.mood = world.printer.behave = "ok"
    kiosk = world.start()
    assert kiosk.meet()
    assert kiosk.hand_in.hand_in_all()
    for entry in kiosk.journal.unprinted(1000):
        if world.rng.random() < 0.5:
            assert kiosk.press.copy(entry.id).outcome == "printed"
    for _ in range(2):
        touch(world, kiosk)
    world.wire.mood = "refused"
    touch(world, kiosk)
    world.wire.mood = "ok"
    assert kiosk.meet()
    assert kiosk.hand_in.hand_in_all()
    return kiosk


def check(world: World, kiosk: AssembledKiosk) -> None:
    """Nothing lost, nothing double, no unmarked second paper."""
    known, server = kiosk.known(), world.server.tickets
    assert kiosk.spool.refused() == []
    assert kiosk.spool.count() == 0
    assert kiosk.journal.attempts() == []
    for _, ticket, number in world.answers:
        assert known.get(ticket) == number, f"{number} was shown and is not known"
    for paper in world.printer.papers:
        assert known.get(paper.ticket) == paper.number, f"{paper} is not known"
    for ticket, number in known.items():
        assert server[ticket]["number"] == number, f"{number} is not at the server"
        assert server[ticket]["state"] == "waiting", f"{number} does not wait"
    for ticket in world.server.waiting():
        assert ticket["id"] in known, f"{ticket} waits, and the kiosk cannot copy it"
    check_numbers(world)
    check_marks(world)


def check_numbers(world: World) -> None:
    """One number is one ticket, and one touch is one ticket that lives."""
    owners: dict[str, set[str]] = {}
    for paper in world.printer.papers:
        owners.setdefault(paper.number, set()).add(paper.ticket)
    assert {number: ids for number, ids in owners.items() if len(ids) > 1} == {}
    tracks = {ticket["track_url"].rsplit("/", 1)[1] for ticket in world.server.waiting()}
    of_touch = Counter(base64.urlsafe_b64decode(track + "==")[:4] for track in tracks)
    assert [touch for touch, count in of_touch.items() if count > 1] == []


def check_marks(world: World) -> None:
    """A first paper has no mark unless nobody could know that it was the first; the others do."""
    seen: set[str] = set()
    for paper in world.printer.papers:
        if paper.ticket in seen:
            assert paper.marked, f"a second paper of {paper.number} has no mark"
        elif paper.marked:
            assert paper.ticket in world.broken_off, f"the first paper of {paper.number} is marked"
        seen.add(paper.ticket)
