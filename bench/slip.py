"""What a slip weighs on the wire, and how long it takes to set."""

import itertools
import time
from statistics import median
from typing import Any

from kiosk.app import typeface, wording
from kiosk.escpos import slip_bytes
from kiosk.glyphs import Typeface
from kiosk.slip import plain_name
from kiosk.ticket_layout import PAPER_DOTS, Fact, PaperList, SlipContent, lay_out
from simulation import dataset

LIMIT_BYTES = 21_000
LIMIT_MS = 25.0
LIMIT_OF_ONE_IMAGE = 0.4

LINK = "https://layso.binhduong.gov.vn/t/AbCdEfGhIjKlMnOpQr"
CENTRE = "ward-lai-thieu"
BIRTH = "1.001193"
TAIL_ROWS = 96


def measure(slips: int) -> dict[str, Any]:
    """Set many different slips, plain and with the papers of a procedure, for both widths."""
    face = typeface()
    found: dict[str, Any] = {}
    for paper_mm, with_papers in itertools.product(PAPER_DOTS, (False, True)):
        key = f"{paper_mm}_mm{'_papers' if with_papers else ''}"
        found[key] = _measured(face, paper_mm, with_papers, slips)
    return found


def _measured(face: Typeface, paper_mm: int, with_papers: bool, slips: int) -> dict[str, Any]:
    dots = PAPER_DOTS[paper_mm]
    contents = [_content(n, with_papers) for n in range(slips + 1)]
    lay_out(contents[0], dots, face)  # the centre's name is drawn once in an agent's life
    times, weights, shares = [], [], []
    for content in contents[1:]:
        begun = time.perf_counter()
        slip = lay_out(content, dots, face)
        data = slip_bytes(slip, tail_rows=TAIL_ROWS)
        times.append((time.perf_counter() - begun) * 1000)
        weights.append(len(data))
        shares.append(len(data) / (slip.rows * int(dots) // 8))
    ordered = sorted(times)
    return {
        "render_ms": round(median(ordered), 1),
        "render_p95_ms": round(ordered[round(0.95 * (len(ordered) - 1))], 1),
        "render_to_limit": round(median(ordered) / LIMIT_MS, 2),
        "bytes": max(weights),
        "bytes_to_limit": round(max(weights) / LIMIT_BYTES, 2),
        "of_one_image": round(max(shares), 3),
        "of_one_image_to_limit": round(max(shares) / LIMIT_OF_ONE_IMAGE, 2),
    }


def _content(n: int, with_papers: bool) -> SlipContent:
    vi, en = wording().vi, wording().en
    services = dataset.centre(CENTRE)["service"]
    service = services[n % len(services)]
    figures = (f"{n % 9} người", f"{n % 30}–{n % 30 + 6} phút", f"{n % 7} hoặc {n % 7 + 1}")
    told = zip(("slip.ahead", "slip.wait", "slip.counter"), figures, strict=True)
    return SlipContent(
        organisation=vi["slip.organisation"],
        place="Phường Lái Thiêu",
        service=service["name"]["vi"],
        service_en=service["name"]["en"],
        number=f"{service['prefix']}{n + 1:03d}",
        facts=tuple(Fact(vi[key], en[key], value) for key, value in told),
        track_url=f"{LINK}{n:04d}",
        scan=vi["slip.scan"],
        scan_en=en["slip.scan"],
        issued=f"Cấp lúc {8 + n // 60:02d}:{n % 60:02d} · Thứ Hai, 23/11/2026",
        closing=vi["slip.missed"],
        papers=_papers() if with_papers else None,
    )


def _papers() -> PaperList:
    words = wording().vi
    birth = next(row for row in dataset.procedures() if row.code == BIRTH)
    return PaperList(
        procedure=plain_name(birth.name_vi),
        title=words["slip.papers"],
        names=tuple(birth.documents_vi.split("; ")),
        more=words["slip.papers_more"],
    )
