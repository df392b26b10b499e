"""The link against a real Flask-SocketIO server in a process of its own, and a bad network."""

import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from edge.link import Link, Timing
from tests.fakes.relay import Relay
from tests.fakes.socket_server import CENTRE, TOKEN, LiveServer

FAST = Timing(
    silence_s=1.5, connect_s=1.0, answer_s=1.0,
    retry_low_s=0.1, retry_high_s=0.3, refused_retry_s=0.5,
)  # fmt: skip


class Watcher:
    """An agent as the link sees it: keeps what it is told, in order."""

    def __init__(
        self, url: str, *, token: str = TOKEN, centre: str = CENTRE, timing: Timing = FAST
    ) -> None:
        self.boards: list[dict[str, Any]] = []
        self.changes: list[dict[str, Any]] = []
        self.states: list[str] = []
        self.link = Link(
            url, token, centre,
            on_board=self.boards.append,
            on_change=self.changes.append,
            on_state=self.states.append,
            timing=timing,
        )  # fmt: skip
        self.link.start()

    def seqs(self) -> list[int]:
        return [change["seq"] for change in self.changes]


def eventually(truth: Callable[[], Any], within_s: float = 5.0) -> float:
    """How long it took until `truth` held."""
    began = time.monotonic()
    while not truth():
        assert time.monotonic() - began < within_s, "did not come true in time"
        time.sleep(0.005)
    return time.monotonic() - began


@pytest.fixture
def server(free_port: Callable[[], int]) -> Iterator[LiveServer]:
    live = LiveServer(free_port()).start()
    yield live
    live.kill()


@pytest.fixture
def watch() -> Iterator[Callable[..., Watcher]]:
    watchers: list[Watcher] = []

    def begin(url: str, **how: Any) -> Watcher:
        watchers.append(Watcher(url, **how))
        return watchers[-1]

    yield begin
    for watcher in watchers:
        watcher.link.stop()


def test_a_board_and_then_each_change_in_order(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    server.call("q1", "A001")
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    assert watcher.boards[0]["counters"][0]["ticket"]["number"] == "A001"
    for n in range(2, 30):
        server.call("q1", f"A{n:03}")
    eventually(lambda: watcher.link.seq == 29)
    assert watcher.seqs() == list(range(2, 30))
    assert len(watcher.boards) == 1
    assert watcher.states == ["up"]
    assert time.monotonic() - (watcher.link.last_heard_at or 0) < 5


def test_many_changes_at_once_stay_in_order(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    server.write(*[("called", "q1", f"A{n:03}", "open") for n in range(1, 301)])
    eventually(lambda: watcher.link.seq == 300)
    assert watcher.seqs() == list(range(1, 301))


def test_a_lost_change_is_asked_for(server: LiveServer, watch: Callable[..., Watcher]) -> None:
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    three = [("called", "q1", f"A00{n}", "open") for n in (1, 2, 3)]
    server.write(*three, push=[0, 2])
    eventually(lambda: watcher.link.seq == 3)
    assert watcher.seqs() == [1, 2, 3]
    assert server.control()["watches"] == 2


def test_the_last_change_lost_is_found_by_the_pulse(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    server.write(("called", "q1", "A001", "open"), push=[])
    eventually(lambda: watcher.link.seq == 1)
    assert watcher.seqs() == [1]


def test_changes_out_of_order_and_twice_are_handed_on_once_in_order(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    four = [("called", "q1", f"A00{n}", "open") for n in (1, 2, 3, 4)]
    server.write(*four, push=[2, 0, 2, 1, 3, 0])
    eventually(lambda: watcher.link.seq == 4)
    assert watcher.seqs() == [1, 2, 3, 4]


def test_a_restarted_server_is_found_again(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    server.call("q1", "A001")
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    for turn in range(3):
        server.kill()
        eventually(lambda: watcher.link.state == "connecting")
        server.start(seq=100 * turn)
        assert eventually(lambda: watcher.link.state == "up") < 3
        server.call("q1", "B002")
        eventually(lambda turn=turn: watcher.link.seq == 100 * turn + 1)


def test_a_server_restored_from_a_backup_counts_lower_and_is_believed(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    server.write(*[("called", "q1", f"A{n:03}", "open") for n in range(1, 9)])
    watcher = watch(server.url)
    eventually(lambda: watcher.link.seq == 8)
    server.kill()
    server.start(seq=3)
    eventually(lambda: watcher.link.seq == 3)
    assert watcher.boards[-1]["seq"] == 3


def test_away_for_long_is_down_not_connecting(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    server.kill()
    eventually(lambda: watcher.link.state == "down")
    assert watcher.states == ["up", "connecting", "down"]


def test_a_server_that_falls_silent_is_left_and_found_again(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    server.control(set={"mute": True, "deaf": True})
    assert 1.0 < eventually(lambda: watcher.link.state == "down") < 3
    server.control(set={"mute": False, "deaf": False})
    assert eventually(lambda: watcher.link.state == "up") < 3


def test_a_black_hole_heals_within_three_seconds(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    relay = Relay(server.port)
    watcher = watch(relay.url)
    eventually(lambda: watcher.link.state == "up")
    relay.set("hole")
    eventually(lambda: watcher.link.state == "down")
    server.call("q1", "A007")
    time.sleep(1.2)
    relay.set("pass")
    assert eventually(lambda: watcher.link.seq == 1) < 3
    watcher.link.stop()
    relay.close()


def test_thirty_cuts_all_heal_and_leave_no_thread_behind(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    before = set(threading.enumerate())
    relay = Relay(server.port)
    watcher = watch(relay.url)
    eventually(lambda: watcher.link.state == "up")
    for turn in range(30):
        relay.set("cut")
        eventually(lambda: watcher.link.state != "up")
        seq = server.call("q1", f"A{turn:03}")
        relay.set("pass")
        assert eventually(lambda seq=seq: watcher.link.seq == seq) < 3
    relay.set("cut")
    relay.close()
    watcher.link.stop()
    eventually(lambda: set(threading.enumerate()) <= before)


@pytest.mark.parametrize("wrong", [{"token": "stolen"}, {"centre": "elsewhere"}])
def test_a_refused_device_is_down_says_it_once_and_keeps_trying_slowly(
    server: LiveServer,
    watch: Callable[..., Watcher],
    wrong: dict[str, str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        watcher = watch(server.url, **wrong)
        eventually(lambda: watcher.link.state == "down")
        time.sleep(1.5)
    said = [record.message for record in caplog.records if "refuses" in record.message]
    assert len(said) == 1
    assert "up" not in watcher.states
    server.kill()
    server.start(token=wrong.get("token", TOKEN), centre=wrong.get("centre", CENTRE))
    eventually(lambda: watcher.link.state == "up")


def test_stop_is_quick_whatever_the_network_does(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    relay = Relay(server.port)
    for mode in ("pass", "hole", "cut"):
        relay.set(mode)
        watcher = watch(relay.url)
        time.sleep(0.3)
        began = time.monotonic()
        watcher.link.stop()
        assert time.monotonic() - began < 3
        count = len(watcher.states)
        time.sleep(0.2)
        assert len(watcher.states) == count
    relay.close()


def test_a_callback_that_fails_does_not_cut_the_link(server: LiveServer) -> None:
    heard: list[int] = []

    def fail_on_first(change: dict[str, Any]) -> None:
        heard.append(change["seq"])
        if len(heard) == 1:
            raise RuntimeError("the agent stumbled")

    link = Link(
        server.url, TOKEN, CENTRE,
        on_board=lambda _: None, on_change=fail_on_first, on_state=lambda _: None, timing=FAST,
    )  # fmt: skip
    link.start()
    eventually(lambda: link.state == "up")
    server.call("q1", "A001")
    server.call("q1", "A002")
    eventually(lambda: heard == [1, 2])
    assert link.state == "up"
    link.stop()


@pytest.mark.parametrize("nonsense", [{"board": {}}, {"board": {"seq": "many"}}])
def test_an_answer_that_nobody_expected_does_not_end_the_link(
    server: LiveServer,
    watch: Callable[..., Watcher],
    monkeypatch: pytest.MonkeyPatch,
    nonsense: dict[str, Any],
) -> None:
    rightly, answers = Link._take_answer, [nonsense]

    def wrongly_at_first(self: Link, answer: Any) -> None:
        rightly(self, answers.pop() if answers else answer)

    monkeypatch.setattr(Link, "_take_answer", wrongly_at_first)
    watcher = watch(server.url)
    eventually(lambda: watcher.link.state == "up")
    assert not answers


def test_a_try_that_was_swallowed_has_waited_long_enough(free_port: Callable[[], int]) -> None:
    """Behind a black hole a try takes all its time; the next one begins at once."""
    timing = Timing(connect_s=0.5, retry_low_s=0.45, retry_high_s=0.45)

    def pause_after_a_try(port: int) -> float:
        nothing: list[Any] = []
        link = Link(
            f"http://127.0.0.1:{port}", TOKEN, CENTRE,
            on_board=nothing.append, on_change=nothing.append, on_state=nothing.append,
            timing=timing,
        )  # fmt: skip
        return link._one_session()

    with socket.create_server(("127.0.0.1", 0)) as hole:
        assert pause_after_a_try(hole.getsockname()[1]) == timing.breath_s
    assert pause_after_a_try(free_port()) > timing.breath_s


def test_a_board_that_comes_slowly_is_waited_for(
    server: LiveServer, watch: Callable[..., Watcher]
) -> None:
    """Over a modem the board takes longer than any step of connecting; asking anew costs more."""
    server.control(set={"deaf": True})
    watcher = watch(server.url, timing=Timing(connect_s=0.4, answer_s=30.0, silence_s=30.0))
    eventually(lambda: server.control()["watches"] == 1)
    time.sleep(1.0)
    server.control(set={"deaf": False})
    eventually(lambda: watcher.link.state == "up")
    assert server.control()["watches"] == 1
