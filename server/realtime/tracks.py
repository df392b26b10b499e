"""Phones that follow one ticket: its public part when it changes, at most once a second."""

import logging
from time import monotonic
from typing import Final

import gevent
import msgspec
from gevent.event import Event

from server.realtime.feed import Peer
from server.realtime.ports import LiveReadings
from server.realtime.websocket import Frame, event_frame
from wire.errors import LaySoError

log = logging.getLogger(__name__)

MIN_GAP_S: Final = 1.0
MAX_GAP_S: Final = 10.0

_encode = msgspec.json.encode


class _Follow:
    """One followed ticket, and what its followers were told last."""

    def __init__(self, centre: str) -> None:
        self.centre = centre
        self.peers: dict[str, Peer] = {}
        self.told = b""
        self.checked_at = 0.0
        self.due = True


class Tracks:
    """Every ticket that a phone follows in this process."""

    def __init__(self, readings: LiveReadings) -> None:
        self._readings = readings
        self._follows: dict[str, _Follow] = {}
        self._token_of: dict[str, str] = {}
        self._wake = Event()
        self._greenlet: gevent.Greenlet[..., None] | None = None
        self._stopping = False

    def start(self) -> None:
        """Begin to check followed tickets."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Stop checking."""
        self._stopping = True
        self._wake.set()
        if self._greenlet is not None:
            self._greenlet.kill(timeout=1.0)

    def follow(self, token: str, centre: str, peer: Peer) -> None:
        """Tell `peer` about a ticket, now and whenever it changes."""
        follow = self._follows.setdefault(token, _Follow(centre))
        follow.peers[peer.sid] = peer
        follow.told, follow.due = b"", True
        self._token_of[peer.sid] = token
        self._wake.set()

    def leave(self, sid: str) -> None:
        """Forget a client; unknown ones are ignored."""
        token = self._token_of.pop(sid, None)
        follow = self._follows.get(token) if token is not None else None
        if token is not None and follow is not None:
            follow.peers.pop(sid, None)
            if not follow.peers:
                del self._follows[token]

    def changed(self, centre: str) -> None:
        """Note that something happened in a centre. Returns at once."""
        for follow in self._follows.values():
            if follow.centre == centre:
                follow.due = True
        self._wake.set()

    def pulse(self, centre: str, seq: int) -> None:
        """Tell the followers of a centre's tickets that the link is alive."""
        frame: Frame | None = None
        for follow in list(self._follows.values()):
            if follow.centre != centre:
                continue
            if frame is None:
                frame = event_frame("pulse", _encode({"centre": centre, "seq": seq}))
            for peer in list(follow.peers.values()):
                peer.push(frame)

    def _run(self) -> None:
        while not self._stopping:
            self._wake.wait(timeout=MIN_GAP_S)
            self._wake.clear()
            for token in list(self._follows):
                self._check(token)
            gevent.sleep(0.1)  # Changes come in bursts; phones need no more than this.

    def _check(self, token: str) -> None:
        follow = self._follows.get(token)
        now = monotonic()
        if follow is None:
            return
        if now - follow.checked_at < (MIN_GAP_S if follow.due else MAX_GAP_S):
            return
        follow.checked_at, follow.due = now, False
        try:
            body = _encode(self._readings.track(token))
        except LaySoError as error:
            log.debug("followed ticket not read: %s", error)
            return
        if body != follow.told:
            follow.told = body
            frame = event_frame("ticket", body)
            for peer in list(follow.peers.values()):
                peer.push(frame)
        gevent.sleep(0)
