"""What a loudspeaker says next: the scenarios that the hall page is tested with, and the promises
over random histories."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from display.voice.announcer import LIVE_S, REMEMBERED, Announcement, Announcer

TOLD: dict[str, Any] = json.loads(
    Path(__file__).with_name("announcer_scenarios.json").read_text("utf-8")
)
ZERO_S = datetime.fromisoformat(TOLD["zero"]).timestamp()


def run(scenario: dict[str, Any]) -> list[dict[str, Any]]:
    def fresh(remembered: list[tuple[str, int]]) -> Announcer:
        announcer = Announcer(scenario["zone"], remembered)
        announcer.first_zone = scenario["first_zone"]
        return announcer

    announcer, said = fresh([]), []
    for step in scenario["steps"]:
        now_s = ZERO_S + step["at_s"]
        if step["do"] == "board":
            announcer.board(step["board"], now_s)
        elif step["do"] == "change":
            announcer.change(step["change"], now_s)
        elif step["do"] == "done":
            announcer.done()
        elif step["do"] == "restart":
            announcer = fresh(announcer.remembered)
        begun = announcer.next(now_s)
        if begun is not None:
            told = {"call_id": begun.call_id, "times": begun.times, "brief": begun.brief}
            said.append({"at_s": step["at_s"], **told})
    return said


@pytest.mark.parametrize("scenario", TOLD["scenarios"], ids=lambda one: one["name"])
def test_the_announcer_says(scenario: dict[str, Any]) -> None:
    assert run(scenario) == scenario["said"]


def test_only_the_newest_calls_are_remembered() -> None:
    announcer = Announcer(remembered=[(f"c{nth}", 1) for nth in range(REMEMBERED)])
    announcer.change(_called("new", "H001", 1, 0.0), 0.0)
    announcer.next(0.0)
    assert len(announcer.remembered) == REMEMBERED
    assert announcer.remembered[0] == ("c1", 1)
    assert announcer.remembered[-1] == ("new", 1)


def _iso(at_s: float) -> str:
    return datetime.fromtimestamp(at_s, UTC).isoformat()


def _called(call_id: str, number: str, counter: int, at_s: float, times: int = 1) -> dict[str, Any]:
    return {
        "at": _iso(at_s),
        "kind": "called" if times == 1 else "recalled",
        "ticket": {"number": number, "state": "called", "zone": None},
        "call": {"call_id": call_id, "times": times},
        "counter": {"id": f"q{counter}", "number": counter},
    }


def _ended(number: str, at_s: float) -> dict[str, Any]:
    ticket = {"number": number, "state": "serving", "zone": None}
    return {"at": _iso(at_s), "kind": "started", "ticket": ticket, "call": None, "counter": None}


@dataclass
class Hall:
    """A server of three counters, a link that may be away, and the loudspeaker."""

    now_s: float = 1000.0
    up: bool = True
    announcer: Announcer = field(default_factory=Announcer)
    current: dict[int, dict[str, Any]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)
    said: list[tuple[float, Announcement]] = field(default_factory=list)
    offered_at: float = 0.0

    def board(self) -> dict[str, Any]:
        counters = [
            {"id": f"q{n}", "ticket": {"number": call["number"], "state": "called"}}
            for n, call in self.current.items()
        ]
        # Copies, as from the wire: what was said must not change with a later recall.
        return {"calls": [dict(call) for call in self.calls[::-1][:20]], "counters": counters}

    def call(self, counter: int) -> None:
        nth = len(self.calls)
        call = {
            "call_id": f"c{nth}", "number": f"H{nth:03}", "zone": None, "times": 1,
            "counter": {"id": f"q{counter}", "number": counter}, "called_at": _iso(self.now_s),
        }  # fmt: skip
        self.end(counter)
        self.calls.append(call)
        self.current[counter] = call
        self._tell(_called(call["call_id"], call["number"], counter, self.now_s))

    def recall(self, counter: int) -> None:
        if counter in self.current:
            call = self.current[counter]
            call["times"] += 1
            self._tell(_called(call["call_id"], call["number"], counter, self.now_s, call["times"]))

    def end(self, counter: int) -> None:
        if counter in self.current:
            self._tell(_ended(self.current.pop(counter)["number"], self.now_s))

    def link(self, *, up: bool) -> None:
        if up and not self.up:
            self.offered_at = self.now_s
            self.announcer.board(self.board(), self.now_s)
            self._begin()
        self.up = up

    def restart(self) -> None:
        """The player stops with its announcer: nothing is being said any more."""
        self.announcer = Announcer(remembered=self.announcer.remembered)
        self.announcer.board(self.board(), self.now_s)
        self.up = True
        self._begin()

    def _tell(self, change: dict[str, Any]) -> None:
        if self.up:
            self.announcer.change(change, self.now_s)
            self._begin()

    def _begin(self) -> None:
        before = self.announcer.speaking
        begun = self.announcer.next(self.now_s)
        if begun is not None:
            assert before is None, "two at once"
            self.said.append((self.now_s, begun))

    def done(self) -> None:
        self.announcer.done()
        self._begin()

    def tick(self, seconds: float) -> None:
        self.now_s += seconds
        self._begin()


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("tick"), st.sampled_from([0.0, 0.5, 3.0, 9.0, 21.0, 60.0, 130.0])),
        st.tuples(st.sampled_from(["call", "recall", "end"]), st.integers(1, 3)),
        st.tuples(st.sampled_from(["done", "up", "down", "restart"]), st.none()),
    ),
    max_size=40,
)


def play(steps: list[tuple[str, Any]]) -> Hall:
    hall = Hall()
    hall.announcer.board(hall.board(), hall.now_s)
    for do, what in steps:
        if do in ("up", "down"):
            hall.link(up=do == "up")
        elif what is None:
            getattr(hall, do)()
        else:
            getattr(hall, do)(what)
    return hall


@given(STEPS)
def test_nothing_is_said_twice_too_late_or_two_at_once(steps: list[tuple[str, Any]]) -> None:
    hall = play(steps)
    keys = [(said.call_id, said.times) for _, said in hall.said]
    assert len(set(keys)) == len(keys)
    for at_s, said in hall.said:
        assert at_s <= said.until_s
        assert at_s - said.called_at_s <= 120 + LIVE_S
        assert said.until_s - said.called_at_s <= LIVE_S or hall.offered_at > 0


@given(STEPS)
def test_nobody_who_is_called_afresh_is_passed_over_by_a_silent_loudspeaker(
    steps: list[tuple[str, Any]],
) -> None:
    hall = play(steps)
    hall.link(up=True)
    hall.done()
    while hall.announcer.speaking is not None:
        hall.done()
    hall.call(1)
    assert hall.said[-1] == (hall.now_s, hall.announcer.speaking)
    assert hall.said[-1][1].call_id == hall.calls[-1]["call_id"]
    hall.done()
    assert hall.announcer.waiting == ()


@given(STEPS)
def test_only_who_is_still_called_waits(steps: list[tuple[str, Any]]) -> None:
    hall = play(steps)
    if hall.up:
        waiting = {one.call["number"] for one in hall.announcer.waiting}
        assert waiting <= {call["number"] for call in hall.current.values()}


@pytest.mark.parametrize(
    ("meanwhile", "left"),
    [("nothing", [("c0", 1)]), ("end", []), ("recall", [("c0", 2)]), ("too late", [])],
)
def test_what_was_not_heard_waits_again_unless_it_is_over(
    meanwhile: str, left: list[tuple[str, int]]
) -> None:
    hall = Hall()
    hall.announcer.board(hall.board(), hall.now_s)
    hall.call(1)
    assert hall.announcer.speaking is not None
    if meanwhile in ("end", "recall"):
        getattr(hall, meanwhile)(1)
    hall.announcer.unsaid()
    hall.now_s += 30 if meanwhile == "too late" else 1
    begun = hall.announcer.next(hall.now_s)
    assert [(one.call_id, one.times) for one in [begun] if one] == left
