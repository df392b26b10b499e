"""What each cell of a table of procedures may hold, whoever fills it in."""

import re
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from server.domain.typed_text import cleaned, holds_control
from wire.ids import PROCEDURE

Row = dict[str, str]
"""A procedure: `code service name_vi name_en field level on_the_spot documents accepting`."""

PAPERS_JOIN: Final = "; "
NAME_MOST: Final = 2000
FIELD_MOST: Final = 300
PAPERS_MOST: Final = 4000
VALUE_MOST: Final = 60
"""Letters of a faulty value that are told."""

LEVELS: Final[Mapping[str, str]] = {
    "": "",
    "commune": "commune", "xã": "commune", "cấp xã": "commune",
    "province": "province", "tỉnh": "province", "cấp tỉnh": "province",
    "both": "both", "cả hai": "both", "tỉnh, xã": "both",
}  # fmt: skip
FLAGS: Final[Mapping[str, str]] = {
    "true": "true", "1": "true", "có": "true", "yes": "true", "x": "true", "đúng": "true",
    "false": "false", "0": "false", "không": "false", "no": "false", "sai": "false",
}  # fmt: skip
MAYBES: Final[Mapping[str, str]] = {
    **FLAGS, "": "unknown", "unknown": "unknown", "chưa rõ": "unknown",
}  # fmt: skip
ACCEPTING: Final[Mapping[str, str]] = {**FLAGS, "": "true"}

_CODE: Final = re.compile(PROCEDURE)
_DAMAGED: Final = "\ufffd"


class CellFault(NamedTuple):
    """What is wrong in a table: where, what stands there, and what would be right.

    `code` is a stable word; `right` is "" where nothing in particular would be.
    """

    row: int
    column: str
    value: str
    code: str
    message: str
    right: str


class Cell(NamedTuple):
    """A cell as it is kept, or the stable word of its fault."""

    text: str
    fault: str = ""
    message: str = ""
    right: str = ""


def written(text: str) -> str:
    """A value as a fault tells it: one line, not too long."""
    text = re.sub(r"[\x00-\x1f\x7f]", " ", text)
    return text if len(text) <= VALUE_MOST else text[: VALUE_MOST - 1] + "…"


def _text(name: str, most: int) -> Callable[[str], Cell]:
    def read(given: str) -> Cell:
        text = cleaned(given)
        if _DAMAGED in text:
            return Cell(text, "damaged", f"{name} has letters that were lost; save as UTF-8", "")
        if holds_control(text):
            return Cell(text, "control", f"{name} holds control characters", "")
        if len(text) > most:
            message = f"{name} has {len(text)} letters; at most {most} hold"
            return Cell(text, "long", message, str(most))
        return Cell(text)

    return read


def _word(name: str, words: Mapping[str, str]) -> Callable[[str], Cell]:
    right = ", ".join(dict.fromkeys(word for word in words.values() if word))

    def read(given: str) -> Cell:
        found = words.get(cleaned(given).casefold())
        if found is None:
            return Cell("", "choice", f"{name} is none of {right}", right)
        return Cell(found)

    return read


def _code(given: str) -> Cell:
    code = cleaned(given)
    if not code or _CODE.fullmatch(code):
        return Cell(code)
    dotted = code.replace(",", ".")
    right = dotted if _CODE.fullmatch(dotted) else ""
    message = f"code {written(code)} must be up to 32 letters, digits, dots and hyphens"
    return Cell(code, "code", message, right)


def papers_of(text: str) -> list[str]:
    """The papers of a cell, each on its own."""
    return [paper for paper in map(cleaned, re.split(r"[;\n\r]", text)) if paper]


def _papers(given: str) -> Cell:
    return _text("documents_vi", PAPERS_MOST)(PAPERS_JOIN.join(papers_of(given)))


CELLS: Final[Mapping[str, Callable[[str], Cell]]] = {
    "code": _code,
    "name_vi": _text("name_vi", NAME_MOST),
    "name_en": _text("name_en", NAME_MOST),
    "field_vi": _text("field_vi", FIELD_MOST),
    "level": _word("level", LEVELS),
    "on_the_spot": _word("on_the_spot", MAYBES),
    "documents_vi": _papers,
    "service": _text("service", FIELD_MOST),
    "accepting": _word("accepting", ACCEPTING),
}
"""How each column is read; the names are those of the table."""

FIELD_OF: Final[Mapping[str, str]] = {
    name: {"field_vi": "field", "documents_vi": "documents"}.get(name, name) for name in CELLS
}
"""What a column is called where procedures are stored."""

NEEDED: Final = frozenset({"code", "name_vi", "service"})

_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_FORMULA: Final = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """A cell as it was before `guarded`."""
    return text[1:] if _GUARDED.match(text) else text
