"""A socket server in its own process, and clients that write down what they are sent."""

import contextlib
import json
import queue
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket

ROOT = Path(__file__).parents[2]


def eventually(seen: Callable[[], bool], *, within_s: float = 5.0) -> None:
    """Wait until `seen` is true, or fail."""
    end = time.monotonic() + within_s
    while not seen():
        assert time.monotonic() < end, "did not happen in time"
        time.sleep(0.01)


class LoneServer:
    """`lone_server.py` running, and the pipe to it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.realtime.lone_server"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        self.port = int(self._process.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}"

    def tell(self, **order: Any) -> dict[str, Any]:
        """Give an order and return the answer."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def stop(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


class Refused(Exception):
    """The server did not let the client in; the argument is what it said."""


class Client:
    """Speaks Socket.IO by hand over one WebSocket, so that order is kept as it came.

    python-socketio's client starts a thread for every event, which shuffles bursts.
    """

    def __init__(self, url: str, auth: Any, origin: str | None = None) -> None:
        self.events: list[tuple[str, Any]] = []
        self.gone = threading.Event()
        self._acks: queue.Queue[Any] = queue.Queue()
        address = url.replace("http", "ws") + "/socket.io/?EIO=4&transport=websocket"
        try:
            self._ws = websocket.create_connection(address, timeout=10, origin=origin)
        except websocket.WebSocketException as error:
            raise Refused(str(error)) from error
        assert str(self._ws.recv()).startswith("0")
        self._ws.send("40" + ("" if auth is None else json.dumps(auth)))
        answer = str(self._ws.recv())
        if not answer.startswith("40"):
            self._ws.shutdown()
            raise Refused(answer)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def watch(self, centre: str, after: int | None = None) -> dict[str, Any]:
        """Ask to watch, and return the acknowledgement."""
        wanted = {"centre": centre} if after is None else {"centre": centre, "after": after}
        answer: dict[str, Any] = self.ask("watch", wanted)
        return answer

    def ask(self, event: str, data: Any) -> Any:
        """Send any event and return its acknowledgement."""
        self._ws.send("421" + json.dumps([event, data]))
        return self._acks.get(timeout=5)

    def seqs(self) -> list[int]:
        """The seq of every change so far."""
        return [data["seq"] for event, data in list(self.events) if event == "change"]

    def named(self, event: str) -> list[Any]:
        """The data of every event of this name so far."""
        return [data for name, data in list(self.events) if name == event]

    def close(self) -> None:
        """Hang up."""
        with contextlib.suppress(OSError, AttributeError):  # It may be gone already.
            self._ws.sock.shutdown(socket.SHUT_RDWR)
        self._reader.join(timeout=5)
        self._ws.shutdown()

    def _read(self) -> None:
        try:
            while True:
                self._take(str(self._ws.recv()))
        except (OSError, websocket.WebSocketException):
            self.gone.set()

    def _take(self, packet: str) -> None:
        if packet == "2":
            self._ws.send("3")
        elif packet.startswith("42"):
            event, data = json.loads(packet[2:])
            self.events.append((event, data))
        elif packet.startswith("431"):
            self._acks.put(json.loads(packet[3:])[0])
        elif packet in ("", "41", "1"):
            raise ConnectionResetError


@pytest.fixture
def lone() -> Iterator[LoneServer]:
    """A fresh socket server."""
    server = LoneServer()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def standing() -> Iterator[LoneServer]:
    """A socket server for tests that leave no trace in it."""
    server = LoneServer()
    yield server
    server.stop()


@pytest.fixture
def connect(lone: LoneServer) -> Iterator[Callable[..., Client]]:
    """Connects clients, and hangs them all up at the end."""
    clients: list[Client] = []

    def make(token: str = "hall-here", **auth: Any) -> Client:
        origin = auth.pop("origin", None)
        client = Client(lone.url, auth or {"token": token}, origin)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()
