"""What this kiosk gave out, durable before any paper moves.

A ticket's paper goes queued → printing → printed, failed or unknown. After a crash what was
printing is unknown: the number is kept, and nothing prints it again by itself.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, cast

import msgspec

from edge.clock import Stamp
from edge.database import Database
from kiosk.elsewhere import Elsewhere
from wire.answers import Wait
from wire.words import Language, Priority

PaperState = Literal["queued", "printing", "printed", "failed", "unknown"]
Mode = Literal["online", "offline"]
Handed = Literal["not_needed", "pending", "done", "refused"]

KEEP_DAYS: Final = 3

SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS ticket (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    day TEXT,
    number TEXT NOT NULL,
    service TEXT NOT NULL,
    priority TEXT NOT NULL,
    language TEXT NOT NULL,
    track_url TEXT NOT NULL,
    mode TEXT NOT NULL CHECK (mode IN ('online', 'offline')),
    issued_at TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    ticks_s REAL NOT NULL,
    trusted INTEGER NOT NULL,
    ahead INTEGER,
    likely_s INTEGER,
    high_s INTEGER,
    paper TEXT NOT NULL CHECK (paper IN ('queued', 'printing', 'printed', 'failed', 'unknown')),
    reason TEXT NOT NULL DEFAULT '',
    papers INTEGER NOT NULL DEFAULT 0,
    handed TEXT NOT NULL CHECK (handed IN ('not_needed', 'pending', 'done', 'refused'))
);
CREATE UNIQUE INDEX IF NOT EXISTS own_number ON ticket (day, number) WHERE mode = 'offline';
CREATE INDEX IF NOT EXISTS open_paper ON ticket (paper) WHERE paper <> 'printed';
CREATE TABLE IF NOT EXISTS attempt (
    key TEXT PRIMARY KEY,
    id TEXT NOT NULL,
    service TEXT NOT NULL,
    priority TEXT NOT NULL,
    language TEXT NOT NULL,
    track TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS elsewhere (ticket TEXT PRIMARY KEY, place TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attempt_elsewhere (key TEXT PRIMARY KEY, going_to TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS ticket_procedure (ticket TEXT PRIMARY KEY, code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS attempt_procedure (key TEXT PRIMARY KEY, code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS print_order (
    id TEXT PRIMARY KEY,
    ticket TEXT NOT NULL,
    brought INTEGER NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    told INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE IF NOT EXISTS band_next (
    day TEXT NOT NULL, prefix TEXT NOT NULL, next INTEGER NOT NULL, PRIMARY KEY (day, prefix)
);
CREATE TABLE IF NOT EXISTS emergency (
    one INTEGER PRIMARY KEY CHECK (one = 1), last INTEGER NOT NULL, floor_day TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS known (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

_TICKETS: Final = (
    "SELECT ticket.*, elsewhere.place, ticket_procedure.code AS procedure FROM ticket"
    " LEFT JOIN elsewhere ON elsewhere.ticket = id"
    " LEFT JOIN ticket_procedure ON ticket_procedure.ticket = id"
)
_UNPRINTED: Final = (
    f"{_TICKETS} WHERE paper IN ('failed', 'unknown') AND id NOT IN"  # noqa: S608 - fixed text
    " (SELECT ticket FROM print_order WHERE brought = 1) ORDER BY seq DESC LIMIT ?"
)

# An order and its paper were noted together, so that the paper tells how the order ended.
_RESOLVE_ORDERS: Final = (
    "UPDATE print_order SET reason = 'interrupted', outcome ="
    " CASE (SELECT paper FROM ticket WHERE ticket.id = print_order.ticket)"
    " WHEN 'printed' THEN 'printed' WHEN 'failed' THEN 'failed' WHEN 'queued' THEN 'failed'"
    " ELSE 'unknown' END WHERE outcome = ''"
)


@dataclass(frozen=True)
class Entry:
    """One ticket as the kiosk knows it. `papers` counts the slips that may be out.

    `elsewhere` is set for a number of another centre, which is never handed in. `procedure` is
    the code of what somebody came for, where they said so.
    """

    id: str
    day: str | None
    number: str
    service: str
    priority: Priority
    language: Language
    track_url: str
    mode: Mode
    stamp: Stamp
    ahead: int | None
    wait: Wait | None
    paper: PaperState
    reason: str
    papers: int
    handed: Handed
    elsewhere: Elsewhere | None = None
    procedure: str | None = None

    @property
    def issued_at(self) -> datetime:
        """When it was given out, as the kiosk knew it."""
        return self.stamp.shown


@dataclass(frozen=True)
class Attempt:
    """An online try whose answer has not been heard; `going_to` names another centre, if any."""

    key: str
    id: str
    service: str
    priority: Priority
    language: Language
    track: str
    going_to: str = ""
    procedure: str | None = None


class Journal:
    """The tickets and open tries in the kiosk's database. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def begin(self, attempt: Attempt) -> None:
        """Durable before the server is asked, so that a crash leaves no ticket unknown."""
        with self.database.transaction():
            self.database.run(
                "INSERT INTO attempt VALUES (?, ?, ?, ?, ?, ?)",
                (
                    attempt.key, attempt.id, attempt.service,
                    attempt.priority, attempt.language, attempt.track,
                ),
            )  # fmt: skip
            if attempt.going_to:
                self.database.run(
                    "INSERT INTO attempt_elsewhere VALUES (?, ?)", (attempt.key, attempt.going_to)
                )
            if attempt.procedure:
                self.database.run(
                    "INSERT INTO attempt_procedure VALUES (?, ?)", (attempt.key, attempt.procedure)
                )

    def end(self, key: str) -> None:
        """The try is answered, or replaced by a number of our own. Joins a transaction."""
        with self.database.transaction():
            self.database.run("DELETE FROM attempt WHERE key = ?", (key,))
            self.database.run("DELETE FROM attempt_elsewhere WHERE key = ?", (key,))
            self.database.run("DELETE FROM attempt_procedure WHERE key = ?", (key,))

    def attempts(self) -> list[Attempt]:
        """The tries nobody knows the end of, oldest first."""
        rows = self.database.rows(
            "SELECT attempt.*, coalesce(going_to, '') AS going_to, code AS procedure FROM attempt"
            " LEFT JOIN attempt_elsewhere USING (key) LEFT JOIN attempt_procedure USING (key)"
            " ORDER BY attempt.rowid"
        )
        return [Attempt(**dict(row)) for row in rows]

    def add(self, entry: Entry) -> None:
        """Keep a new ticket. Joins a transaction."""
        stamp, wait = entry.stamp, entry.wait
        values = (
            entry.id, entry.day, entry.number, entry.service, entry.priority, entry.language,
            entry.track_url, entry.mode, _text(stamp.shown), stamp.boot_id, stamp.ticks_s,
            int(stamp.trusted), entry.ahead, wait and wait.likely_s, wait and wait.high_s,
            entry.paper, entry.reason, entry.papers, entry.handed,
        )  # fmt: skip
        marks = ", ".join("?" * len(values))
        with self.database.transaction():
            self.database.run(f"INSERT INTO ticket VALUES (NULL, {marks})", values)  # noqa: S608 - marks only
            if entry.elsewhere is not None:
                place = msgspec.json.encode(entry.elsewhere).decode()
                self.database.run("INSERT INTO elsewhere VALUES (?, ?)", (entry.id, place))
            if entry.procedure:
                self.database.run(
                    "INSERT INTO ticket_procedure VALUES (?, ?)", (entry.id, entry.procedure)
                )

    def find(self, ticket_id: str) -> Entry | None:
        """The ticket of that id, or None."""
        row = self.database.row(f"{_TICKETS} WHERE id = ?", (ticket_id,))
        return None if row is None else _entry(row)

    def find_by_track(self, track: str) -> Entry | None:
        """The newest ticket whose link ends in that token, or None."""
        row = self.database.row(
            f"{_TICKETS} WHERE substr(track_url, -?) = ? ORDER BY seq DESC",
            (len(track) + 1, "/" + track),
        )
        return None if row is None else _entry(row)

    def printing(self, ticket_id: str) -> None:
        """Durable before the first byte goes to the printer."""
        with self.database.transaction():
            self.database.run(
                "UPDATE ticket SET paper = 'printing', reason = '' WHERE id = ?", (ticket_id,)
            )

    def printed(self, ticket_id: str, paper: PaperState, reason: str, *, paper_moved: bool) -> None:
        """How the paper ended, and whether any may be out."""
        with self.database.transaction():
            self.database.run(
                "UPDATE ticket SET paper = ?, reason = ?, papers = papers + ? WHERE id = ?",
                (paper, reason, int(paper_moved), ticket_id),
            )

    def queue_again(self, ticket_id: str) -> bool:
        """Make a ticket wait for paper once more; False while it is already on its way."""
        with self.database.transaction():
            changed = self.database.run(
                "UPDATE ticket SET paper = 'queued', reason = ''"
                " WHERE id = ? AND paper NOT IN ('queued', 'printing')",
                (ticket_id,),
            )
        return changed == 1

    def resolve_after_start(self) -> None:
        """Close what a crash left open: never begun is no paper, begun is unknown."""
        with self.database.transaction():
            self.database.run(_RESOLVE_ORDERS)
            self.database.run(
                "UPDATE ticket SET paper = 'unknown', reason = 'interrupted', papers = papers + 1"
                " WHERE paper = 'printing'"
            )
            self.database.run(
                "UPDATE ticket SET reason = 'interrupted',"
                " paper = CASE WHEN papers > 0 THEN 'unknown' ELSE 'failed' END"
                " WHERE paper = 'queued'"
            )

    def handed(self, ticket_id: str, how: Handed) -> None:
        """What became of the hand-in. Joins a transaction."""
        self.database.run("UPDATE ticket SET handed = ? WHERE id = ?", (how, ticket_id))

    def unprinted(self, limit: int = 20) -> list[Entry]:
        """The newest tickets whose paper is not known to be out, newest first.

        Not those that staff brought here: whoever asked for their paper knows how it ended.
        """
        rows = self.database.rows(_UNPRINTED, (limit,))
        return [_entry(row) for row in rows]

    def last_known_time(self) -> datetime | None:
        """The latest trusted time of issue, so that the clock does not go back behind it."""
        row = self.database.row("SELECT max(issued_at) FROM ticket WHERE trusted = 1")
        return datetime.fromisoformat(row[0]) if row and row[0] else None

    def forget_before(self, now: datetime) -> None:
        """Drop what is old and safely with the server; numbers of the day are kept."""
        limit = _text(now - timedelta(days=KEEP_DAYS))
        with self.database.transaction():
            self.database.run(
                "DELETE FROM ticket WHERE issued_at < ? AND handed IN ('not_needed', 'done')",
                (limit,),
            )
            for side in ("elsewhere", "ticket_procedure", "print_order"):
                self.database.run(
                    f"DELETE FROM {side} WHERE ticket NOT IN (SELECT id FROM ticket)"  # noqa: S608 - fixed names
                )
            self.database.run("DELETE FROM band_next WHERE day < ?", (limit[:10],))


def unsent(entry: Entry) -> bool:
    """Whether the ticket's paper is still on its way."""
    return entry.paper in ("queued", "printing")


def with_paper(entry: Entry, paper: PaperState, reason: str = "") -> Entry:
    """The same ticket, its paper in another state."""
    return replace(entry, paper=paper, reason=reason)


def _text(moment: datetime) -> str:
    """In UTC and of one length, so that texts are ordered as moments are."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _entry(row: Any) -> Entry:
    likely_s, high_s = row["likely_s"], row["high_s"]
    return Entry(
        id=row["id"],
        day=row["day"],
        number=row["number"],
        service=row["service"],
        priority=cast(Priority, row["priority"]),
        language=cast(Language, row["language"]),
        track_url=row["track_url"],
        mode=cast(Mode, row["mode"]),
        stamp=Stamp(
            row["boot_id"],
            row["ticks_s"],
            datetime.fromisoformat(row["issued_at"]),
            bool(row["trusted"]),
        ),
        ahead=row["ahead"],
        wait=None if likely_s is None or high_s is None else Wait(likely_s, high_s),
        paper=cast(PaperState, row["paper"]),
        reason=row["reason"],
        papers=row["papers"],
        handed=cast(Handed, row["handed"]),
        elsewhere=msgspec.json.decode(row["place"], type=Elsewhere) if row["place"] else None,
        procedure=row["procedure"],
    )
