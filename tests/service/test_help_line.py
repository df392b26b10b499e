"""Calls for help: one record a caller, who may do what, and when it is forgotten."""

import os
from typing import Any

import msgspec
import pytest

from server.service.help_line import HelpLine
from server.service.ports import Caller, Operation, Store
from tests.fakes.held_clock import HeldClock
from tests.fakes.small_centre import CENTRE, KIOSK, MANAGER, SmallCentre
from wire.errors import Refusal
from wire.help import HelpRequest

CLERK = Caller("u:clerk", "clerk", CENTRE)
PAD = Caller("t:pad", "pad", CENTRE, counter="q1")
OTHER_KIOSK = Caller("t:other", "kiosk", CENTRE, kiosk=4)


class Line:
    """The help line of the small centre, answered in plain values."""

    def __init__(self, store: Store) -> None:
        self.clock = HeldClock()
        centre = SmallCentre(store, self.clock)
        self.line = HelpLine(store, self.clock, os.urandom, centre.lobby.book)
        self.told: list[str] = []
        self.line.on_change.append(self.told.append)

    def call(self, caller: Caller = KIOSK, counter: str | None = None) -> Any:
        return _read(self.line.call(caller, CENTRE, HelpRequest(counter), None))

    def coming(self, call: Any) -> Any:
        return _read(self.line.coming(CENTRE, call["id"], None))

    def clear(self, call: Any, caller: Caller = MANAGER) -> Any:
        return _read(self.line.clear(caller, CENTRE, call["id"], None))

    def calls(self) -> list[Any]:
        found: list[Any] = msgspec.to_builtins(self.line.calls(CENTRE).calls)
        return found


def _read(reply: Any) -> Any:
    assert reply.status == 200
    return msgspec.json.decode(reply.body)


@pytest.fixture
def line(store: Store) -> Line:
    return Line(store)


def test_a_kiosk_calls_somebody_comes_and_it_is_over(line: Line) -> None:
    assert line.calls() == []
    call = line.call()
    assert call["caller"] == {"kind": "kiosk", "kiosk": 3, "name": ""}
    assert (call["state"], call["coming_at"]) == ("called", None)
    line.clock.forward(minutes=1)
    assert line.call() == call
    assert line.calls() == [call]

    coming = line.coming(call)
    assert (coming["state"], coming["id"]) == ("coming", call["id"])
    assert coming["coming_at"] is not None
    line.clock.forward(minutes=1)
    assert line.coming(call) == coming
    assert line.call() == coming

    clear = line.clear(call)
    assert clear["state"] == "clear"
    assert line.clear(call) == clear
    assert line.calls() == []
    with pytest.raises(Refusal, match="invalid_transition") as refused:
        line.coming(call)
    assert (refused.value.from_state, refused.value.action) == ("clear", "coming")
    assert line.call()["id"] != call["id"]
    assert set(line.told) == {CENTRE}


def test_desks_and_pads_call_for_their_counter_and_kiosks_for_themselves(line: Line) -> None:
    desk = line.call(CLERK, "q1")
    assert desk["caller"] == {"kind": "counter", "counter": {"id": "q1", "number": 1}}
    assert line.call(PAD) == line.call(PAD, "q1") == line.call(MANAGER, "q1") == desk
    line.clock.forward(seconds=1)
    line.call(MANAGER, "q2")
    line.clock.forward(seconds=1)
    line.call(OTHER_KIOSK)
    line.call(KIOSK)
    callers = [call["caller"] for call in line.calls()]
    assert [one["kind"] for one in callers] == ["counter", "counter", "kiosk", "kiosk"]
    assert [one["counter"]["number"] for one in callers[:2]] == [1, 2]

    for caller, counter, code in (
        (KIOSK, "q1", "forbidden"),
        (PAD, "q2", "forbidden"),
        (CLERK, None, "forbidden"),
        (CLERK, "q9", "unknown_counter"),
    ):
        with pytest.raises(Refusal, match=code):
            line.call(caller, counter)


def test_devices_take_back_their_own_call_only(line: Line) -> None:
    kiosk, desk = line.call(KIOSK), line.call(CLERK, "q1")
    for caller, call in ((OTHER_KIOSK, kiosk), (PAD, kiosk), (KIOSK, desk)):
        with pytest.raises(Refusal, match="forbidden"):
            line.clear(call, caller)
    assert len(line.calls()) == 2
    line.clear(kiosk, KIOSK)
    line.clear(desk, PAD)
    assert line.calls() == []
    with pytest.raises(Refusal, match="unknown_help"):
        line.clear({"id": "0" * 16})
    with pytest.raises(Refusal, match="unknown_help"):
        line.coming({"id": "0" * 16})


def test_what_nobody_answers_is_forgotten_after_half_an_hour_and_all_with_the_day(
    line: Line,
) -> None:
    first = line.call()
    line.clock.forward(minutes=29, seconds=59)
    assert line.calls() == [first]
    line.coming(first)
    line.clock.forward(minutes=29)
    assert [call["state"] for call in line.calls()] == ["coming"]
    line.clock.forward(minutes=1)
    assert line.calls() == []
    second = line.call()
    assert second["id"] != first["id"]

    line.clock.forward(hours=13, minutes=50)  # 23:50 there
    line.call()
    line.clock.forward(minutes=9)
    assert len(line.calls()) == 1
    line.clock.forward(minutes=2)
    assert line.calls() == []


def test_a_repeated_key_answers_as_it_did(line: Line) -> None:
    operation = Operation("t:kiosk POST help", "key-00001", "digest")
    call = _read(line.line.call(KIOSK, CENTRE, HelpRequest(), operation))
    line.clear(call)
    again = line.line.call(KIOSK, CENTRE, HelpRequest(), operation)
    assert (_read(again), again.repeated) == (call, True)
    assert line.calls() == []


def test_another_centre_has_no_calls_of_this_one(line: Line) -> None:
    line.call()
    with pytest.raises(Refusal, match="unknown_centre"):
        line.line.calls("nowhere")
    with pytest.raises(Refusal, match="unknown_centre"):
        line.line.call(KIOSK, "nowhere", HelpRequest(), None)
