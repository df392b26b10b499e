"""What the pages of content need of storage: a centre's file, and its procedures."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol


class DefinitionRow(NamedTuple):
    """A centre's file, what only applies from tomorrow, and its version.

    `version` counts whatever makes the centre another one: its file, a loan, its procedures, a
    new day. `edition` counts changes of the file alone, `changed_ms` and `changed_by` (a caller's
    id, "" unless somebody is known) are those of the last.
    """

    centre: str
    version: int
    text: str
    today: str
    edition: int = 1
    changed_ms: int = 0
    changed_by: str = ""


class ContentRows(Protocol):
    """A centre's file and procedures in one transaction."""

    def definition(self, centre: str) -> DefinitionRow | None:
        """The centre's file; None where there is no such centre."""
        ...

    def save_definition(self, row: DefinitionRow) -> None:
        """Store the centre's file in place of the one before."""
        ...

    def centres(self) -> list[str]:
        """The ids of all centres, in order."""
        ...

    def procedures(self, centre: str) -> list[Mapping[str, str]]:
        """The centre's procedures as they were stored, in the order of their codes."""
        ...

    def save_procedures(self, centre: str, rows: Sequence[Mapping[str, str]]) -> None:
        """Store procedures, each in place of the one that has its code."""
        ...

    def drop_procedures(self, centre: str, codes: Iterable[str]) -> None:
        """Drop the procedures of these codes."""
        ...

    def name_of(self, actor: str) -> str:
        """The name of the account or device behind a caller's id; "" where there is none."""
        ...
