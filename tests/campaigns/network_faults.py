"""Fault after fault between server and screens, from one seed; and what must hold at each."""

import json
import random
import time
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from tests.campaigns.busy_counters import age_s
from tests.campaigns.faulty_line import Fault, Flow
from tests.campaigns.faulty_lobby import COUNTERS, FaultyLobby, Screen

HEALED_S: Final = 3.0
"""The promise: the truth within so long of the fault's end."""
STALE_S: Final = 12.0
"""The promise: who heard nothing for so long says so."""
SPOKEN_S: Final = 25.0
"""What is offered is said, or dropped, within 20 s; and a sentence may be under way."""
MISSED_S: Final = 115.0
"""What is older than two minutes is offered no more; some are asked for a little before."""
GIVE_UP_S: Final = 30.0
SILENCE_S: Final = 6.0
"""A line that forgot its connections is whole for them when the screens could know: then."""

LEFT_OVER: Final = 12
"""Connections that are just ending, and what is opened once; no trace of each fault."""

HELD = Flow(held=True)
MODEM = Flow(bytes_per_s=7000, delay_s=0.4)
TRICKLE = Flow(bytes_per_s=60, delay_s=0.2, piece=1)

LINES: Final = {
    "cut": Fault(HELD, HELD, door="resets", healing="resets"),
    "refused": Fault(HELD, HELD, door="closed", healing="resets"),
    "half closed": Fault(door="ends"),
    "hole, goes on": Fault(HELD, HELD),
    "hole, resets": Fault(HELD, HELD, healing="resets"),
    "hole, forgets": Fault(HELD, HELD, healing="forgets"),
    "screens deaf": Fault(down=HELD),
    "screens mute": Fault(up=HELD),
    "slow": Fault(MODEM, MODEM),
    "trickle": Fault(TRICKLE, TRICKLE),
}
KINDS: Final = (*LINES, "slow, dialled anew", "flapping", "server killed")
HEARD: Final = frozenset({"screens mute", "slow", "slow, dialled anew", "trickle", "flapping"})
SILENT: Final = frozenset(KINDS) - HEARD
"""Nothing at all is heard of the server."""


@dataclass(frozen=True)
class Planned:
    """One fault to come."""

    kind: str
    length_s: float


def plan(count: int, seed: int) -> Iterator[Planned]:
    """Every kind equally often, in any order; a fifth lasts longer than 12 s."""
    rng = random.Random(seed)
    kinds: list[str] = []
    for _ in range(count):
        if not kinds:
            kinds = rng.sample(KINDS, len(KINDS))
        long = rng.random() < 0.22
        length_s = rng.uniform(13, 20) if long else 0.3 * 40 ** rng.random()
        yield Planned(kinds.pop(), round(length_s, 1))


@dataclass
class Report:
    """What a campaign measured."""

    seed: int
    faults: Counter[str] = field(default_factory=Counter)
    agreed_s: dict[str, list[float]] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)
    stale_seen: int = 0
    commands: int = 0

    def figures(self) -> dict[str, Any]:
        """As plain data."""
        by_kind = {
            kind: {"faults": n, **_percentiles(self.agreed_s.get(kind, []))}
            for kind, n in sorted(self.faults.items())
        }
        screens = {
            name: _percentiles(times)
            for name, times in self.agreed_s.items()
            if name not in self.faults
        }
        return {
            "seed": self.seed, "by_kind": by_kind, "screens": screens,
            "heard": dict(self.heard), "stale_seen": self.stale_seen,
            "commands": self.commands, "broken": self.broken,
        }  # fmt: skip


def _percentiles(times: list[float]) -> dict[str, float]:
    if not times:
        return {}
    ranked = sorted(times)
    places = {"p50_s": 0.5, "p95_s": 0.95, "max_s": 1.0}
    return {
        name: round(ranked[min(len(ranked) - 1, int(part * len(ranked)))], 2)
        for name, part in places.items()
    }


@dataclass
class Owed:
    """A call that stood called when the line healed, and that a loudspeaker has yet to say."""

    call_id: str
    times: int
    number: str
    since: float


class Campaign:
    """Runs faults in one lobby and judges what the screens make of them.

    `calm_s` is the longest time between healing and the next fault.
    """

    def __init__(self, lobby: FaultyLobby, seed: int, calm_s: float) -> None:
        self.lobby = lobby
        self.report = Report(seed)
        self._calm_s = calm_s
        self._rng = random.Random(seed + 1)
        self._boards: deque[tuple[float, Any]] = deque(maxlen=100)
        self._owed: dict[str, dict[str, Owed]] = {screen.name: {} for screen in lobby.screens}
        self._fault_at = 0.0
        self._held_before = (0, 0)

    def begin(self) -> None:
        """Work, and wait until every screen follows and every loudspeaker speaks."""
        self._held_before = self.lobby.agent_holds()
        self.lobby.counters.start()
        self._call_unseen()
        self._agree(time.monotonic(), "start")
        for page in self.lobby.pages.values():
            page.wait_for_function("() => sentences > 0", timeout=60_000)

    def run(self, planned: Planned) -> dict[str, float]:
        """One fault: calm, fault, healing, and what must hold at each; when each was right."""
        self._calm(self._calm_s * self._rng.uniform(0.4, 1.0))
        self._fault_at = time.monotonic()
        where = f"fault {sum(self.report.faults.values())}: {planned.kind}, {planned.length_s} s"
        self._break(planned)
        self._judge_doubt(planned, where)
        if planned.kind != "server killed":
            self._call_unseen()
        healed_at = self._mend(planned)
        if planned.kind == "server killed":
            self._call_unseen()
        self.report.faults[planned.kind] += 1
        owing = self.lobby.board()
        agreed = self._agree(healed_at, where)
        self._note_times(planned.kind, agreed, where)
        self._owe(owing, healed_at)
        self.lobby.counters.rest()
        self._agree(time.monotonic(), f"{where}, at rest")
        self.lobby.counters.work()
        self._judge_voices(where)
        return {name: round(true_s, 2) for name, (_, true_s) in agreed.items()}

    def finish(self) -> Report:
        """Let everything that is owed be said, and hand over the figures."""
        until = time.monotonic() + SPOKEN_S + 2
        while any(self._owed.values()) and time.monotonic() < until:
            self._calm(1.0)
            self._judge_voices("the end")
        for screen in self.lobby.screens:
            self.report.heard[f"{screen.name}: announcements"] = len(screen.said)
        held = self.lobby.agent_holds()
        if any(
            now > before + LEFT_OVER for now, before in zip(held, self._held_before, strict=True)
        ):
            self.report.broken.append(
                f"the agent holds {held} (files, threads), more than at first"
            )
        voice = self.lobby.agent_get("/api/voice")
        self.report.heard["panels: dropped"] = voice["dropped_total"]
        self.report.commands = self.lobby.counters.commands
        self.report.broken += [f"a script failed: {one}" for one in self.lobby.page_errors]
        return self.report

    # The fault.

    def _break(self, planned: Planned) -> None:
        until = time.monotonic() + planned.length_s
        if planned.kind == "server killed":
            self.lobby.kill_server()
            self._wait(until - time.monotonic())
            return
        if planned.kind == "flapping":
            while time.monotonic() < until:
                self.lobby.line.fail(LINES[self._rng.choice(("cut", "refused", "hole, resets"))])
                self._calm(self._rng.uniform(0.1, 0.8))
                self.lobby.line.heal()
                self._calm(self._rng.uniform(0.0, 1.2))
            return
        if planned.kind == "slow, dialled anew":
            self.lobby.line.fail(LINES["cut"])
        self.lobby.line.fail(LINES.get(planned.kind, LINES["slow"]))
        self._calm(planned.length_s)

    def _call_unseen(self) -> None:
        """A call that every screen has to show, so that none is right by luck."""
        self.lobby.counters.call_one(frozenset(c for c, zone in COUNTERS.items() if zone == "b"))

    def _mend(self, planned: Planned) -> float:
        """Heal; since when the screens can know the truth."""
        if planned.kind == "server killed":
            self.lobby.start_server()
        else:
            self.lobby.line.heal()
        now = time.monotonic()
        if planned.kind == "hole, forgets":
            return max(now, self._fault_at + SILENCE_S)
        return now

    def _calm(self, length_s: float) -> None:
        """Let time pass, and remember what was true in it."""
        until = time.monotonic() + length_s
        while (left := until - time.monotonic()) > 0:
            self._boards.append((time.monotonic(), self.lobby.board()))
            self._wait(min(0.5, left))

    def _wait(self, length_s: float) -> None:
        self.lobby.pages["hall"].wait_for_timeout(1000 * max(0.0, length_s))

    # What must hold.

    def _judge_doubt(self, planned: Planned, where: str) -> None:
        """Before it heals: who cannot know says so, and what is shown was true lately."""
        silent = planned.kind in SILENT and planned.length_s > STALE_S
        now = time.monotonic()
        lately = [board for at, board in self._boards if at >= now - STALE_S]
        if planned.kind != "server killed":
            lately.append(self.lobby.board())
        for screen in self.lobby.screens:
            seen = screen.look()
            self.report.stale_seen += seen.stale
            if silent and not seen.stale:
                self.report.broken.append(f"{where}: {screen.name} does not say that it is stale")
            true = any(screen.equals(seen.shown, board) for board in lately)
            if not seen.stale and not true and planned.kind != "server killed":
                self.report.broken.append(f"{where}: {screen.name} shows old things as new")

    def _agree(self, since: float, where: str) -> dict[str, tuple[float, float]]:
        """Wait until each screen shows the truth; last moment it did not, first one it did."""
        missing = {screen.name: screen for screen in self.lobby.screens}
        last_wrong = dict.fromkeys(missing, 0.0)
        agreed: dict[str, tuple[float, float]] = {}
        while missing:
            for name, screen in list(missing.items()):
                asked = time.monotonic() - since
                if self._true_now(screen):
                    del missing[name]
                    agreed[name] = (last_wrong[name], max(0.0, time.monotonic() - since))
                else:
                    last_wrong[name] = asked
            if missing and time.monotonic() - since > GIVE_UP_S:
                raise AssertionError(f"{where}: {self._differences(missing.values())}")
            if missing:
                self._wait(0.05)
        return agreed

    def _true_now(self, screen: Screen) -> bool:
        before = self.lobby.board()
        true = screen.true_to(before)
        return true and bool(self.lobby.board()["seq"] == before["seq"])

    def _differences(self, screens: Any) -> str:
        seen = {screen.name: screen.look() for screen in screens}
        board = self.lobby.board()
        return f"never equal: {seen} and {json.dumps(board)}"

    def _note_times(self, kind: str, agreed: dict[str, tuple[float, float]], where: str) -> None:
        for name, (last_wrong, first_true) in agreed.items():
            self.report.agreed_s.setdefault(name, []).append(first_true)
            if last_wrong > HEALED_S:
                late = f"{where}: {name} still wrong after {last_wrong:.2f} s"
                self.report.broken.append(late)
        self.report.agreed_s.setdefault(kind, []).append(max(t for _, t in agreed.values()))

    # What is said.

    def _owe(self, board: Any, healed_at: float) -> None:
        """Who still stands called when it heals is to be said, by every loudspeaker of theirs."""
        standing = {
            (one["id"], one["ticket"]["number"])
            for one in board["counters"]
            if one["ticket"] is not None and one["ticket"]["state"] == "called"
        }
        for call in board["calls"]:
            place = (call["counter"]["id"], call["number"])
            if place not in standing or age_s(call) > MISSED_S:
                continue
            standing.discard(place)
            for screen in self.lobby.screens:
                if screen.zone in (None, call["zone"]):
                    owed = Owed(call["call_id"], call["times"], call["number"], healed_at)
                    self._owed[screen.name][call["call_id"]] = owed

    def _judge_voices(self, where: str) -> None:
        self.lobby.listen()
        for screen in self.lobby.screens:
            twice = [one for one, n in Counter(screen.said).items() if n > 1]
            if twice:
                self.report.broken.append(f"{where}: {screen.name} said {twice} twice")
            owed = self._owed[screen.name]
            for one in list(owed.values()):
                if fate := self._fate(screen, one):
                    del owed[one.call_id]
                    self.report.heard[f"{screen.name}: {fate}"] += 1
                    if fate == "missed":
                        self.report.broken.append(f"{where}: {screen.name} never said {one}")

    def _fate(self, screen: Screen, owed: Owed) -> str:
        """What became of it; empty while it may still be said."""
        if any(said == owed.call_id and n >= owed.times for said, n in screen.said):
            return "standing calls said"
        left_at = self.lobby.counters.left_at.get(owed.number)
        if left_at is not None and owed.since <= left_at <= owed.since + SPOKEN_S:
            return "taken back before its turn"
        if time.monotonic() - owed.since <= SPOKEN_S or self._fault_at > owed.since:
            return ""
        return "missed"
