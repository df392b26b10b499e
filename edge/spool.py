"""What must still reach the server: an outbox that survives everything, kept in order.

An item leaves only when the server took it; what the server finally refused stays, marked, for
a person to see. Putting joins the caller's transaction, so that an item and what it is about
are durable together.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from edge.database import Database

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS spool (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    body TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    refused TEXT
)
"""


@dataclass(frozen=True)
class Item:
    """One thing to hand in. `key` is its operation key, the same at every try."""

    seq: int
    key: str
    kind: str
    body: dict[str, Any]
    tries: int
    refused: str | None


class Spool:
    """The outbox inside an agent's database. Safe to use from several threads."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.run(_SCHEMA)

    def put(self, key: str, kind: str, body: dict[str, Any]) -> None:
        """Add an item at the end; the same key twice is kept once. Joins an open transaction."""
        with self._database.transaction():
            self._database.run(
                "INSERT INTO spool (key, kind, body) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
                (key, kind, json.dumps(body, ensure_ascii=False)),
            )

    def first(self) -> Item | None:
        """The oldest item that is still to be handed in."""
        row = self._database.row("SELECT * FROM spool WHERE refused IS NULL ORDER BY seq LIMIT 1")
        return None if row is None else _item(row)

    def pending(self) -> list[Item]:
        """Everything still to be handed in, oldest first."""
        rows = self._database.rows("SELECT * FROM spool WHERE refused IS NULL ORDER BY seq")
        return [_item(row) for row in rows]

    def count(self) -> int:
        """How many are still to be handed in."""
        row = self._database.row("SELECT count(*) FROM spool WHERE refused IS NULL")
        return int(row[0]) if row else 0

    def settle(self, key: str, body: dict[str, Any]) -> None:
        """Replace a body that no try has sent yet; afterwards it stays as it was sent."""
        self._database.run(
            "UPDATE spool SET body = ? WHERE key = ? AND tries = 0",
            (json.dumps(body, ensure_ascii=False), key),
        )

    def tried(self, key: str) -> None:
        """Note that a try is about to be sent."""
        self._database.run("UPDATE spool SET tries = tries + 1 WHERE key = ?", (key,))

    def done(self, key: str) -> None:
        """The server took it. Joins an open transaction; safe to repeat."""
        self._database.run("DELETE FROM spool WHERE key = ?", (key,))

    def refuse(self, key: str, reason: str) -> None:
        """The server will never take it: keep it, out of the way, with the reason."""
        self._database.run("UPDATE spool SET refused = ? WHERE key = ?", (reason, key))

    def refused(self) -> list[Item]:
        """What the server finally refused, oldest first."""
        rows = self._database.rows("SELECT * FROM spool WHERE refused IS NOT NULL ORDER BY seq")
        return [_item(row) for row in rows]


def _item(row: Any) -> Item:
    return Item(
        seq=row["seq"],
        key=row["key"],
        kind=row["kind"],
        body=json.loads(row["body"]),
        tries=row["tries"],
        refused=row["refused"],
    )
