"""The rows of `service.content_ports`: a centre's file and its procedures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from server.service.content_ports import DefinitionRow
from server.storage.sql import select, upsert
from server.storage.statements import Statements

_DEFINITION: Final = ("id", *DefinitionRow._fields[1:])
_PROCEDURE: Final = (
    "code", "service", "name_vi", "name_en", "field", "level", "on_the_spot", "documents",
    "accepting",
)  # fmt: skip
_NAME: Final = (
    "SELECT COALESCE((SELECT name FROM person WHERE id = ?), "
    "(SELECT name FROM token WHERE id = ?), '')"
)

SAVE_PROCEDURE: Final = upsert("procedure", ("centre", *_PROCEDURE), ("centre", "code"))


class ContentRows(Statements):
    """The methods of `service.content_ports.ContentRows`."""

    def definition(self, centre: str) -> DefinitionRow | None:
        row = self.one(select("centre", _DEFINITION, "id = ?"), (centre,))
        return DefinitionRow._make(row) if row else None

    def save_definition(self, row: DefinitionRow) -> None:
        self.execute(upsert("centre", _DEFINITION, ("id",)), row)

    def centres(self) -> list[str]:
        return [row[0] for row in self.all("SELECT id FROM centre ORDER BY id")]

    def procedures(self, centre: str) -> list[Mapping[str, str]]:
        rows = self.all(select("procedure", _PROCEDURE, "centre = ?"), (centre,))
        # Sorted here: a database may order text by the rules of some language.
        return sorted(
            (dict(zip(_PROCEDURE, row, strict=True)) for row in rows), key=lambda row: row["code"]
        )

    def save_procedures(self, centre: str, rows: Sequence[Mapping[str, str]]) -> None:
        for row in rows:
            self.execute(SAVE_PROCEDURE, (centre, *(row[name] for name in _PROCEDURE)))

    def drop_procedures(self, centre: str, codes: Iterable[str]) -> None:
        for code in codes:
            self.execute("DELETE FROM procedure WHERE centre = ? AND code = ?", (centre, code))

    def name_of(self, actor: str) -> str:
        row = self.one(_NAME, (actor[2:], actor[2:]))
        return row[0] if row else ""
