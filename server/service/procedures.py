"""The procedures of a centre as its kiosks ask for them: made once, kept by version."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import msgspec

from server.service.snapshot import Snapshot
from wire.answers import Procedure, Procedures
from wire.words import Name

_ON_THE_SPOT: Final = {"true": True, "false": False}
_VERSION_CHARS: Final = 12

_encode = msgspec.json.Encoder().encode


class _Table(NamedTuple):
    """One centre's table: of which version of its configuration, its own version, as JSON."""

    of_version: int
    version: str
    body: bytes
    rows: Mapping[str, Procedure]


class ProcedureTables:
    """The tables known to this process. Safe from any thread: entries are replaced whole.

    A table belongs to a version of its centre's configuration, so that asking for it again costs
    no query, and what another process imports is seen with the version it makes.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Table] = {}

    def version(self, snap: Snapshot) -> str:
        """The table's own version, from its content alone; empty where there is none."""
        return self._table(snap).version

    def answer(self, snap: Snapshot) -> bytes:
        """The table as JSON, only of what the centre takes in now."""
        return self._table(snap).body

    def of(self, snap: Snapshot, codes: Iterable[str]) -> dict[str, Procedure]:
        """What is known of these procedures, by code; codes nobody knows are left out."""
        rows = self._table(snap).rows
        return {code: rows[code] for code in codes if code in rows}

    def find(self, snap: Snapshot, code: str | None) -> Procedure | None:
        """The procedure of this code, if the centre offers it now."""
        return self._table(snap).rows.get(code) if code else None

    def _table(self, snap: Snapshot) -> _Table:
        known = self._kept.get(snap.centre.id)
        if known is not None and known.of_version == snap.ledger.version:
            return known
        offered = {service.id for service in snap.centre.offered()}
        found = [
            _procedure(row)
            for row in snap.tx.procedures(snap.centre.id)
            if row["service"] in offered and row["accepting"] == "true"
        ]
        digest = hashlib.sha256(_encode(found)).hexdigest()
        version = digest[:_VERSION_CHARS] if found else ""
        body = _encode(Procedures(snap.centre.id, version, found))
        rows = {procedure.code: procedure for procedure in found}
        made = _Table(snap.ledger.version, version, body, rows)
        self._kept[snap.centre.id] = made
        return made


def _procedure(row: Mapping[str, str]) -> Procedure:
    papers = (paper.strip() for paper in row["documents"].split("; "))
    return Procedure(
        code=row["code"],
        name=Name(row["name_vi"], row["name_en"] or row["name_vi"]),
        field=row["field"],
        level=row["level"],
        on_the_spot=_ON_THE_SPOT.get(row["on_the_spot"]),
        papers=[paper for paper in papers if paper],
        service=row["service"],
    )
