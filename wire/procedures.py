"""Procedures as managers and admins see and change them: one by one, or a table at once."""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

from wire.answers import Answer
from wire.configuration import Line
from wire.requests import Body, Slug
from wire.words import Name

TABLE_MOST: Final = 5_000_000
"""Bytes of a table, in UTF-8."""

LISTED_MOST: Final = 50
"""Procedures that a preview names of each kind; the rest are counted."""

Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
RowVersion = Annotated[str, Meta(pattern=r"^[0-9a-f]{0,12}$")]
Level = Literal["commune", "province", "both", ""]
Paper = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f;]*$", max_length=500)]
Papers = Annotated[list[Paper], Meta(max_length=40)]
LongLine = Annotated[str, Meta(pattern=r"^[^\x00-\x1f\x7f]*$", max_length=2000)]


class LongNames(Body, frozen=True):
    """What a procedure is called; without English, the Vietnamese is shown."""

    vi: LongLine
    en: LongLine = ""


class ProcedureRequest(Body, frozen=True):
    """What a procedure is from now on; `version` is that of the row it was made from.

    An empty version adds a procedure that is not there yet. `on_the_spot` is null where nobody
    has said; kiosks do not offer what is not `accepting`.
    """

    version: RowVersion
    name: LongNames
    service: Slug
    field: Line = ""
    level: Level = ""
    on_the_spot: bool | None = None
    papers: Papers = msgspec.field(default_factory=list)
    accepting: bool = True


class ProcedureRemoval(Body, frozen=True):
    """Drop a procedure that still is as it was seen."""

    version: RowVersion


class TableRequest(Body, frozen=True):
    """A table of procedures, CSV: what would it do?"""

    table: str


class TableImport(Body, frozen=True):
    """The table again, with the digest of the preview that somebody has agreed to."""

    table: str
    digest: Digest


class CatalogueEntry(Answer, frozen=True):
    """A procedure as it is stored; the version changes with any part of it."""

    code: str
    version: str
    name: Name
    field: str
    level: str
    on_the_spot: bool | None
    papers: list[str]
    service: str
    accepting: bool


class Catalogue(Answer, frozen=True):
    """Every procedure of a centre, also those that are not taken in now."""

    centre: str
    procedures: list[CatalogueEntry]


class TableFault(Answer, frozen=True):
    """What is wrong in a table: row and column as the spreadsheet has them, and what is right.

    `code` is a stable word for programs; `row` 0 is the file itself.
    """

    row: int
    column: str
    value: str
    code: str
    message: str
    right: str


class TableLine(Answer, frozen=True):
    """A procedure that a table adds, changes (in these columns) or drops."""

    code: str
    name: str
    columns: list[str]


class Elsewhere(Answer, frozen=True):
    """Rows of a service that the centre does not have; they are left out."""

    service: str
    rows: int


class TablePreview(Answer, frozen=True):
    """What a table would do; with any fault it will not be taken. Nothing has changed."""

    digest: str
    new: int
    changed: int
    unchanged: int
    removed: int
    faulty: int
    faults: list[TableFault]
    added: list[TableLine]
    changes: list[TableLine]
    removals: list[TableLine]
    elsewhere: list[Elsewhere]


class TableTaken(Answer, frozen=True):
    """What an import did."""

    count: int
    new: int
    changed: int
    removed: int
