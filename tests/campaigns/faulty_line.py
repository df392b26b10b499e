"""A TCP line between screens and server that can be cut, swallow, crawl, and be healed.

Bytes keep their order whatever happens. What a black hole holds back arrives late, as packets
that are sent again do, unless the line forgets its connections while it is away.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, Literal

Way = Literal["up", "down"]
Door = Literal["open", "resets", "closed", "ends"]
Healing = Literal["goes on", "resets", "forgets"]
AT_ONCE = 65536
READ = 4096
IN_FLIGHT = 16  # pieces read and not yet passed on: then the sender is held up, as TCP does


@dataclass(frozen=True)
class Flow:
    """How one direction is: nothing passes if `held`, else so much a second, so late."""

    held: bool = False
    bytes_per_s: float | None = None
    delay_s: float = 0.0
    piece: int = AT_ONCE


@dataclass(frozen=True)
class Fault:
    """What is wrong with a line.

    `door`: new connections are taken, reset once taken, refused, or ended (our half) at once;
    all but "open" do the same to those that are there. `healing`: what becomes of connections
    that were there before it healed; forgotten ones stay open, and nothing passes any more.
    """

    up: Flow = Flow()
    down: Flow = Flow()
    door: Door = "open"
    healing: Healing = "goes on"


WHOLE = Fault()


class _Connection:
    """Both ends of one connection, and whether the line has forgotten it."""

    def __init__(self, near: asyncio.StreamWriter) -> None:
        self.near = near
        self.far: asyncio.StreamWriter | None = None
        self.forgotten = False

    def end(self, *, reset: bool) -> None:
        for writer in (self.near, self.far):
            if writer is None:
                continue
            if reset:
                sock: socket.socket = writer.get_extra_info("socket")
                with contextlib.suppress(OSError):
                    now = struct.pack("ii", 1, 0)
                    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
                writer.transport.abort()
            else:
                writer.close()

    def leave_hanging(self) -> None:
        """The server said goodbye, and nobody tells the screen."""
        if self.far is not None:
            self.far.close()

    def end_our_half(self) -> None:
        if self.near.can_write_eof() and not self.near.is_closing():
            with contextlib.suppress(OSError, RuntimeError):
                self.near.write_eof()


class FaultyLine:
    """Forwards connections to `target_port` of loopback, as well as its fault lets it."""

    def __init__(self, target_port: int) -> None:
        self._target = target_port
        self._fault = WHOLE
        self._loop = asyncio.new_event_loop()
        self._changed = asyncio.Event()
        self._free_at: dict[Way, float] = {"up": 0.0, "down": 0.0}
        self._open: set[_Connection] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None
        self.port = 0
        self.taken = 0
        """How many connections were ever made."""
        self._thread = threading.Thread(target=self._loop.run_forever, name="line", daemon=True)
        self._thread.start()
        self._do(self._listen())

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fail(self, fault: Fault) -> None:
        """Be like this from now on."""
        self._do(self._become(fault))

    def heal(self) -> None:
        """Be whole again."""
        self._do(self._heal())

    def close(self) -> None:
        """End everything; nothing is left open."""
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(timeout=10)
        self._loop.close()

    def _do(self, what: Coroutine[Any, Any, None]) -> None:
        asyncio.run_coroutine_threadsafe(what, self._loop).result(timeout=20)

    # In the loop's thread.

    async def _listen(self) -> None:
        self._server = await asyncio.start_server(
            self._take, "127.0.0.1", self.port, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _become(self, fault: Fault) -> None:
        self._fault = fault
        if fault.door == "closed":
            await self._stop_listening()
        for connection in list(self._open):
            if fault.door == "ends":
                connection.end_our_half()
            elif fault.door != "open":
                connection.end(reset=fault.door == "resets")
        self._tell()

    async def _heal(self) -> None:
        fault, self._fault = self._fault, WHOLE
        for connection in list(self._open):
            if fault.healing == "forgets":
                connection.forgotten = True
            elif fault.healing == "resets" or fault.door == "ends":
                connection.end(reset=fault.healing == "resets")
        self._free_at = {"up": 0.0, "down": 0.0}
        if self._server is None:
            await self._listen()
        self._tell()

    async def _close(self) -> None:
        await self._stop_listening()
        for connection in list(self._open):
            connection.end(reset=True)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0.05)  # transports say goodbye in the next turns of the loop

    async def _stop_listening(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None

    def _tell(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    async def _news(self, until: float | None = None) -> None:
        """Return when the line changes, or at `until` of the loop's clock."""
        changed = self._changed
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(until):
                await changed.wait()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        connection = _Connection(writer)
        self._open.add(connection)
        self.taken += 1
        try:
            await self._serve(connection, reader)
        except OSError:
            connection.end(reset=True)
        finally:
            connection.end(reset=False)
            self._open.discard(connection)
            self._tasks.discard(task)

    async def _serve(self, connection: _Connection, reader: asyncio.StreamReader) -> None:
        if self._fault.door == "resets":
            connection.end(reset=True)
            return
        if self._fault.door == "ends":
            connection.end_our_half()
        while self._fault.up.held and not connection.forgotten:
            await self._news()
        if connection.forgotten:
            await _swallow(reader)
            return
        far_reader, connection.far = await asyncio.open_connection("127.0.0.1", self._target)
        async with asyncio.TaskGroup() as both:
            both.create_task(self._pass(connection, "up", reader, connection.far))
            both.create_task(self._pass(connection, "down", far_reader, connection.near))

    async def _pass(
        self,
        connection: _Connection,
        way: Way,
        source: asyncio.StreamReader,
        sink: asyncio.StreamWriter,
    ) -> None:
        """Carry one direction to its end, and then end the connection."""
        flying: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue(IN_FLIGHT)

        async def read() -> None:
            data = b"-"
            while data:
                try:
                    data = await source.read(READ)
                except OSError:
                    data = b""
                await flying.put((self._loop.time(), data))

        reading = asyncio.ensure_future(read())
        try:
            while True:
                at, data = await flying.get()
                if not await self._let_through(connection, way, at, data, sink) or not data:
                    return
        except OSError:
            return  # the other side is gone
        finally:
            reading.cancel()
            if connection.forgotten and way == "down":
                connection.leave_hanging()
            else:
                connection.end(reset=False)

    async def _let_through(
        self, connection: _Connection, way: Way, at: float, data: bytes, sink: asyncio.StreamWriter
    ) -> bool:
        """Carry one piece; whether the connection goes on. An end travels as bytes do."""
        while not connection.forgotten:
            flow: Flow = getattr(self._fault, way)
            now = self._loop.time()
            ready = max(at + flow.delay_s, self._free_at[way])
            if flow.held or now < ready:
                await self._news(None if flow.held else ready)
                continue
            if not data or sink.is_closing():
                return bool(data) and not sink.is_closing()
            piece, data = data[: flow.piece], data[flow.piece :]
            if flow.bytes_per_s is not None:
                self._free_at[way] = now + len(piece) / flow.bytes_per_s
            if not (way == "down" and self._fault.door == "ends"):
                sink.write(piece)
                await sink.drain()
            if not data:
                return True
        return bool(data)


async def _swallow(reader: asyncio.StreamReader) -> None:
    with contextlib.suppress(OSError):
        while await reader.read(READ):
            pass
