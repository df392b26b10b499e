"""What the service manager is told, by the socket that it listens at."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from wire.notify import Notifier


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A listening socket, and its name as NOTIFY_SOCKET has it."""
    name = f"@layso-{os.getpid()}" if request.param == "abstract" else str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(name.replace("@", "\0"))
        listening.settimeout(5)
        yield listening, name


def test_each_turn_is_told(manager: tuple[socket.socket, str]) -> None:
    listening, name = manager
    notifier = Notifier.from_environment({"NOTIFY_SOCKET": name, "WATCHDOG_USEC": "30000000"})
    assert notifier.every_s == 10
    notifier.ready()
    notifier.alive()
    notifier.alive("kết nối tốt")
    notifier.stopping()
    told = [listening.recv(200).decode() for _ in range(4)]
    assert told == ["READY=1", "WATCHDOG=1", "WATCHDOG=1\nSTATUS=kết nối tốt", "STOPPING=1"]


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"WATCHDOG_USEC": "30000000"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "0"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "soon"},
        {"NOTIFY_SOCKET": "/nowhere", "WATCHDOG_USEC": "9000000", "WATCHDOG_PID": "1"},
    ],
)
def test_where_nobody_waits_nothing_is_owed_and_nothing_fails(environ: dict[str, str]) -> None:
    notifier = Notifier.from_environment(environ)
    assert notifier.every_s is None
    notifier.ready()
    notifier.alive()


def test_a_manager_that_does_not_read_holds_nobody_up(manager: tuple[socket.socket, str]) -> None:
    listening, name = manager
    notifier = Notifier(name, 9.0)
    for _ in range(5000):
        notifier.alive()
    while listening.recv(200) == b"WATCHDOG=1":
        notifier.ready()
    assert listening.recv(200) == b"READY=1"


def test_a_manager_that_went_away_is_let_go(manager: tuple[socket.socket, str]) -> None:
    listening, name = manager
    listening.close()
    notifier = Notifier(name, 9.0)
    notifier.alive()
    notifier.stopping()
