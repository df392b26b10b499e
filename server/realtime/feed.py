"""One centre's stream of changes to those who watch it: every seq once, in order."""

from collections import deque
from typing import Any, Final

from server.realtime.websocket import Frame, FramePacket, WebSocket

REMEMBERED: Final = 1024
MAX_QUEUED: Final = 20_000


class Peer:
    """One connected client, as the one that sends to it sees it."""

    __slots__ = ("connection", "engine_socket", "sid")

    def __init__(self, sid: str, engine_socket: Any, connection: WebSocket) -> None:
        self.sid = sid
        self.engine_socket = engine_socket
        self.connection = connection

    def push(self, frame: Frame) -> None:
        """Send a frame now, or behind what already waits.

        Queued frames are shared by all clients, so that a burst (a day's end cancels
        thousands of tickets) costs little; a client that stops reading is cut by time.
        """
        queue = self.engine_socket.queue
        rest: Frame = frame
        if not queue.unfinished_tasks and not self.connection.busy:
            sent = self.connection.send_now(frame)
            if sent >= len(frame):
                return
            rest = Frame(frame[sent:])
        if queue.qsize() >= MAX_QUEUED:
            self.connection.stalled = True
            self.connection.abort()
        else:
            queue.put(FramePacket(rest))


class Watcher:
    """A peer that watches a centre, and the last change it was given."""

    __slots__ = ("peer", "seq")

    def __init__(self, peer: Peer, seq: int) -> None:
        self.peer = peer
        self.seq = seq


class Feed:
    """The changes of one centre as far as this process has relayed them."""

    def __init__(self, centre: str, seq: int) -> None:
        self.centre = centre
        self.seq = seq
        self.watchers: dict[str, Watcher] = {}
        self._recent: deque[tuple[int, Frame]] = deque(maxlen=REMEMBERED)

    def join(self, peer: Peer, seq: int) -> None:
        """Begin to give `peer` every change after `seq`."""
        self.watchers[peer.sid] = Watcher(peer, seq)

    def leave(self, sid: str) -> None:
        """Stop giving changes to a client; unknown ones are ignored."""
        self.watchers.pop(sid, None)

    def relay(self, seq: int, frame: Frame) -> None:
        """Give the next change to everybody; `seq` is exactly one after the last."""
        self.seq = seq
        self._recent.append((seq, frame))
        before = seq - 1
        for watcher in list(self.watchers.values()):
            if watcher.seq == before:
                watcher.seq = seq
                watcher.peer.push(frame)
            elif watcher.seq < before:
                self._catch_up(watcher)

    def catch_up(self) -> None:
        """Give those who joined behind the stream what they still miss."""
        for watcher in list(self.watchers.values()):
            if watcher.seq < self.seq:
                self._catch_up(watcher)

    def pulse(self, frame: Frame) -> None:
        """Tell everybody that the centre is alive and how far it is."""
        self.catch_up()
        for watcher in list(self.watchers.values()):
            watcher.peer.push(frame)

    def _catch_up(self, watcher: Watcher) -> None:
        for seq, frame in list(self._recent):
            if seq > watcher.seq:
                # A hole before `seq` is seen by the client, which then asks `watch` again.
                watcher.seq = seq
                watcher.peer.push(frame)
        watcher.seq = max(watcher.seq, self.seq)
