"""A lean keep-alive HTTP client, so that what is measured is the server."""

import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import gevent
from gevent import socket as gsocket


class KeepAlive:
    """One connection that posts JSON and reads the answer."""

    def __init__(self, port: int, token: str = "") -> None:
        self._socket = gsocket.create_connection(("127.0.0.1", port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = b""
        auth = f"Authorization: Bearer {token}\r\n" if token else ""
        self._fixed = f"Host: 127.0.0.1:{port}\r\nContent-Type: application/json\r\n{auth}"

    def post(self, path: str, body: bytes, key: str = "") -> tuple[int, bytes]:
        """Post and return status and body."""
        extra = f"Idempotency-Key: {key}\r\n" if key else ""
        head = f"POST {path} HTTP/1.1\r\n{self._fixed}{extra}Content-Length: {len(body)}\r\n\r\n"
        self._socket.sendall(head.encode() + body)
        return self._answer()

    def get(self, path: str) -> tuple[int, bytes]:
        """Ask and return status and body."""
        self._socket.sendall(f"GET {path} HTTP/1.1\r\n{self._fixed}\r\n".encode())
        return self._answer()

    def _answer(self) -> tuple[int, bytes]:
        while b"\r\n\r\n" not in self._buffer:
            self._more()
        head, _, rest = self._buffer.partition(b"\r\n\r\n")
        lower = head.lower()
        at = lower.index(b"content-length:") + 15
        length = int(lower[at:].split(b"\r\n", 1)[0])
        self._buffer = rest
        while len(self._buffer) < length:
            self._more()
        body, self._buffer = self._buffer[:length], self._buffer[length:]
        return int(head[9:12]), body

    def _more(self) -> None:
        chunk = self._socket.recv(65536)
        if not chunk:
            raise ConnectionError("the server closed the connection")
        self._buffer += chunk

    def close(self) -> None:
        """Close the connection."""
        self._socket.close()


@dataclass
class Load:
    """What a burst of load did."""

    seconds: float
    latencies_ms: list[float] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.latencies_ms) / self.seconds

    def percentile_ms(self, share: float) -> float:
        """The latency that this share of answers stayed under."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


Step = Callable[[KeepAlive, int], tuple[int, bytes]]


def drive(port: int, token: str, clients: int, seconds: float, step: Step, good: int) -> Load:
    """Let so many clients work for so long, each sending its next request after the last answer.

    Args:
        port: On loopback.
        token: Bearer token, or "".
        clients: Connections, each its own greenlet.
        seconds: How long.
        step: One request; it gets the connection and the client's number.
        good: The status every answer must have.
    """
    load = Load(0.0)
    connections = [KeepAlive(port, token) for _ in range(clients)]
    start = time.perf_counter()
    until = start + seconds

    def work(number: int) -> None:
        connection = connections[number]
        while time.perf_counter() < until:
            begun = time.perf_counter()
            status, body = step(connection, number)
            load.latencies_ms.append((time.perf_counter() - begun) * 1000)
            if status != good:
                raise RuntimeError(f"answer {status}: {body[:200]!r}")
            load.bodies.append(body)

    jobs = [gevent.spawn(work, number) for number in range(clients)]
    gevent.joinall(jobs, raise_error=True)
    load.seconds = time.perf_counter() - start
    for connection in connections:
        connection.close()
    return load
