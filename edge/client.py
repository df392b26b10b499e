"""The server's HTTP interface for an agent: one deadline per call, and clear outcomes.

A call ends in one of three ways: a `Reply` (2xx), `ServerRefused` (4xx, nothing changed) or
`ServerUnreachable` (anything else, with `maybe_received`).
"""

import contextlib
import http.client
import json
import select
import threading
import urllib.parse
import weakref
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from edge.errors import EdgeError, ServerRefused, ServerUnreachable
from edge.wires import Deadline, PlainSocket, TlsSocket, connect, secure
from wire.errors import Problem

__all__ = ["EdgeError", "Reply", "ServerClient", "ServerRefused", "ServerUnreachable"]

MAX_ANSWER_BYTES: Final = 8_000_000


@dataclass(frozen=True)
class Reply:
    """A 2xx answer: its status and its parsed JSON body (None where it is empty)."""

    status: int
    body: Any


class _Connection(http.client.HTTPConnection):
    """One keep-alive connection that obeys the deadline of the call in progress."""

    def __init__(self, host: str, port: int, tls: bool) -> None:
        super().__init__(host, port)
        self.auto_open = 0
        self._tls = tls
        self._wire: PlainSocket | TlsSocket | None = None

    def open_until(self, deadline: Deadline) -> None:
        """Connect if needed, and make every wait of the next exchange end at `deadline`."""
        if self._wire is None or self.sock is None:
            plain = connect(self.host, self.port, deadline)
            self._wire = _secured(plain, self.host, deadline) if self._tls else plain
            self.sock = self._wire
        self._wire.deadline = deadline

    def __del__(self) -> None:
        """A thread that ends takes its connection along."""
        self.close()

    def is_fresh(self) -> bool:
        """Whether the next exchange would need a new connection."""
        return self.sock is None

    def drop_if_stale(self) -> None:
        """Close a kept connection that the server has closed or written to meanwhile."""
        if self.sock is None:
            return
        readable = select.poll()
        readable.register(self.sock, select.POLLIN)
        if readable.poll(0):
            self.close()


def _secured(sock: PlainSocket, host: str, deadline: Deadline) -> TlsSocket:
    try:
        return secure(sock, host, deadline)
    except OSError:
        sock.close()
        raise


class ServerClient:
    """Calls the server as one device.

    Args:
        server: Address such as `http://10.0.0.5:8000` or `https://host/base`.
        token: The device's bearer token; empty for calls that need none.

    Safe to use from several threads: each keeps a connection of its own.
    """

    def __init__(self, server: str, token: str) -> None:
        parts = urllib.parse.urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"not a server address: {server!r}")
        self._tls = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port or (443 if self._tls else 80)
        self._base = parts.path.rstrip("/")
        self._headers = {"Accept": "application/json", "User-Agent": "layso-agent"}
        if token:
            self._headers["Authorization"] = f"Bearer {token}"
        self._local = threading.local()
        self._opened: weakref.WeakSet[_Connection] = weakref.WeakSet()
        self._lock = threading.Lock()

    def get(self, path: str, *, timeout_s: float = 5.0) -> Reply:
        """Read `path` (`/api/v1/…`), within `timeout_s` seconds altogether.

        Raises:
            ServerRefused: the server answered 4xx.
            ServerUnreachable: no usable answer in time.
        """
        return self._call("GET", path, None, {}, repeatable=True, timeout_s=timeout_s)

    def post(
        self, path: str, body: Mapping[str, Any], *, key: str | None = None, timeout_s: float = 5.0
    ) -> Reply:
        """Send a command, within `timeout_s` seconds altogether.

        Args:
            path: `/api/v1/…`.
            body: What becomes the JSON body.
            key: The `Idempotency-Key`: the same key twice has one effect. A broken
                keep-alive connection is tried again only where there is one.
            timeout_s: From the call to the last byte of the answer.

        Raises:
            ServerRefused: the server answered 4xx; nothing changed.
            ServerUnreachable: no usable answer; see `maybe_received`.
        """
        extra = {"Content-Type": "application/json"}
        if key is not None:
            extra["Idempotency-Key"] = key
        payload = json.dumps(dict(body), ensure_ascii=False).encode()
        return self._call(
            "POST", path, payload, extra, repeatable=key is not None, timeout_s=timeout_s
        )

    def close(self) -> None:
        """Close every kept connection; the client may be used again afterwards."""
        with self._lock:
            for connection in list(self._opened):
                connection.close()

    def _connection(self) -> _Connection:
        found: _Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = _Connection(self._host, self._port, self._tls)
            self._local.connection = found
            with self._lock:
                self._opened.add(found)
        return found

    def _call(
        self,
        method: str,
        path: str,
        payload: bytes | None,
        extra: dict[str, str],
        *,
        repeatable: bool,
        timeout_s: float,
    ) -> Reply:
        deadline = Deadline(timeout_s)
        connection = self._connection()
        connection.drop_if_stale()
        kept = not connection.is_fresh()
        try:
            return self._exchange(connection, deadline, method, path, payload, extra)
        except ServerUnreachable as error:
            # A kept connection may have been closed by the server just as we wrote on it.
            broken = isinstance(error.__cause__, ConnectionError | http.client.RemoteDisconnected)
            if not (kept and repeatable and broken):
                raise
        try:
            return self._exchange(connection, deadline, method, path, payload, extra)
        except ServerUnreachable as error:
            # Even if nobody was there any more, the first writing may have been read.
            error.maybe_received = True
            raise

    def _exchange(
        self,
        connection: _Connection,
        deadline: Deadline,
        method: str,
        path: str,
        payload: bytes | None,
        extra: dict[str, str],
    ) -> Reply:
        sent = False
        try:
            connection.open_until(deadline)
            sent = True
            connection.request(method, self._base + path, payload, self._headers | extra)
            response = connection.getresponse()
            data = _read_all(response)
            if response.will_close:
                connection.close()
        except (OSError, http.client.HTTPException) as error:
            connection.close()
            raise ServerUnreachable(_plainly(error), maybe_received=sent) from error
        return _judge(response.status, response.getheader("Retry-After"), data)


def _read_all(response: http.client.HTTPResponse) -> bytes:
    data = response.read(MAX_ANSWER_BYTES + 1)
    if len(data) > MAX_ANSWER_BYTES:
        raise http.client.HTTPException("the answer is too long")
    if response.length:
        raise http.client.IncompleteRead(data, response.length)
    return data


def _plainly(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "the server did not answer in time"
    return str(error) or type(error).__name__


def _judge(status: int, retry_after: str | None, data: bytes) -> Reply:
    if 200 <= status < 300:
        try:
            return Reply(status, json.loads(data) if data.strip() else None)
        except ValueError as error:
            raise ServerUnreachable("the answer is not JSON", maybe_received=True) from error
    if 400 <= status < 500:
        raise ServerRefused(_problem(status, data), retry_after_s=_seconds(retry_after))
    raise ServerUnreachable(f"the server answered {status}", maybe_received=True)


def _problem(status: int, data: bytes) -> Problem:
    with contextlib.suppress(msgspec.DecodeError, msgspec.ValidationError):
        return msgspec.json.decode(data, type=Problem)
    return Problem(code=f"http_{status}", title=f"HTTP {status}", status=status)


def _seconds(text: str | None) -> float | None:
    try:
        return None if text is None else max(0.0, float(text))
    except ValueError:
        return None
