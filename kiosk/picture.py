"""What the kiosk last heard of its server and centre, kept on disk for a start without them."""

import json
import threading
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from edge.database import Database
from kiosk.slip import service_of
from wire.answers import (
    Band,
    Board,
    CentreInfo,
    Procedure,
    Procedures,
    ServiceInfo,
    ServiceLoad,
    Whoami,
)

_WHOAMI: Final = "whoami"
_CENTRE: Final = "centre"
_PROCEDURES: Final = "procedures"
_TRACK_BASE: Final = "track_base"


NO_PROCEDURES: Final = Procedures("", "", [])


class _Table:
    """A table of procedures, ready to be asked by code and to be sent as it is."""

    def __init__(self, table: Procedures) -> None:
        self.version = table.version
        self.body = msgspec.json.encode(table)
        self.by_code = {row.code: row for row in table.procedures}


class Picture:
    """The last known state. Safe to use from several threads.

    Args:
        database: Where it is kept, in the table `known`.
        server: The configured address: where track links lead until the server says better.
        centre: The configured centre; what is kept of another counts for nothing.
    """

    def __init__(self, database: Database, server: str, centre: str) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._whoami: Whoami | None = self._restored(_WHOAMI, Whoami)
        self._centre: CentreInfo | None = self._restored(_CENTRE, CentreInfo)
        if self._centre is not None and self._centre.id != centre:
            self._centre = self._whoami = None  # the file names another centre now
        table: Procedures | None = self._restored(_PROCEDURES, Procedures)
        self._procedures = _Table(table if table and table.centre == centre else NO_PROCEDURES)
        self._board: Board | None = None
        self._centre_known = threading.Event()
        if self._centre is not None:
            self._centre_known.set()
        base = database.row("SELECT value FROM known WHERE name = ?", (_TRACK_BASE,))
        self._track_base = str(base["value"]) if base else f"{server}/t/"

    @property
    def centre(self) -> CentreInfo | None:
        """The centre's public configuration; None before the first contact ever."""
        return self._centre

    def wait_for_centre(self, timeout_s: float) -> CentreInfo | None:
        """The centre, for who asks in the first moments of a first start."""
        self._centre_known.wait(timeout_s)
        return self._centre

    @property
    def band(self) -> Band | None:
        """This kiosk's own range; None before the first contact ever."""
        return self._whoami.band if self._whoami else None

    @property
    def kiosk(self) -> int | None:
        """This kiosk's number in its centre; None before the first contact ever."""
        return self._whoami.kiosk if self._whoami else None

    @property
    def board(self) -> Board | None:
        """The public board as last heard in this run."""
        return self._board

    def service(self, service: str) -> ServiceInfo | None:
        """The service of that id, if the centre as last heard of has it."""
        return service_of(self._centre, service) if self._centre else None

    @property
    def procedures_version(self) -> str:
        """The version of the procedures that are kept; empty while there are none."""
        return self._procedures.version

    @property
    def procedures(self) -> tuple[str, bytes]:
        """The version of the procedures, and their table as JSON."""
        table = self._procedures
        return table.version, table.body

    def procedure(self, code: str) -> Procedure | None:
        """The procedure of that code, if the table as last heard of has it."""
        return self._procedures.by_code.get(code)

    def track_url(self, track: str) -> str:
        """Where the phone follows a ticket."""
        return self._track_base + track

    def loads(self) -> Mapping[str, ServiceLoad]:
        """How busy each service is, by id."""
        return {load.id: load for load in self._board.services} if self._board else {}

    def take_whoami(self, body: Any) -> Whoami:
        """Keep who we are. A band once known is not lost to an answer without one.

        Raises:
            msgspec.ValidationError: that is no whoami; nothing changed.
        """
        whoami = msgspec.convert(body, Whoami)
        with self._lock:
            known = self._whoami
            # The time is new at every answer and of no use later: it is not worth a write.
            same = known is not None and (known.band, known.kiosk) == (whoami.band, whoami.kiosk)
            if not same and whoami.band is not None and whoami.kiosk is not None:
                self._whoami = whoami
                self._keep(_WHOAMI, msgspec.to_builtins(whoami))
        return whoami

    def take_centre(self, body: Any) -> bool:
        """Keep the centre's configuration; True when it is another than before.

        Raises:
            msgspec.ValidationError: that is no centre; nothing changed.
        """
        centre = msgspec.convert(body, CentreInfo)
        with self._lock:
            if centre == self._centre:
                return False
            self._centre = centre
            self._centre_known.set()
            self._keep(_CENTRE, msgspec.to_builtins(centre))
            return True

    def take_procedures(self, body: Any) -> None:
        """Keep the procedures, in place of all that were known.

        Raises:
            msgspec.ValidationError: those are no procedures; nothing changed.
        """
        table = msgspec.convert(body, Procedures)
        with self._lock:
            if table.version != self._procedures.version:
                self._procedures = _Table(table)
                self._write(_PROCEDURES, self._procedures.body.decode())

    def take_board(self, body: Any) -> None:
        """Keep the board, in memory only: an old one would be shown to nobody.

        Raises:
            msgspec.ValidationError: that is no board; nothing changed.
        """
        self._board = msgspec.convert(body, Board)

    def take_track_url(self, url: str, track: str) -> None:
        """Learn from the server's own link where the phone finds it."""
        if not track or not url.endswith(track) or url == self.track_url(track):
            return
        with self._lock:
            self._track_base = url.removesuffix(track)
            self._write(_TRACK_BASE, self._track_base)

    def _restored(self, name: str, kind: type[Any]) -> Any:
        row = self._database.row("SELECT value FROM known WHERE name = ?", (name,))
        if row is None:
            return None
        try:
            return msgspec.json.decode(row["value"], type=kind)
        except msgspec.MsgspecError:
            return None  # an older release wrote it; the server will say it again

    def _keep(self, name: str, value: Any) -> None:
        self._write(name, json.dumps(value, ensure_ascii=False))

    def _write(self, name: str, value: str) -> None:
        with self._database.transaction():
            self._database.run(
                "INSERT INTO known VALUES (?, ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (name, value),
            )
