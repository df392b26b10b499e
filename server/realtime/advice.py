"""Managers who watch a centre: its advice at once, when it changes, and every ten minutes."""

import logging
from collections.abc import Callable
from time import monotonic
from typing import Final

import gevent
import msgspec
from gevent.event import Event

from server.realtime.feed import Peer
from server.realtime.ports import Adviser
from server.realtime.websocket import event_frame
from wire.live import Advised
from wire.oversight import AdviceBoard
from wire.words import Role

log = logging.getLogger(__name__)

ADVISED: Final[frozenset[Role]] = frozenset({"manager", "admin"})
CHECK_S: Final = 5.0
REPEAT_S: Final = 600.0
TICK_S: Final = 1.0

_encode = msgspec.json.encode


class _Watched:
    """One centre's managers, and the advice that they were told last."""

    def __init__(self) -> None:
        self.peers: dict[str, Peer] = {}
        self.untold: set[str] = set()
        self.told: frozenset[str] | None = None
        self.told_at = 0.0
        self.checked_at = 0.0
        self.due = True


class AdviceWatch:
    """The advice of every centre that a manager watches in this process.

    Args:
        adviser: Works the advice out; asked only while a manager watches.
        elapsed: Seconds on a clock that only goes forward.
    """

    def __init__(self, adviser: Adviser, elapsed: Callable[[], float] = monotonic) -> None:
        self._adviser = adviser
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
        """Tell a manager a centre's advice, soon and whenever it changes. Returns at once."""
        self.leave(peer.sid)
        watched = self._watched.setdefault(centre, _Watched())
        watched.peers[peer.sid] = peer
        watched.untold.add(peer.sid)
        self.taken(centre)

    def leave(self, sid: str) -> None:
        """Forget a client; unknown ones are ignored."""
        for centre, watched in list(self._watched.items()):
            watched.peers.pop(sid, None)
            watched.untold.discard(sid)
            if not watched.peers:
                del self._watched[centre]

    def taken(self, centre: str) -> None:
        """Look at a centre now: somebody acted on its advice. Returns at once."""
        watched = self._watched.get(centre)
        if watched is not None:
            watched.due = True
            self._wake.set()

    def look(self) -> None:
        """Tell the managers of each centre whose turn it is what they have not been told."""
        for centre, watched in list(self._watched.items()):
            now = self._elapsed()
            if not watched.due and now - watched.checked_at < CHECK_S:
                continue
            watched.due, watched.checked_at = False, now
            try:
                self._tell(watched, self._adviser.board(centre), now)
            except Exception:  # The next look may find the database back.
                log.exception("advice was not worked out")

    @staticmethod
    def _tell(watched: _Watched, board: AdviceBoard, now: float) -> None:
        ids = frozenset(one.id for one in board.advice)
        if ids != watched.told or now - watched.told_at >= REPEAT_S:
            watched.told, watched.told_at = ids, now
            watched.untold = set(watched.peers)
        if not watched.untold:
            return
        body = _encode(Advised(board.centre, board.as_of, board.advice))
        frame = event_frame("advice", body)
        for sid in watched.untold & watched.peers.keys():
            watched.peers[sid].push(frame)
        watched.untold.clear()

    def _run(self) -> None:
        while True:
            self._wake.wait(timeout=TICK_S if self._watched else None)
            self._wake.clear()
            self.look()
