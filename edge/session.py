"""One Socket.IO connection, from opening to the end; the link makes a new one for each try."""

import contextlib
import logging
import queue
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import socketio
import websocket

# Its own words at the level of warnings, for each dropped connection; the link says it once.
logging.getLogger("engineio.client").setLevel(logging.CRITICAL)
logging.getLogger("socketio.client").setLevel(logging.CRITICAL)


class SessionRefused(Exception):
    """The server answered, and does not want this device; a fast retry is no use."""


@dataclass(frozen=True)
class Heard:
    """One message of the server: its event name and its body."""

    event: str
    data: Any


class Session:
    """A connection over WebSocket only, without the library's own reconnection.

    Args:
        server: The server's address.
        token: Goes into the connection's `auth`.
        timeout_s: For each step of opening, and for each answer.
    """

    def __init__(self, server: str, token: str, timeout_s: float) -> None:
        self._server = server
        self._token = token
        self._timeout_s = timeout_s
        self._inbox: queue.SimpleQueue[Heard | None] = queue.SimpleQueue()
        self._wires: list[websocket.WebSocket] = []
        self._client = socketio.Client(
            reconnection=False,
            handle_sigint=False,
            request_timeout=timeout_s,
            websocket_extra_options={"class_": self._new_wire},
        )
        for event in ("connect", "change", "pulse", "help", "prints"):
            self._client.on(event, self._receiver(event))
        self._client.on("connect_error", self._on_refusal)
        self._client.on("disconnect", lambda *_: self._inbox.put(None))

    def open(self) -> None:
        """Connect and present the token.

        Raises:
            SessionRefused: the server said no.
            OSError: nobody there, or no answer in time.
        """
        try:
            self._client.connect(
                self._server, auth={"token": self._token}, transports=["websocket"], wait=False
            )
        except (socketio.exceptions.ConnectionError, websocket.WebSocketException) as error:
            raise ConnectionError(str(error)) from error
        first = self.hear(self._timeout_s)
        if first is None:
            raise TimeoutError("the server did not answer in time")
        if first.event == "refused":
            raise SessionRefused(str(first.data))

    def ask(self, event: str, data: dict[str, Any]) -> None:
        """Send one event; its acknowledgement is heard as `Heard("answer", …)`."""
        try:
            self._client.emit(event, data, callback=self._receiver("answer"))
        except socketio.exceptions.SocketIOError as error:
            raise ConnectionError(str(error)) from error

    def hear(self, timeout_s: float) -> Heard | None:
        """The next message, or None when there is none for `timeout_s` seconds.

        Raises:
            ConnectionError: the connection has ended.
        """
        try:
            heard = self._inbox.get(timeout=max(0.001, timeout_s))
        except queue.Empty:
            return None
        if heard is None:
            raise ConnectionError("the connection ended")
        return heard

    def hang_up(self) -> None:
        """End the connection at once, whatever the network does. Safe from any thread."""
        for wire in self._wires:
            # A close frame would wait for a server that may be gone; cutting the socket
            # wakes the library's threads, which then end by themselves.
            with contextlib.suppress(OSError, websocket.WebSocketException):
                wire.abort()  # type: ignore[no-untyped-call]
            with contextlib.suppress(OSError, websocket.WebSocketException):
                wire.shutdown()  # type: ignore[no-untyped-call]

    def _new_wire(self, **options: Any) -> websocket.WebSocket:
        wire = websocket.WebSocket(**options)
        self._wires.append(wire)
        return wire

    def _receiver(self, event: str) -> Callable[..., None]:
        def receive(data: Any = None, *_: Any) -> None:
            self._inbox.put(Heard(event, data))

        return receive

    def _on_refusal(self, data: Any = None) -> None:
        """Called for a refused token; and for a failed connection, which `open` raises itself."""
        if self._client.eio.state == "connected":
            said = data.get("message") if isinstance(data, dict) else data
            self._inbox.put(Heard("refused", said or "connection refused"))
