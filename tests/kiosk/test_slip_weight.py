"""No slip that the centres and the national catalogue can ask for is too heavy to print."""

from dataclasses import replace

import pytest

from kiosk import slip_blocks as blocks
from kiosk.escpos import slip_bytes
from kiosk.slip import plain_name, split_name
from kiosk.ticket_layout import SlipContent
from simulation import dataset
from tests.kiosk.slips import BIRTH, BIRTH_PAPERS, FACE, WORDS, content, lay_out
from tests.kiosk.test_ticket_layout import WIDTHS
from wire.units import Dots
from wire.words import Name

LIMIT_BYTES = 21_000


def weight(slip: SlipContent, width: int) -> int:
    return len(slip_bytes(lay_out(slip, Dots(width), FACE), tail_rows=96))


def words_of(procedure: dataset.Procedure) -> tuple[Name, tuple[str, ...]]:
    name = Name(procedure.name_vi, procedure.name_en)
    return name, tuple(paper for paper in procedure.documents_vi.split("; ") if paper)


def heaviest(count: int) -> list[dataset.Procedure]:
    rows = sorted(dataset.procedures(), key=lambda row: len(row.name_vi) + len(row.documents_vi))
    return rows[-count:]


def slips_of_every_centre() -> list[SlipContent]:
    """The words of every service at every centre, as copies of a number of the kiosk's own."""
    slip = content(offline=True, copy=1, number="HT1047")
    found = []
    for centre in map(dataset.centre, dataset.centre_ids()):
        organisation, place = split_name(
            centre["centre"]["name"]["vi"], WORDS.vi["slip.organisation"]
        )
        head = replace(slip, organisation=organisation, place=place)
        names = [service["name"] for service in centre["service"]]
        found += [replace(head, service=name["vi"], service_en=name["en"]) for name in names]
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_every_centre_and_service(width: int) -> None:
    slips = slips_of_every_centre()
    assert len(slips) > 300
    longest = sorted(slips, key=lambda slip: len(slip.service + slip.place))[-40:]
    for slip in longest + slips[::12]:
        assert weight(slip, width) <= LIMIT_BYTES, (slip.place, slip.service)


@pytest.mark.full
@pytest.mark.parametrize("width", WIDTHS)
def test_every_single_one(width: int) -> None:
    for slip in slips_of_every_centre():
        assert weight(slip, width) <= LIMIT_BYTES, (slip.place, slip.service)


@pytest.mark.parametrize("width", WIDTHS)
def test_the_longest_procedures(width: int) -> None:
    for row in heaviest(20):
        name, papers = words_of(row)
        slip = content(procedure=name, papers=papers, copy=1)
        assert weight(slip, width) <= LIMIT_BYTES, row.code


@pytest.mark.full
@pytest.mark.parametrize("width", WIDTHS)
def test_every_procedure(width: int) -> None:
    for row in dataset.procedures():
        name, papers = words_of(row)
        assert weight(content(procedure=name, papers=papers), width) <= LIMIT_BYTES, row.code


def listed(slip: SlipContent, width: int) -> list[int]:
    """How many papers the slip lists, with the right count of those it does not."""
    papers = slip.papers
    assert papers is not None
    strips = lay_out(slip, Dots(width), FACE).strips
    found = []
    for shown in range(1, len(papers.names) + 1):
        left = len(papers.names) - shown
        rest = papers.more.format(n=left) if left else ""
        names = papers.names[:shown]
        block = blocks.papers(
            blocks.SIZES[width], FACE, papers.procedure, papers.title, names, rest
        ).strips
        if any(strips[at : at + len(block)] == block for at in range(len(strips))):
            found.append(shown)
    return found


@pytest.mark.parametrize("width", WIDTHS)
def test_what_is_left_out_is_counted(width: int) -> None:
    """Two papers fit beside the rest and are all there; of many it says how many more."""
    assert listed(content(procedure=BIRTH, papers=BIRTH_PAPERS[:2]), width) == [2]
    (shown,) = listed(content(procedure=BIRTH, papers=BIRTH_PAPERS * 3), width)
    assert 1 <= shown < 12


def test_names_lose_the_word_they_all_begin_with() -> None:
    assert plain_name("Thủ tục đăng ký khai sinh") == "Đăng ký khai sinh"
    assert plain_name("Cấp bản sao Trích lục hộ tịch") == "Cấp bản sao Trích lục hộ tịch"
    assert content(procedure=BIRTH, papers=()).papers is None
