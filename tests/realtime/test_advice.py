"""Managers who watch are told what to do; nobody else is."""

import time
from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from server.realtime.advice import CHECK_S, REPEAT_S, AdviceWatch
from server.realtime.websocket import Frame
from tests.fakes.live import FakeAdviser
from tests.realtime.conftest import Client, LoneServer, eventually
from wire.errors import Refusal
from wire.words import ROLES

Connect = Callable[..., Client]
OPEN, LEND = "open.q7.dat-dai", "lend.q5.ho-tich"


def advised(client: Client) -> list[list[str]]:
    """The ids of each advice event so far."""
    return [[one["id"] for one in told["advice"]] for told in client.named("advice")]


@pytest.mark.parametrize("token", ["manager-here", "admin"])
def test_a_manager_is_told_right_after_the_answer(connect: Connect, token: str) -> None:
    manager = connect(token)
    assert manager.watch("here")["board"]["centre"] == "here"
    eventually(lambda: advised(manager) == [[OPEN]], within_s=1.0)
    told = manager.named("advice")[0]
    assert set(told) == {"centre", "as_of", "advice"}
    assert told["centre"] == "here"
    assert told["advice"][0]["counter"] == {"id": "q7", "number": 7}
    assert set(told["advice"][0]["words"]) == {"vi", "en"}


def test_it_comes_again_when_it_changes_and_at_once_when_it_was_taken(
    lone: LoneServer, connect: Connect
) -> None:
    manager = connect("manager-here")
    manager.watch("here")
    eventually(lambda: advised(manager) == [[OPEN]])
    lone.tell(advise=[LEND, OPEN])
    eventually(lambda: advised(manager)[1:] == [[LEND, OPEN]], within_s=CHECK_S + 2)
    lone.tell(advise=[LEND], taken="here")
    eventually(lambda: advised(manager)[2:] == [[LEND]], within_s=1.0)
    lone.tell(taken="here")
    late = connect("manager-here")
    late.watch("here")
    eventually(lambda: advised(late) == [[LEND]], within_s=1.0)
    assert len(advised(manager)) == 3
    assert manager.seqs() == []


def test_nobody_but_managers_is_told_and_it_is_not_worked_out_for_them(
    lone: LoneServer, connect: Connect
) -> None:
    others = [connect(f"{role}-here") for role in ROLES if role not in ("manager", "admin")]
    for other in others:
        other.watch("here")
    lone.tell(advise=[LEND], taken="here")
    time.sleep(0.5)
    assert lone.tell()["asked"] == 0
    manager = connect("manager-here")
    manager.watch("here")
    eventually(lambda: advised(manager) == [[LEND]])
    lone.tell(advise=[OPEN], taken="here")
    eventually(lambda: len(advised(manager)) == 2)
    assert [advised(other) for other in others] == [[]] * len(others)
    manager.close()
    eventually(lambda: lone.tell()["clients"] == len(others))
    asked = lone.tell()["asked"]
    lone.tell(advise=[LEND], taken="here")
    time.sleep(0.5)
    assert lone.tell()["asked"] == asked


def test_a_manager_who_watches_elsewhere_is_told_of_there(
    lone: LoneServer, connect: Connect
) -> None:
    admin = connect("admin")
    admin.watch("here")
    admin.watch("there")
    eventually(lambda: bool(advised(admin)))
    lone.tell(advise=[LEND], taken="there")
    lone.tell(taken="here")
    eventually(lambda: len(advised(admin)) >= 2)
    assert admin.named("advice")[-1]["centre"] == "there"
    admin.watch("nowhere")
    lone.tell(advise=[OPEN], taken="there")
    time.sleep(0.5)
    assert advised(admin)[-1] == [LEND]


class Ear:
    """A peer that keeps what it is sent."""

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.heard: list[Any] = []

    def push(self, frame: Frame) -> None:
        text = frame[frame.index(b"42[") + 2 :]
        self.heard.append(msgspec.json.decode(text)[1]["advice"])


def test_it_is_worked_out_every_few_seconds_and_repeated_every_ten_minutes() -> None:
    now = [1000.0]
    adviser, ear = FakeAdviser(OPEN), Ear("a")
    watch = AdviceWatch(adviser, lambda: now[0])
    watch.follow("here", ear)  # type: ignore[arg-type]
    watch.look()
    for _ in range(round(REPEAT_S) - 1):
        now[0] += 1.0
        watch.look()
    assert len(ear.heard) == 1
    assert adviser.asked == REPEAT_S / CHECK_S
    now[0] += 1.0
    watch.look()
    assert len(ear.heard) == 2


def test_a_fault_ends_nothing() -> None:
    now = [1000.0]
    adviser, ear = FakeAdviser(OPEN), Ear("a")
    sound, adviser.board = adviser.board, _refuse  # type: ignore[method-assign]
    watch = AdviceWatch(adviser, lambda: now[0])
    watch.follow("here", ear)  # type: ignore[arg-type]
    watch.look()
    assert ear.heard == []
    adviser.board = sound  # type: ignore[method-assign]
    now[0] += CHECK_S
    watch.look()
    assert len(ear.heard) == 1


def _refuse(centre: str) -> Any:
    raise Refusal("unknown_centre")
