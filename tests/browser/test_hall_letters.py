"""From how far the waiting-hall screen can be read: the table of `docs/hall.md`, measured."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.hall_stage import HallStage

pytestmark = pytest.mark.browser
Tables = dict[str, list[tuple[str, list[float]]]]
CAP_HEIGHT = 0.74  # of the font size, Be Vietnam Pro
METRES_PER_MM = 0.4
LANDSCAPE, PORTRAIT = (1920, 1080), (1080, 1920)
INCH_MM = 25.4
INCHES = (43, 55)
ONE = [
    ("Number called now, 4 signs (H047)", ".call-n.n4"),
    ("Number called now, 6 signs (Z03001)", ".call-n.n6"),
    ("Its counter", ".call-c"),
    ("Its zone, a name of up to 8 signs", ".call-z.z1"),
    ("“Mời số”", ".call-t"),
    ("Last calls: number, 4 signs", ".was.n4 b"),
    ("Last calls: number, 6 signs", ".was.n6 b"),
    ("Last calls: counter", ".was > span"),
    ("Waits, in minutes", ".h-waits li b:not(.shut)"),
    ("Clock", ".h-clock time"),
    ("Band at the bottom, notices", ".h-tick:not(.is-alert)"),
    ("Urgent notice", ".h-tick.is-alert"),
]
TWO = [
    ("Number called now, 4 signs (H047)", ".zone-n.n4"),
    ("Number called now, 6 signs (Z03001)", ".zone-n.n6"),
    ("Its counter", ".zone-q b"),
    ("Its zone, a name of up to 8 signs", ".zone h2.z1"),
    ("Last calls: number, 4 signs", ".was.n4 b"),
    ("Last calls: number, 6 signs", ".was.n6 b"),
    ("Last calls: counter", ".was > span"),
    ("Band at the bottom, notices", ".h-tick:not(.is-alert)"),
    ("Urgent notice", ".h-tick.is-alert"),
]
LAYOUTS = [
    ("One column, landscape", LANDSCAPE, 12, ONE),
    ("Two columns, landscape", LANDSCAPE, 32, TWO),
    ("One column, portrait", PORTRAIT, 12, ONE),
    ("Two columns, portrait", PORTRAIT, 32, TWO),
]
SIZE = "one => parseFloat(getComputedStyle(one).fontSize)"
NEEDED = ("Number called", "Its counter", "Its zone", "Last calls: number, 4", "Last calls: c")


def sizes(page: Page, counters: int, rows: list[tuple[str, str]]) -> dict[str, float]:
    """The font size of each row in px, over the states in which it is seen."""
    found: dict[str, float] = {}
    with HallStage(counters=counters).open() as stage:
        for number, counter in [("C121", 5), ("Z03002", 6), ("Z03001", 3)]:
            stage.call(number, counter, ago_s=60)
        page.goto(stage.url("?voice=off"))
        _measure(page, rows, found)
        stage.call("H047", 3)
        page.locator('[data-number="H047"]').wait_for()
        stage.notice("Khẩn", "Urgent", urgent=True)
        page.locator(".is-alert").wait_for()
        _measure(page, rows, found)
    return found


def _measure(page: Page, rows: list[tuple[str, str]], found: dict[str, float]) -> None:
    page.locator("[data-number]").first.wait_for()
    page.locator(".h-tick").wait_for()
    page.evaluate("document.fonts.ready.then(() => 1)")
    for name, selector in rows:
        one = page.locator(selector).first
        if name not in found and one.count():
            found[name] = one.evaluate(SIZE)


@pytest.fixture(scope="module")
def tables(browser: Browser) -> Tables:
    """For each layout and row: cap height in mm on each screen."""
    made: Tables = {}
    for title, (width, height), counters, rows in LAYOUTS:
        context = browser.new_context(viewport={"width": width, "height": height})
        found = sizes(context.new_page(), counters, rows)
        context.close()
        table = []
        for name, _ in rows:
            mm = [
                found[name] * CAP_HEIGHT * inches * INCH_MM / (width**2 + height**2) ** 0.5
                for inches in INCHES
            ]
            table.append((name, mm))
        made[title] = table
    return made


def as_text(tables: Tables) -> str:
    """The tables as they stand in the page."""
    lines = []
    for title, table in tables.items():
        lines += [
            f"### {title}",
            "",
            "| | 43″ mm | 43″ m | 55″ mm | 55″ m |",
            "|---|---|---|---|---|",
        ]
        for name, mm in table:
            cells = [f"{value:.0f} | {value * METRES_PER_MM:.1f}" for value in mm]
            lines.append(f"| {name} | {' | '.join(cells)} |")
        lines.append("")
    return "\n".join(lines).strip()


def test_the_page_of_distances_is_true(root: Path, tables: Tables) -> None:
    page = (root / "docs" / "hall.md").read_text("utf-8")
    assert as_text(tables) in page, "docs/hall.md should have:\n\n" + as_text(tables)


def test_the_call_and_the_last_calls_reach_twelve_metres(
    tables: Tables,
) -> None:
    short = [
        (title, name, mm)
        for title, table in tables.items()
        for name, mm in table
        if name.startswith(NEEDED) and min(mm) * METRES_PER_MM < 12
    ]
    assert short == []
