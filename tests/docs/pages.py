"""The pages of docs/ as Markdown sees them: code blocks, links, words in backticks."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from markdown_it import MarkdownIt
from markdown_it.token import Token

ROOT: Final = Path(__file__).resolve().parents[2]
RUN: Final = "<!-- run -->"
"""Stands before a block whose commands the tests really run; nobody sees it."""


@dataclass(frozen=True)
class Block:
    """One fenced block."""

    page: str
    line: int
    language: str
    text: str
    runs: bool

    @property
    def where(self) -> str:
        """Page and line, as a fault names it."""
        return f"{self.page}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """The commands of a shell block: lines put together, comments taken off."""
        whole = self.text.replace("\\\n", " ")
        lines = (re.sub(r"(^|\s)#\s.*$", "", line).strip() for line in whole.splitlines())
        return [line for line in lines if line]


def page_paths() -> list[Path]:
    """Every page that people read: docs/ and the README."""
    return [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


@cache
def tokens(path: Path) -> list[Token]:
    """A page, parsed once."""
    return MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8"))


def blocks(language: str) -> list[Block]:
    """Every fenced block of that language."""
    return [block for path in page_paths() for block in _blocks(path) if block.language == language]


def _blocks(path: Path) -> Iterator[Block]:
    before = ""
    for token in tokens(path):
        if token.type == "fence":
            line = token.map[0] + 1 if token.map else 0
            name = str(path.relative_to(ROOT))
            yield Block(name, line, token.info.strip(), token.content, before == RUN)
        before = token.content.strip() if token.type == "html_block" else ""


def words(path: Path) -> Iterator[str]:
    """What stands in backticks on a page."""
    for token in tokens(path):
        for child in token.children or ():
            if child.type == "code_inline":
                yield child.content


def targets(path: Path) -> Iterator[str]:
    """Where the links and pictures of a page lead."""
    for token in tokens(path):
        for child in token.children or ():
            target = child.attrGet("href") or child.attrGet("src")
            if target:
                yield str(target)
