"""TCP connections whose every wait ends at one deadline, name look-up and TLS included.

A socket's own time-out is per read: a server that trickles a byte a second never trips it.
"""

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable
from typing import Any

Clock = Callable[[], float]


class Deadline:
    """A moment on the monotonic clock after which every wait fails with `TimeoutError`."""

    def __init__(self, timeout_s: float, clock: Clock = time.monotonic) -> None:
        self._clock = clock
        self._ends_at = clock() + timeout_s

    def left_s(self) -> float:
        """Seconds that remain, > 0, or raise `TimeoutError`."""
        left = self._ends_at - self._clock()
        if left <= 0:
            raise TimeoutError("timed out")
        return left


class _UntilDeadline:
    """Sets the socket's time-out anew before each read and write; mixed into both sockets."""

    deadline: Deadline | None = None

    def _arm(self: Any) -> None:
        if self.deadline is not None:
            self.settimeout(self.deadline.left_s())

    def recv_into(self: Any, *args: Any, **kwargs: Any) -> int:
        self._arm()
        return int(super().recv_into(*args, **kwargs))  # type: ignore[misc]

    def sendall(self: Any, *args: Any, **kwargs: Any) -> None:
        self._arm()
        super().sendall(*args, **kwargs)  # type: ignore[misc]


class PlainSocket(_UntilDeadline, socket.socket):
    """A TCP socket that keeps a deadline."""


class TlsSocket(_UntilDeadline, ssl.SSLSocket):
    """A TLS socket that keeps a deadline."""


def _look_up(host: str, port: int, deadline: Deadline) -> list[Any]:
    """`getaddrinfo` in a thread of its own, because it cannot be given a time-out."""
    answer: queue.SimpleQueue[list[Any] | OSError] = queue.SimpleQueue()

    def ask() -> None:
        try:
            answer.put(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except OSError as error:
            answer.put(error)

    threading.Thread(target=ask, name="look-up", daemon=True).start()
    try:
        found = answer.get(timeout=deadline.left_s())
    except queue.Empty:
        raise TimeoutError(f"the name '{host}' was not found in time") from None
    if isinstance(found, OSError):
        raise found
    return found


def connect(host: str, port: int, deadline: Deadline) -> PlainSocket:
    """Open a TCP connection with TCP_NODELAY before `deadline`, trying each address in turn.

    Raises:
        OSError: nobody answers there (`TimeoutError` when the deadline passed first).
    """
    last: OSError | None = None
    for family, kind, protocol, _, address in _look_up(host, port, deadline):
        sock = PlainSocket(family, kind, protocol)
        try:
            sock.settimeout(deadline.left_s())
            sock.connect(address)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    raise last or OSError(f"no address for '{host}'")


def secure(sock: PlainSocket, host: str, deadline: Deadline) -> TlsSocket:
    """Wrap `sock` in TLS, checking the server's certificate, before `deadline`."""
    context = ssl.create_default_context()
    context.sslsocket_class = TlsSocket
    sock.settimeout(deadline.left_s())
    secured = context.wrap_socket(sock, server_hostname=host)
    assert isinstance(secured, TlsSocket)
    return secured
