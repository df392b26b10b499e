"""The WebSocket under Engine.IO: no compression, bounded input, and one encoding per broadcast.

Engine.IO's own driver negotiates permessage-deflate (a compressor for every client), may cut
a frame when the socket's buffer is full, and encodes every frame once per client. Frames a
server sends are not masked, so the same bytes serve everybody.

Source: RFC 6455.
"""

import base64
import binascii
import socket
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import gevent
import gevent.socket
from engineio.packet import MESSAGE, Packet
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, TextMessage
from wsproto.frame_protocol import CloseReason
from wsproto.utilities import LocalProtocolError, RemoteProtocolError, generate_accept_token

MAX_MESSAGE_BYTES: Final = 16384
MAX_MESSAGES_A_SECOND: Final = 100
STALLED_S: Final = 5.0
SEND_BUFFER_BYTES: Final = 131072

_CLOSE: Final = b"\x88\x02\x03\xe8"


class Frame(bytes):
    """A whole WebSocket frame, ready for the wire."""


def text_frame(text: bytes) -> Frame:
    """Wrap UTF-8 text in one unmasked frame."""
    size = len(text)
    if size < 126:
        head = bytes((0x81, size))
    elif size < 65536:
        head = b"\x81\x7e" + size.to_bytes(2, "big")
    else:
        head = b"\x81\x7f" + size.to_bytes(8, "big")
    return Frame(head + text)


def event_frame(event: str, payload: bytes) -> Frame:
    """The frame of one Socket.IO event in the root namespace; `payload` is its JSON."""
    return text_frame(b'42["' + event.encode("ascii") + b'",' + payload + b"]")


class FramePacket(Packet):  # type: ignore[misc]
    """A frame in an Engine.IO queue, behind what is already there."""

    def __init__(self, frame: Frame) -> None:
        super().__init__(MESSAGE, "")
        self.encode_cache = frame


class WebSocket:
    """One connection. `wait` is called by one greenlet, `send` by one other."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._frames = Connection(ConnectionType.SERVER)
        self._messages: deque[str | bytes] = deque()
        self._parts: list[str | bytes | bytearray] = []
        self._size = 0
        self._window = (0.0, 0)
        self.busy = False
        self.closed = False
        self.stalled = False

    def wait(self) -> str | bytes | None:
        """The next message of the client, or None once the connection is over."""
        while not self._messages:
            if self.closed or not self._receive():
                self.abort()
                return None
        return self._messages.popleft()

    def send(self, data: str | bytes) -> None:
        """Send a message, or a `Frame` as it is; raises OSError once the connection is over.

        A client that takes nothing for `STALLED_S` has stopped reading and is cut.
        """
        if isinstance(data, Frame):
            frame: bytes = data
        elif isinstance(data, bytes):
            frame = self._frames.send(BytesMessage(data))
        else:
            frame = text_frame(data.encode("utf-8"))
        self.busy = True
        try:
            self._send_all(frame)
        finally:
            self.busy = False

    def send_now(self, frame: bytes | memoryview) -> int:
        """Hand the kernel what it takes at once; the number of bytes it took."""
        if self.closed:
            return len(frame)
        try:
            return int(self._sock.send(frame, 0, 0.0))
        except BlockingIOError:
            return 0
        except OSError:
            self.abort()
            return len(frame)

    def close(self) -> None:
        """Say goodbye if the client still listens, and end the connection."""
        self._control(_CLOSE)
        self.abort()

    def abort(self) -> None:
        """End the connection at once; the reader wakes with None. Repeating is harmless."""
        if self.closed:
            return
        self.closed = True
        try:
            self._sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # The client was faster.

    def _control(self, frame: bytes) -> None:
        """Send a small frame between two messages; one that finds no room is left out."""
        if not self.busy and 0 < self.send_now(frame) < len(frame):
            self.abort()

    def _send_all(self, frame: bytes) -> None:
        view = memoryview(frame)
        while view:
            if self.closed:
                raise BrokenPipeError
            sent = self.send_now(view)
            view = view[sent:]
            if view and not sent:
                self._wait_until_writable()

    def _wait_until_writable(self) -> None:
        try:
            gevent.socket.wait_write(self._sock.fileno(), timeout=STALLED_S)
        except OSError as error:
            self.stalled = isinstance(error, TimeoutError)
            self.abort()
            raise BrokenPipeError from error

    def _receive(self) -> bool:
        try:
            data = self._sock.recv(MAX_MESSAGE_BYTES)
            if not data:
                return False
            self._frames.receive_data(data)
            return all(self._take(event) for event in self._frames.events())
        except (OSError, LocalProtocolError, RemoteProtocolError):
            return False
        finally:
            gevent.sleep(0)  # Somebody who never stops sending must not keep the others waiting.

    def _take(self, event: Any) -> bool:
        if isinstance(event, (TextMessage, BytesMessage)):
            return self._take_part(event)
        if isinstance(event, Ping):
            self._control(self._frames.send(event.response()))
        elif isinstance(event, CloseConnection):
            return False
        return True

    def _take_part(self, event: TextMessage | BytesMessage) -> bool:
        self._parts.append(event.data)
        self._size += len(event.data) + 1  # Endless empty parts would take memory as well.
        if self._size > MAX_MESSAGE_BYTES:
            self._control(self._frames.send(CloseConnection(CloseReason.MESSAGE_TOO_BIG)))
            return False
        if event.message_finished:
            empty: Any = "" if isinstance(event.data, str) else b""
            self._messages.append(empty.join(self._parts))
            self._parts, self._size = [], 0
            return self._within_rate()
        return True

    def _within_rate(self) -> bool:
        since, count = self._window
        now = monotonic()
        self._window = (now, 1) if now - since >= 1.0 else (since, count + 1)
        return self._window[1] <= MAX_MESSAGES_A_SECOND


def accept(environ: dict[str, Any]) -> WebSocket | None:
    """Answer the opening handshake on the request's own socket, or None if it is not one."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    sock = environ.get("layso.socket")
    if sock is None or environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not _is_key(key):
        return None
    token = generate_accept_token(key.encode("ascii"))
    sock.settimeout(None)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
    sock.sendall(
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Accept: " + token + b"\r\n\r\n"
    )
    return WebSocket(sock)


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except (binascii.Error, ValueError):
        return False


class EngineWebSocket:
    """What Engine.IO calls to take over a request: made with its handler, used as a WSGI app."""

    def __init__(self, handler: Any, connections: dict[str, WebSocket]) -> None:
        self._handler = handler
        self._connections = connections

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        """Serve the connection until it ends."""
        connection = accept(environ)
        if connection is None:
            start_response("400 Bad Request", [("Content-Type", "text/plain")])
            return [b"not a WebSocket handshake"]
        sid: str = self._handler.__self__.sid  # The handler is a method of Engine.IO's socket.
        self._connections[sid] = connection
        try:
            return self._handler(connection)
        finally:
            del self._connections[sid]
            connection.abort()


def install(engine: Any) -> dict[str, WebSocket]:
    """Give an Engine.IO server this driver; its live connections by Engine.IO's sid."""
    connections: dict[str, WebSocket] = {}

    def driver(handler: Any, _engine: Any) -> EngineWebSocket:
        return EngineWebSocket(handler, connections)

    engine._async = {**engine._async, "websocket": driver}
    return connections
