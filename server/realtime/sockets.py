"""The Socket.IO events: who may connect, who may watch what. Sockets only push."""

import json
import logging
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, Final
from urllib.parse import urlsplit

import gevent
import msgspec
from flask import Flask, request
from flask_socketio import ConnectionRefusedError, SocketIO

from server.realtime import websocket
from server.realtime.advice import AdviceWatch
from server.realtime.feed import Peer
from server.realtime.pictures import PictureWatch
from server.realtime.ports import Adviser, Doorkeeper, LiveReadings
from server.realtime.relay import Relay
from server.realtime.tracks import Tracks
from server.service.ports import Caller
from wire.errors import Refusal
from wire.ids import is_slug, is_track
from wire.words import ROLES

log = logging.getLogger(__name__)

PING_S: Final = 5
REVOKED_EVERY_S: Final = 1.0
MAX_SILENT_S: Final = 5.0
MAX_CHANGES: Final = 500
WATCHERS: Final = frozenset(ROLES)

Guess = Callable[[dict[str, Any]], None]
"""Counts an unknown track link in this request; raises Refusal above the limit."""


class Sockets:
    """Every Socket.IO connection of this process.

    Args:
        app: Where `/socket.io` is mounted.
        relay: Gives watchers their changes.
        readings: Boards, changes and tracked tickets.
        doorkeeper: Knows whose token this is.
        adviser: What the managers who watch are told.
        pictures: What else watchers are shown, each to its roles; started and stopped here.
        public_url: The address people use; its origin may connect, and the request's own host.
        guess: Counts unknown track links.
    """

    def __init__(
        self,
        app: Flask,
        relay: Relay,
        readings: LiveReadings,
        doorkeeper: Doorkeeper,
        adviser: Adviser,
        *,
        pictures: Sequence[PictureWatch] = (),
        public_url: str,
        guess: Guess = lambda environ: None,
    ) -> None:
        self._relay = relay
        self._readings = readings
        self._doorkeeper = doorkeeper
        self._guess = guess
        self._tracks = Tracks(readings)
        self._advice = AdviceWatch(adviser)
        self._pictures = (self._advice, *pictures)
        self._callers: dict[str, Caller] = {}
        self._peers: dict[str, Peer] = {}
        self._silent: dict[str, float] = {}
        self._boards: dict[str, tuple[bytes, dict[str, Any]]] = {}
        self._greenlet: gevent.Greenlet[..., None] | None = None
        self.evicted = 0
        self.socketio = SocketIO(
            app,
            async_mode="gevent",
            path="/socket.io",
            transports=["websocket"],
            allow_upgrades=False,
            ping_interval=PING_S,
            ping_timeout=PING_S,
            max_http_buffer_size=websocket.MAX_MESSAGE_BYTES,
            http_compression=False,
            manage_session=False,
            async_handlers=False,
            cors_allowed_origins=_origin_rule(public_url),
        )
        self._engine = self.socketio.server.eio
        self._connections = websocket.install(self._engine)
        self.socketio.on_event("connect", self._connect)
        self.socketio.on_event("disconnect", self._disconnect)
        self.socketio.on_event("watch", self._watch)
        relay.on_change.append(self._tracks.changed)
        relay.on_pulse.append(self._tracks.pulse)

    @property
    def count(self) -> int:
        """How many clients are connected."""
        return len(self._peers)

    def start(self) -> None:
        """Begin to look after the connections."""
        self._tracks.start()
        for picture in self._pictures:
            picture.start()
        self._greenlet = gevent.spawn(self._tend)

    def stop(self) -> None:
        """Close every connection."""
        if self._greenlet is not None:
            self._greenlet.kill()
        for picture in self._pictures:
            picture.stop()
        self._tracks.stop()
        for connection in list(self._connections.values()):
            connection.close()
        self.socketio.server.shutdown()

    def advice_taken(self, centre: str) -> None:
        """Look at once whether a centre's managers are to be told of other advice."""
        self._advice.changed(centre)

    # ---- events

    def _connect(self, auth: Any = None) -> None:
        token, track = _credentials(auth)
        sid: str = request.sid  # type: ignore[attr-defined]
        try:
            if token:
                self._admit_device(sid, token)
            elif track:
                self._admit_phone(sid, track)
            else:
                raise Refusal("unauthenticated", "Connect with a token or a track link.")
        except Refusal as refusal:
            raise ConnectionRefusedError(refusal.code) from refusal

    def _admit_device(self, sid: str, token: str) -> None:
        caller = self._doorkeeper.authenticate(token)
        if caller is None:
            raise Refusal("unauthenticated", "The token is unknown or was revoked.")
        self._callers[sid] = caller
        self._peer(sid)

    def _admit_phone(self, sid: str, track: str) -> None:
        found = self._readings.track_ticket(track) if is_track(track) else None
        if found is None:
            self._guess(request.environ)
            raise Refusal("unknown_track", "The track link is unknown.")
        centre, _ = found
        self._relay.feed(centre)
        self._tracks.follow(track, centre, self._peer(sid))

    def _peer(self, sid: str) -> Peer:
        engine_sid = self.socketio.server.manager.eio_sid_from_sid(sid, "/")
        peer = Peer(sid, self._engine.sockets[engine_sid], self._connections[engine_sid])
        self._peers[sid] = peer
        return peer

    def _disconnect(self, *_reason: Any) -> None:
        sid: str = request.sid  # type: ignore[attr-defined]
        peer = self._peers.pop(sid, None)
        if peer is not None and peer.connection.stalled:
            self.evicted += 1
        self._callers.pop(sid, None)
        self._relay.leave(sid)
        self._tracks.leave(sid)
        for picture in self._pictures:
            picture.leave(sid)

    def _watch(self, wanted: Any = None, *_rest: Any) -> dict[str, Any]:
        sid: str = request.sid  # type: ignore[attr-defined]
        try:
            centre, after = _asked(wanted)
            caller = self._callers.get(sid)
            if caller is None or not _may_watch(caller, centre):
                raise Refusal("forbidden", "This connection may not watch this centre.")
            answer = self._begin(sid, centre, after)
            for picture in self._pictures:
                if caller.role in picture.roles:
                    picture.follow(centre, self._peers[sid])
            return answer
        except Refusal as refusal:
            return {"error": msgspec.to_builtins(refusal.problem())}

    def _begin(self, sid: str, centre: str, after: int | None) -> dict[str, Any]:
        """Join the stream at what the answer shows; the changes after it follow the answer."""
        self._relay.leave(sid)
        for picture in self._pictures:
            picture.leave(sid)
        feed = self._relay.feed(centre)
        answer, seq = self._changes(centre, after)
        if answer is None:
            board = self._board(centre)
            answer, seq = {"board": board}, board["seq"]
        peer = self._peers.get(sid)
        if peer is None:
            raise Refusal("forbidden", "The connection is gone.")
        # Nothing may run between joining and the answer's being queued, which the caller does.
        feed.join(peer, seq)
        if feed.seq > seq:
            self._relay.suspect(centre)
        return answer

    def _changes(self, centre: str, after: int | None) -> tuple[dict[str, Any] | None, int]:
        if after is None or after > self._readings.seq_of(centre):
            return None, 0
        missed = self._readings.changes_after(centre, after)
        if missed is None or len(missed) > MAX_CHANGES:
            return None, 0
        return {"changes": [json.loads(body) for body in missed]}, after + len(missed)

    def _board(self, centre: str) -> dict[str, Any]:
        body = self._readings.board(centre)
        known = self._boards.get(centre)
        if known is None or known[0] is not body:
            known = self._boards[centre] = (body, json.loads(body))
        return known[1]

    # ---- looking after the connections

    def _tend(self) -> None:
        while True:
            gevent.sleep(REVOKED_EVERY_S)
            try:
                self._cut_revoked()
                self._cut_silent()
            except Exception:  # One bad look must not end the watch; the next one heals it.
                log.exception("looking after the sockets failed")

    def _cut_revoked(self) -> None:
        ids = {caller.id for caller in self._callers.values()}
        if not ids:
            return
        alive = self._doorkeeper.alive(ids)
        for sid, caller in list(self._callers.items()):
            if caller.id not in alive:
                log.info("cut a revoked connection")
                self._cut(sid)

    def _cut(self, sid: str) -> None:
        peer = self._peers.get(sid)
        self.socketio.server.disconnect(sid, namespace="/")
        if peer is not None:
            gevent.spawn_later(0.2, peer.connection.close)

    def _cut_silent(self) -> None:
        """Close connections that were opened and never said, or could not say, who they are."""
        known = {peer.engine_socket.sid for peer in self._peers.values()}
        now = monotonic()
        silent = {sid: self._silent.get(sid, now) for sid in self._connections if sid not in known}
        for sid, since in silent.items():
            if now - since > MAX_SILENT_S:
                self._connections[sid].close()
        self._silent = silent


def _may_watch(caller: Caller, centre: str) -> bool:
    """Any token of the centre, and those of the province; phones have none."""
    return caller.role in WATCHERS and caller.centre in (None, centre)


def _credentials(auth: Any) -> tuple[str, str]:
    if not isinstance(auth, dict) or len(auth) != 1:
        return "", ""
    token, track = auth.get("token", ""), auth.get("track", "")
    return (token if isinstance(token, str) else ""), (track if isinstance(track, str) else "")


def _asked(wanted: Any) -> tuple[str, int | None]:
    if not isinstance(wanted, dict) or not {"centre"} <= wanted.keys() <= {"centre", "after"}:
        raise Refusal("invalid_body", 'Send {"centre": ID} or {"centre": ID, "after": SEQ}.')
    centre, after = wanted["centre"], wanted.get("after")
    if not isinstance(centre, str) or not is_slug(centre):
        raise Refusal("unknown_centre", "There is no such centre.")
    if after is not None and (type(after) is not int or not 0 <= after < 2**53):
        raise Refusal("invalid_body", "`after` is a whole number, 0 or more.")
    return centre, after


def _origin_rule(public_url: str) -> Callable[[str, dict[str, Any]], bool]:
    parts = urlsplit(public_url)
    own = f"{parts.scheme}://{parts.netloc}"

    def allowed(origin: str, environ: dict[str, Any]) -> bool:
        host = environ.get("HTTP_HOST", "")
        return origin in (own, f"{environ.get('wsgi.url_scheme', 'http')}://{host}")

    return allowed
