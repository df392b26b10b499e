"""Pictures of a centre that some of its watchers are shown beside the stream of changes.

A picture has no seq: each one is whole, and the newest is the truth. It is worked out only
while somebody watches who may see it, and sent after the answer to `watch` and when it changes.
"""

import logging
from collections.abc import Callable, Hashable
from time import monotonic
from typing import Any, Final

import gevent
import msgspec
from gevent.event import Event

from server.realtime.feed import Peer
from server.realtime.websocket import event_frame
from wire.words import Role

log = logging.getLogger(__name__)

TICK_S: Final = 1.0

_encode = msgspec.json.encode


class _Watched:
    """One centre's watchers, and the sign of the picture that they were shown last."""

    def __init__(self) -> None:
        self.peers: dict[str, Peer] = {}
        self.untold: set[str] = set()
        self.told: Hashable = None
        self.told_at = 0.0
        self.checked_at = 0.0
        self.due = True


class PictureWatch:
    """One kind of picture, of every centre that somebody in this process is shown it of.

    Args:
        event: The name of its event.
        roles: Who is shown it.
        ask: A centre's picture, and its sign: it is sent again when the sign is another one.
        check_s: How often it is looked at.
        repeat_s: How often it is sent although nothing changed.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(
        self,
        event: str,
        roles: frozenset[Role],
        ask: Callable[[str], tuple[Hashable, Any]],
        *,
        check_s: float,
        repeat_s: float = float("inf"),
        elapsed: Callable[[], float] = monotonic,
    ) -> None:
        self.roles = roles
        self._event = event
        self._ask = ask
        self._check_s = check_s
        self._repeat_s = repeat_s
        self._elapsed = elapsed
        self._watched: dict[str, _Watched] = {}
        self._wake = Event()
        self._greenlet: gevent.Greenlet[..., None] | None = None

    def start(self) -> None:
        """Begin to look at the watched centres."""
        self._greenlet = gevent.spawn(self._run)

    def stop(self) -> None:
        """Stop looking."""
        if self._greenlet is not None:
            self._greenlet.kill(timeout=1.0)

    def follow(self, centre: str, peer: Peer) -> None:
        """Show a client a centre's picture, soon and whenever it changes. Returns at once."""
        self.leave(peer.sid)
        watched = self._watched.setdefault(centre, _Watched())
        watched.peers[peer.sid] = peer
        watched.untold.add(peer.sid)
        self.changed(centre)

    def leave(self, sid: str) -> None:
        """Forget a client; unknown ones are ignored."""
        for centre, watched in list(self._watched.items()):
            watched.peers.pop(sid, None)
            watched.untold.discard(sid)
            if not watched.peers:
                del self._watched[centre]

    def changed(self, centre: str) -> None:
        """Look at a centre now: somebody did something about it here. Returns at once."""
        watched = self._watched.get(centre)
        if watched is not None:
            watched.due = True
            self._wake.set()

    def look(self) -> None:
        """Show the watchers of each centre whose turn it is what they have not been shown."""
        for centre, watched in list(self._watched.items()):
            now = self._elapsed()
            if not watched.due and now - watched.checked_at < self._check_s:
                continue
            watched.due, watched.checked_at = False, now
            try:
                self._tell(watched, *self._ask(centre), now)
            except Exception:  # The next look may find the database back.
                log.exception("the picture '%s' was not worked out", self._event)

    def _tell(self, watched: _Watched, sign: Hashable, picture: Any, now: float) -> None:
        if sign != watched.told or now - watched.told_at >= self._repeat_s:
            watched.told, watched.told_at = sign, now
            watched.untold = set(watched.peers)
        if not watched.untold:
            return
        frame = event_frame(self._event, _encode(picture))
        for sid in watched.untold & watched.peers.keys():
            watched.peers[sid].push(frame)
        watched.untold.clear()

    def _run(self) -> None:
        while True:
            self._wake.wait(timeout=TICK_S if self._watched else None)
            self._wake.clear()
            self.look()
