"""A ticket's words as a slip: one layout for 80 and 58 mm paper. Pure; 8 dots are 1 mm.

A slip is a few blocks, one under the other. It must not weigh more than the printer can take
in the time a citizen waits, so where the words are many the blocks are set more sparingly, in
a fixed order: what a citizen can least do without goes last.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from PIL import Image

from kiosk import slip_blocks as blocks
from kiosk.glyphs import Typeface
from kiosk.ports import TicketSlip
from kiosk.slip_blocks import Block, Sizes
from wire.units import Dots

PAPER_DOTS: Final[dict[int, Dots]] = {80: Dots(576), 58: Dots(384)}

BUDGET_BYTES: Final = 20_900
"""One slip's blocks; with the tail and the cut it stays under 21 kB."""

_QR_ROOM: Final = (180, 132)
"""Widest QR in dots, normally and where it must be spared; modules are 4 dots or more."""


@dataclass(frozen=True)
class Fact:
    """One line of facts: what it is, in both languages, and its value."""

    label: str
    label_en: str
    value: str


@dataclass(frozen=True)
class PaperList:
    """What a procedure usually asks for; `more` says how many are not listed ("{n}")."""

    procedure: str
    title: str
    names: tuple[str, ...]
    more: str


@dataclass(frozen=True)
class SlipContent:
    """The words of one slip, ready to be set. Empty ones are left out.

    `english` says which label stays where there is room for one language only.
    """

    organisation: str
    place: str
    service: str
    service_en: str
    number: str
    facts: tuple[Fact, ...]
    track_url: str
    scan: str
    scan_en: str
    issued: str
    closing: str
    marks: tuple[str, ...] = field(default=())
    notice: str = ""
    papers: PaperList | None = None
    english: bool = False


@dataclass(frozen=True)
class _Economy:
    """How sparingly a slip is set."""

    qr: int = 0
    both_languages: bool = True
    papers: int = 6
    closing: bool = True
    scan_twice: bool = True
    whole_marks: bool = True


_STEPS: Final[tuple[Callable[[_Economy], _Economy], ...]] = (
    lambda e: replace(e, qr=1),
    lambda e: replace(e, papers=4),
    lambda e: replace(e, both_languages=False),
    lambda e: replace(e, papers=3),
    lambda e: replace(e, closing=False),
    lambda e: replace(e, papers=2),
    lambda e: replace(e, papers=1),
    lambda e: replace(e, papers=0),
    lambda e: replace(e, scan_twice=False),
    lambda e: replace(e, whole_marks=False),
)


def lay_out(content: SlipContent, paper_dots: Dots, typeface: Typeface) -> TicketSlip:
    """Set a slip for paper of 576 or 384 dots, and cut it into strips."""
    chosen = _fitted(content, paper_dots, typeface)
    return TicketSlip(paper_dots, tuple(strip for block in chosen for strip in block.strips))


def picture_of(content: SlipContent, paper_dots: Dots, typeface: Typeface) -> Image.Image:
    """The slip as one 1-bit picture; white is ink."""
    chosen = _fitted(content, paper_dots, typeface)
    picture = Image.new("1", (int(paper_dots), sum(block.picture.height for block in chosen)), 0)
    y = 0
    for block in chosen:
        picture.paste(block.picture, (0, y))
        y += block.picture.height
    return picture


def _fitted(content: SlipContent, paper_dots: Dots, typeface: Typeface) -> list[Block]:
    """The blocks in the most generous setting that is within the budget."""
    economy = _Economy()
    chosen = _set(content, economy, blocks.SIZES[paper_dots], typeface)
    for step in _STEPS:
        if sum(block.cost_bytes for block in chosen) <= BUDGET_BYTES:
            break
        economy = step(economy)
        chosen = _set(content, economy, blocks.SIZES[paper_dots], typeface)
    return chosen


def _set(content: SlipContent, economy: _Economy, sizes: Sizes, typeface: Typeface) -> list[Block]:
    made = [blocks.head(sizes, typeface, content.organisation, content.place)]
    if content.marks:
        made.append(blocks.marks(sizes, typeface, _marks(content.marks, economy)))
    made.append(blocks.service(sizes, typeface, content.service, content.service_en))
    made.append(blocks.number(sizes, typeface, content.number))
    if content.notice:
        made.append(blocks.notice(sizes, typeface, content.notice))
    if content.facts:
        lines = tuple(
            (_label(fact, economy.both_languages, content.english), fact.value)
            for fact in content.facts
        )
        made.append(blocks.facts(sizes, typeface, lines))
    if content.track_url:
        made.append(_qr(content, economy, sizes, typeface))
    if content.papers is not None:
        made += _papers(content.papers, economy, sizes, typeface)
    closing = content.closing if economy.closing else ""
    made.append(blocks.foot(sizes, typeface, content.issued, closing))
    return made


def _marks(marks: tuple[str, ...], economy: _Economy) -> tuple[str, ...]:
    """The marks; where room is dear, only what stands before the point: "NGOẠI TUYẾN"."""
    return marks if economy.whole_marks else tuple(mark.split(" · ", 1)[0] for mark in marks)


def _label(fact: Fact, both: bool, english: bool) -> str:
    if both:
        return f"{fact.label} · {fact.label_en}"
    return fact.label_en if english else fact.label


def _qr(content: SlipContent, economy: _Economy, sizes: Sizes, typeface: Typeface) -> Block:
    modules = len(blocks.qr_matrix(content.track_url))
    module = max(4, min(6, _QR_ROOM[economy.qr] // modules))
    first, second = content.scan, content.scan_en
    if not economy.scan_twice:
        first, second = (second, "") if content.english else (first, "")
    return blocks.qr(sizes, typeface, content.track_url, module, first, second)


def _papers(papers: PaperList, economy: _Economy, sizes: Sizes, typeface: Typeface) -> list[Block]:
    """The list, or what is left of it; a single one that is left out needs no line of its own."""
    shown = papers.names[: economy.papers]
    hidden = len(papers.names) - len(shown)
    if not shown:
        return []
    rest = papers.more.format(n=hidden) if hidden else ""
    made = blocks.papers(sizes, typeface, papers.procedure, papers.title, shown, rest)
    return [made]
