"""Many Socket.IO watchers in one process, each noting when an event reached it."""

import json
import time
from collections.abc import Callable
from typing import Any

import gevent
import websocket

from bench.servers import CENTRE


class Watchers:
    """So many open sockets; `times` holds the arrival of each event they were waiting for."""

    def __init__(self, port: int, count: int, auth: dict[str, str] | None, watch: bool) -> None:
        self.arrived: list[float] = []
        self._sockets = []
        for start in range(0, count, 50):
            some = range(start, min(count, start + 50))
            jobs = [gevent.spawn(_connect, port, auth, watch) for _ in some]
            gevent.joinall(jobs, raise_error=True)
            self._sockets += [job.value for job in jobs]
        self._jobs = [gevent.spawn(self._read, connection) for connection in self._sockets]

    def _read(self, connection: websocket.WebSocket) -> None:
        while True:
            message = connection.recv()
            if message == "2":
                connection.send("3")
            elif message.startswith('42["change"'):
                self.arrived.append(time.perf_counter())

    def last_arrival_ms(self, cause: Callable[[], None], timeout_s: float = 10.0) -> float:
        """Cause one event, and return how long after the answer the last watcher had it."""
        self.arrived.clear()
        cause()
        answered = time.perf_counter()
        until = answered + timeout_s
        while len(self.arrived) < len(self._sockets):
            if time.perf_counter() > until:
                raise RuntimeError(f"{len(self.arrived)} of {len(self._sockets)} heard of it")
            gevent.sleep(0.0005)
        return max(0.0, (max(self.arrived) - answered) * 1000)

    def close(self) -> None:
        """Close every socket."""
        gevent.killall(self._jobs)
        for connection in self._sockets:
            connection.close()


def _connect(port: int, auth: dict[str, str] | None, watch: bool) -> websocket.WebSocket:
    connection = websocket.create_connection(
        f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket", timeout=30
    )
    _expect(connection, "0")
    connection.send("40" + (json.dumps(auth) if auth else ""))
    _expect(connection, "40")
    if watch:
        connection.send('421["watch",' + json.dumps({"centre": CENTRE}) + "]")
        _expect(connection, "431")
    connection.settimeout(None)
    return connection


def _expect(connection: websocket.WebSocket, start: str) -> Any:
    while True:
        message = connection.recv()
        if message.startswith(start):
            return message
        if message == "2":
            connection.send("3")
