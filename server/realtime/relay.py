"""Relays committed changes to this process's sockets: exactly once, in order of seq.

One greenlet relays, so that order needs no lock. Commits of this process arrive in
`committed`; those of other processes are looked up in the outbox when the bell rings and
by polling. A change that is not the next one is never sent: the outbox is read instead.
"""

import logging
from collections import deque
from collections.abc import Callable
from time import monotonic
from typing import Any, Final

import gevent
import msgspec
from gevent.event import Event

from server.realtime.feed import Feed
from server.realtime.ports import Bell, LiveReadings
from server.realtime.websocket import event_frame
from server.service.ports import Pushed
from wire.live import Pulse

log = logging.getLogger(__name__)

PULSE_S: Final = 1.5
HEAL_S: Final = 2.0
POLL_S: Final = 0.4
BREATH: Final = 16

_encode = msgspec.json.encode


class _Seq(msgspec.Struct):
    """The part of a change that the relay reads."""

    seq: int


_decode_seq = msgspec.json.Decoder(_Seq).decode


class Relay:
    """The feeds of every centre that somebody watches in this process.

    Args:
        readings: Where boards and missed changes are read.
        bell: Wakes other processes' relays; None where this process is the only writer.
    """

    def __init__(self, readings: LiveReadings, bell: Bell | None = None) -> None:
        self._readings = readings
        self._bell = bell
        self._feeds: dict[str, Feed] = {}
        self._inbox: deque[Pushed] = deque()
        self._rung: set[str] = set()
        self._behind: set[str] = set()
        self._wake = Event()
        self._async: Any = None
        self._greenlets: list[gevent.Greenlet[..., None]] = []
        self._stopping = False
        self.on_change: list[Callable[[str], None]] = []
        self.on_pulse: list[Callable[[str, int], None]] = []

    def start(self) -> None:
        """Begin to relay; call it in the process and thread that serves the sockets."""
        self._async = gevent.get_hub().loop.async_()
        self._async.start(self._wake.set)
        if self._bell is not None:
            self._bell.start(self.suspect)
        self._greenlets = [gevent.spawn(self._beat), gevent.spawn(self._relay)]

    def stop(self) -> None:
        """Relay what has been committed so far, and end."""
        self._stopping = True
        self._wake.set()
        if self._greenlets:
            beat, relay = self._greenlets
            beat.kill()
            relay.join(timeout=1.0)
            relay.kill()
        if self._bell is not None:
            self._bell.stop()
        if self._async is not None:
            self._async.stop()
            self._async.close()
            self._async = None

    def committed(self, changes: list[Pushed]) -> None:
        """Take the changes of a commit of this process. Any thread; returns at once."""
        self._inbox.extend(changes)
        waker = self._async
        if waker is not None:
            waker.send()

    def suspect(self, centre: str) -> None:
        """Look up what this centre has that was not relayed yet. Returns at once."""
        self._behind.add(centre)
        self._wake.set()

    def feed(self, centre: str) -> Feed:
        """The feed of a centre, made when it is first asked for."""
        feed = self._feeds.get(centre)
        if feed is None:
            seq = self._readings.seq_of(centre)
            feed = self._feeds.setdefault(centre, Feed(centre, seq))
            self.suspect(centre)  # A commit while the seq was read had no feed to go to.
        return feed

    def feeds(self) -> list[Feed]:
        """Every feed there is."""
        return list(self._feeds.values())

    def leave(self, sid: str) -> None:
        """Forget a client."""
        for feed in self._feeds.values():
            feed.leave(sid)

    # ---- the relaying greenlet

    def _relay(self) -> None:
        looked_at = monotonic()
        while not (self._stopping and not self._inbox):
            self._wake.wait(timeout=self._poll_s())
            self._wake.clear()
            self._guard(self._drain)
            if monotonic() - looked_at >= self._poll_s():
                looked_at = monotonic()
                self._behind.update(self._feeds)
            self._guard(self._look)

    def _poll_s(self) -> float:
        if self._bell is None or self._bell.connected:
            return HEAL_S
        return POLL_S

    @staticmethod
    def _guard(step: Callable[[], None]) -> None:
        try:
            step()
        except Exception:  # The relay outlives any one fault; the next look heals it.
            log.exception("relay step failed")

    def _drain(self) -> None:
        while self._inbox:
            centre, seq, body = self._inbox.popleft()
            self._rung.add(centre)
            feed = self._feeds.get(centre)
            if feed is None or seq <= feed.seq:
                continue
            if seq == feed.seq + 1:
                self._send(feed, seq, body)
            else:
                self._behind.add(centre)
        self._ring()

    def _ring(self) -> None:
        rung, self._rung = self._rung, set()
        if self._bell is not None:
            for centre in rung:
                self._bell.ring(centre)

    def _look(self) -> None:
        while self._behind:
            feed = self._feeds.get(self._behind.pop())
            if feed is not None:
                self._catch_up(feed)

    def _catch_up(self, feed: Feed) -> None:
        if self._readings.seq_of(feed.centre) > feed.seq:
            missed = self._readings.changes_after(feed.centre, feed.seq)
            if missed is None:
                # Older than the outbox keeps: the pulse shows clients the gap.
                feed.seq = self._readings.seq_of(feed.centre)
                return
            for body in missed:
                seq = _decode_seq(body).seq
                if seq == feed.seq + 1:
                    self._send(feed, seq, body)
        feed.catch_up()

    def _send(self, feed: Feed, seq: int, body: bytes) -> None:
        feed.relay(seq, event_frame("change", body))
        for tell in self.on_change:
            tell(feed.centre)
        if seq % BREATH == 0:
            gevent.sleep(0)  # A burst must not keep the answers waiting.

    # ---- the pulse

    def _beat(self) -> None:
        while not self._stopping:
            gevent.sleep(PULSE_S)
            self._guard(self._pulse)

    def _pulse(self) -> None:
        for feed in self.feeds():
            payload = _encode(Pulse(feed.centre, feed.seq))
            feed.pulse(event_frame("pulse", payload))
            for tell in self.on_pulse:
                tell(feed.centre, feed.seq)
