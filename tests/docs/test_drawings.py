"""The wiring pictures: read on A4, nothing overlaps, values are those of the pages."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.docs.pages import ROOT

DRAWINGS = sorted((ROOT / "docs" / "drawings").glob("*.svg"))
NAMESPACE = "{http://www.w3.org/2000/svg}"
A4_MM = 170.0
"""What a page leaves between its margins."""
CAPITAL = 0.7
"""A capital letter's height as a share of the letters' size."""

FAULTS = """
() => {
  const svg = document.documentElement;
  const box = svg.viewBox.baseVal;
  const texts = [...svg.querySelectorAll("text")].map(e => [e.textContent, e.getBBox()]);
  const rects = [...svg.querySelectorAll("rect[rx]")].map(e => e.getBBox());
  const faults = [];
  for (const [said, b] of texts) {
    if (b.x < 8 || b.y < 0 || b.x + b.width > box.width - 8 || b.y + b.height > box.height)
      faults.push(`leaves the page: ${said}`);
    for (const r of rects) {
      const starts = b.x + 1 > r.x && b.x < r.x + r.width && b.y > r.y && b.y < r.y + r.height;
      if (starts && b.x + b.width > r.x + r.width - 4) faults.push(`leaves its box: ${said}`);
    }
  }
  texts.forEach(([one, a], i) => texts.slice(i + 1).forEach(([other, b]) => {
    const apart = a.x + a.width <= b.x || b.x + b.width <= a.x
      || a.y + a.height - 4 <= b.y || b.y + b.height - 4 <= a.y;
    if (!apart) faults.push(`overlap: ${one} / ${other}`);
  }));
  return faults;
}
"""


@pytest.mark.browser
def test_no_word_overlaps_another_or_leaves_its_place(page: Page) -> None:
    assert len(DRAWINGS) >= 5
    faults = {}
    for path in DRAWINGS:
        page.goto(path.as_uri())
        faults[path.name] = page.evaluate(FAULTS)
    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_a_drawing_is_told_to_who_cannot_see_it(path: Path) -> None:
    top = ET.fromstring(path.read_text(encoding="utf-8"))
    assert top.get("role") == "img"
    assert top.get("lang") == "vi"
    words = {name: top.findtext(f"{NAMESPACE}{name}") or "" for name in ("title", "desc")}
    assert " / " in words["title"]
    assert len(words["desc"]) > 200
    pages = [page.read_text(encoding="utf-8") for page in (ROOT / "docs").rglob("*.md")]
    assert any(
        re.search(rf"!\[[^\]]{{20,}}\]\([^)]*drawings/{path.name}\)", page) for page in pages
    )


@pytest.mark.parametrize("path", DRAWINGS, ids=lambda path: path.stem)
def test_letters_are_read_on_a4_and_colours_are_the_projects(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    tokens = (ROOT / "look/static/css/tokens.css").read_text(encoding="utf-8")
    assert set(re.findall(r"#[0-9A-Fa-f]{6}", text)) <= set(re.findall(r"#[0-9A-Fa-f]{6}", tokens))
    width = float(re.findall(r'viewBox="0 0 (\d+) \d+"', text)[0])
    sizes = [float(size) for size in re.findall(r"(\d+)px", text)]
    assert min(sizes) * CAPITAL * A4_MM / width >= 1.9


def test_resistors_are_those_of_the_pages() -> None:
    wiring = (ROOT / "docs/hardware/keys-and-scanners.md").read_text(encoding="utf-8")
    drawn = (ROOT / "docs/drawings/gpio.svg").read_text(encoding="utf-8").replace("4,7", "4.7")
    for value in ("330 Ω", "4.7 kΩ", "100 nF", "GPIO17", "GPIO27", "ULN2803", "8 mA"):
        assert value in wiring, value
        assert value in drawn, value


def test_the_bias_of_a_terminated_bus_is_enough() -> None:
    drawn = (ROOT / "docs/drawings/rs485.svg").read_text(encoding="utf-8")
    ends = [int(value) for value in re.findall(r">(1\d\d) Ω<", drawn)]
    bias = [int(value) for value in re.findall(r">([2-9]\d\d) Ω<", drawn)]
    assert (len(ends), len(bias)) == (2, 2)
    across = 1 / sum(1 / value for value in ends)
    assert 5.0 * across / (across + sum(bias)) >= 0.2  # Volts: what a receiver takes for quiet.
