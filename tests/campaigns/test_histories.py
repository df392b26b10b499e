"""2,000 random histories of three kiosks and their server: one touch, one number, one ticket."""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.storage.sqlite import SqliteStore
from tests.campaigns.histories import BAND_WIDTH, SERVICES, Corner, Lobby
from tests.campaigns.lossy_disk import LOSSES
from tests.fakes.queue_server import ZONE
from tests.fakes.small_centre import CENTRE_FILE, HOURS

ALWAYS_OPEN = CENTRE_FILE
WITH_LUNCH = CENTRE_FILE.replace("# hours", HOURS)

STARTS = [
    datetime(2026, 11, 23, hour, minute, tzinfo=ZONE)
    for hour, minute in ((9, 0), (11, 28), (13, 29), (16, 58), (23, 58))
]
CORNERS = st.integers(0, 2)
WALL_DAYS = st.sampled_from((-20_000, -400, -1, 0, 0, 1, 5000))
PASS_S = st.sampled_from((1, 7, 45, 118, 121, 600, 3600, 6900, 30_000, 86_400))
PRIORITIES = st.sampled_from(("none", "elderly"))
WAYS = st.sampled_from(("ok", "ok", "refused", "lost before", "lost after"))

ACTION = st.one_of(
    st.tuples(st.just("touch"), CORNERS, st.sampled_from(SERVICES), PRIORITIES),
    st.tuples(st.just("touch"), CORNERS, st.just("ho-tich"), st.just("none")),
    st.tuples(st.just("way"), CORNERS, WAYS),
    st.tuples(st.just("unlucky"), CORNERS, st.sampled_from(("lost before", "lost after"))),
    st.tuples(st.just("alone"), CORNERS, WALL_DAYS),
    st.tuples(st.just("rush"), CORNERS),
    st.tuples(st.just("heard again"), CORNERS),
    st.tuples(st.just("hand in"), CORNERS),
    st.tuples(st.just("meet"), CORNERS),
    st.tuples(st.just("deliver"), CORNERS, st.integers(0, 9)),
    st.tuples(st.just("paper"), CORNERS, st.sampled_from(("ok", "unknown", "torn", "out"))),
    st.tuples(st.just("copy"), CORNERS, st.integers(0, 9)),
    st.tuples(st.just("reboot"), CORNERS, WALL_DAYS),
    st.tuples(st.just("restart"), CORNERS),
    st.tuples(st.just("power cut"), CORNERS, st.sampled_from(LOSSES), WALL_DAYS),
    st.tuples(st.just("pass"), PASS_S),
    st.tuples(st.just("call"), st.sampled_from(("q1", "q2"))),
)  # fmt: skip
HISTORY = st.lists(ACTION, min_size=4, max_size=60)


def act(lobby: Lobby, action: tuple[Any, ...]) -> None:
    """One thing happens."""
    kind, *rest = action
    if kind == "pass":
        return lobby.pass_time(*rest)
    if kind == "call":
        return lobby.call(*rest)
    corner = lobby.corners[rest[0]]
    what: dict[str, Callable[..., Any]] = {
        "touch": lambda service, priority: lobby.touch(corner, service, priority),
        "way": lambda mood: setattr(corner.way, "mood", mood),
        "unlucky": lambda mood: unlucky(lobby, corner, mood),
        "alone": lambda wall_days: alone(lobby, corner, wall_days),
        "rush": lambda: rush(lobby, corner),
        "heard again": lambda: heard_again(corner),
        "hand in": lambda: corner.kiosk.hand_in.hand_in_all(),
        "meet": lambda: corner.kiosk.meet(),
        "deliver": corner.way.deliver,
        "paper": lambda mood: lobby.paper(corner, mood),
        "copy": lambda which: lobby.copy(corner, which),
        "reboot": corner.switched_on,
        "restart": corner.agent_started,
        "power cut": corner.power_cut,
    }
    what[kind](*rest[1:])
    corner.look_at_clock()


def unlucky(lobby: Lobby, corner: Corner, mood: str) -> None:
    """A touch whose question or answer is lost on the way."""
    corner.way.mood = "ok"
    corner.kiosk.meet()
    corner.way.mood = mood
    lobby.touch(corner, "ho-tich", "none")


def alone(lobby: Lobby, corner: Corner, wall_days: int) -> None:
    """Switched on while the server is away, and touched."""
    corner.way.mood = "refused"
    corner.switched_on(wall_days)
    for service in SERVICES:
        lobby.touch(corner, service, "none")


def rush(lobby: Lobby, corner: Corner) -> None:
    """More touches away from the server than the band has numbers."""
    corner.way.mood = "refused"
    for _ in range(BAND_WIDTH + 1):
        lobby.touch(corner, "ho-tich", "none")


def heard_again(corner: Corner) -> None:
    """The server answers, the outbox empties, and what was late arrives after all."""
    corner.way.mood = "ok"
    corner.kiosk.meet()
    corner.kiosk.hand_in.hand_in_all()
    for which in range(len(corner.way.on_the_way)):
        corner.way.deliver(which)


def live_through(template: Path, start: datetime, file: str, history: list[Any]) -> None:
    """One history from its beginning to the order at its end."""
    with tempfile.TemporaryDirectory(prefix="layso-history-") as folder:
        shutil.copy(template, Path(folder) / "server.db")
        lobby = Lobby(Path(folder), SqliteStore(Path(folder) / "server.db"), file, start)
        try:
            for action in history:
                act(lobby, action)
            lobby.set_in_order()
            lobby.check()
        finally:
            lobby.close()


GIVEN = given(
    start=st.sampled_from(STARTS),
    file=st.sampled_from((ALWAYS_OPEN, WITH_LUNCH)),
    history=HISTORY,
)
SETTINGS = settings(
    max_examples=100, database=None, derandomize=True,
    suppress_health_check=list(HealthCheck), print_blob=False,
)  # fmt: skip


@SETTINGS
@GIVEN
def test_some_histories(
    sqlite_template: Path, start: datetime, file: str, history: list[Any]
) -> None:
    live_through(sqlite_template, start, file, history)


@pytest.mark.full
@pytest.mark.timeout(3600)
@settings(SETTINGS, max_examples=2000, derandomize=False)
@GIVEN
def test_two_thousand_histories(
    sqlite_template: Path, start: datetime, file: str, history: list[Any]
) -> None:
    live_through(sqlite_template, start, file, history)
